import {
  type DesiredCatalog,
  type DesiredKey,
  type DesiredTable,
  type DesiredTrigger,
  type DesiredView,
  type Expression,
  type ForeignKey,
  type Index,
  printExpression,
} from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import { dialectRules, dollarTag, type SqlWriter } from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { abstractIdentityBody } from './abstract-identity.ts';
import { authHierarchyBody } from './auth-hierarchy.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { referentialIdentityBody } from './referential-identity.ts';
import { uuidv5Body, uuidv5Statement } from './uuidv5.ts';

const rules = dialectRules.pgsql;

/** Body of the function behind a trigger (design 07 §9). A propagation trigger cannot occur: every key cascades here. */
function triggerBody(source: Omit<TriggerSource, 'trigger'>, intent: DesiredTrigger['intent']): string[] {
  switch (intent.kind) {
    case 'DocumentJournal':
      return documentJournalBody();
    case 'DocumentStamping':
      return documentStampingBody({ ...source, trigger: intent });
    case 'ReferentialIdentityMaintenance':
      return referentialIdentityBody({ ...source, trigger: intent });
    case 'AbstractIdentityMaintenance':
      return abstractIdentityBody({ ...source, trigger: intent });
    case 'AuthHierarchyMaintenance':
      return authHierarchyBody({ ...source, trigger: intent });
    case 'IdentityPropagationFallback':
      return fail(
        'DDL_PROPAGATION_DIALECT',
        `The pgsql model has the propagation trigger ${intent.name}.`,
        {},
        { trigger: intent.name },
      );
  }
}

export class PgsqlRenderer extends ScriptRenderer {
  protected readonly identityClause = 'GENERATED ALWAYS AS IDENTITY';

  constructor(writer: SqlWriter, catalog: DesiredCatalog) {
    super(rules, writer, catalog);
  }

  schema(name: string): void {
    this.writer.line(`CREATE SCHEMA IF NOT EXISTS ${this.q(name)};`);
  }

  extension(name: string): void {
    this.writer.line(`CREATE EXTENSION IF NOT EXISTS ${this.q(name)};`).blank();
  }

  sequence(sequence: DesiredCatalog['sequences'][number]): void {
    this.writer.line(`CREATE SEQUENCE IF NOT EXISTS ${this.qualified(sequence)} START WITH ${sequence.start};`).blank();
  }

  uuidFunction(): void {
    // the catalog expects pgcrypto where it is installed normally
    this.bodies.functions.set('dms.uuidv5', uuidv5Body('public').join('\n'));
    this.writer.linesOf(uuidv5Statement()).blank();
  }

  trigger(table: DesiredTable, trigger: DesiredTrigger): void {
    const [schema = '', name = ''] = splitQualified(trigger.function ?? '', table.schema);
    const functionName = this.qualified({ schema, name });
    const body = triggerBody({ table, tables: this.tables }, trigger.intent);
    const text = body.join('\n');
    const tag = dollarTag(text, '$func$');
    this.bodies.functions.set(`${schema}.${name}`, text);
    const updateOf = trigger.updateOf.length > 0 ? ` OF ${this.columns(trigger.updateOf)}` : '';
    const events = trigger.events.map((event) => (event === 'UPDATE' ? `UPDATE${updateOf}` : event)).join(' OR ');
    this.writer
      .linesOf([
        `CREATE OR REPLACE FUNCTION ${functionName}()`,
        'RETURNS trigger',
        'LANGUAGE plpgsql',
        `AS ${tag}`,
        ...body,
        `${tag};`,
      ])
      .line(`DROP TRIGGER IF EXISTS ${this.q(trigger.name)} ON ${this.qualified(table)};`)
      .linesOf([
        `CREATE TRIGGER ${this.q(trigger.name)}`,
        `AFTER ${events} ON ${this.qualified(table)}`,
        'FOR EACH ROW',
        `EXECUTE FUNCTION ${functionName}();`,
      ])
      .blank();
  }

  closeViews(): void {}
  openTriggers(): void {}

  protected expression(expression: Expression): string {
    return printExpression(expression, {
      column: (name) => this.q(name),
      text: (value) => rules.stringLiteral(value),
      true: rules.booleanLiteral(true),
      nextValue: (sequence) => `nextval(${rules.stringLiteral(this.qualified(sequence))})`,
      function: (name) => name,
    });
  }

  protected generatedColumn(name: string, type: string, expression: string): string {
    return `${name} ${type} GENERATED ALWAYS AS (${expression}) STORED`;
  }

  protected defaultClause(_table: DesiredTable, _column: string, expression: Expression): string {
    return `DEFAULT ${this.expression(expression)}`;
  }

  protected clustering(_key: DesiredKey): string {
    return '';
  }

  protected tableGuard(_table: DesiredTable, name: string): readonly string[] {
    return [`CREATE TABLE IF NOT EXISTS ${name}`];
  }

  protected guardedConstraint(_kind: string, table: DesiredTable, name: string, statement: readonly string[]): void {
    const body = [
      'BEGIN',
      '    IF NOT EXISTS (',
      '        SELECT 1 FROM pg_catalog.pg_constraint',
      `        WHERE conname = ${rules.stringLiteral(name)} AND conrelid = to_regclass(${rules.stringLiteral(this.qualified(table))})`,
      '    ) THEN',
      ...statement.map((line) => `        ${line}`),
      '    END IF;',
    ];
    const tag = dollarTag(body.join('\n'));
    this.writer.line(`DO ${tag}`).linesOf(body).line(`END ${tag};`).blank();
  }

  protected guardedIndex(_table: DesiredTable, index: Index, definition: string): void {
    this.writer.line(`CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${definition}`).blank();
  }

  protected viewStatement(view: DesiredView, body: readonly string[]): string {
    this.writer
      .line(`CREATE OR REPLACE VIEW ${this.qualified(view)} AS`)
      .linesOf(body)
      .blank();
    return body.join('\n');
  }

  protected cast(expression: string, type: string): string {
    return `${expression}::${type}`;
  }

  protected deferrableClause(key: ForeignKey): string {
    return key.deferrable ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  }
}

/** `schema.name` of a catalog, where the schema is known to be that of the table. */
function splitQualified(text: string, schema: string): [string, string] {
  return [schema, text.slice(schema.length + 1)];
}

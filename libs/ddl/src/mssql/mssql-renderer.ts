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
import { dialectRules, type SqlWriter } from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { abstractIdentityBody } from './abstract-identity.ts';
import { authHierarchyBody } from './auth-hierarchy.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { identityPropagationBody } from './identity-propagation.ts';
import { referentialIdentityBody } from './referential-identity.ts';
import { uuidv5Definition, uuidv5Statement } from './uuidv5.ts';

const rules = dialectRules.mssql;

/** A directive of the client: the line ends a batch and is never sent to the server. */
const batchSeparator = 'GO';

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
      return identityPropagationBody({ ...source, trigger: intent });
  }
}

const constraintCatalogs = {
  unique: 'sys.key_constraints',
  check: 'sys.check_constraints',
  foreignKey: 'sys.foreign_keys',
} as const;

export class MssqlRenderer extends ScriptRenderer {
  protected readonly identityClause = 'IDENTITY(1,1)';

  constructor(writer: SqlWriter, catalog: DesiredCatalog) {
    super(rules, writer, catalog);
  }

  /** Name in a look-up literal: unquoted, with quotes doubled (design 06 §3.1). */
  private lookup({ schema, name }: { readonly schema: string; readonly name: string }): string {
    return rules.stringLiteral(`${schema}.${name}`);
  }

  schema(name: string): void {
    // CREATE SCHEMA must be first in its batch, so it runs as dynamic SQL
    const statement = `CREATE SCHEMA ${this.q(name)}`.replaceAll("'", "''");
    this.writer.line(
      `IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${rules.stringLiteral(name)}) EXEC('${statement}');`,
    );
  }

  extension(): void {}

  sequence(sequence: DesiredCatalog['sequences'][number]): void {
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        '    SELECT 1 FROM sys.sequences AS q',
        '    INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id',
        `    WHERE s.name = ${rules.stringLiteral(sequence.schema)} AND q.name = ${rules.stringLiteral(sequence.name)}`,
        ')',
        `CREATE SEQUENCE ${this.qualified(sequence)} START WITH ${sequence.start};`,
      ])
      .blank();
  }

  uuidFunction(): void {
    this.bodies.functions.set('dms.uuidv5', uuidv5Definition().join('\n'));
    this.openBatch();
    this.writer.linesOf(uuidv5Statement()).line(batchSeparator).blank();
  }

  trigger(table: DesiredTable, trigger: DesiredTrigger): void {
    const definition = [
      `ON ${this.qualified(table)}`,
      `AFTER ${trigger.events.join(', ')}`,
      'AS',
      ...triggerBody({ table, tables: this.tables }, trigger.intent),
    ];
    this.bodies.triggers.set(`${table.schema}.${table.name}.${trigger.name}`, definition.join('\n'));
    this.writer
      .line(`CREATE OR ALTER TRIGGER ${this.qualified({ schema: table.schema, name: trigger.name })}`)
      .linesOf(definition)
      .line(batchSeparator)
      .blank();
  }

  closeViews(hasTriggers: boolean): void {
    if (!hasTriggers) this.writer.line(batchSeparator).blank();
  }

  openTriggers(): void {
    this.openBatch();
  }

  private openBatch(): void {
    if (this.writer.lastText() !== batchSeparator) this.writer.line(batchSeparator);
  }

  protected expression(expression: Expression): string {
    return printExpression(expression, {
      column: (name) => this.q(name),
      // the texts of checks are ASCII; an nvarchar literal would only be converted
      text: (value) => `'${value.replaceAll("'", "''")}'`,
      true: rules.booleanLiteral(true),
      nextValue: (sequence) => `NEXT VALUE FOR ${this.qualified(sequence)}`,
      function: (name) => name,
    });
  }

  protected generatedColumn(name: string, _type: string, expression: string): string {
    return `${name} AS (${expression}) PERSISTED`;
  }

  protected defaultClause(table: DesiredTable, column: string, expression: Expression): string {
    return `CONSTRAINT ${this.q(`DF_${table.name}_${column}`)} DEFAULT (${this.expression(expression)})`;
  }

  protected clustering(key: DesiredKey): string {
    if (!key.declaresClustering) return '';
    return key.clustered ? ' CLUSTERED' : ' NONCLUSTERED';
  }

  protected tableGuard(table: DesiredTable, name: string): readonly string[] {
    return [`IF OBJECT_ID(${this.lookup(table)}, N'U') IS NULL`, `CREATE TABLE ${name}`];
  }

  protected guardedConstraint(
    kind: keyof typeof constraintCatalogs,
    table: DesiredTable,
    name: string,
    statement: readonly string[],
  ): void {
    const type = kind === 'unique' ? ` AND type = 'UQ'` : '';
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        `    SELECT 1 FROM ${constraintCatalogs[kind]}`,
        `    WHERE name = ${rules.stringLiteral(name)}${type} AND parent_object_id = OBJECT_ID(${this.lookup(table)})`,
        ')',
        ...statement,
      ])
      .blank();
  }

  protected guardedIndex(table: DesiredTable, index: Index, definition: string): void {
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        '    SELECT 1 FROM sys.indexes AS i',
        '    INNER JOIN sys.tables AS t ON t.object_id = i.object_id',
        '    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id',
        `    WHERE s.name = ${rules.stringLiteral(table.schema)} AND t.name = ${rules.stringLiteral(table.name)} AND i.name = ${rules.stringLiteral(index.name)}`,
        ')',
        `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${definition}`,
      ])
      .blank();
  }

  protected viewStatement(view: DesiredView, body: readonly string[]): string {
    this.writer
      .line(batchSeparator)
      .line(`CREATE OR ALTER VIEW ${this.qualified(view)} AS`)
      .linesOf(body)
      .blank();
    // the server keeps what follows the name
    return ['AS', ...body].join('\n');
  }

  protected cast(expression: string, type: string): string {
    return `CAST(${expression} AS ${type})`;
  }

  protected deferrableClause(_key: ForeignKey): string {
    return '';
  }
}

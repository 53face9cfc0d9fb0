import type {
  Bodies,
  Expression,
  ExpressionLeaves,
  ForeignKey,
  Index,
  KeyDefinition,
  LogicalTrigger,
  Sequence,
  TableDefinition,
  ViewDefinition,
} from '@dms/catalog';
import { dialectRules, dollarTag, type SqlWriter } from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import { uuidv5Statement } from './uuidv5.ts';

const rules = dialectRules.pgsql;

export class PgsqlRenderer extends ScriptRenderer {
  protected readonly identityClause = 'GENERATED ALWAYS AS IDENTITY';
  readonly leaves: ExpressionLeaves = {
    column: (name) => this.q(name),
    text: (value) => rules.stringLiteral(value),
    true: rules.booleanLiteral(true),
    nextValue: (sequence) => `nextval(${rules.stringLiteral(this.qualified(sequence))})`,
    function: (name) => name,
  };

  constructor(writer: SqlWriter, bodies: Bodies) {
    super(rules, writer, bodies);
  }

  schema(name: string): void {
    this.writer.line(`CREATE SCHEMA IF NOT EXISTS ${this.q(name)};`);
  }

  extension(name: string): void {
    this.writer.line(`CREATE EXTENSION IF NOT EXISTS ${this.q(name)};`).blank();
  }

  sequence(sequence: Sequence): void {
    this.writer.line(`CREATE SEQUENCE IF NOT EXISTS ${this.qualified(sequence)} START WITH ${sequence.start};`).blank();
  }

  protected uuidFunctionStatement(): void {
    // written by a block that looks the schema of pgcrypto up, so its text differs from the usual body
    this.writer.linesOf(uuidv5Statement()).blank();
  }

  protected triggerStatements(table: TableDefinition, { function: routine, triggers }: LogicalTrigger, body: string): void {
    if (!routine) throw new Error(`a trigger of ${table.schema}.${table.name} has no function`);
    const functionName = this.qualified(routine);
    const tag = dollarTag(body, '$func$');
    this.writer
      .linesOf([`CREATE OR REPLACE FUNCTION ${functionName}()`, 'RETURNS trigger', 'LANGUAGE plpgsql', `AS ${tag}`])
      .line(body)
      .line(`${tag};`);
    for (const { name, level, events, oldTable, newTable } of triggers) {
      const rows = [...(oldTable ? [`OLD TABLE AS ${oldTable}`] : []), ...(newTable ? [`NEW TABLE AS ${newTable}`] : [])];
      this.writer.linesOf([
        `CREATE OR REPLACE TRIGGER ${this.q(name)}`,
        `AFTER ${events.join(' OR ')} ON ${this.qualified(table)}`,
        ...(rows.length > 0 ? [`REFERENCING ${rows.join(' ')}`] : []),
        `FOR EACH ${level}`,
        `EXECUTE FUNCTION ${functionName}();`,
      ]);
    }
    this.writer.blank();
  }

  closeViews(): void {}
  openTriggers(): void {}

  protected generatedColumn(name: string, type: string, expression: string): string {
    return `${name} ${type} GENERATED ALWAYS AS (${expression}) STORED`;
  }

  defaultClause(_table: TableDefinition, _column: string, expression: Expression): string {
    return `DEFAULT ${this.expression(expression)}`;
  }

  protected clustering(_key: KeyDefinition): string {
    return '';
  }

  protected tableGuard(_table: TableDefinition, name: string): readonly string[] {
    return [`CREATE TABLE IF NOT EXISTS ${name}`];
  }

  protected guardedConstraint(_kind: string, table: TableDefinition, name: string, statement: readonly string[]): void {
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

  protected guardedIndex(_table: TableDefinition, index: Index, definition: string): void {
    this.writer.line(`CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${definition}`).blank();
  }

  protected viewStatement(view: ViewDefinition, body: string): void {
    this.writer
      .line(`CREATE OR REPLACE VIEW ${this.qualified(view)} AS`)
      .line(body)
      .blank();
  }

  protected deferrableClause(key: ForeignKey): string {
    return key.deferrable ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  }
}

import type {
  Bodies,
  ColumnDefinition,
  Expression,
  ExpressionLeaves,
  ForeignKey,
  Index,
  KeyDefinition,
  LogicalTrigger,
  OwnerRole,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  ViewDefinition,
} from '@dms/catalog';
import { mustExist } from '@dms/model';
import { dialectRules, dollarTag, type SqlWriter } from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import { uuidv5Statement } from './identity-rows.ts';
import { createOwnedFunction, createOwnerRole, grantRights } from './owner-role.ts';

const rules = dialectRules.pgsql;

/** The lines of a function with its body between dollar tags. */
function functionLines(head: readonly string[], body: string): string[] {
  const tag = dollarTag(body, '$func$');
  return [...head, `AS ${tag}`, ...body.split('\n'), `${tag};`];
}

const deferrals = new Map<ForeignKey['deferrable'], string>([
  [true, ' DEFERRABLE INITIALLY DEFERRED'],
  ['InitiallyImmediate', ' DEFERRABLE INITIALLY IMMEDIATE'],
]);

export class PgsqlRenderer extends ScriptRenderer {
  protected readonly identityClause = 'GENERATED ALWAYS AS IDENTITY';
  readonly leaves: ExpressionLeaves = {
    column: (name) => this.q(name),
    text: (value) => rules.stringLiteral(value),
    true: rules.booleanLiteral(true),
    nextValue: (sequence) => `pg_catalog.nextval(${rules.stringLiteral(this.qualified(sequence))})`,
    function: (name) => `pg_catalog.${name}`,
  };

  constructor(writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    super(rules, writer, bodies, isGuarded);
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

  protected routineStatement(routine: RoutineDefinition, body: string): void {
    // the block that looks up the schema of pgcrypto writes this body, so its text differs from the usual body
    if (routine.kind === 'uuidv5') this.writer.linesOf(uuidv5Statement()).blank();
    else {
      const { arguments: args, result, language, volatility } = routine;
      const head = [
        `CREATE OR REPLACE FUNCTION ${this.qualified(routine)}(${args})`,
        `RETURNS ${result}`,
        `LANGUAGE ${language}`,
      ];
      const stated = mustExist(volatility, `the volatility of ${this.qualified(routine)}`).toUpperCase();
      this.functionStatement([...head, stated], body);
      this.writer.blank();
    }
  }

  /** No table type is needed: an array serves instead. */
  tableType(): void {}

  createOwnerRole(role: OwnerRole): void {
    createOwnerRole(this.writer, role);
  }

  grantRights(role: OwnerRole): void {
    grantRights(this.writer, role);
  }

  /** A function with its body between dollar tags. */
  private functionStatement(head: readonly string[], body: string): void {
    this.writer.linesOf(functionLines(head, body));
  }

  protected triggerStatements(
    table: TableDefinition,
    { function: routine, triggers }: LogicalTrigger,
    body: string,
  ): void {
    if (!routine) throw new Error(`a trigger of ${table.schema}.${table.name} has no function`);
    const functionName = this.qualified(routine);
    const head = [`CREATE OR REPLACE FUNCTION ${functionName}()`, 'RETURNS trigger', 'LANGUAGE plpgsql'];
    if (routine.owner === null) this.functionStatement(head, body);
    else {
      const definition = functionLines([...head, 'SECURITY DEFINER', 'SET search_path = pg_catalog'], body);
      createOwnedFunction(this.writer, routine.owner, routine, definition);
    }
    for (const { name, timing, level, events, updateOf, oldTable, newTable } of triggers) {
      const columns = updateOf.length === 0 ? '' : ` OF ${this.columns(updateOf)}`;
      const fired = events.map((event) => (event === 'UPDATE' ? event + columns : event));
      const rows = [
        ...(oldTable ? [`OLD TABLE AS ${oldTable}`] : []),
        ...(newTable ? [`NEW TABLE AS ${newTable}`] : []),
      ];
      this.writer.linesOf([
        `CREATE OR REPLACE TRIGGER ${this.q(name)}`,
        `${timing} ${fired.join(' OR ')} ON ${this.qualified(table)}`,
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

  defaultClause(_column: ColumnDefinition, expression: Expression): string {
    return `DEFAULT ${this.expression(expression)}`;
  }

  protected clustering(_key: KeyDefinition): string {
    return '';
  }

  protected guardedTable(table: TableDefinition): readonly string[] {
    return [`CREATE TABLE IF NOT EXISTS ${this.qualified(table)}`];
  }

  protected guardedConstraint(_kind: string, table: TableDefinition, name: string, statement: readonly string[]): void {
    this.unlessExists(table, name, statement, []);
  }

  /** Earlier versions created a key that is now INITIALLY IMMEDIATE as INITIALLY DEFERRED. */
  protected override guardedForeignKey(table: TableDefinition, key: ForeignKey, statement: readonly string[]): void {
    if (key.deferrable !== 'InitiallyImmediate') return super.guardedForeignKey(table, key, statement);
    this.unlessExists(table, key.name, statement, [
      `ALTER TABLE ${this.qualified(table)}`,
      `ALTER CONSTRAINT ${this.q(key.name)}${this.deferrableClause(key)};`,
    ]);
  }

  /** Runs `statement` only if the table lacks the constraint, and another statement if the constraint is deferred. */
  private unlessExists(
    table: TableDefinition,
    name: string,
    statement: readonly string[],
    ifDeferred: readonly string[],
  ): void {
    const exists = (also: string) => [
      '        SELECT 1 FROM pg_catalog.pg_constraint',
      `        WHERE conname = ${rules.stringLiteral(name)} AND conrelid = pg_catalog.to_regclass(${rules.stringLiteral(this.qualified(table))})${also}`,
      '    ) THEN',
    ];
    const body = [
      'BEGIN',
      '    IF NOT EXISTS (',
      ...exists(''),
      ...statement.map((line) => `        ${line}`),
      ...(ifDeferred.length > 0
        ? ['    ELSIF EXISTS (', ...exists(' AND condeferred'), ...ifDeferred.map((line) => `        ${line}`)]
        : []),
      '    END IF;',
    ];
    const tag = dollarTag(body.join('\n'));
    this.writer.line(`DO ${tag}`).linesOf(body).line(`END ${tag};`).blank();
  }

  protected guardedIndex(_table: TableDefinition, _index: Index, create: string, definition: string): void {
    this.writer.line(`${create} IF NOT EXISTS ${definition}`).blank();
  }

  protected viewStatement(view: ViewDefinition, body: string): void {
    this.writer
      .line(`CREATE OR REPLACE VIEW ${this.qualified(view)} AS`)
      .line(body)
      .blank();
  }

  protected deferrableClause(key: ForeignKey): string {
    return deferrals.get(key.deferrable) ?? '';
  }
}

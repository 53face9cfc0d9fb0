import { type Connection, isFailure, type Limits, run, savepointOf } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { mustExist, qualified } from '@dms/model';
import { type Dialect, dialectOf, empty, join, type PlainSql, type QualifiedName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import {
  type ConstrainedTable,
  type KeysAside,
  outcomeOf,
  type RowText,
  type Selection,
  type TrialOutcome,
  type TriedStatement,
  type VerificationDialect,
} from '../verification-dialect.ts';
import { verificationDialects } from '../verification-dialects.ts';

/** A value of a column: a text for a column of any type, a number, or an expression. */
export type WrittenValue = string | number | bigint | null | PlainSql;

/** The rows of a table that was selected; empty for any other table. */
export type RowsOf = (table: QualifiedName) => readonly RowText[];

/** Rules that write a number that no query returned as NaN: the engine refuses it, and the check that needs it fails. */
export function withMissingNumbers(rules: Dialect): Dialect {
  const literal: Dialect['literal'] = (value) =>
    typeof value === 'number' && !Number.isFinite(value) ? rules.sql`NaN` : rules.literal(value);
  return { ...rules, literal, literals: (values) => join(values.map(literal)) };
}

/** Statements of behaviour checks: texts with literals, rows as texts. Limits hold for each statement. */
export class BehaviourSession {
  readonly dialect: VerificationDialect;
  /** The tags and words of the engine. */
  readonly rules: Dialect;
  private readonly connection: Connection;
  private readonly limits: Limits;
  /** Queries of selections that are read repeatedly. */
  private readonly named = new Map<readonly Selection[], readonly PlainSql[]>();
  private lastNamed = 0;
  private aside: Promise<KeysAside> | undefined;

  constructor(connection: Connection, limits: Limits) {
    this.connection = connection;
    this.limits = limits;
    this.dialect = verificationDialects[connection.dialect];
    this.rules = withMissingNumbers(dialectOf[connection.dialect]);
  }

  /** The rows of a query whose values are all texts. */
  query<Result>(text: PlainSql): Promise<readonly Result[]> {
    return this.connection.query<Result>(text, [], this.limits);
  }

  /** The result of {@link VerificationDialect.keysAside} for the role of the session, determined once. */
  keysAside(): Promise<KeysAside> {
    this.aside ??= this.dialect.keysAside(this.connection);
    return this.aside;
  }

  /** Disables constraints of tables; false, and nothing done, if the role may not do so. */
  unchecked(tables: readonly ConstrainedTable[]): Promise<boolean> {
    return this.dialect.unchecked(this.connection, tables);
  }

  /** Restores the constraints, unless the end of the transaction does. */
  async checked(tables: readonly ConstrainedTable[]): Promise<void> {
    await this.dialect.checked?.(this.connection, tables);
  }

  /** Lets `work` try statements that remake rows of tables; afterwards everything is as it was. */
  remaking(tables: readonly ConstrainedTable[], work: () => Promise<void>): Promise<void> {
    return this.undone(this.dialect.remaking?.prepare(tables) ?? [], work);
  }

  /** Whether the dialect has savepoints, which `undone` needs. */
  get canUndo(): boolean {
    return savepointOf(this.connection.dialect) !== null;
  }

  /** Lets `work` try statements after some that must succeed; afterwards everything is as it was. Needs savepoints. */
  async undone<Result>(statements: readonly PlainSql[], work: () => Promise<Result>): Promise<Result> {
    const { connection, limits } = this;
    const { set, forget } = mustExist(savepointOf(connection.dialect), 'the savepoint of a dialect');
    const undo = () => run(connection, forget, limits);
    await run(connection, set, limits);
    try {
      if (statements.length > 0) await connection.execute(join(statements, '; '), limits);
      const result = await work();
      await undo();
      return result;
    } catch (error) {
      // a lost session cannot undo, and the first error is the reason
      await undo().catch(() => undefined);
      throw error;
    }
  }

  /** Lets `work` make trials that begin with {@link Restarting.begin}; afterwards versions continue as before. */
  async restarting<Result>(work: () => Promise<Result>): Promise<Result> {
    const { lastVersion, restarting } = this.dialect;
    if (restarting.end === null) return work();
    const [row] = await this.rows(lastVersion);
    const [last] = Object.values(mustExist(row, 'the row of the sequence'));
    const end = restarting.end(mustExist(last, 'the last version'));
    try {
      return await work();
    } finally {
      await run(this.connection, end, this.limits);
    }
  }

  /** Runs statements that must succeed one after the other; returns the text `found` that a query has after each. */
  following(statements: readonly PlainSql[], query: PlainSql): Promise<readonly string[]> {
    return this.dialect.following(this.connection, statements, query);
  }

  /** The time that all changes of the transaction have, as rows show it; null if each statement has its own. */
  async transactionTime(): Promise<string | null> {
    const { transactionTime } = this.dialect;
    if (transactionTime === null) return null;
    const [row] = await this.query<{ time: string }>(transactionTime);
    return row?.time ?? null;
  }

  async rows(selection: Selection): Promise<readonly RowText[]> {
    const [rows = []] = await this.rowsOfEach([selection]);
    return rows;
  }

  /** The rows of each of several selections, in one round trip. */
  async rowsOfEach(selections: readonly Selection[]): Promise<readonly (readonly RowText[])[]> {
    if (selections.length === 0) return [];
    const results = await this.connection.queryEach(this.queriesOf(selections), this.limits);
    return this.dialect.rowsOfEach(selections, results);
  }

  /** Lets `work` read the same list of selections repeatedly: their queries are prepared once. */
  async reading<Result>(selections: readonly Selection[], work: () => Promise<Result>): Promise<Result> {
    this.lastNamed += 1;
    const name = `read_${this.lastNamed}`;
    const queries = this.dialect
      .queriesOf(selections)
      .map((query, index) => this.dialect.named(`${name}_${index}`, query));
    for (const text of queries.flatMap(({ define }) => define)) await this.connection.execute(text, this.limits);
    this.named.set(
      selections,
      queries.map(({ ask }) => ask),
    );
    const result = await work();
    this.named.delete(selections);
    for (const text of queries.flatMap(({ forget }) => forget)) await this.connection.execute(text, this.limits);
    return result;
  }

  /** The queries of selections; prepared queries are run by their names. */
  private queriesOf(selections: readonly Selection[]): readonly PlainSql[] {
    return this.named.get(selections) ?? this.dialect.queriesOf(selections);
  }

  /** The number of rows in each of several tables. */
  async counts(tables: readonly { readonly schema: string; readonly name: string }[]): Promise<readonly number[]> {
    if (tables.length === 0) return [];
    const { sql } = this.rules;
    const texts = tables.map((table) => sql`SELECT COUNT(*) AS n FROM ${table}`);
    return (await this.connection.queryEach(texts, this.limits)).map(([row]) => Number(row?.n ?? 0));
  }

  /** The number in the one row of a query. */
  async number(text: PlainSql): Promise<number> {
    const [row] = await this.query<Readonly<Record<string, unknown>>>(text);
    return Number(Object.values(row ?? {})[0] ?? Number.NaN);
  }

  /** The statement after which a sequence goes on with a number. */
  restartText(sequence: QualifiedName, number: number): PlainSql {
    const { sql, literal } = this.rules;
    return sql`ALTER SEQUENCE ${sequence} RESTART WITH ${literal(number)}`;
  }

  /** A column and its value, as an assignment or a condition; the engine converts a text to the type of the column. */
  equal(column: string, value: WrittenValue): PlainSql {
    return this.rules.sql`${this.rules.id(column)} = ${this.valueOf(value)}`;
  }

  /** The assignment of a column to itself. */
  unchanged(column: string): PlainSql {
    return this.equal(column, this.rules.id(column));
  }

  /** The condition that a column has one of several values. */
  among(column: string, values: readonly WrittenValue[]): PlainSql {
    return this.rules.sql`${this.rules.id(column)} IN (${join(values.map((value) => this.valueOf(value)))})`;
  }

  /** The UPDATE of the rows that meet a condition, or of all. */
  updateText(table: QualifiedName, assignments: readonly PlainSql[], where?: PlainSql): PlainSql {
    return this.rules.sql`UPDATE ${table} SET ${join(assignments)}${this.whereOf(where)}`;
  }

  /** The DELETE of the rows that meet a condition, or of all. */
  deleteText(table: QualifiedName, where?: PlainSql): PlainSql {
    return this.rules.sql`DELETE FROM ${table}${this.whereOf(where)}`;
  }

  /** The INSERT of copies of the rows that meet a condition, with other values in some columns. */
  copyText(
    table: QualifiedName,
    columns: readonly string[],
    others: ReadonlyMap<string, PlainSql>,
    where: PlainSql,
  ): PlainSql {
    const { sql, id, ids } = this.rules;
    const values = columns.map((name) => others.get(name) ?? id(name));
    return sql`INSERT INTO ${table} (${ids(columns)}) SELECT ${join(values)} FROM ${table} WHERE ${where}`;
  }

  /** The INSERT of one row; `expressions` are values that the engine computes. */
  insertText(
    table: QualifiedName,
    values: ReadonlyMap<string, string | null>,
    expressions: ReadonlyMap<string, PlainSql> = new Map(),
  ): PlainSql {
    return this.insertRowsText(table, [{ values, expressions }]);
  }

  /** The INSERT of several rows with the same columns. */
  insertRowsText(
    table: QualifiedName,
    rows: readonly {
      readonly values: ReadonlyMap<string, string | null>;
      readonly expressions: ReadonlyMap<string, PlainSql>;
    }[],
  ): PlainSql {
    const { sql, ids, literal } = this.rules;
    const names = rows[0] ? [...rows[0].expressions.keys(), ...rows[0].values.keys()] : [];
    const texts = rows.map(({ values, expressions }) =>
      join([...expressions.values(), ...[...values.values()].map(literal)]),
    );
    return sql`INSERT INTO ${table} (${ids(names)}) VALUES (${join(texts, '), (')})`;
  }

  private valueOf(value: WrittenValue): PlainSql {
    return typeof value === 'object' && value !== null ? value : this.rules.literal(value);
  }

  private whereOf(where: PlainSql | undefined): PlainSql {
    return where === undefined ? empty : this.rules.sql` WHERE ${where}`;
  }

  /** Makes changes that must succeed; returns the rows of the selections of each. */
  async observed(changes: readonly ObservedChange[]): Promise<readonly (readonly (readonly RowText[])[])[]> {
    const results = await this.dialect.change(
      this.connection,
      changes.map(({ statements, selections }) => ({
        statements,
        queries: this.queriesOf(selections),
      })),
      this.limits,
    );
    return changes.map(({ selections }, index) => this.dialect.rowsOfEach(selections, results[index] ?? []));
  }

  /** Runs statements that must succeed. */
  async change(...statements: readonly PlainSql[]): Promise<void> {
    await this.observed([{ statements, selections: [] }]);
  }

  /**
   * Makes changes, one of which may be refused. Returns the rows of the selections of each change, or the failure;
   * after a failure, none of the changes is made. Throws errors such as a broken connection.
   */
  attempt(...changes: readonly ObservedChange[]): Promise<readonly (readonly (readonly RowText[])[])[] | Refused> {
    return this.refusable(() => this.observed(changes));
  }

  /** Tries changes on the same rows and rolls each back; each may be refused. `others` are also read after each. */
  async trials(changes: readonly ObservedChange[], others: readonly Selection[] = []): Promise<readonly Attempted[]> {
    const found: Attempted[] = [];
    for (const piece of chunk(changes, changesAtOnce)) {
      const outcome = await this.refusable(() => this.tried(piece, others));
      if (!('code' in outcome)) append(found, outcome);
      // one of them is refused
      else if (piece.length === 1) found.push(outcome);
      else for (const change of piece) append(found, await this.trials([change], others));
    }
    return found;
  }

  /** Tries many statements, each by itself, and rolls each back. Returns their outcomes. */
  outcomes(statements: readonly (PlainSql | TriedStatement)[]): Promise<readonly TrialOutcome[]> {
    const tried = statements.map((each) => ('statement' in each ? each : { statement: each }));
    return this.dialect.outcomes(this.connection, tried, this.limits);
  }

  private async tried(
    changes: readonly ObservedChange[],
    others: readonly Selection[],
  ): Promise<readonly (readonly (readonly RowText[])[])[]> {
    const results = await this.dialect.trial(
      this.connection,
      changes.map(({ statements, selections }) => ({
        statements,
        queries: [...this.queriesOf(selections), ...this.queriesOf(others)],
      })),
      this.limits,
    );
    return changes.map(({ selections }, index) => {
      const found = results[index] ?? [];
      const count = this.queriesOf(selections).length;
      const own = found.slice(0, count);
      const further = found.slice(count);
      return [...this.dialect.rowsOfEach(selections, own), ...this.dialect.rowsOfEach(others, further)];
    });
  }

  private async refusable<Result extends object>(work: () => Promise<Result>): Promise<Result | Refused> {
    try {
      return await work();
    } catch (error) {
      if (!isFailure(error, 'DB_SQL')) throw error;
      return outcomeOf(error);
    }
  }

  /** Runs statements that may be refused; returns null when they were not. */
  async outcome(...statements: readonly PlainSql[]): Promise<TrialOutcome> {
    const outcome = await this.attempt({ statements, selections: [] });
    return 'code' in outcome ? outcome : null;
  }
}

/** The columns to read from each table, without duplicates. */
export class SelectedRows {
  private readonly byTable = new Map<
    string,
    { readonly table: QualifiedName; readonly columns: Set<string>; where: PlainSql | undefined }
  >();
  private list: readonly Selection[] | null = null;

  /** Adds columns to read; the first condition that a table gets applies to all of its columns. */
  add(table: QualifiedName, columns: readonly string[], where?: PlainSql): void {
    this.list = null;
    const known = this.byTable.get(qualified(table));
    if (known) {
      for (const name of columns) known.columns.add(name);
      known.where ??= where;
    } else this.byTable.set(qualified(table), { table, columns: new Set(columns), where });
  }

  /** Returns the same list until something is added. */
  get selections(): readonly Selection[] {
    this.list ??= [...this.byTable.values()].map(({ table, columns, where }) => ({
      table,
      columns: [...columns],
      where,
    }));
    return this.list;
  }

  columnsOf(table: QualifiedName): readonly string[] {
    return [...(this.byTable.get(qualified(table))?.columns ?? [])];
  }

  /** The rows by table, from the results of the selections. */
  rowsOf(results: readonly (readonly RowText[])[]): RowsOf {
    const rows = new Map([...this.byTable.keys()].map((key, index) => [key, results[index] ?? []]));
    return (table) => rows.get(qualified(table)) ?? [];
  }
}

/** Statements that must succeed together, and the selections that are read after them. */
export interface ObservedChange {
  readonly statements: readonly PlainSql[];
  readonly selections: readonly Selection[];
}

/** How an engine refused a statement. */
type Refused = NonNullable<TrialOutcome>;

/** The rows of the selections of a change, or why it was refused. */
type Attempted = readonly (readonly RowText[])[] | Refused;

/** The number of changes that one message tries. */
const changesAtOnce = 40;

/**
 * Whether a message names an object: the name occurs as a whole, not as a part of a longer one. Words of a message are
 * in the language of the server; names are not.
 */
export function namesObject(message: string, name: string): boolean {
  for (let at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
    const around = `${message.slice(0, at).slice(-1)} ${message.charAt(at + name.length)}`;
    if (!/[\p{L}\p{M}\p{N}_$#@]/u.test(around)) return true;
  }
  return false;
}

/** Whether an engine refused with a code and, if given, named a constraint (SQL Server does so in the message). */
export function isRefusedWith(outcome: TrialOutcome, code: string, constraint?: string): boolean {
  if (outcome === null || outcome.code !== code) return false;
  return constraint === undefined || outcome.constraint === constraint || namesObject(outcome.message, constraint);
}

/** Whether this constraint refused the statement; SQL Server names it only in the message. */
export const isNamed = (outcome: TrialOutcome, name: string) =>
  outcome !== null &&
  (outcome.constraint === name || (outcome.constraint === null && namesObject(outcome.message, name)));

/** The text of an outcome in a report. */
export function outcomeText(outcome: TrialOutcome): string {
  if (outcome === null) return 'accepted';
  const { code, constraint, message, told = message } = outcome;
  return `refused with ${code}${constraint === null ? '' : ` ${constraint}`}: ${told}`;
}

import { type Connection, driverCodeOf, isFailure, type Limits } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import type { DbTableName } from '@dms/model';
import { type DialectRules, dialectRules, qualifiedName } from '@dms/sql';
import { type RowText, type Selection, type VerificationDialect, verificationDialects } from '../verification-dialect.ts';

/** Statements that must succeed together, and what is read after them. */
export interface ObservedChange {
  readonly statements: readonly string[];
  readonly selections: readonly Selection[];
}

/** How an engine refused a statement. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Constraint that the engine names, where it does. */
  readonly constraint: string | null;
}

/** Statements of behaviour checks: texts with literals, rows as texts. Limits hold for each statement. */
export class BehaviourSession {
  readonly dialect: VerificationDialect;
  readonly rules: DialectRules;
  private readonly connection: Connection;
  private readonly limits: Limits;

  constructor(connection: Connection, limits: Limits) {
    this.connection = connection;
    this.limits = limits;
    this.dialect = verificationDialects[connection.dialect];
    this.rules = dialectRules[connection.dialect];
  }

  table(table: DbTableName | { readonly schema: string; readonly name: string }): string {
    return qualifiedName(this.rules, table);
  }

  quote(column: string): string {
    return this.rules.quote(column);
  }

  /** A value as the engine takes it for a column of any type: it converts the text. */
  literal(value: string | null): string {
    return value === null ? 'NULL' : this.rules.stringLiteral(value);
  }

  /** The rows of a query of which each value is a text. */
  query<Result>(text: string): Promise<readonly Result[]> {
    return this.connection.query<Result>(text, [], this.limits);
  }

  async rows(selection: Selection): Promise<readonly RowText[]> {
    const [rows = []] = await this.rowsOfEach([selection]);
    return rows;
  }

  /** The rows of each of several selections, in one round trip. */
  async rowsOfEach(selections: readonly Selection[]): Promise<readonly (readonly RowText[])[]> {
    if (selections.length === 0) return [];
    const results = await this.connection.queryEach(this.dialect.queriesOf(selections), this.limits);
    return this.dialect.rowsOfEach(selections, results);
  }

  /** Lets `work` read the same selections again and again, which is prepared once. */
  async reading<Result>(
    selections: readonly Selection[],
    work: (read: () => Promise<readonly (readonly RowText[])[]>) => Promise<Result>,
  ): Promise<Result> {
    const queries = this.dialect.queriesOf(selections).map((query, index) => this.dialect.named(`read_${index}`, query));
    for (const text of queries.flatMap(({ define }) => define)) await this.connection.execute(text, this.limits);
    const asked = queries.map(({ ask }) => ask);
    const result = await work(async () =>
      this.dialect.rowsOfEach(selections, await this.connection.queryEach(asked, this.limits)),
    );
    for (const text of queries.flatMap(({ forget }) => forget)) await this.connection.execute(text, this.limits);
    return result;
  }

  /** How many rows each of several tables has. */
  async counts(tables: readonly { readonly schema: string; readonly name: string }[]): Promise<readonly number[]> {
    if (tables.length === 0) return [];
    const texts = tables.map((table) => `SELECT COUNT(*) AS n FROM ${this.table(table)}`);
    return (await this.connection.queryEach(texts, this.limits)).map(([row]) => Number(row?.n ?? 0));
  }

  /** The number in the one row of a query. */
  async number(text: string): Promise<number> {
    const [row] = await this.query<Readonly<Record<string, unknown>>>(text);
    return Number(Object.values(row ?? {})[0] ?? Number.NaN);
  }

  /** `expressions` are values that the engine is to find by itself. */
  insertText(
    table: { readonly schema: string; readonly name: string },
    values: ReadonlyMap<string, string | null>,
    expressions: ReadonlyMap<string, string> = new Map(),
  ): string {
    const columns = [...expressions.keys(), ...values.keys()].map((name) => this.quote(name)).join(', ');
    const found = [...expressions.values(), ...[...values.values()].map((value) => this.literal(value))].join(', ');
    return `INSERT INTO ${this.table(table)} (${columns}) VALUES (${found})`;
  }

  /** Makes changes that must succeed; the rows of the selections of each. */
  async observed(changes: readonly ObservedChange[]): Promise<readonly (readonly (readonly RowText[])[])[]> {
    const results = await this.dialect.change(
      this.connection,
      changes.map(({ statements, selections }) => ({ statements, queries: this.dialect.queriesOf(selections) })),
      this.limits,
    );
    return changes.map(({ selections }, index) => this.dialect.rowsOfEach(selections, results[index] ?? []));
  }

  /** Runs statements that must succeed. */
  async change(...statements: readonly string[]): Promise<void> {
    await this.observed([{ statements, selections: [] }]);
  }

  /** Makes a change that may be refused: the rows of its selections, or why it was. A broken connection and the like are thrown. */
  async attempt(change: ObservedChange): Promise<readonly (readonly RowText[])[] | Refusal> {
    try {
      const [rows = []] = await this.observed([change]);
      return rows;
    } catch (error) {
      if (!isFailure(error, 'DB_SQL')) throw error;
      return refusalOf(error);
    }
  }

  /** Runs statements that may be refused; null when they were not. */
  async refusal(...statements: readonly string[]): Promise<Refusal | null> {
    const outcome = await this.attempt({ statements, selections: [] });
    return 'code' in outcome ? outcome : null;
  }
}

function refusalOf(error: DmsError): Refusal {
  const { message, details } = error.diagnostics[0];
  return {
    code: driverCodeOf(error) ?? '',
    message,
    constraint: typeof details.object === 'string' ? details.object : null,
  };
}

/** Whether a refusal is the expected one: code and, where one is asked for, the constraint, which SQL Server names in its text. */
export function isRefusal(refusal: Refusal | null, code: string, constraint?: string): boolean {
  if (refusal === null || refusal.code !== code) return false;
  return constraint === undefined || refusal.constraint === constraint || refusal.message.includes(constraint);
}

/** How a refusal reads in a report. */
export function refusalText(refusal: Refusal | null): string {
  if (refusal === null) return 'accepted';
  return `refused with ${refusal.code}${refusal.constraint === null ? '' : ` ${refusal.constraint}`}: ${refusal.message}`;
}

import { type Connection, driverCodeOf, isFailure, type Limits } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import type { DbTableName } from '@dms/model';
import { type DialectRules, dialectRules, qualifiedName } from '@dms/sql';
import { type VerificationDialect, verificationDialects } from '../verification-dialect.ts';

/** Values of a row by column, each as text; null is NULL. */
export type RowText = Readonly<Record<string, string | null>>;

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

  private selectList(columns: readonly string[]): string {
    return columns.map((name) => `${this.dialect.asText(this.quote(name))} AS ${this.quote(name)}`).join(', ');
  }

  selectText(table: { readonly schema: string; readonly name: string }, columns: readonly string[], rest = ''): string {
    return `SELECT ${this.selectList(columns)} FROM ${this.table(table)}${rest === '' ? '' : ` ${rest}`}`;
  }

  async rows<Result = RowText>(text: string): Promise<readonly Result[]> {
    return this.connection.query<Result>(text, [], this.limits);
  }

  async rowsOfEach(texts: readonly string[]): Promise<readonly (readonly RowText[])[]> {
    if (texts.length === 0) return [];
    return (await this.connection.queryEach(texts, this.limits)) as readonly (readonly RowText[])[];
  }

  /** The number in the one row of a query. */
  async number(text: string): Promise<number> {
    const [row] = await this.rows<Readonly<Record<string, unknown>>>(text);
    return Number(Object.values(row ?? {})[0] ?? Number.NaN);
  }

  insertText(table: { readonly schema: string; readonly name: string }, values: ReadonlyMap<string, string | null>): string {
    const columns = [...values.keys()].map((name) => this.quote(name)).join(', ');
    const literals = [...values.values()].map((value) => this.literal(value)).join(', ');
    return `INSERT INTO ${this.table(table)} (${columns}) VALUES (${literals})`;
  }

  /** Runs a statement that must succeed. */
  change(statement: string): Promise<void> {
    return this.dialect.change(this.connection, statement);
  }

  /** Runs a statement that may be refused; null when it was not. A broken connection and the like are thrown. */
  async refusal(statement: string): Promise<Refusal | null> {
    try {
      await this.change(statement);
      return null;
    } catch (error) {
      if (!isFailure(error, 'DB_SQL')) throw error;
      return refusalOf(error);
    }
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

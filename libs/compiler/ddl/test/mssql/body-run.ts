import type { ScriptModule } from '@dms/script-checks';
import { closing, isLockCall, isOperator, isWord, type SqlToken, spelled } from '@dms/sql';
import type { TestDatabase } from '@dms/testing';
import { type Bindings, translated, translatedDeclaration, translatedWrite, typeAt } from './tsql-translation.ts';

/** The images of the rows of a statement that a trigger sees. */
export interface RowImages {
  /** Names of tables. */
  readonly inserted: string;
  readonly deleted: string;
  readonly isEmpty: boolean;
  /** The columns that the statement assigned; undefined for an INSERT, which assigns all. */
  readonly assigned: ReadonlySet<string> | undefined;
}

export interface BodyHost {
  readonly database: TestDatabase;
  readonly depth: number;
  /** Runs a statement on tables with all its consequences. */
  write(sql: string): Promise<void>;
  /** Called when a body takes the lock of the hierarchy. */
  lock(): void;
}

/** Splits tokens into statements: each ends at its semicolon, or with its block. */
function statementsOf(tokens: readonly SqlToken[]): SqlToken[][] {
  const found: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isWord(token, 'BEGIN', 'CASE')) depth += 1;
    if (isWord(token, 'END')) depth -= 1;
    if (isOperator(token, ';') && depth === 0) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((statement) => statement.length > 0);
}

const mostRounds = 60;

/**
 * Runs the body of a SQL Server trigger on PostgreSQL, statement by statement in its dialect. Table variables are
 * temporary tables; nested runs have their own. Anything that is not implemented here is an error.
 */
export class BodyRun {
  private readonly host: BodyHost;
  private readonly images: RowImages;
  private readonly tableVariables = new Set<string>();
  private readonly types = new Map<string, string>();
  /** Values of the variables as SQL of their declared types. */
  private readonly values = new Map<string, string>();
  /** Undefined while `@@ROWCOUNT` is unknown, so that no body may use it. */
  private rowCount: number | undefined;

  constructor(host: BodyHost, images: RowImages) {
    this.host = host;
    this.images = images;
  }

  async run({ name, body }: ScriptModule): Promise<void> {
    const end = body.findLastIndex((token) => isWord(token, 'END'));
    try {
      await this.block(body.slice(1, end));
    } catch (error) {
      if (!(error as { code?: string }).code) throw error;
      throw Object.assign(error as Error, { message: `${name}: ${(error as Error).message}` });
    }
    for (const variable of this.tableVariables) await this.host.database.exec(`DROP TABLE ${variable};`);
  }

  private readonly names: Bindings = (name) => {
    if (name === 'inserted' || name === 'deleted') return this.images[name];
    if (name === '@@ROWCOUNT') {
      if (this.rowCount === undefined) throw new Error('@@ROWCOUNT of a write is not known');
      return String(this.rowCount);
    }
    return this.values.get(name) ?? `${name.slice(1)}_${this.host.depth}`;
  };

  /** Runs statements; returns whether the body continues. */
  private async block(tokens: readonly SqlToken[]): Promise<boolean> {
    let wasTrue: boolean | undefined;
    for (const statement of statementsOf(tokens)) {
      const isElse = isWord(statement[0], 'ELSE');
      if (isElse && wasTrue === undefined) throw new Error('ELSE without IF');
      if (isElse && wasTrue) continue;
      if (isWord(statement[0], 'IF')) {
        const condition = await this.condition(statement, 1);
        wasTrue = condition.value;
        if (wasTrue && !(await this.statement(statement.slice(condition.end)))) return false;
      } else if (!(await this.statement(isElse ? statement.slice(1) : statement))) return false;
    }
    return true;
  }

  private async statement(tokens: readonly SqlToken[]): Promise<boolean> {
    const [head] = tokens;
    const text = spelled(tokens);
    const { database } = this.host;
    if (text === 'RETURN') return false;
    if (text === 'SET NOCOUNT ON') return true;
    if (isWord(head, 'BEGIN')) return this.block(tokens.slice(1, -1));
    // the default error code of RAISE in PL/pgSQL
    if (isWord(head, 'THROW')) throw Object.assign(new Error(tokens[3]?.value), { code: 'P0001' });
    if (isWord(head, 'SET')) await this.assign(tokens[1]?.text ?? '', translated(tokens.slice(3), this.names));
    else if (isWord(head, 'SELECT') && tokens[1]?.kind === 'variable') await this.select(tokens);
    else if (isWord(head, 'DECLARE') && isWord(tokens[2], 'TABLE')) {
      this.tableVariables.add(this.names(tokens[1]?.text ?? ''));
      await database.exec(translatedDeclaration(tokens, this.names));
    } else if (isWord(head, 'DECLARE')) {
      const type = typeAt(tokens, 2);
      const name = tokens[1]?.text ?? '';
      this.types.set(name, type.text);
      const start = 2 + type.length;
      await this.assign(
        name,
        isOperator(tokens[start], '=') ? translated(tokens.slice(start + 1), this.names) : 'NULL',
      );
    } else if (isLockCall(tokens, 0)) {
      this.values.set(tokens[1]?.text ?? '', '0');
      this.host.lock();
    } else if (isWord(head, 'WHILE')) {
      for (let round = 1; ; round += 1) {
        const condition = await this.condition(tokens, 1);
        if (!condition.value) return true;
        if (round > mostRounds) throw new Error('the body does not come to an end');
        if (!(await this.statement(tokens.slice(condition.end)))) return false;
      }
    } else if ((isWord(head, 'INSERT') || isWord(head, 'DELETE')) && tokens[2]?.kind === 'variable') {
      this.rowCount = (await database.query(`${translated(tokens, this.names)} RETURNING 1 AS one`)).length;
    } else if (isWord(head, 'INSERT', 'UPDATE', 'DELETE')) {
      if (this.images.isEmpty) throw new Error(`a body without rows writes: ${text}`);
      this.rowCount = undefined;
      await this.host.write(
        isWord(head, 'INSERT') ? translated(tokens, this.names) : translatedWrite(tokens, this.names),
      );
    } else throw new Error(`not known: ${text}`);
    return true;
  }

  /** Gives a variable the value of an expression. */
  private async assign(name: string, expression: string): Promise<void> {
    const type = this.types.get(name);
    if (type === undefined) throw new Error(`${name} is not declared`);
    const [[value] = []] = await this.host.database.queryRows(`SELECT (${expression})::${type}::text`);
    this.values.set(name, value === null ? `NULL::${type}` : `'${String(value).replaceAll("'", "''")}'::${type}`);
  }

  /** `SELECT @name = expression FROM …`: keeps the value of the variable if there is no row. */
  private async select(tokens: readonly SqlToken[]): Promise<void> {
    const rows = await this.host.database.queryRows(
      `SELECT (${translated(tokens.slice(3), this.names).replace(' FROM ', ')::text FROM ')}`,
    );
    const [row] = rows;
    if (rows.length > 1) throw new Error('a variable takes the value of one row');
    if (row)
      await this.assign(tokens[1]?.text ?? '', row[0] === null ? 'NULL' : `'${String(row[0]).replaceAll("'", "''")}'`);
  }

  /** The condition of IF or WHILE at `start` and its end: the word that begins the controlled statement. */
  private async condition(tokens: readonly SqlToken[], start: number): Promise<{ value: boolean; end: number }> {
    let end = start;
    while (end < tokens.length && !this.beginsStatement(tokens, end))
      end = isOperator(tokens[end], '(') ? closing(tokens, end) + 1 : end + 1;
    const condition = translated(this.withUpdates(tokens.slice(start, end)), this.names);
    const [[value] = []] = await this.host.database.queryRows(`SELECT coalesce((${condition}), false)`);
    if (typeof value !== 'boolean') throw new Error(`no condition: ${condition}`);
    return { value, end };
  }

  private beginsStatement(tokens: readonly SqlToken[], index: number): boolean {
    if (isWord(tokens[index], 'UPDATE')) return !isOperator(tokens[index + 1], '(');
    return isWord(
      tokens[index],
      'BEGIN',
      'RETURN',
      'INSERT',
      'DELETE',
      'SET',
      'SELECT',
      'DECLARE',
      'THROW',
      'EXEC',
      'IF',
      'WHILE',
    );
  }

  /** `UPDATE(column)`: whether the statement assigned it. */
  private withUpdates(tokens: readonly SqlToken[]): SqlToken[] {
    const { assigned } = this.images;
    return tokens.flatMap((token, index): SqlToken[] => {
      const isCall = (at: number) => isWord(tokens[at], 'UPDATE') && isOperator(tokens[at + 1], '(');
      if (isCall(index)) {
        const isAssigned = assigned === undefined || assigned.has(tokens[index + 2]?.value ?? '');
        const word = isAssigned ? 'true' : 'false';
        return [{ ...token, text: word, value: word }];
      }
      return isCall(index - 1) || isCall(index - 2) || isCall(index - 3) ? [] : [token];
    });
  }
}

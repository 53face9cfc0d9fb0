import type { TestDatabase } from '@dms/testing';
import type { ScriptModule } from '@dms/verification';
import { closing, isLockCall, isOperator, isWord, spelled, type Token, wordsAt } from '@dms/verification';
import { type Bindings, translated, translatedDeclaration, translatedWrite } from './tsql-translation.ts';

/** The rows of a statement, as a trigger sees them. */
export interface Images {
  /** Names of tables. */
  readonly inserted: string;
  readonly deleted: string;
  readonly isEmpty: boolean;
  /** The columns that the statement assigned; undefined where all are: an INSERT. */
  readonly assigned: ReadonlySet<string> | undefined;
}

export interface BodyHost {
  readonly database: TestDatabase;
  readonly depth: number;
  /** Runs a statement on tables with all that follows from it. */
  write(sql: string): Promise<void>;
  /** The lock of the hierarchy is taken. */
  lock(): void;
}

/** One statement: until its semicolon, or the whole of a block. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
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
 * Runs the body of a SQL Server trigger on PostgreSQL, statement by statement in its dialect. Table variables are temporary tables;
 * nested runs have their own. Whatever is not written here is an error.
 */
export class BodyRun {
  private readonly host: BodyHost;
  private readonly images: Images;
  private readonly tableVariables = new Set<string>();
  private readonly values = new Map<string, number>();
  /** Undefined where nothing says it, so that no body may ask. */
  private rowCount: number | undefined;

  constructor(host: BodyHost, images: Images) {
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
    const value = this.values.get(name);
    return value === undefined ? `${name.slice(1)}_${this.host.depth}` : String(value);
  };

  /** Runs statements; tells whether the body goes on. */
  private async block(tokens: readonly Token[]): Promise<boolean> {
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

  private async statement(tokens: readonly Token[]): Promise<boolean> {
    const [head] = tokens;
    const text = spelled(tokens);
    const { database } = this.host;
    if (text === 'RETURN') return false;
    if (text === 'SET NOCOUNT ON') return true;
    if (isWord(head, 'BEGIN')) return this.block(tokens.slice(1, -1));
    if (isWord(head, 'THROW')) throw new Error(tokens[3]?.value);
    if (isWord(head, 'SET')) this.values.set(tokens[1]?.text ?? '', await this.value(tokens.slice(3)));
    else if (isWord(head, 'DECLARE') && isWord(tokens[2], 'TABLE')) {
      this.tableVariables.add(this.names(tokens[1]?.text ?? ''));
      await database.exec(translatedDeclaration(tokens, this.names));
    } else if (isWord(head, 'DECLARE')) {
      this.values.set(tokens[1]?.text ?? '', isOperator(tokens[3], '=') ? await this.value(tokens.slice(4)) : Number.NaN);
    } else if (isLockCall(tokens, 0)) {
      this.values.set(tokens[1]?.text ?? '', 0);
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
      await this.host.write(isWord(head, 'INSERT') ? translated(tokens, this.names) : translatedWrite(tokens, this.names));
    } else throw new Error(`not known: ${text}`);
    return true;
  }

  private async value(tokens: readonly Token[]): Promise<number> {
    const [[value] = []] = await this.host.database.queryRows(`SELECT ${translated(tokens, this.names)}`);
    return Number(value);
  }

  /** The condition of IF or WHILE at `start`, and where it ends. */
  private async condition(tokens: readonly Token[], start: number): Promise<{ value: boolean; end: number }> {
    if (isWord(tokens[start], 'NOT')) {
      const { value, end } = await this.condition(tokens, start + 1);
      return { value: !value, end };
    }
    if (wordsAt(tokens, start, 'EXISTS')) {
      const close = closing(tokens, start + 1);
      const query = translated(tokens.slice(start + 2, close), this.names);
      return { value: (await this.host.database.query(query)).length > 0, end: close + 1 };
    }
    if (wordsAt(tokens, start, 'UPDATE')) {
      const { assigned } = this.images;
      return { value: assigned === undefined || assigned.has(tokens[start + 2]?.value ?? ''), end: start + 4 };
    }
    const [left, operator, right] = tokens.slice(start, start + 3);
    if (left?.text === '@@ROWCOUNT' && this.rowCount === undefined) throw new Error('@@ROWCOUNT of a write is not known');
    const value = left?.text === '@@ROWCOUNT' ? (this.rowCount ?? 0) : (this.values.get(left?.text ?? '') ?? Number.NaN);
    const other = Number(right?.text);
    if (Number.isNaN(value) || Number.isNaN(other)) throw new Error(`no condition: ${spelled(tokens.slice(start, start + 3))}`);
    const compare = { '=': value === other, '<': value < other, '>': value > other }[operator?.text ?? ''];
    if (compare === undefined) throw new Error(`no condition: ${operator?.text}`);
    return { value: compare, end: start + 3 };
  }
}

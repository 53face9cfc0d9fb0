import { commaSeparated, isOperator, lookedUpName, pgsqlTokens, type SqlToken } from './sql-tokens.ts';

/** A call of a built-in function, or of a function without a schema. */
interface BuiltInCall {
  readonly isQualified: boolean;
  /** Null if keywords separate the arguments: `substring(a FROM 1 FOR 2)`. */
  readonly arguments: number | null;
  readonly line: number;
}

/**
 * The names in texts of PostgreSQL that another schema of the search path could also have. Names are in lower case, as
 * the server reads them.
 */
export interface CalledNames {
  readonly calls: ReadonlyMap<string, readonly BuiltInCall[]>;
  /** Operators, including those of keywords, such as `=` for `IN`. */
  readonly operators: ReadonlySet<string>;
  /** All words, types included. */
  readonly words: ReadonlySet<string>;
  /** Words before `[]`. */
  readonly elements: ReadonlySet<string>;
}

const signs = new Set('+-*/<>=~!@#%^&|`?');

/** Operators that the server looks up by name for a keyword. */
const operatorsOfWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['IN', ['=']],
  ['CASE', ['=']],
  ['DISTINCT', ['=']],
  ['NULLIF', ['=']],
  ['BETWEEN', ['<=', '>=']],
  ['LIKE', ['~~', '!~~']],
  ['ILIKE', ['~~*', '!~~*']],
]);

/** Keywords between the arguments of a call. */
const separators = new Set(['FROM', 'PLACING', 'IN', 'ORDER']);

const lineOf = (token: SqlToken, before: number) => before + token.line - 1;

/** The position of the closing parenthesis for each opening one. */
function closings(tokens: readonly SqlToken[]): ReadonlyMap<number, number> {
  const [open, found]: [number[], Map<number, number>] = [[], new Map()];
  for (const [at, token] of tokens.entries()) {
    if (isOperator(token, '(')) open.push(at);
    const start = isOperator(token, ')') ? open.pop() : undefined;
    if (start !== undefined) found.set(start, at);
  }
  return found;
}

function countArguments(tokens: readonly SqlToken[]): number | null {
  const [only] = tokens;
  if (only === undefined || (tokens.length === 1 && isOperator(only, '*'))) return 0;
  return tokens.some(({ kind, value }) => kind === 'word' && separators.has(value))
    ? null
    : commaSeparated(tokens).length;
}

class Collector {
  readonly calls = new Map<string, BuiltInCall[]>();
  readonly operators = new Set<string>();
  readonly words = new Set<string>();
  readonly elements = new Set<string>();

  add(text: string, line: number): void {
    const { tokens } = pgsqlTokens(text);
    const closing = closings(tokens);
    let run = '';
    for (const [at, token] of tokens.entries()) {
      const isSign = token.kind === 'operator' && signs.has(token.text);
      run = isSign ? run + token.text : '';
      if (isSign) for (let from = 0; from < run.length; from += 1) this.operators.add(run.slice(from));
      if (token.kind === 'body') this.add(token.value, lineOf(token, line));
      if (token.kind === 'word') this.word(tokens, at);
      const name = lookedUpName(token);
      const end = closing.get(at + 1);
      if (name !== undefined && end !== undefined) this.call(name, tokens, [at, end], lineOf(token, line));
    }
  }

  private word(tokens: readonly SqlToken[], at: number): void {
    const text = tokens[at]?.value ?? '';
    this.words.add(text.toLowerCase());
    for (const operator of operatorsOfWords.get(text) ?? []) this.operators.add(operator);
    if (isOperator(tokens[at + 1], '[') && isOperator(tokens[at + 2], ']')) this.elements.add(text.toLowerCase());
  }

  private call(name: string, tokens: readonly SqlToken[], [at, end]: readonly [number, number], line: number): void {
    const schema = isOperator(tokens[at - 1], '.') ? (lookedUpName(tokens[at - 2]) ?? '') : null;
    if (schema !== null && schema !== 'pg_catalog') return;
    const found = this.calls.get(name) ?? [];
    found.push({ isQualified: schema !== null, arguments: countArguments(tokens.slice(at + 2, end)), line });
    this.calls.set(name, found);
  }
}

/**
 * Collects the functions, operators and types that texts use, including their bodies. Linear in the length of the texts
 * except for nested calls.
 */
export function calledNames(texts: readonly string[]): CalledNames {
  const collector = new Collector();
  for (const text of texts) collector.add(text, 1);
  return collector;
}

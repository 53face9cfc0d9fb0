import { isOperator, isWord, type SqlToken, UnreadableScript } from '@dms/sql';

/* Reads expressions and queries of T-SQL into a tree. Refuses syntax that the product does not use. */

export type TsqlExpression =
  | { readonly kind: 'column'; readonly names: readonly string[]; readonly at: SqlToken }
  | { readonly kind: 'literal'; readonly isText: boolean; readonly value: string }
  | { readonly kind: 'variable'; readonly name: string; readonly at: SqlToken }
  | { readonly kind: 'star'; readonly of: string | null }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly operands: readonly TsqlExpression[];
      readonly over: readonly TsqlExpression[] | null;
      readonly at: SqlToken;
    }
  | { readonly kind: 'cast'; readonly operand: TsqlExpression; readonly type: string }
  | { readonly kind: 'collate'; readonly operand: TsqlExpression; readonly collation: string }
  | { readonly kind: 'compare'; readonly operands: readonly TsqlExpression[]; readonly at: SqlToken }
  | { readonly kind: 'logic'; readonly operands: readonly TsqlExpression[] }
  | { readonly kind: 'calculate'; readonly operator: string; readonly operands: readonly TsqlExpression[] }
  | {
      readonly kind: 'case';
      readonly operands: readonly TsqlExpression[];
      readonly results: readonly TsqlExpression[];
    }
  | { readonly kind: 'query'; readonly query: TsqlQuery; readonly use: 'value' | 'exists' };

export interface SelectItem {
  readonly value: TsqlExpression;
  readonly alias: string | null;
  /** The variable of `@variable = value`. */
  readonly variable: string | null;
  /** The words of the value, for comparison with those of ORDER BY. */
  readonly text: string;
}

export type FromItem = {
  readonly alias: string | null;
  /** The names after the alias: `AS v ([A], [B])`. */
  readonly columns: readonly string[] | null;
  readonly at: SqlToken;
} & (
  | { readonly kind: 'table'; readonly names: readonly string[] }
  | { readonly kind: 'derived'; readonly query: TsqlQuery; readonly isApplied: boolean }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly operands: readonly TsqlExpression[];
      /** The columns of `OPENJSON(…) WITH (…)`. */
      readonly typed: ReadonlyMap<string, string> | null;
    }
);

export interface Select {
  readonly kind: 'select';
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly into: string | null;
  readonly sources: readonly FromItem[];
  readonly joins: readonly TsqlExpression[];
  readonly where: TsqlExpression | null;
  readonly groups: readonly TsqlExpression[];
  readonly having: TsqlExpression | null;
  readonly at: SqlToken;
}

export type Body =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly TsqlExpression[])[]; readonly at: SqlToken }
  | {
      readonly kind: 'set';
      readonly operator: string;
      readonly left: Body;
      readonly right: Body;
      readonly at: SqlToken;
    };

export interface OrderItem {
  readonly value: TsqlExpression;
  readonly text: string;
}

export interface TsqlQuery {
  readonly named: readonly {
    readonly name: string;
    readonly columns: readonly string[] | null;
    readonly query: TsqlQuery;
  }[];
  readonly body: Body;
  readonly order: readonly OrderItem[];
  /** Whether `TOP` or `OFFSET` makes the order meaningful. */
  readonly isLimited: boolean;
  readonly limits: readonly TsqlExpression[];
  readonly at: SqlToken;
}

/** Words that end an expression or a table, so they cannot be aliases. */
const reserved = new Set(
  `FROM WHERE GROUP ORDER UNION EXCEPT INTERSECT INTO HAVING OPTION ON INNER LEFT RIGHT FULL CROSS OUTER JOIN WITH SET WHEN THEN ELSE
  END AS IF BEGIN SELECT INSERT UPDATE DELETE DECLARE RETURN EXEC EXECUTE THROW WHILE VALUES OUTPUT FOR PRINT RAISERROR COMMIT ROLLBACK
  CREATE ALTER DROP OFFSET FETCH AND OR NOT IN IS LIKE BETWEEN EXISTS CASE TOP DISTINCT ALL COLLATE DEFAULT NULL GRANT GO DBCC ESCAPE
  TRUNCATE`.split(/\s+/),
);

export class TokenReader {
  index = 0;
  readonly tokens: readonly SqlToken[];

  constructor(tokens: readonly SqlToken[]) {
    this.tokens = tokens;
  }

  get now(): SqlToken | undefined {
    return this.tokens[this.index];
  }
  after(offset: number): SqlToken | undefined {
    return this.tokens[this.index + offset];
  }
  get isAtEnd(): boolean {
    return this.index >= this.tokens.length;
  }
  fail(wanted: string): never {
    const near = this.tokens.slice(Math.max(0, this.index - 4), this.index + 5).map(({ text }) => text);
    throw new UnreadableScript(
      `line ${this.now?.line ?? this.tokens.at(-1)?.line}: expected ${wanted} near ${near.join(' ').slice(0, 200)}`,
    );
  }
  take(): SqlToken {
    const token = this.now ?? this.fail('more');
    this.index += 1;
    return token;
  }
  isWord(...words: readonly string[]): boolean {
    return isWord(this.now, ...words);
  }
  areWords(...words: readonly string[]): boolean {
    return words.every((word, offset) => isWord(this.after(offset), word));
  }
  isOperator(text: string): boolean {
    return isOperator(this.now, text);
  }
  /** Takes the words if they come next. */
  takeWords(...words: readonly string[]): boolean {
    const areNext = this.areWords(...words);
    if (areNext) this.index += words.length;
    return areNext;
  }
  takeOperator(text: string): boolean {
    const isNext = this.isOperator(text);
    if (isNext) this.index += 1;
    return isNext;
  }
  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) this.fail(words.join(' '));
  }
  expectOperator(text: string): void {
    if (!this.takeOperator(text)) this.fail(text);
  }
  get isIdentifier(): boolean {
    return this.now?.kind === 'name' || (this.now?.kind === 'word' && !reserved.has(this.now.value));
  }
  identifier(): string {
    if (!this.isIdentifier) this.fail('a name');
    return spelledName(this.take());
  }
  /** `[schema].[name]`, or a name alone. */
  nameParts(): string[] {
    const first = this.now;
    if (first?.kind === 'variable') return [this.take().text];
    const names = [this.identifier()];
    while (this.takeOperator('.')) names.push(spelledName(this.take()));
    return names;
  }
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.takeOperator(',')) items.push(read());
    return items;
  }
  inParentheses<Item>(read: () => Item): Item {
    this.expectOperator('(');
    const item = read();
    this.expectOperator(')');
    return item;
  }
  /** Skips `( … )`. */
  skipParentheses(): void {
    this.expectOperator('(');
    for (let depth = 1; depth > 0; ) {
      const token = this.take();
      if (isOperator(token, '(')) depth += 1;
      if (isOperator(token, ')')) depth -= 1;
    }
  }
  /** Skips the rest of a statement. */
  skipStatement(): void {
    while (!this.isAtEnd && !this.isOperator(';')) this.take();
  }
  textFrom(start: number): string {
    return this.tokens
      .slice(start, this.index)
      .map((token) => (token.kind === 'name' ? token.value : token.text))
      .join(' ');
  }
  /** Reads a type: `nvarchar(75)`, `[dms].[BigIntTable]`. */
  type(): string {
    const start = this.index;
    this.nameParts();
    if (this.isOperator('(')) this.skipParentheses();
    return this.textFrom(start).replaceAll(' ', '').toLowerCase();
  }
}

export const spelledName = (token: SqlToken): string => (token.kind === 'name' ? token.value : token.text);

const comparisons = ['=', '<>', '<', '>', '<=', '>=', '!='];

export function readExpression(reader: TokenReader): TsqlExpression {
  return readJunction(reader, ['OR'], () => readJunction(reader, ['AND'], () => readNegation(reader)));
}

function readJunction(reader: TokenReader, words: readonly string[], read: () => TsqlExpression): TsqlExpression {
  const first = read();
  if (!reader.isWord(...words)) return first;
  const operands = [first];
  while (reader.isWord(...words)) {
    reader.take();
    operands.push(read());
  }
  return { kind: 'logic', operands };
}

function readNegation(reader: TokenReader): TsqlExpression {
  if (reader.takeWords('NOT')) return { kind: 'logic', operands: [readNegation(reader)] };
  return readPredicate(reader);
}

function readPredicate(reader: TokenReader): TsqlExpression {
  const left = readSum(reader);
  const at = reader.now;
  if (!at) return left;
  if (at.kind === 'operator' && comparisons.includes(at.text)) {
    reader.take();
    return { kind: 'compare', operands: [left, readSum(reader)], at };
  }
  if (reader.takeWords('IS')) {
    reader.takeWords('NOT');
    reader.expectWords('NULL');
    return { kind: 'logic', operands: [left] };
  }
  if (reader.isWord('NOT') && !isWord(reader.after(1), 'IN', 'LIKE', 'BETWEEN')) return left;
  reader.takeWords('NOT');
  if (reader.takeWords('LIKE')) {
    const operands = [left, readSum(reader)];
    if (reader.takeWords('ESCAPE')) operands.push(readSum(reader));
    return { kind: 'compare', operands, at };
  }
  if (reader.takeWords('BETWEEN')) {
    const low = readSum(reader);
    reader.expectWords('AND');
    return { kind: 'compare', operands: [left, low, readSum(reader)], at };
  }
  if (reader.takeWords('IN')) {
    const operands = reader.inParentheses((): readonly TsqlExpression[] =>
      reader.isWord('SELECT', 'WITH')
        ? [{ kind: 'query', query: readQuery(reader), use: 'value' }]
        : reader.list(() => readExpression(reader)),
    );
    return { kind: 'compare', operands: [left, ...operands], at };
  }
  return left;
}

const sums = ['+', '-', '&', '|', '^'];
const products = ['*', '/', '%'];

function readChain(reader: TokenReader, operators: readonly string[], read: () => TsqlExpression): TsqlExpression {
  let left = read();
  for (;;) {
    const token = reader.now;
    if (token?.kind !== 'operator' || !operators.includes(token.text)) return left;
    reader.take();
    left = { kind: 'calculate', operator: token.text, operands: [left, read()] };
  }
}

const readSum = (reader: TokenReader): TsqlExpression =>
  readChain(reader, sums, () => readChain(reader, products, () => readUnary(reader)));

function readUnary(reader: TokenReader): TsqlExpression {
  if (reader.takeOperator('-') || reader.takeOperator('~') || reader.takeOperator('+'))
    return { kind: 'calculate', operator: '-', operands: [readUnary(reader)] };
  let value = readPrimary(reader);
  while (reader.takeWords('COLLATE')) value = { kind: 'collate', operand: value, collation: reader.identifier() };
  return value;
}

const plain: TsqlExpression = { kind: 'literal', isText: false, value: '' };

function readPrimary(reader: TokenReader): TsqlExpression {
  const token = reader.now ?? reader.fail('a value');
  if (token.kind === 'string' || token.kind === 'number') {
    reader.take();
    return { kind: 'literal', isText: token.kind === 'string', value: token.value };
  }
  if (token.kind === 'variable') {
    reader.take();
    return { kind: 'variable', name: token.text, at: token };
  }
  if (reader.isOperator('('))
    return reader.inParentheses(
      (): TsqlExpression =>
        reader.isWord('SELECT', 'WITH')
          ? { kind: 'query', query: readQuery(reader), use: 'value' }
          : readExpression(reader),
    );
  if (reader.takeOperator('*')) return { kind: 'star', of: null };
  if (reader.takeWords('NULL') || reader.takeWords('DEFAULT')) return plain;
  if (reader.takeWords('EXISTS'))
    return { kind: 'query', query: reader.inParentheses(() => readQuery(reader)), use: 'exists' };
  if (reader.takeWords('CASE')) return readCase(reader);
  if (reader.takeWords('NEXT', 'VALUE', 'FOR')) {
    reader.nameParts();
    return plain;
  }
  if (reader.isWord('CAST', 'TRY_CAST') && isOperator(reader.after(1), '(')) {
    reader.take();
    return reader.inParentheses(() => {
      const operand = readExpression(reader);
      reader.expectWords('AS');
      return { kind: 'cast', operand, type: reader.type() };
    });
  }
  if (reader.isWord('CONVERT', 'TRY_CONVERT') && isOperator(reader.after(1), '(')) {
    reader.take();
    return reader.inParentheses(() => {
      const type = reader.type();
      reader.expectOperator(',');
      const operand = readExpression(reader);
      if (reader.takeOperator(',')) readExpression(reader);
      return { kind: 'cast', operand, type };
    });
  }
  return readNamed(reader);
}

/** A column, `alias.*`, or the call of a function. */
function readNamed(reader: TokenReader): TsqlExpression {
  const at = reader.now ?? reader.fail('a value');
  // functions with the names of keywords
  const isCall =
    at.kind === 'word' && isOperator(reader.after(1), '(') && ['LEFT', 'RIGHT', 'UPDATE'].includes(at.value);
  if (!isCall && !reader.isIdentifier) reader.fail('a value');
  const names = [spelledName(reader.take())];
  while (reader.isOperator('.')) {
    reader.take();
    if (reader.takeOperator('*')) return { kind: 'star', of: names.at(-1) ?? null };
    names.push(spelledName(reader.take()));
  }
  return reader.isOperator('(') ? readCall(reader, names, at) : { kind: 'column', names, at };
}

function readCall(reader: TokenReader, names: readonly string[], at: SqlToken): TsqlExpression {
  const operands = reader.inParentheses((): TsqlExpression[] => {
    if (reader.isOperator(')')) return [];
    reader.takeWords('DISTINCT');
    const values = [readExpression(reader)];
    while (reader.takeOperator(',') || reader.takeWords('FROM')) values.push(readExpression(reader));
    return values;
  });
  if (reader.takeWords('WITHIN', 'GROUP'))
    for (const { value } of reader.inParentheses(() => readOrder(reader))) operands.push(value);
  let over: TsqlExpression[] | null = null;
  if (reader.takeWords('OVER'))
    over = reader.inParentheses(() => {
      const parts = reader.takeWords('PARTITION', 'BY') ? reader.list(() => readExpression(reader)) : [];
      return [...parts, ...(reader.isWord('ORDER') ? readOrder(reader).map(({ value }) => value) : [])];
    });
  const name = names.length === 1 ? (names[0] ?? '').toUpperCase() : names.join('.');
  return { kind: 'call', name, operands, over, at };
}

function readCase(reader: TokenReader): TsqlExpression {
  const operands: TsqlExpression[] = [];
  const results: TsqlExpression[] = [];
  const subject = reader.isWord('WHEN') ? null : readExpression(reader);
  while (reader.takeWords('WHEN')) {
    const at = reader.now ?? reader.fail('a condition');
    const condition = readExpression(reader);
    operands.push(subject === null ? condition : { kind: 'compare', operands: [subject, condition], at });
    reader.expectWords('THEN');
    results.push(readExpression(reader));
  }
  if (reader.takeWords('ELSE')) results.push(readExpression(reader));
  reader.expectWords('END');
  return { kind: 'case', operands, results };
}

function readOrder(reader: TokenReader): OrderItem[] {
  reader.expectWords('ORDER', 'BY');
  return reader.list(() => {
    const start = reader.index;
    const value = readExpression(reader);
    const text = reader.textFrom(start);
    if (!reader.takeWords('ASC')) reader.takeWords('DESC');
    return { value, text };
  });
}

export function readQuery(reader: TokenReader): TsqlQuery {
  const at = reader.now ?? reader.fail('a query');
  const named = reader.isWord('WITH') ? readNamedQueries(reader) : [];
  const limits: TsqlExpression[] = [];
  const body = readBody(reader, limits);
  const order = reader.isWord('ORDER') ? readOrder(reader) : [];
  if (reader.takeWords('OFFSET')) {
    limits.push(readExpression(reader));
    if (!reader.takeWords('ROWS')) reader.expectWords('ROW');
    if (reader.takeWords('FETCH')) {
      if (!reader.takeWords('NEXT')) reader.expectWords('FIRST');
      limits.push(readExpression(reader));
      if (!reader.takeWords('ROWS')) reader.expectWords('ROW');
      reader.expectWords('ONLY');
    }
  }
  if (reader.takeWords('OPTION')) reader.skipParentheses();
  return { named, body, order, isLimited: limits.length > 0, limits, at };
}

export function readNamedQueries(reader: TokenReader): TsqlQuery['named'] {
  reader.expectWords('WITH');
  return reader.list(() => {
    const name = reader.identifier();
    const columns = reader.isOperator('(') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : null;
    reader.expectWords('AS');
    return { name, columns, query: reader.inParentheses(() => readQuery(reader)) };
  });
}

function readBody(reader: TokenReader, limits: TsqlExpression[]): Body {
  let left = readOperand(reader, limits);
  for (;;) {
    const at = reader.now;
    if (!at || !reader.isWord('UNION', 'EXCEPT', 'INTERSECT')) return left;
    const operator = reader.take().value + (reader.takeWords('ALL') ? ' ALL' : '');
    left = { kind: 'set', operator, left, right: readOperand(reader, limits), at };
  }
}

function readOperand(reader: TokenReader, limits: TsqlExpression[]): Body {
  if (reader.isOperator('(')) return reader.inParentheses(() => readBody(reader, limits));
  const at = reader.now ?? reader.fail('a query');
  if (reader.takeWords('VALUES')) {
    const rows = reader.list(() => reader.inParentheses(() => reader.list(() => readExpression(reader))));
    return { kind: 'values', rows, at };
  }
  return readSelect(reader, limits);
}

function readSelect(reader: TokenReader, limits: TsqlExpression[]): Select {
  const at = reader.now ?? reader.fail('SELECT');
  reader.expectWords('SELECT');
  const isDistinct = reader.takeWords('DISTINCT');
  if (reader.takeWords('TOP')) limits.push(readPrimary(reader));
  const items = reader.list(() => readItem(reader));
  const into = reader.takeWords('INTO') ? (reader.nameParts().at(-1) ?? null) : null;
  const sources: FromItem[] = [];
  const joins: TsqlExpression[] = [];
  if (reader.takeWords('FROM')) readSources(reader, sources, joins);
  const where = reader.takeWords('WHERE') ? readExpression(reader) : null;
  const groups = reader.takeWords('GROUP', 'BY') ? reader.list(() => readExpression(reader)) : [];
  const having = reader.takeWords('HAVING') ? readExpression(reader) : null;
  return { kind: 'select', isDistinct, items, into, sources, joins, where, groups, having, at };
}

function readItem(reader: TokenReader): SelectItem {
  let variable: string | null = null;
  if (reader.now?.kind === 'variable' && isOperator(reader.after(1), '=')) {
    variable = reader.take().text;
    reader.expectOperator('=');
  }
  const start = reader.index;
  const value = readExpression(reader);
  const text = reader.textFrom(start);
  const alias = reader.takeWords('AS') || reader.isIdentifier ? spelledName(reader.take()) : null;
  return { value, alias, variable, text };
}

/** `a INNER JOIN b ON …, c CROSS APPLY …`. */
export function readSources(reader: TokenReader, sources: FromItem[], joins: TsqlExpression[]): void {
  const readOne = (isApplied: boolean): void => {
    if (
      reader.isOperator('(') &&
      !isWord(reader.after(1), 'SELECT', 'WITH', 'VALUES') &&
      !isOperator(reader.after(1), '(')
    ) {
      reader.inParentheses(() => readSources(reader, sources, joins));
      return;
    }
    sources.push(readSource(reader, isApplied));
  };
  readOne(false);
  for (;;) {
    if (reader.takeOperator(',')) readOne(false);
    else if (reader.takeWords('CROSS', 'APPLY') || reader.takeWords('OUTER', 'APPLY')) readOne(true);
    else if (reader.takeWords('CROSS', 'JOIN')) readOne(false);
    else if (reader.isWord('INNER', 'LEFT', 'RIGHT', 'FULL', 'JOIN')) {
      reader.takeWords('INNER') || reader.takeWords('LEFT') || reader.takeWords('RIGHT') || reader.takeWords('FULL');
      reader.takeWords('OUTER');
      reader.takeWords('LOOP') || reader.takeWords('HASH') || reader.takeWords('MERGE');
      reader.expectWords('JOIN');
      readOne(false);
      reader.expectWords('ON');
      joins.push(readExpression(reader));
    } else return;
  }
}

function readSource(reader: TokenReader, isApplied: boolean): FromItem {
  const at = reader.now ?? reader.fail('a table');
  if (reader.isOperator('(')) {
    const query = reader.inParentheses(() => readQuery(reader));
    return { kind: 'derived', query, isApplied, at, ...readAlias(reader) };
  }
  const names = reader.nameParts();
  if (!reader.isOperator('(')) {
    const aliased = readAlias(reader);
    if (reader.takeWords('WITH')) reader.skipParentheses();
    return { kind: 'table', names, at, ...aliased };
  }
  const operands = reader.inParentheses(() =>
    reader.isOperator(')') ? [] : reader.list(() => readExpression(reader)),
  );
  let typed: Map<string, string> | null = null;
  if (reader.isWord('WITH') && isOperator(reader.after(1), '(')) {
    reader.take();
    typed = new Map(
      reader.inParentheses(() =>
        reader.list(() => {
          const column = [reader.identifier(), reader.type()] as const;
          if (reader.now?.kind === 'string') reader.take();
          if (reader.takeWords('AS')) reader.take();
          return column;
        }),
      ),
    );
  }
  return { kind: 'function', name: names.join('.').toUpperCase(), operands, typed, at, ...readAlias(reader) };
}

function readAlias(reader: TokenReader): Pick<FromItem, 'alias' | 'columns'> {
  const alias = reader.takeWords('AS') || reader.isIdentifier ? spelledName(reader.take()) : null;
  const columns =
    alias !== null && reader.isOperator('(')
      ? reader.inParentheses(() => reader.list(() => reader.identifier()))
      : null;
  return { alias, columns };
}

import { closing, commaSeparated, isOperator, isWord, type SqlToken } from '@dms/sql';

/* Finds the tables that a text names, and the frames in which their columns are visible. */

/** The types of the columns of a table; null if the columns are unknown, as for a derived table. */
export type Columns = ReadonlyMap<string, string> | null;

export interface NamedRelation {
  /** `schema.name`, `#page`, `@own1`. */
  readonly name: string;
  /** Null if columns are used without an alias. */
  readonly alias: string | null;
  readonly columns: Columns;
}

/** The text between two parentheses, or a statement. Its sources are visible in it and in frames nested in it. */
export interface TokenFrame {
  readonly parent: TokenFrame | null;
  readonly sources: NamedRelation[];
  /** Column names that the text itself introduces: `AS [Name]`, the columns of a derived table. */
  readonly made: Set<string>;
}

/** A token with its frame. */
export interface PlacedToken {
  readonly token: SqlToken;
  readonly frame: TokenFrame;
}

/** Words after a table that are not its alias. */
const afterTable = new Set(
  `AS ON WHERE SET JOIN INNER LEFT CROSS OUTER FULL WITH ORDER GROUP UNION VALUES SELECT OUTPUT OPTION HAVING FROM DEFAULT IF BEGIN END`.split(
    /\s+/,
  ),
);

/** The tables that a text creates for itself: `DECLARE @t TABLE (…)`, `CREATE TABLE [#t] (…)`. */
export function ownTables(tokens: readonly SqlToken[]): Map<string, Columns> {
  const tables = new Map<string, Columns>();
  for (const [index, token] of tokens.entries()) {
    const isVariable =
      token.kind === 'variable' && isWord(tokens[index + 1], 'TABLE') && isOperator(tokens[index + 2], '(');
    const isTemporary =
      token.kind === 'name' &&
      token.value.startsWith('#') &&
      isWord(tokens[index - 1], 'TABLE') &&
      isOperator(tokens[index + 1], '(');
    if (!isVariable && !isTemporary) continue;
    const open = index + (isVariable ? 2 : 1);
    const columns = commaSeparated(tokens.slice(open + 1, closing(tokens, open))).flatMap(([name, ...type]) =>
      name?.kind === 'name' ? [[name.value, typeText(type)] as const] : [],
    );
    tables.set(token.value, new Map(columns));
  }
  return tables;
}

/** The type at the beginning of a column or variable: `nvarchar(75)`, `decimal(9,2)`, `bigint`. */
export function typeText(tokens: readonly SqlToken[]): string {
  const [name] = tokens;
  if (!name) return '';
  if (!isOperator(tokens[1], '(')) return name.text.toLowerCase();
  const inner = tokens.slice(2, closing(tokens, 1));
  return `${name.text}(${inner.map(({ text }) => text).join('')})`.toLowerCase();
}

function sourceAt(
  tokens: readonly SqlToken[],
  index: number,
  columnsOf: (name: string) => Columns | undefined,
): { readonly source: NamedRelation; readonly length: number } | null {
  const first = tokens[index];
  const dot = tokens[index + 1];
  const second = tokens[index + 2];
  const isQualified = isOperator(dot, '.') && second !== undefined && (first?.kind === 'name' || isWord(first, 'SYS'));
  if (!first || (!isQualified && first.kind !== 'variable' && first.kind !== 'name' && first.kind !== 'word'))
    return null;
  const spelledName = first.kind === 'word' ? first.text : first.value;
  const name = isQualified
    ? `${first.kind === 'word' ? 'sys' : first.value}.${second.kind === 'word' ? second.text : second.value}`
    : spelledName;
  let length = isQualified ? 3 : 1;
  const columns = columnsOf(name);
  if (columns === undefined) return null;
  let alias: string | null = null;
  if (isWord(tokens[index + length], 'AS')) length += 1;
  const next = tokens[index + length];
  if (next?.kind === 'name' || (next?.kind === 'word' && !afterTable.has(next.value))) {
    alias = next.text;
    length += 1;
  }
  return { source: { name, alias, columns }, length };
}

/**
 * Every token with its frame, without the names of tables. `unknown` is called for anything other than a table in the
 * place of one.
 */
export function placedTokens(
  tokens: readonly SqlToken[],
  columnsOf: (name: string) => Columns | undefined,
  unknown: (text: string) => void,
): PlacedToken[] {
  const newFrame = (parent: TokenFrame | null): TokenFrame => ({ parent, sources: [], made: new Set() });
  const placed: PlacedToken[] = [];
  let frame = newFrame(null);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as SqlToken;
    placed.push({ token, frame });
    if (isOperator(token, '(')) frame = newFrame(frame);
    else if (isOperator(token, ')')) {
      const closed = frame;
      frame = frame.parent ?? newFrame(null);
      const next = isWord(tokens[index + 1], 'AS') ? tokens[index + 2] : tokens[index + 1];
      const isDerived = closed.sources.length > 0 || isWord(tokens[index + 1], 'AS');
      if (isDerived && next && (next.kind === 'name' || (next.kind === 'word' && !afterTable.has(next.value))))
        frame.sources.push({ name: next.text, alias: next.text, columns: null });
    } else if (isOperator(token, ';') && frame.parent === null) frame = newFrame(null);
    else if (isWord(token, 'AS') && tokens[index + 1]?.kind === 'name') frame.made.add(tokens[index + 1]?.value ?? '');
    const isPlace =
      isWord(token, 'FROM', 'JOIN', 'INTO', 'APPLY') ||
      (isWord(token, 'UPDATE') && !isOperator(tokens[index + 1], '('));
    // the alias of a derived table comes after its closing parenthesis, like that of a function that returns rows
    if (!isPlace || isOperator(tokens[index + 1], '(') || isWord(tokens[index + 1], 'OPENJSON')) continue;
    const found = sourceAt(tokens, index + 1, columnsOf);
    if (found) {
      frame.sources.push(found.source);
      index += found.length;
    } else if (!isWord(token, 'UPDATE'))
      unknown(
        tokens
          .slice(index, index + 4)
          .map(({ text }) => text)
          .join(' '),
      );
  }
  return placed;
}

/** The sources that are visible in a frame, the nearest first. */
export function* seenSources(frame: TokenFrame | null): Generator<NamedRelation> {
  for (let at = frame; at !== null; at = at.parent) yield* at.sources;
}

/** Whether the text itself introduces a column name. */
export function isMade(frame: TokenFrame | null, name: string): boolean {
  for (let at = frame; at !== null; at = at.parent) if (at.made.has(name)) return true;
  return false;
}

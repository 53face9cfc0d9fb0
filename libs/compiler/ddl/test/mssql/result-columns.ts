import { commaSeparated, isWord, type SqlToken, splitBatches } from '@dms/sql';

/** The tokens of the first select list, up to the FROM outside of parentheses. */
export function selectList(tokens: readonly SqlToken[]): SqlToken[] {
  const list: SqlToken[] = [];
  let depth = 0;
  for (const token of tokens.slice(1)) {
    if (token.kind === 'operator' && token.text === '(') depth += 1;
    if (token.kind === 'operator' && token.text === ')') depth -= 1;
    if (depth === 0 && isWord(token, 'FROM')) break;
    list.push(token);
  }
  return list;
}

/**
 * The names of the columns of a query. A column without a name gets an empty one: the client of SQL Server then returns
 * all such columns as one member of the row.
 */
export function resultColumns(query: string): string[] {
  const tokens = splitBatches(query).flatMap((batch) => batch.tokens);
  return commaSeparated(selectList(tokens)).map((item) => {
    const last = item.at(-1);
    const isNamed = last?.kind === 'name' || (last?.kind === 'word' && last.value !== 'END');
    return isNamed ? last.value.toLowerCase() : '';
  });
}

import { isOperator, type SqlToken } from '@dms/sql';

/** A query at one depth of parentheses. */
interface ComparedQuery {
  /** The tokens of its select list, as far as they were read. */
  selected: SqlToken[];
  isListOpen: boolean;
  /** The select list on the left of an EXCEPT, until the list on the right is read. */
  left: readonly SqlToken[] | null;
}

const newQuery = (): ComparedQuery => ({ selected: [], isListOpen: false, left: null });

/** The column names of a select list, without the aliases before them. */
const columnsOf = (list: readonly SqlToken[]): string =>
  list
    .filter((token, at) => !isOperator(token, '.') && !(token.kind === 'word' && isOperator(list[at + 1], '.')))
    .map(({ kind, text, value }) => (kind === 'word' ? value : text))
    .join(' ');

/** Whether a list contains only columns of old or new rows. */
const isOfChangedRows = (list: readonly SqlToken[], aliases: readonly string[]): boolean =>
  list.every(({ text }, at) => !isOperator(list[at + 1], '.') || aliases.includes(text.toLowerCase()));

/**
 * S16: the lines of a body at which an EXCEPT compares old with new rows, and its right side selects other columns than
 * the left, or in another order. Comparing a column with another one hides a change that exchanges their values (design
 * 09b §2.4). `aliases` are the aliases of old and new rows; the columns of other rows may differ, as when a copy is
 * compared with its source.
 */
export function unlikeComparisons(tokens: readonly SqlToken[], aliases: readonly string[]): number[] {
  const lines: number[] = [];
  const queries = [newQuery()];
  let previous = '';
  for (const token of tokens) {
    const query = queries.at(-1) ?? newQuery();
    const word = token.kind === 'word' ? token.value : '';
    const isClosing = isOperator(token, ')');
    const isEnd = isClosing || isOperator(token, ';');
    // the FROM of IS DISTINCT FROM belongs to the list
    const endsList =
      isEnd || ['EXCEPT', 'UNION', 'INTERSECT'].includes(word) || (word === 'FROM' && previous !== 'DISTINCT');
    if (query.isListOpen && endsList) {
      query.isListOpen = false;
      const { left, selected } = query;
      const isOfRows = left && isOfChangedRows([...left, ...selected], aliases);
      if (isOfRows && columnsOf(left) !== columnsOf(selected)) lines.push(token.line);
      query.left = null;
    }
    if (word === 'SELECT') Object.assign(query, { selected: [], isListOpen: true });
    else if (word === 'EXCEPT') query.left = query.selected;
    else for (const { selected } of queries.filter(({ isListOpen }) => isListOpen)) selected.push(token);
    if (isOperator(token, '(')) queries.push(newQuery());
    if (isClosing && queries.length > 1) queries.pop();
    if (isOperator(token, ';')) queries.splice(0, queries.length, newQuery());
    previous = word;
  }
  return lines;
}

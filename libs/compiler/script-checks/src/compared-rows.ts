import { type AnyToken, isOperator } from '@dms/sql';

/** A query at one depth of parentheses. */
interface Query {
  /** What it selects, as far as it was read. */
  selected: AnyToken[];
  isListOpen: boolean;
  /** The list on the left of an EXCEPT, until that on the right is read. */
  left: readonly AnyToken[] | null;
}

const newQuery = (): Query => ({ selected: [], isListOpen: false, left: null });

/** A list without the aliases that its columns are named with. */
const columnsOf = (list: readonly AnyToken[]): string =>
  list
    .filter((token, at) => !isOperator(token, '.') && !(token.kind === 'word' && isOperator(list[at + 1], '.')))
    .map(({ text }) => text)
    .join(' ');

/** Whether a list names columns of old or new rows alone. */
const isOfChangedRows = (list: readonly AnyToken[], aliases: readonly string[]): boolean =>
  list.every(({ text }, at) => !isOperator(list[at + 1], '.') || aliases.includes(text.toLowerCase()));

/**
 * S16: the lines of a body at which an EXCEPT compares old with new rows, and its right side selects other columns than
 * the left, or in another order. A column that is compared with another hides the change that exchanges their values
 * (design 09 §7.4). `aliases` are those of old and new rows; other rows may well be compared by unlike columns, as a
 * copy is with what it was copied from.
 */
export function unlikeComparisons(tokens: readonly AnyToken[], aliases: readonly string[]): number[] {
  const lines: number[] = [];
  const queries = [newQuery()];
  let previous = '';
  for (const token of tokens) {
    const query = queries.at(-1) ?? newQuery();
    const word = token.kind === 'word' ? token.text.toUpperCase() : '';
    const isClosing = isOperator(token, ')');
    const isEnd = isClosing || isOperator(token, ';');
    // IS DISTINCT FROM is part of a list
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

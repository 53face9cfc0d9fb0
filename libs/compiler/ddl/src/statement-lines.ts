/** Indents the lines by one level. */
export const indented = (lines: readonly string[]) => lines.map((line) => `    ${line}`);

/** Adds a text before the first line and after the last. */
export const enclosed = (head: string, lines: readonly string[], end = '') =>
  lines.map((line, index) => `${index === 0 ? head : ''}${line}${index < lines.length - 1 ? '' : end}`);

/** The items of a list, one per line. */
export const listed = (items: readonly string[]) =>
  items.map((item, index) => (index < items.length - 1 ? `${item},` : item));

/** The assignments of an UPDATE, one per line. */
export const setClause = (assignments: readonly string[]) =>
  listed(assignments).map((line, index) => `${index === 0 ? 'SET ' : '    '}${line}`);

/**
 * A keyword and its value, in quotes where it is empty or has blanks; a backslash takes the next character as it is.
 */
const pair = /\s*(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s'\\;])*))(?=\s|$)/sy;

const unescaped = (value: string) => value.replaceAll(/\\(.)/gs, '$1');

/**
 * The pairs of `keyword = value keyword = value`, the form of libpq (PostgreSQL's documentation, "Keyword/Value
 * Connection Strings"). Null where the text is not of this form. One pair alone is left to the semicolon form, which
 * reads it in the same way.
 */
export function keywordPairs(text: string): readonly (readonly [string, string])[] | null {
  const trimmed = text.trim();
  const found: (readonly [string, string])[] = [];
  pair.lastIndex = 0;
  while (pair.lastIndex < trimmed.length) {
    const match = pair.exec(trimmed);
    if (match === null) return null;
    const [, key = '', quoted, plain = ''] = match;
    found.push([key, unescaped(quoted ?? plain)]);
  }
  return found.length > 1 ? found : null;
}

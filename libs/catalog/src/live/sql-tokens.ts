/** A token of an expression as an engine prints it. */
export type SqlToken =
  /** `"a"` or `[a]`; the text is the name itself. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  /** The text between the quotes, with doubled quotes reduced. */
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const pattern =
  /\s+|"((?:[^"]|"")+)"|\[((?:[^\]]|\]\])+)\]|(?:N)?'((?:[^']|'')*)'|(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_$]*)|(\[\]|::|<>|!=|<=|>=|\|\||[-+*/%=<>(),.])/y;

/** Splits an expression into tokens without spaces; null if it contains anything else. */
export function sqlTokens(text: string): readonly SqlToken[] | null {
  const tokens: SqlToken[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    const [, double, bracketed, string, number, word, sign] = match;
    if (double !== undefined) tokens.push({ kind: 'name', text: double.replaceAll('""', '"') });
    else if (bracketed !== undefined) tokens.push({ kind: 'name', text: bracketed.replaceAll(']]', ']') });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

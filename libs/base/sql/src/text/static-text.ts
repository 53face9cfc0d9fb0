/** The static text of a template between its places, in the spelling of a dialect. */
export interface StaticText {
  readonly text: string;
  /** The positions of the line breaks that are not inside a literal. */
  readonly breaks: readonly number[];
}

const token = /--[^\n]*|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|\n/g;

/**
 * The static texts of a template, read once for each place in the source. `"Name"` becomes a name in the spelling of
 * the dialect; literals stay as they are. Throws for a place inside a literal or a name, and for an apostrophe in a
 * comment, which the next reader would read as the beginning of a literal.
 */
export function staticTexts(strings: readonly string[], quote: (identifier: string) => string): readonly StaticText[] {
  return strings.map((written) => {
    let text = '';
    let at = 0;
    const breaks: number[] = [];
    for (const { 0: found, index } of written.matchAll(token)) {
      text += written.slice(at, index);
      at = index + found.length;
      if (found === '\n') breaks.push(text.length);
      text += spelled(found, quote, written);
    }
    return { text: text + written.slice(at), breaks };
  });
}

function spelled(found: string, quote: (identifier: string) => string, written: string): string {
  if (found === '\n') return found;
  if (found.startsWith('--')) {
    if (found.includes("'")) throw new Error(`A comment of a SQL template holds an apostrophe: ${found}`);
    return found;
  }
  const mark = found.charAt(0);
  const inner = found.slice(1, -1);
  const isClosed = found.length > 1 && found.endsWith(mark) && (inner.split(mark).length - 1) % 2 === 0;
  if (!isClosed) throw new Error(`A place of a SQL template is inside ${mark} … ${mark}: ${written}`);
  return mark === '"' ? quote(inner.replaceAll('""', '"')) : found;
}

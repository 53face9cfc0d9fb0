/** Widths of the characters of the widest of the common sans-serif faces, bold, in thousandths of the size; what is not listed is as wide as a digit or, beyond Latin, as a square. */
const narrow = new Set("iljI|.,:;'!()[]{}`");
const slim = new Set('ftr- "*/\\');
const wide = new Set('mwMW@%');

/** Width that a text will have at most, in pixels: an estimate that is the same everywhere, for a layout that is. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) {
    if (narrow.has(character)) units += 400;
    else if (slim.has(character)) units += 490;
    else if (wide.has(character)) units += 1080;
    else if (character >= 'A' && character <= 'Z') units += 810;
    else if ((character.codePointAt(0) ?? 0) > 0x2ff) units += 1000;
    else units += 705;
  }
  return Math.ceil((units * size) / 1000);
}

/** The text, or its beginning with `…` when it is longer than `limit` characters. */
export function shortText(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : text;
}

/**
 * Character widths of the widest common sans-serif font, bold, in thousandths of the size. Other characters are as wide as a
 * digit or, beyond Latin, as a square.
 */
const narrow = new Set("iljI|.,:;'!()[]{}`");
const slim = new Set('ftr- "*/\\');
const wide = new Set('mwMW@%');

/** The maximum width of a text in pixels. The estimate is the same everywhere, so that the layout is too. */
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

/** The text, or its beginning with `…` if it is longer than `limit` characters. */
export function shortText(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : text;
}

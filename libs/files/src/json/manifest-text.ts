import { unicodeEscape } from './canonical-text.ts';

// the escapes of JSON.stringify, and every code unit that a manifest must escape
const escapedOrSpecial = /\\u[0-9a-f]{4}|\\.|[^\x20-\x7e\n]|[&'+<>`]/g;
// searching for each character is many times faster than for a class of them, and most manifests have none
const specialAscii = [..."&'+<>`\\\x7f"];
const hasSpecial = (text: string) =>
  specialAscii.some((character) => text.includes(character)) || Buffer.byteLength(text) !== text.length;

/**
 * The text of a manifest: two-space indentation, members in the order of the value, one trailing LF; strings escape
 * everything except U+0020–U+007E, and also `"`, `\`, `&`, `'`, `+`, `<`, `>` and the backtick (design 01 §9, 03
 * §11.1). Numbers must be integers.
 */
export function manifestText(value: unknown): string {
  const plain = `${JSON.stringify(value, null, 2)}\n`;
  if (!hasSpecial(plain)) return plain;
  return plain.replace(escapedOrSpecial, (match) => {
    if (match === '\\"') return '\\u0022';
    if (match.length === 6) return `\\u${match.slice(2).toUpperCase()}`;
    return match.length === 2 ? match : unicodeEscape(match);
  });
}

/**
 * The text of an artifact that later steps read: one member per line, and one line for each element of a top-level
 * list, so that a diff shows what changed (design 02 §15.1). One trailing LF.
 */
export function listText(value: Readonly<Record<string, unknown>>): string {
  // joined once, because every intermediate text would be copied
  const pieces = ['{'];
  for (const [name, member] of Object.entries(value)) {
    pieces.push(pieces.length === 1 ? '\n' : ',\n', JSON.stringify(name), ': ');
    if (Array.isArray(member) && member.length > 0) {
      member.forEach((element, index) => {
        pieces.push(index === 0 ? '[\n' : ',\n', JSON.stringify(element));
      });
      pieces.push('\n]');
    } else pieces.push(JSON.stringify(member));
  }
  pieces.push('\n}\n');
  return pieces.join('');
}

/* JSON for people: one object per line, so that a diff shows one line per changed object (design 09a §1.2). */

// most texts need no escapes, and this check is much faster than JSON.stringify
const plainText = /^[ !#-[\]-~]*$/;
const quoted = (text: string) => (plainText.test(text) ? `"${text}"` : JSON.stringify(text));

/** Usual values are scalars and empty lists. */
function isUsual(value: unknown, usual: unknown): boolean {
  return Array.isArray(usual) ? Array.isArray(value) && value.length === 0 : value === usual;
}

type LineMembers = Readonly<Record<string, unknown>>;

/** One object on one line, without members that are undefined or have their usual value (design 09a §1.2). */
export function objectLine(object: LineMembers, usual: LineMembers = {}): string {
  let members = '';
  // a loop that needs no list of names
  for (const name in object) {
    const value = object[name];
    if (value === undefined || (name in usual && isUsual(value, usual[name]))) continue;
    members += `${members === '' ? '' : ','} ${quoted(name)}: ${line(value)}`;
  }
  return members === '' ? '{}' : `{${members} }`;
}

/** One value on one line, with blanks inside braces and after colons and commas. */
export function line(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return objectLine(value as LineMembers);
}

const indent = (level: number) => '  '.repeat(level);

/** A list with an element on each line. */
export function lines(items: readonly unknown[], level: number): string {
  return blocks(items.map(line), level);
}

/** An object with a member on each line; the values of members are JSON texts. */
export function block(members: readonly (readonly [string, string])[], level: number): string {
  return `{\n${members.map(([name, text]) => `${indent(level + 1)}${JSON.stringify(name)}: ${text}`).join(',\n')}\n${indent(level)}}`;
}

/** A list of objects that are JSON texts, each starting on a new line. */
export function blocks(items: readonly string[], level: number): string {
  if (items.length === 0) return '[]';
  const start = `\n${indent(level + 1)}`;
  return `[${start}${items.join(`,${start}`)}\n${indent(level)}]`;
}

/* JSON for people: one object per line, so that a diff shows one line per object (design 09 §3.2). */

// most texts need no escape, and asking is much faster than JSON.stringify
const plainText = /^[ !#-[\]-~]*$/;
const quoted = (text: string) => (plainText.test(text) ? `"${text}"` : JSON.stringify(text));

/** One object on one line, with a blank inside its braces and after colons and commas. */
export function line(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  let members = '';
  const object = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(object)) members += `${members === '' ? '' : ','} ${quoted(name)}: ${line(object[name])}`;
  return members === '' ? '{}' : `{${members} }`;
}

const indent = (level: number) => '  '.repeat(level);

/** A list with an element on each line. */
export function lines(items: readonly unknown[], level: number): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => indent(level + 1) + line(item)).join(',\n')}\n${indent(level)}]`;
}

/** An object with a member on each line; the members are texts already. */
export function block(members: readonly (readonly [string, string])[], level: number): string {
  return `{\n${members.map(([name, text]) => `${indent(level + 1)}${JSON.stringify(name)}: ${text}`).join(',\n')}\n${indent(level)}}`;
}

/** A list of such objects. */
export function blocks(items: readonly string[], level: number): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => indent(level + 1) + item).join(',\n')}\n${indent(level)}]`;
}

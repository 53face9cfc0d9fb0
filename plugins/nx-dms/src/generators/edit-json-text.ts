import { mustExist } from '@dms/model';
import { createScanner, findNodeAtLocation, type JSONPath, type Node, parseTree } from 'jsonc-parser';

/* Changes a JSON text with comments in place, because its author wants the rest to stay unchanged. */

/** Removes the value at a path: the item of an array, or the member of an object. Comments next to it stay. */
export function withoutJson(text: string, place: JSONPath): string {
  const found = mustExist(nodeAt(text, place), `the value at ${place.join('/')}`);
  const node = found.parent?.type === 'property' ? found.parent : found;
  const { children = [] } = mustExist(node.parent, 'what holds the value');
  const before = children[children.indexOf(node) - 1];
  const comma = commaAfter(text, endOf(node));
  const isAdjacent = comma !== undefined && text.slice(endOf(node), comma).trim() === '';
  if (isAdjacent) return withoutValue(text, node.offset, comma + 1);
  const rest = comma === undefined ? text : without(text, comma, comma + 1);
  const alone = withoutValue(rest, node.offset, endOf(node));
  if (comma !== undefined || before === undefined) return alone;
  const last = commaAfter(alone, endOf(before));
  return last === undefined ? alone : without(alone, last, last + 1);
}

const nodeAt = (text: string, place: JSONPath) => findNodeAtLocation(mustExist(parseTree(text), 'a JSON text'), place);

/** The kinds of JSON tokens, as the scanner numbers them; the package exports them only as types. */
const commaToken = 5;
const triviaTokens: ReadonlySet<number> = new Set([12, 13, 14, 15]);

/** The position of the comma after a value; undefined if there is none. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text);
  scanner.setPosition(offset);
  let kind: number = scanner.scan();
  while (triviaTokens.has(kind)) kind = scanner.scan();
  return kind === commaToken ? scanner.getTokenOffset() : undefined;
}

const endOf = ({ offset, length }: Node) => offset + length;

/** Removes a value, and its line if nothing else is on it. */
function withoutValue(text: string, start: number, end: number): string {
  const blanks = blanksBefore(text, start);
  const lineStart = start - blanks.length;
  const [rest = ''] = /^[\t ]*(?:\r?\n|$)?/.exec(text.slice(end)) ?? [];
  if (isLineStart(text, lineStart) && /\n$/.test(rest)) return without(text, lineStart, end + rest.length);
  // the last value of a line is removed with the blanks before it, others with the blanks after them
  return /^[\t ]*[\]}\r\n]/.test(text.slice(end))
    ? without(text, lineStart, end)
    : without(text, start, end + rest.length);
}

const blanksBefore = (text: string, offset: number) => /[\t ]*$/.exec(text.slice(0, offset))?.[0] ?? '';

const isLineStart = (text: string, offset: number) => offset === 0 || text[offset - 1] === '\n';

const without = (text: string, start: number, end: number) => text.slice(0, start) + text.slice(end);

/** Adds a value at the end of the array or object at a path. */
export function withJson(text: string, place: JSONPath, value: unknown, name?: string): string {
  const parent = mustExist(nodeAt(text, place), `the value at ${place.join('/')}`);
  const { children = [] } = parent;
  const last = children.at(-1);
  const indent = indentOf(text);
  const eol = lineEnd(text);
  const label = name === undefined ? '' : `${JSON.stringify(name)}: `;
  const added = (step: string | undefined, own: string) =>
    label + JSON.stringify(value, null, step).replaceAll('\n', `${eol}${own}`);
  if (last === undefined) {
    const begin = parent.offset + 1;
    const rest = text.slice(begin);
    if (name === undefined) return `${text.slice(0, begin)}${added(undefined, '')}${rest}`;
    return `${text.slice(0, begin)}${eol}${indent}${added(indent, indent)}${/^\s*\n/.test(rest) ? '' : eol}${rest}`;
  }
  const own = blanksBefore(text, last.offset);
  const hasLines = isLineStart(text, last.offset - own.length);
  const item = added(hasLines ? indent : undefined, own);
  const comma = commaAfter(text, endOf(last));
  const separated = comma === undefined ? `${text.slice(0, endOf(last))},${text.slice(endOf(last))}` : text;
  const end = endOf(parent) - 1 + (separated.length - text.length);
  const closing = end - blanksBefore(separated, end).length;
  if (hasLines && isLineStart(separated, closing))
    return `${separated.slice(0, closing)}${own}${item}${eol}${separated.slice(closing)}`;
  const behind = (comma ?? endOf(last)) + 1;
  return `${separated.slice(0, behind)} ${item}${separated.slice(behind)}`;
}

/** One step of indentation. */
const indentOf = (text: string) => /^([\t ]+)\S/m.exec(text)?.[1] ?? '  ';

const lineEnd = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

import { findNodeAtLocation, type Node } from 'jsonc-parser';

/** Names and indices that lead from a value to a value inside it. */
export type Segments = readonly (string | number)[];

/** The value that the segments lead to, or the last existing value on the way. */
export function deepest(node: Node, segments: Segments): Node {
  let found = node;
  for (const segment of segments) {
    const next = findNodeAtLocation(found, [segment]);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** The value of a member of an object. */
export function memberOf(node: Node | undefined, name: string): Node | undefined {
  return node === undefined ? undefined : findNodeAtLocation(node, [name]);
}

/** Names and values of the members of an object. */
export function membersOf(node: Node | undefined): readonly (readonly [name: string, value: Node])[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
    name === undefined || value === undefined ? [] : [[String(name.value), value] as const],
  );
}

/** `/a~1b/0` as segments. */
export function pointerSegments(pointer: string): Segments {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A name between quotes, which may have escapes of JSON. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return quoted;
  }
}

/** `documentPathsMapping["School.x"].path` and `paths[1]` as segments. */
export function memberSegments(member: string): Segments {
  const parts = member.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? '') : unescaped(quoted);
  });
}

/**
 * The first value inside `node`, in the order of the text, that `isMatch` accepts by its text or by its member name. For a
 * member name, the place is where its value is.
 */
export function firstText(node: Node, isMatch: (text: string) => boolean): Node | undefined {
  if (node.type === 'string') return isMatch(String(node.value)) ? node : undefined;
  if (node.type === 'property') {
    const [name, value] = node.children ?? [];
    if (name !== undefined && isMatch(String(name.value))) return value ?? name;
    return value && firstText(value, isMatch);
  }
  for (const child of node.children ?? []) {
    const found = firstText(child, isMatch);
    if (found !== undefined) return found;
  }
  return undefined;
}

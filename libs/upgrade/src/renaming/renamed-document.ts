import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import type { Renaming } from './renaming.ts';

/** A value of a document without parts, with its path and the positions of the array elements along the path. */
interface Leaf {
  readonly path: string;
  readonly positions: readonly number[];
  readonly value: JsonValue;
}

const isEmpty = (value: JsonValue) =>
  isJsonObject(value) ? value.size === 0 : isJsonArray(value) && value.length === 0;

function leaves(value: JsonValue, path: string, positions: readonly number[]): Leaf[] {
  if (!isEmpty(value) && isJsonObject(value))
    return [...value].flatMap(([name, member]) => leaves(member, `${path}.${name}`, positions));
  if (!isEmpty(value) && isJsonArray(value))
    return value.flatMap((element, index) => leaves(element, `${path}[*]`, [...positions, index]));
  return [{ path, positions, value }];
}

/** An object or an array under construction; the tag distinguishes it from JSON objects, which are maps too. */
class Branch extends Map<string, Branch | JsonValue> {}

function grown(branch: Branch): JsonValue {
  const entries = [...branch].map(([name, part]): [string, JsonValue] => [
    name,
    part instanceof Branch ? grown(part) : part,
  ]);
  const isArray = entries.length > 0 && entries.every(([name]) => name.startsWith('['));
  return isArray ? entries.map(([, element]) => element) : new Map(entries);
}

/**
 * Converts a document of the earlier set to the later set: each value moves to the path that it has there (design 12
 * §11).
 */
export function renamedDocument(renaming: Renaming, resource: string, document: JsonObject): JsonObject {
  const root = new Branch();
  for (const { path, positions, value } of leaves(document, '$', [])) {
    const rest = [...positions];
    const later = renaming.path(resource, path);
    const steps = later
      .split(/(?=\[\*\])|\./)
      .slice(1)
      .map((step) => (step === '[*]' ? `[${rest.shift()}]` : step));
    let branch = root;
    for (const step of steps.slice(0, -1)) {
      const next = branch.get(step);
      if (next instanceof Branch) branch = next;
      else {
        const made = new Branch();
        branch.set(step, made);
        branch = made;
      }
    }
    const last = steps.at(-1);
    // a document without members is a single leaf
    if (last !== undefined) branch.set(last, value);
  }
  return grown(root) as JsonObject;
}

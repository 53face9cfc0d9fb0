import { compareOrdinal } from '../ordinal.ts';

/** A JSON number as written in the source: `1.0` and `1` are different lexemes (design 01 §5.3). */
export class JsonNumber {
  readonly lexeme: string;

  constructor(lexeme: string) {
    this.lexeme = lexeme;
  }
}

/** An object keeps its members in source order; it is a map, so that `__proto__` and `10` are ordinary members. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** The value at names of members, each within the one before; undefined if there is none. */
export function memberAt(value: JsonValue | undefined, names: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of names) found = isJsonObject(found) ? found.get(name) : undefined;
  return found;
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Converts a plain JavaScript value into a `JsonValue` (for literals in code and in tests). Numbers must be integers.
 */
export function toJsonValue(value: unknown): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return new JsonNumber(String(value));
  if (value instanceof JsonNumber) return value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value instanceof Map) return new Map([...value].map(([name, member]) => [String(name), toJsonValue(member)]));
  if (typeof value === 'object')
    return new Map(Object.entries(value).map(([name, member]) => [name, toJsonValue(member)]));
  throw new TypeError(`${typeof value} is not a JSON value`);
}

/** The members of an object in ordinal order of their names, never in file order. */
export function orderedMembers<Value>(object: ReadonlyMap<string, Value>): [string, Value][] {
  // destructuring [name] of each pair would create an iterator at every comparison
  return [...object].sort((a, b) => compareOrdinal(a[0], b[0]));
}

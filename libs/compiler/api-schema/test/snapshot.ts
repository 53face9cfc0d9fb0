import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/values';

/** The full text of a value, member order included. */
export function snapshot(any: JsonValue): unknown {
  if (any instanceof JsonNumber) return { number: any.lexeme };
  if (isJsonArray(any)) return any.map(snapshot);
  if (isJsonObject(any)) return { members: [...any].map(([name, member]) => [name, snapshot(member)]) };
  return any;
}

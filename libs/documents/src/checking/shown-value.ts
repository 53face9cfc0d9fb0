import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/canonical-json';

/** A value, shortened for a message. */
export function shown(value: JsonValue | undefined): string {
  const text =
    value instanceof JsonNumber
      ? value.lexeme
      : isJsonArray(value)
        ? 'an array'
        : isJsonObject(value)
          ? 'an object'
          : (JSON.stringify(value) ?? 'nothing');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

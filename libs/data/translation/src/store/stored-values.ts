import { isJsonArray, JsonNumber, type JsonValue } from '@dms/values';

/* Readers of the facts of records; each value has the kind with which it was written. */

export const numberOf = (value: JsonValue | undefined): number =>
  value instanceof JsonNumber ? Number(value.lexeme) : 0;
export const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
export const textOrNull = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);
export const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  value !== undefined && isJsonArray(value) ? value : [];
export const numberValue = (value: number) => new JsonNumber(String(value));

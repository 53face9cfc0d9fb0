import { valueKinds } from '@dms/documents';
import type { JsonValue } from '@dms/values';
import type { ValueType } from './model-trees.ts';

/** A JSON value, or the reason why a text is not a value of the type. */
type TextConversion =
  | { readonly value: JsonValue; readonly reason?: never }
  | { readonly reason: string; readonly value?: never };

/**
 * Converts a text without surrounding white space to a JSON value (design 14a §2.2).
 *
 * @param name of the property; a school year can be written as two years
 */
export function jsonValue(text: string, type: ValueType, name: string): TextConversion {
  if (type === 'Descriptor') return { value: text };
  const { expected, read } = valueKinds[type].written;
  const value = read(text, name);
  return value === undefined ? { reason: `is not ${expected}` } : { value };
}

import { JsonNumber, type JsonValue } from '@dms/files';
import type { ValueType } from './model-trees.ts';

/** A JSON value, or the reason why a text is not a value of the type. */
type Conversion =
  | { readonly value: JsonValue; readonly reason?: never }
  | { readonly reason: string; readonly value?: never };

const expected = {
  Int32: 'a whole number',
  Int64: 'a whole number',
  Decimal: 'a number',
  Boolean: 'true, false, 1 or 0',
  Date: 'a date YYYY-MM-DD',
  DateTime: 'a date-time YYYY-MM-DDTHH:MM:SS',
  Time: 'a time HH:MM:SS',
} as const;

/**
 * Converts a text without surrounding white space to a JSON value (design 14 §7.2).
 *
 * @param name of the property; a school year can be written as two years
 */
export function jsonValue(text: string, type: ValueType, name: string): Conversion {
  if (type === 'String' || type === 'Descriptor') return { value: text };
  const value = converted(text, type, name);
  return value === undefined ? { reason: `is not ${expected[type]}` } : { value };
}

const zone = /(?:Z|[+-]\d{2}:\d{2})$/;
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function converted(
  text: string,
  type: Exclude<ValueType, 'String' | 'Descriptor'>,
  name: string,
): JsonValue | undefined {
  switch (type) {
    case 'Int32':
    case 'Int64':
    case 'Decimal':
      return jsonNumber(text) ?? (/schoolyear$/i.test(name) ? schoolYear(text) : undefined);
    case 'Boolean':
      return booleans.get(text);
    case 'Date': {
      const day = text.replace(zone, '');
      return /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined;
    }
    case 'DateTime':
      if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
      return zone.test(text) ? text : `${text}Z`;
    case 'Time':
      return /^\d{2}:\d{2}:\d{2}/.test(text) ? text : undefined;
  }
}

const numberPattern = /^([+-]?)(?=\.?\d)0*(\d*)(?:\.(\d*))?([eE][+-]?\d+)?$/;

/** Converts a number to the form of JSON: no plus sign, no leading zeros, digits on both sides of a point. */
function jsonNumber(text: string): JsonNumber | undefined {
  const match = numberPattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction, exponent = ''] = match;
  return new JsonNumber(`${sign === '-' ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}${exponent}`);
}

/** Converts `2021-2022` to 2022. */
function schoolYear(text: string): JsonNumber | undefined {
  const [, first, last] = /^(\d{4})-(\d{4})$/.exec(text) ?? [];
  return first !== undefined && last !== undefined && Number(last) === Number(first) + 1
    ? new JsonNumber(last)
    : undefined;
}

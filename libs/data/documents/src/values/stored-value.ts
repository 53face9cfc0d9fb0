import { counted } from '@dms/diagnostics';
import { JsonNumber, type JsonValue, jsonText } from '@dms/files';
import type { ScalarType } from '@dms/model';
import type { ValueRules } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import {
  dateText,
  dateTimeText,
  finiteText,
  hasWholeOffset,
  isPlainTime,
  notPlainTime,
  secondFractionDigits,
  withoutFraction,
} from './dates-and-times.ts';
import {
  type DecimalNumber,
  decimalNumber,
  decimalText,
  fractionDigits,
  isNumberText,
  wholeDigits,
} from './decimal-numbers.ts';

/**
 * A stored value, with a unique text per value: two values are equal if and only if their texts are. Numbers stay text
 * on the whole path from the document to the parameter; null is an absent value.
 */
export type StoredValue = string | boolean | null;

/** The differences between the engines in the values that a column accepts. */
interface ValueLimits {
  /** The unit of the length of a column. */
  textLength(text: string): number;
  /** The fractional digits of a second that the engine keeps. */
  readonly secondDigits: number;
  /** The meaning of a decimal without precision. */
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
}

const valueLimits: Readonly<Record<SqlDialect, ValueLimits>> = {
  pgsql: {
    textLength: (text) => {
      let length = 0;
      for (const _ of text) length += 1;
      return length;
    },
    secondDigits: 6,
    decimal: null,
  },
  mssql: { textLength: (text) => text.length, secondDigits: 7, decimal: { precision: 18, scale: 0 } },
};

/** A value, or why it is not a value of its type. */
type Conversion =
  /** `isCut` if the value has lost its fraction of a second. */
  | { readonly value: string | boolean; readonly isCut?: boolean; readonly reason?: never }
  | { readonly reason: string; readonly value?: never };

const integerBounds = {
  Int32: { least: -(2n ** 31n), most: 2n ** 31n - 1n },
  Int64: { least: -(2n ** 63n), most: 2n ** 63n - 1n },
} as const;

function integerText(number: DecimalNumber, kind: 'Int32' | 'Int64'): Conversion {
  if (fractionDigits(number) > 0) return { reason: 'is not a whole number' };
  const { least, most } = integerBounds[kind];
  // too long for any integer type, so it need not be converted
  const value = wholeDigits(number) > 19 ? undefined : BigInt(decimalText(number));
  if (value === undefined || value < least || value > most) return { reason: `is not between ${least} and ${most}` };
  return { value: String(value) };
}

function fittingDecimal(number: DecimalNumber, decimal: ValueLimits['decimal']): Conversion {
  if (decimal !== null) {
    const { precision, scale } = decimal;
    if (fractionDigits(number) > scale)
      return { reason: `has more than ${counted(scale, 'digit')} after the decimal point` };
    if (wholeDigits(number) > precision - scale)
      return { reason: `has more than ${counted(precision - scale, 'digit')} before the decimal point` };
  }
  return { value: decimalText(number) };
}

function fittingText(value: string, { maxLength }: ScalarType, limits: ValueLimits): Conversion {
  if (value.includes('\u0000')) return { reason: 'holds the character U+0000, which no database stores' };
  if (!value.isWellFormed()) return { reason: 'holds an unpaired surrogate' };
  // a text with as few code units has no more characters
  if (maxLength !== null && value.length > maxLength) {
    const length = limits.textLength(value);
    if (length > maxLength) return { reason: `has ${counted(length, 'character')}; the column takes ${maxLength}` };
  }
  return { value };
}

function fittingDateTime(
  text: string | undefined,
  { secondDigits }: ValueLimits,
  { keepsSecondFractions }: ValueRules,
): Conversion {
  if (text === undefined) return { reason: 'is not a date-time of RFC 3339 (YYYY-MM-DDTHH:MM:SSZ, or with an offset)' };
  const digits = secondFractionDigits(text);
  if (!keepsSecondFractions) return digits === 0 ? { value: text } : { value: withoutFraction(text), isCut: true };
  if (digits > secondDigits)
    return { reason: `has more than ${counted(secondDigits, 'digit')} of a second, which is what the database keeps` };
  return { value: text };
}

const expectedJson = {
  String: 'a string',
  Int32: 'a number',
  Int64: 'a number',
  Decimal: 'a number',
  Boolean: 'true or false',
  Date: 'a string with a date',
  DateTime: 'a string with a date-time',
  Time: 'a string with a time',
} as const satisfies Record<ScalarType['kind'], string>;

/** An integer as an API takes it: `5.0` and `5e0` are whole numbers, but no integers. */
const integerPattern = /^-?\d+$/;

/** A value of a document in the form in which it is compared and hashed (design 14 §1). */
export function storedValue(value: JsonValue, type: ScalarType, dialect: SqlDialect, rules: ValueRules): Conversion {
  const limits = valueLimits[dialect];
  const wrongType: Conversion = { reason: `is not ${expectedJson[type.kind]}` };
  switch (type.kind) {
    case 'Boolean':
      return typeof value === 'boolean' ? { value } : wrongType;
    case 'Int32':
    case 'Int64':
    case 'Decimal': {
      if (!(value instanceof JsonNumber)) return wrongType;
      const number = decimalNumber(value.lexeme);
      if (number === undefined) return { reason: 'is out of the range of every column' };
      if (type.kind === 'Decimal') return fittingDecimal(number, type.decimal ?? limits.decimal);
      const found = integerText(number, type.kind);
      return found.reason === undefined && !integerPattern.test(value.lexeme)
        ? { reason: `is not written as an integer; write ${found.value}` }
        : found;
    }
  }
  if (typeof value !== 'string') return wrongType;
  switch (type.kind) {
    case 'String':
      return fittingText(value, type, limits);
    case 'Date': {
      const date = dateText(value);
      return date === undefined ? { reason: 'is not a date (YYYY-MM-DD)' } : { value: date };
    }
    case 'Time':
      return isPlainTime(value) ? { value } : { reason: notPlainTime };
    case 'DateTime':
      return fittingDateTime(hasWholeOffset(value) ? dateTimeText(value) : undefined, limits, rules);
  }
}

/** Removes trailing zeros of the fraction, and the point if no fraction is left. */
function withoutTrailingZeros(text: string): string {
  const point = text.indexOf('.');
  if (point < 0) return text;
  let end = text.length;
  while (text[end - 1] === '0') end -= 1;
  return text.slice(0, end - 1 === point ? point : end);
}

function dateTimeFromDatabase(value: unknown): string {
  const text = String(value);
  // PostgreSQL in UTC; any other form is read digit by digit
  return text.endsWith('+00') && text[10] === ' '
    ? `${text.slice(0, 10)}T${withoutTrailingZeros(text.slice(11, -3))}Z`
    : (dateTimeText(text) ?? text);
}

const isTrue = (value: unknown) => value === true || value === 1;
// engines print fixed-point, with all digits of the scale
const unpadded = (value: unknown) => withoutTrailingZeros(String(value));

const fromDatabase: Readonly<Record<ScalarType['kind'], (value: unknown) => string | boolean>> = {
  String,
  Int32: String,
  Int64: String,
  Decimal: unpadded,
  Boolean: isTrue,
  Date: String,
  DateTime: dateTimeFromDatabase,
  Time: unpadded,
};

/** A value of a database in the same form; an end of time as the database has it. */
export function valueFromDatabase(value: unknown, { kind }: ScalarType): StoredValue {
  return value === null || value === undefined ? null : fromDatabase[kind](value);
}

/** A number of a decimal, without `NaN` and infinities, which JSON does not have. */
function writtenDecimal(value: unknown): string | undefined {
  const text = unpadded(value);
  return isNumberText(text) ? text : undefined;
}

/** A day of the years 1 to 9999: an engine shows all others with more characters. */
function writtenDate(value: unknown): string | undefined {
  const text = finiteText(String(value), 'Date');
  return text.length === 'YYYY-MM-DD'.length ? text : undefined;
}

/** A moment of these years; any other is left as the engine shows it. */
function writtenDateTime(value: unknown): string | undefined {
  const text = finiteText(dateTimeFromDatabase(value), 'DateTime');
  return text[10] === 'T' && text.endsWith('Z') ? text : undefined;
}

/** A time of day; PostgreSQL also has the end of the day. */
function writtenTime(value: unknown): string | undefined {
  const text = unpadded(value);
  return text.startsWith('24') ? undefined : text;
}

/**
 * How a document shows the values of a column of a type; returns a function for many values. Undefined for a value that
 * the column takes and a document cannot hold (design 14 §3).
 */
export const jsonFromDatabase: Readonly<Record<ScalarType['kind'], (value: unknown) => JsonValue | undefined>> = {
  ...fromDatabase,
  Date: writtenDate,
  DateTime: writtenDateTime,
  Time: writtenTime,
  Int32: (value) => new JsonNumber(String(value)),
  Int64: (value) => new JsonNumber(String(value)),
  Decimal: (value) => {
    const text = writtenDecimal(value);
    return text === undefined ? undefined : new JsonNumber(text);
  },
};

const jsonTextOf =
  (kind: ScalarType['kind']) =>
  (value: unknown): string | undefined => {
    const json = jsonFromDatabase[kind](value);
    return json === undefined ? undefined : jsonText(json);
  };

/** The same as text of JSON. */
export const jsonTextFromDatabase: Readonly<Record<ScalarType['kind'], (value: unknown) => string | undefined>> = {
  String: (value) => jsonText(String(value)),
  Int32: String,
  Int64: String,
  Decimal: writtenDecimal,
  Boolean: jsonTextOf('Boolean'),
  Date: jsonTextOf('Date'),
  DateTime: jsonTextOf('DateTime'),
  Time: jsonTextOf('Time'),
};

/** The text of a stored value in a hashed name (design 07 §9.2), without fractions of a second. */
export function hashedText(value: string | boolean, { kind }: ScalarType): string {
  switch (kind) {
    case 'Time':
      return String(value).slice(0, 'HH:MM:SS'.length);
    case 'DateTime':
      return `${String(value).slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
    case 'String':
    case 'Int32':
    case 'Int64':
    case 'Decimal':
    case 'Boolean':
    case 'Date':
      return String(value);
  }
}

import { counted } from '@dms/diagnostics';
import type { ScalarType } from '@dms/model';
import type { ValueRules } from '@dms/plans';
import type { LogicalKind, SqlDialect } from '@dms/sql';
import { JsonNumber, type JsonValue, jsonText } from '@dms/values';
import {
  dateText,
  dateTimeText,
  finiteText,
  hasWholeOffset,
  isPlainTime,
  notPlainTime,
  secondFractionDigits,
  withoutFraction,
  withoutZone,
} from './dates-and-times.ts';
import {
  type DecimalNumber,
  decimalNumber,
  decimalText,
  fractionDigits,
  isNumberText,
  wholeDigits,
} from './decimal-numbers.ts';

/** The differences between the engines in the values that a column accepts. */
interface ValueLimits {
  /** The length of a text in the unit of the length of a column. */
  textLength(text: string): number;
  /** A moment in the form of a column of the engine. */
  moment(text: string): string;
  /** The fractional digits of a second that the engine keeps. */
  readonly secondDigits: number;
  /** The precision and scale of a decimal column without precision. */
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
}

export const valueLimits: Readonly<Record<SqlDialect, ValueLimits>> = {
  pgsql: {
    textLength: (text) => {
      let length = 0;
      for (const _ of text) length += 1;
      return length;
    },
    moment: (text) => text,
    secondDigits: 6,
    decimal: null,
  },
  mssql: {
    textLength: (text) => text.length,
    moment: withoutZone,
    secondDigits: 7,
    decimal: { precision: 18, scale: 0 },
  },
};

/** A value, or the reason why it is not a value of its type. */
export type ValueConversion =
  /** `isCut` if the value has lost its fraction of a second. */
  | { readonly value: string | boolean; readonly isCut?: boolean; readonly reason?: never }
  | { readonly reason: string; readonly value?: never };

/** Conversions of the values of a kind of type, in documents, files and columns (design 14). */
interface ValueKind {
  /** The requirement for a document, in words. */
  readonly expected: string;
  /** A value of a document in the form in which it is compared and hashed; undefined for another type of JSON. */
  stored(value: JsonValue, type: ScalarType, limits: ValueLimits, rules: ValueRules): ValueConversion | undefined;
  /** A value of a database in the same form; an end of time keeps the form of the database. */
  fromDatabase(value: unknown): string | boolean;
  /** The value that a document shows for a value of a database; undefined if no document can hold it (design 14 §3). */
  json(value: unknown): JsonValue | undefined;
  /** The same as JSON text, if a direct conversion is faster. */
  jsonText?(value: unknown): string | undefined;
  /** The form in an interchange file (design 14a §2.2); undefined if the text is not a value of the kind. */
  readonly written: { readonly expected: string; read(text: string, property: string): JsonValue | undefined };
  /**
   * A value for a generated document, different for each number if the type allows. `isPlain` values are short and fit
   * all types of the kind.
   */
  sample(number: number, type: ScalarType | null, isPlain: boolean): string | boolean | JsonNumber;
  /** Values for trials of columns; null for texts, which depend on the engine. */
  readonly tried: TriedValues | null;
}

/** Values as SQL texts. */
interface TriedValues {
  /** A different value for each number; half of the numbers are negative. */
  nth(number: number, type: ScalarType): string;
  /**
   * Values that differ as little as values of a type can, each from the one before: sign, digits behind the decimal
   * point, days, seconds. A trigger body that compares or copies only a part of a value confuses one with the next.
   */
  near(type: ScalarType): readonly string[];
}

/** Removes trailing zeros of the fraction, and the point if no fraction is left. */
function withoutTrailingZeros(text: string): string {
  const point = text.indexOf('.');
  if (point < 0) return text;
  let end = text.length;
  while (text[end - 1] === '0') end -= 1;
  return text.slice(0, end - 1 === point ? point : end);
}

// engines print fixed-point numbers, with all digits of the scale
const unpadded = (value: unknown) => withoutTrailingZeros(String(value));

/* Numbers. */

/** An integer in the form that an API accepts: `5.0` and `5e0` are whole numbers, but not integers. */
const integerPattern = /^-?\d+$/;

const outOfRange: ValueConversion = { reason: 'is out of the range of every column' };

function integerText(number: DecimalNumber, least: bigint, most: bigint): ValueConversion {
  if (fractionDigits(number) > 0) return { reason: 'is not a whole number' };
  // too long for any integer type, so it need not be parsed
  const value = wholeDigits(number) > 19 ? undefined : BigInt(decimalText(number));
  if (value === undefined || value < least || value > most) return { reason: `is not between ${least} and ${most}` };
  return { value: String(value) };
}

const storedInteger =
  (least: bigint, most: bigint): ValueKind['stored'] =>
  (value) => {
    if (!(value instanceof JsonNumber)) return undefined;
    const number = decimalNumber(value.lexeme);
    if (number === undefined) return outOfRange;
    const found = integerText(number, least, most);
    return found.reason === undefined && !integerPattern.test(value.lexeme)
      ? { reason: `is not written as an integer; write ${found.value}` }
      : found;
  };

function fittingDecimal(number: DecimalNumber, decimal: ValueLimits['decimal']): ValueConversion {
  if (decimal !== null) {
    const { precision, scale } = decimal;
    if (fractionDigits(number) > scale)
      return { reason: `has more than ${counted(scale, 'digit')} after the decimal point` };
    if (wholeDigits(number) > precision - scale)
      return { reason: `has more than ${counted(precision - scale, 'digit')} before the decimal point` };
  }
  return { value: decimalText(number) };
}

/** The text of a decimal of a database; undefined for `NaN` and infinities, which JSON does not have. */
function writtenDecimal(value: unknown): string | undefined {
  const text = unpadded(value);
  return isNumberText(text) ? text : undefined;
}

const writtenNumber = (text: string, property: string) =>
  jsonNumber(text) ?? (/schoolyear$/i.test(property) ? schoolYear(text) : undefined);

const writtenNumberPattern = /^([+-]?)(?=\.?\d)0*(\d*)(?:\.(\d*))?([eE][+-]?\d+)?$/;

/** Converts a number to JSON: no plus sign, no leading zeros, digits on both sides of a point. */
function jsonNumber(text: string): JsonNumber | undefined {
  const match = writtenNumberPattern.exec(text);
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

/**
 * A decimal that sometimes uses all digits of its type. The last digit of a fraction is never zero, so each value has
 * only one form.
 */
function sampleDecimal(precision: number, scale: number, number: number, isPlain: boolean): string {
  const wholeCount = precision - scale;
  const digits = '73918462057391846205739184620573918462';
  const isLong = !isPlain && number % 5 === 0 && wholeCount > 0;
  const whole = isLong ? digits.slice(0, wholeCount) : String(number % 10 ** Math.min(wholeCount, 6));
  if (scale === 0) return whole;
  const fraction = scale === 1 ? '' : String(number % 10 ** Math.min(scale - 1, 6)).padStart(scale - 1, '0');
  return `${whole}.${fraction}${1 + (number % 9)}`;
}

function nearDecimals({ precision, scale }: NonNullable<ScalarType['decimal']>): readonly string[] {
  const one = scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`;
  const largest = '9'.repeat(precision - scale) || '0';
  return ['0', one, `-${one}`, largest, ...(scale === 0 ? [] : [`${largest}.${'1'.padStart(scale, '0')}`])];
}

/** A number that needs more than 32 bits, and so do the numbers after it. */
const firstLarge = 2 ** 40;

const sign = (number: number) => (number % 2 === 0 ? 1 : -1);

/** The members that the integer kinds share. */
const integer = {
  expected: 'a number',
  fromDatabase: String,
  json: (value: unknown) => new JsonNumber(String(value)),
  jsonText: String,
  written: { expected: 'a whole number', read: writtenNumber },
} as const;

/* Texts, dates and times. */

function fittingText(value: string, { maxLength }: ScalarType, limits: ValueLimits): ValueConversion {
  if (value.includes('\u0000')) return { reason: 'holds the character U+0000, which no database stores' };
  if (!value.isWellFormed()) return { reason: 'holds an unpaired surrogate' };
  // a text has no more characters than code units
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
): ValueConversion {
  if (text === undefined) return { reason: 'is not a date-time of RFC 3339 (YYYY-MM-DDTHH:MM:SSZ, or with an offset)' };
  const digits = secondFractionDigits(text);
  if (!keepsSecondFractions) return digits === 0 ? { value: text } : { value: withoutFraction(text), isCut: true };
  if (digits > secondDigits)
    return { reason: `has more than ${counted(secondDigits, 'digit')} of a second, which is what the database keeps` };
  return { value: text };
}

function dateTimeFromDatabase(value: unknown): string {
  const text = String(value);
  // the UTC form of PostgreSQL; any other form is parsed
  return text.endsWith('+00') && text[10] === ' '
    ? `${text.slice(0, 10)}T${withoutTrailingZeros(text.slice(11, -3))}Z`
    : (dateTimeText(text) ?? text);
}

/** A day of the years 1 to 9999; undefined for any other, which an engine shows with more characters. */
function writtenDate(value: unknown): string | undefined {
  const text = finiteText(String(value), 'Date');
  return text.length === 'YYYY-MM-DD'.length ? text : undefined;
}

/** A moment of these years; undefined for any other, which is not in this form. */
function writtenDateTime(value: unknown): string | undefined {
  const text = finiteText(dateTimeFromDatabase(value), 'DateTime');
  return text[10] === 'T' && text.endsWith('Z') ? text : undefined;
}

/** A time of day; undefined for the end of the day, which PostgreSQL also accepts. */
function writtenTime(value: unknown): string | undefined {
  const text = unpadded(value);
  return text.startsWith('24') ? undefined : text;
}

const zone = /(?:Z|[+-]\d{2}:\d{2})$/;

const start2024 = Date.UTC(2024, 0, 1);
const second = 1000;
const day = 86_400_000;

/** The text `YYYY-MM-DDTHH:MM:SS` of a moment. */
const momentText = (time: number) => new Date(time).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const isTrue = (value: unknown) => value === true || value === 1;

/** All kinds. Their properties up to the script are in `kindFacts` of `@dms/sql`. */
export const valueKinds: Readonly<Record<LogicalKind, ValueKind>> = {
  String: {
    expected: 'a string',
    stored: (value, type, limits) => (typeof value === 'string' ? fittingText(value, type, limits) : undefined),
    fromDatabase: String,
    json: String,
    jsonText: (value) => jsonText(String(value)),
    written: { expected: 'a text', read: (text) => text },
    sample(number, type, isPlain) {
      const text = number.toString(36);
      const room = type?.maxLength ?? 60;
      if (isPlain || room < 12) return text.slice(-room);
      // sometimes of maximum length, and sometimes beyond ASCII
      if (number % 5 === 0) return text.padEnd(Math.min(room, 300), 'x');
      const wide = `Größe "${text}"`;
      return wide.length > room ? text : wide;
    },
    tried: null,
  },
  Int32: {
    ...integer,
    stored: storedInteger(-(2n ** 31n), 2n ** 31n - 1n),
    sample: (number) => new JsonNumber(String(1000 + number)),
    tried: {
      nth: (number) => String(sign(number) * (1000 + number)),
      near: () => ['0', '1', '-1', '2000000000', '2000000001'],
    },
  },
  Int64: {
    ...integer,
    stored: storedInteger(-(2n ** 63n), 2n ** 63n - 1n),
    sample: (number, _type, isPlain) =>
      // greater than a floating-point number can represent exactly
      new JsonNumber(isPlain ? String(1000 + number) : String(9_007_199_254_740_993n + 2n * BigInt(number))),
    tried: {
      nth: (number) => String(sign(number) * (firstLarge + number)),
      near: () => ['0', '1', '-1', '1000000000000000', '1000000000000001'],
    },
  },
  Decimal: {
    expected: 'a number',
    stored(value, { decimal }, limits) {
      if (!(value instanceof JsonNumber)) return undefined;
      const number = decimalNumber(value.lexeme);
      return number === undefined ? outOfRange : fittingDecimal(number, decimal ?? limits.decimal);
    },
    fromDatabase: unpadded,
    json(value) {
      const text = writtenDecimal(value);
      return text === undefined ? undefined : new JsonNumber(text);
    },
    jsonText: writtenDecimal,
    written: { expected: 'a number', read: writtenNumber },
    sample: (number, type, isPlain) =>
      new JsonNumber(sampleDecimal(type?.decimal?.precision ?? 9, type?.decimal?.scale ?? 2, number, isPlain)),
    tried: {
      nth(number, { decimal }) {
        const digits = decimal === null ? 15 : decimal.precision - decimal.scale;
        const whole = (1000 + number) % 10 ** Math.min(digits, 15);
        return `${whole}${decimal === null || decimal.scale > 0 ? '.5' : ''}`;
      },
      near: ({ decimal }) => (decimal === null ? ['0', '0.1', '-0.1'] : nearDecimals(decimal)),
    },
  },
  Boolean: {
    expected: 'true or false',
    stored: (value) => (typeof value === 'boolean' ? { value } : undefined),
    fromDatabase: isTrue,
    json: isTrue,
    written: { expected: 'true, false, 1 or 0', read: (text) => booleans.get(text) },
    sample: (number) => number % 2 === 0,
    tried: { nth: () => 'true', near: () => ['false', 'true'] },
  },
  Date: {
    expected: 'a string with a date',
    stored(value) {
      if (typeof value !== 'string') return undefined;
      const date = dateText(value);
      return date === undefined ? { reason: 'is not a date (YYYY-MM-DD)' } : { value: date };
    },
    fromDatabase: String,
    json: writtenDate,
    written: {
      expected: 'a date YYYY-MM-DD',
      read(text) {
        const date = text.replace(zone, '');
        return /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : undefined;
      },
    },
    sample: (number) => momentText(Date.UTC(2020, 0, 1 + (number % 20000))).slice(0, 'YYYY-MM-DD'.length),
    tried: {
      nth: (number) => momentText(start2024 + number * day).slice(0, 'YYYY-MM-DD'.length),
      // 2024-12-30 and 2021-01-03 are in a week of another year
      near: () => [
        '0001-01-01',
        '2021-01-03',
        '2021-01-04',
        '2024-12-28',
        '2024-12-30',
        '2024-12-31',
        '2025-12-31',
        '9999-12-31',
      ],
    },
  },
  DateTime: {
    expected: 'a string with a date-time',
    stored: (value, _type, limits, rules) =>
      typeof value === 'string'
        ? fittingDateTime(hasWholeOffset(value) ? dateTimeText(value) : undefined, limits, rules)
        : undefined,
    fromDatabase: dateTimeFromDatabase,
    json: writtenDateTime,
    written: {
      expected: 'a date-time YYYY-MM-DDTHH:MM:SS',
      read(text) {
        if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
        return zone.test(text) ? text : `${text}Z`;
      },
    },
    sample: (number) => `${momentText(start2024 + number * 61 * second)}Z`,
    tried: {
      nth: (number) => `${momentText(start2024 + number * second)}Z`,
      near: () => [
        '0001-01-01T00:00:00Z',
        '2024-12-30T00:00:00Z',
        '2024-12-30T00:00:01Z',
        '2024-12-30T12:00:01Z',
        '2024-12-31T12:00:01Z',
        '9999-12-31T23:59:59Z',
      ],
    },
  },
  Time: {
    expected: 'a string with a time',
    stored(value) {
      if (typeof value !== 'string') return undefined;
      return isPlainTime(value) ? { value } : { reason: notPlainTime };
    },
    fromDatabase: unpadded,
    json: writtenTime,
    written: { expected: 'a time HH:MM:SS', read: (text) => (/^\d{2}:\d{2}:\d{2}/.test(text) ? text : undefined) },
    sample: (number) => momentText(start2024 + number * 7 * second).slice('YYYY-MM-DDT'.length),
    tried: {
      nth: (number) => momentText(start2024 + number * second).slice('YYYY-MM-DDT'.length),
      near: () => ['00:00:00', '00:00:01', '12:00:01', '23:59:58', '23:59:59'],
    },
  },
};

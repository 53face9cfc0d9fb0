import { counted } from '@dms/diagnostics';
import { dateText, dateTimeText, finiteText, isPlainTime, notPlainTime } from '@dms/documents';
import { JsonNumber, type JsonValue } from '@dms/values';
import { holdsInteger, type OdsType } from '../mapping/ods-mapping.ts';

/** A value of a document, or the reason why there is none. */
export type ReadValue = { readonly value: JsonValue } | { readonly finding: string };

/** The number of decimal places that documents have for money. */
const moneyScale = 4;

/** Returns a function that converts values of a column of an ODS to values of a document (design 19a §3). */
export function readerOf(type: OdsType): (value: unknown) => ReadValue {
  switch (type.kind) {
    case 'boolean':
      return (value) => ({ value: value === true });
    case 'int':
    case 'bigint':
    case 'smallint':
      return (value) => ({ value: new JsonNumber(String(value)) });
    case 'decimal':
      return (value) => decimal(String(value), type.scale);
    case 'money':
      return (value) => decimal(String(value), moneyScale);
    case 'date':
      return (value) => date(String(value));
    case 'time':
      return (value) => time(String(value));
    case 'timestamp':
      return (value) => moment(String(value));
    case 'string':
    case 'uuid':
      return (value) => ({ value: String(value) });
  }
}

const decimalPattern = /^-?\d+(?:\.(\d+))?$/;

function decimal(text: string, scale: number): ReadValue {
  const [, fraction] = decimalPattern.exec(text) ?? [undefined, undefined];
  if (!decimalPattern.test(text)) return { finding: 'is not a JSON number' };
  const significant = (fraction ?? '').replace(/0+$/, '');
  if (significant.length > scale)
    return { finding: `has more than ${counted(scale, 'digit')} after the decimal point` };
  const whole = fraction === undefined ? text : text.slice(0, -fraction.length - 1);
  const plain = whole === '-0' && significant === '' ? '0' : whole;
  return { value: new JsonNumber(significant === '' ? plain : `${plain}.${significant}`) };
}

function date(text: string): ReadValue {
  const found = dateText(finiteText(text, 'Date'));
  return found === undefined ? { finding: 'is not a date from the year 1 to 9999' } : { value: found };
}

/** A time of day as an API accepts it. A fraction of zeros is dropped. */
function time(text: string): ReadValue {
  const plain = text.includes('.') ? text.replace(/\.?0*$/, '') : text;
  return isPlainTime(plain) ? { value: plain } : { finding: `is ${JSON.stringify(plain)}, which ${notPlainTime}` };
}

function moment(text: string): ReadValue {
  // an ODS keeps UTC and no zone
  const found = dateTimeText(finiteText(/infinity$/.test(text) ? text : `${text}Z`, 'DateTime'));
  return found === undefined ? { finding: 'is not a moment from the year 1 to 9999' } : { value: found };
}

/** Families of types: a column can give its values to paths with a type of the same family. */
const families: Readonly<Record<OdsType['kind'], string>> = {
  boolean: 'boolean',
  int: 'integer',
  bigint: 'integer',
  smallint: 'integer',
  decimal: 'number',
  money: 'number',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  string: 'string',
  uuid: 'uuid',
};

/**
 * Returns a function that reads a value for a path of one type from a column of another, which holds the value of
 * another path (design 19 §5.3).
 */
export function sharingReaderOf(type: OdsType, columnType: OdsType): (value: unknown) => ReadValue {
  if (families[type.kind] !== families[columnType.kind]) return () => ({ finding: `is of type ${columnType.kind}` });
  const read = readerOf(type);
  return (value) => {
    const found = read(value);
    if (!('value' in found)) return found;
    const finding = misfit(found.value, type);
    return finding === undefined ? found : { finding };
  };
}

/** Why a value does not fit a type; undefined if it does. */
function misfit(value: JsonValue, type: OdsType): string | undefined {
  if (type.kind === 'string' && typeof value === 'string' && [...value].length > type.maxLength)
    return `has more than ${counted(type.maxLength, 'character')}`;
  const isInteger = families[type.kind] === 'integer' && value instanceof JsonNumber;
  return isInteger && !holdsInteger(type, BigInt(value.lexeme)) ? 'is too large' : undefined;
}

/**
 * The text of a descriptor in documents: without the white space around its parts, as loaders store it (design 14a
 * §4.2).
 */
export const descriptorText = (namespace: unknown, codeValue: unknown): string =>
  `${String(namespace).trim()}#${String(codeValue).trim()}`;

import { counted } from '@dms/diagnostics';
import { dateText, dateTimeText, finiteText } from '@dms/documents';
import { JsonNumber, type JsonValue } from '@dms/files';
import type { OdsType } from '../mapping/ods-mapping.ts';

/** A value of a document, or why there is none. */
export type ReadValue = { readonly value: JsonValue } | { readonly fault: string };

const decimalPattern = /^-?\d+(?:\.(\d+))?$/;

function decimal(text: string, scale: number): ReadValue {
  const [, fraction] = decimalPattern.exec(text) ?? [undefined, undefined];
  if (!decimalPattern.test(text)) return { fault: 'is no number that JSON has' };
  const significant = (fraction ?? '').replace(/0+$/, '');
  if (significant.length > scale) return { fault: `has more than ${counted(scale, 'digit')} after the decimal point` };
  const whole = fraction === undefined ? text : text.slice(0, -fraction.length - 1);
  const plain = whole === '-0' && significant === '' ? '0' : whole;
  return { value: new JsonNumber(significant === '' ? plain : `${plain}.${significant}`) };
}

function date(text: string): ReadValue {
  const found = dateText(finiteText(text, 'Date'));
  return found === undefined ? { fault: 'is no date from the year 1 to 9999' } : { value: found };
}

function moment(text: string): ReadValue {
  // an ODS keeps UTC and no zone
  const found = dateTimeText(finiteText(/infinity$/.test(text) ? text : `${text}Z`, 'DateTime'));
  return found === undefined ? { fault: 'is no moment from the year 1 to 9999' } : { value: found };
}

function time(text: string): ReadValue {
  const found = dateTimeText(`2000-01-01T${text}Z`);
  return found === undefined ? { fault: 'is no time of day' } : { value: found.slice('2000-01-01T'.length, -1) };
}

/** The places that documents have for money. */
const moneyScale = 4;

/** How a document shows the values of a column of an ODS (design 19 §10.3); returns a function for many values. */
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

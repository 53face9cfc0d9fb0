import { JsonNumber } from '@dms/values';
import { expect, it } from 'vitest';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { readerOf, sharingReaderOf } from './ods-values.ts';

const money: OdsType = { kind: 'money' };
const decimal: OdsType = { kind: 'decimal', precision: 9, scale: 3 };
const date: OdsType = { kind: 'date' };
const time: OdsType = { kind: 'time' };
const timestamp: OdsType = { kind: 'timestamp' };
const text: OdsType = { kind: 'string', maxLength: 9 };
const number = (lexeme: string) => ({ value: new JsonNumber(lexeme) });

// design 19a §3
it.each<[OdsType, unknown, ReturnType<ReturnType<typeof readerOf>>]>([
  [text, '', { value: '' }],
  [{ kind: 'boolean' }, false, { value: false }],
  [{ kind: 'smallint' }, 2026, number('2026')],
  [{ kind: 'bigint' }, 9007199254740993n, number('9007199254740993')],
  [decimal, '1.000', number('1')],
  [decimal, '-0.500', number('-0.5')],
  [decimal, '-0.000', number('0')],
  [decimal, '1.0004', { finding: 'has more than 3 digits after the decimal point' }],
  [decimal, 'NaN', { finding: 'is not a JSON number' }],
  [money, '10.2500', number('10.25')],
  [money, '10.25001', { finding: 'has more than 4 digits after the decimal point' }],
  [date, '2026-02-28', { value: '2026-02-28' }],
  [date, 'infinity', { value: '9999-12-31' }],
  [date, '0044-03-15 BC', { finding: 'is not a date from the year 1 to 9999' }],
  [time, '08:30:00', { value: '08:30:00' }],
  [time, '08:30:00.000', { value: '08:30:00' }],
  [
    time,
    '08:00:00.5000000',
    { finding: 'is "08:00:00.5", which is not a time (HH:MM:SS, without a fraction and without a zone)' },
  ],
  [
    time,
    '24:00:00',
    { finding: 'is "24:00:00", which is not a time (HH:MM:SS, without a fraction and without a zone)' },
  ],
  [timestamp, '2026-02-28 08:30:00', { value: '2026-02-28T08:30:00Z' }],
  [timestamp, '2026-02-28 08:30:00.125', { value: '2026-02-28T08:30:00.125Z' }],
  [timestamp, '-infinity', { value: '0001-01-01T00:00:00Z' }],
])('a value of type %j, %s, is %j in a document', (type, value, expected) => {
  expect(readerOf(type)(value)).toEqual(expected);
});

// design 19 §5.3
it.each<[type: OdsType, columnType: OdsType, unknown, ReturnType<ReturnType<typeof readerOf>>]>([
  [date, date, '2026-02-28', { value: '2026-02-28' }],
  [date, timestamp, '2026-02-28 08:30:00', { finding: 'is of type timestamp' }],
  [text, { kind: 'string', maxLength: 20 }, 'nine long', { value: 'nine long' }],
  [text, { kind: 'string', maxLength: 20 }, 'longer than nine', { finding: 'has more than 9 characters' }],
  [{ kind: 'smallint' }, { kind: 'int' }, 32767, number('32767')],
  [{ kind: 'smallint' }, { kind: 'int' }, -32769, { finding: 'is too large' }],
  [decimal, money, '1.2500', number('1.25')],
])('a path of type %j has from a column of type %j, with %s, %j', (type, columnType, value, expected) => {
  expect(sharingReaderOf(type, columnType)(value)).toEqual(expected);
});

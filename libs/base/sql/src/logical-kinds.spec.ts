import { describe, expect, it } from 'vitest';
import { kindFormats, kindOfSchema, textFormats } from './logical-kinds.ts';

describe('the kind of a JSON schema (design 02 §7.3)', () => {
  it.each([
    ['string', undefined, 'String'],
    ['string', 'date', 'Date'],
    ['string', 'date-time', 'DateTime'],
    ['string', 'time', 'Time'],
    ['string', 'uri', 'String'],
    ['integer', undefined, 'Int32'],
    ['integer', 'int32', 'Int32'],
    ['integer', 'int64', 'Int64'],
    ['number', 'double', 'Decimal'],
    ['number', 'date', 'Decimal'],
    ['boolean', undefined, 'Boolean'],
    ['object', undefined, undefined],
    [undefined, 'date', undefined],
  ])('%s with the format %s is %s', (type, format, kind) => {
    expect(kindOfSchema(type, format)).toBe(kind);
  });

  it('follows from these formats', () => {
    expect([...textFormats].sort()).toEqual(['date', 'date-time', 'time']);
    expect([...kindFormats].sort()).toEqual(['date', 'date-time', 'double', 'float', 'int32', 'int64', 'time']);
  });
});

import type { ScalarType } from '@dms/model';
import { describe, expect, it } from 'vitest';
import { hashedText, valueFromDatabase } from './stored-value.ts';

const type = (kind: ScalarType['kind']): ScalarType => ({ kind, maxLength: null, decimal: null });

describe('values as engines print them', () => {
  it.each<[ScalarType['kind'], unknown, unknown]>([
    ['Decimal', '1.5000', '1.5'],
    ['Decimal', '100.00', '100'],
    ['Decimal', '100', '100'],
    ['Decimal', '0.00', '0'],
    ['Decimal', '-0.050', '-0.05'],
    ['Decimal', '10.010', '10.01'],
    ['Decimal', '12345678901.1234', '12345678901.1234'],
    ['Time', '08:00:00', '08:00:00'],
    ['Time', '08:00:00.5000000', '08:00:00.5'],
    ['Time', '10:20:30.0000000', '10:20:30'],
    ['DateTime', '2030-01-01 08:00:00+00', '2030-01-01T08:00:00Z'],
    ['DateTime', '2030-01-01 08:00:00.25+00', '2030-01-01T08:00:00.25Z'],
    ['DateTime', '2030-01-01 08:00:00+02', '2030-01-01T06:00:00Z'],
    ['DateTime', '2030-01-01T08:00:00.1234500Z', '2030-01-01T08:00:00.12345Z'],
    ['Date', '2030-01-01', '2030-01-01'],
    ['Int64', 9223372036854775807n, '9223372036854775807'],
    ['Boolean', 1, true],
    ['Boolean', false, false],
    ['String', '1.50', '1.50'],
    ['String', null, null],
  ])('%s %s is %s', (kind, value, expected) => {
    expect(valueFromDatabase(value, type(kind))).toBe(expected);
  });
});

describe('values in a hashed name', () => {
  it.each<[ScalarType['kind'], string | boolean, string]>([
    ['Time', '08:00:00.5', '08:00:00'],
    ['DateTime', '2030-01-01T08:00:00.25Z', '2030-01-01T08:00:00Z'],
    ['Decimal', '1.5', '1.5'],
    ['Boolean', true, 'true'],
  ])('%s %s is %s', (kind, value, expected) => {
    expect(hashedText(value, type(kind))).toBe(expected);
  });
});

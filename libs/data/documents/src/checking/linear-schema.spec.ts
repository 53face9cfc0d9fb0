import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { isLinearPattern, slowKeywords } from './linear-schema.ts';

describe('a pattern whose search is surely linear', () => {
  it.each([
    // the patterns of the data standard
    '^(?!\\s).*(?<!\\s)$',
    '^(?!\\s)(.*\\S)$',
    '^(?!\\s*$).+',
    '^[A-Z]{2}\\d{4}$',
    '^(?:19|20)\\d\\d$',
    '^a$|^b+$',
    '^',
  ])('%s', (pattern) => {
    expect(isLinearPattern(pattern)).toBe(true);
  });
});

describe('a pattern whose search may take longer', () => {
  it.each([
    ['repeats what repeats', '^(a+)+$'],
    ['repeats alternatives', '^(a|ab)*$'],
    ['begins anywhere', '.*x'],
    ['begins anywhere in one alternative', '^a|b*c'],
    ['has two repetitions', '^\\s*\\S*x$'],
    ['has many optional parts', '^a?a?a?a?aaaa$'],
    ['has many alternatives', '^(?:a|a)(?:a|a)(?:a|a)$'],
    ['looks ahead at each place', '^.*(?!\\s*$)x'],
    ['looks ahead with two repetitions', '^(?!a*a*b)'],
    ['repeats a long text', '^.*a{1000}$'],
    ['matches again what it matched', '^(a)\\1$'],
    ['is invalid in Unicode mode', '^\\-$'],
    ['is invalid', '^('],
  ])('%s', (_, pattern) => {
    expect(isLinearPattern(pattern)).toBe(false);
  });
});

const linear = (schema: unknown) => slowKeywords(toJsonValue(schema) as never).length === 0;

describe('a schema', () => {
  const text = { type: 'string', minLength: 1, maxLength: 60, pattern: '^(?!\\s).*(?<!\\s)$' };
  const within = (schema: unknown) => ({
    type: 'object',
    required: ['list'],
    additionalProperties: false,
    properties: {
      date: { type: 'string', format: 'date' },
      list: { type: 'array', uniqueItems: false, items: schema },
    },
  });

  it('of the forms of the data standard is linear', () => {
    expect(
      linear(within({ type: 'object', properties: { name: text, year: { type: 'integer', maximum: 3000 } } })),
    ).toBe(true);
  });

  it.each([
    ['unequal elements', { type: 'array', uniqueItems: true }],
    ['an element that it contains', { contains: text, minContains: 1, maxContains: 2 }],
    ['alternatives', { oneOf: [text, { anyOf: [text] }], allOf: [{ not: text }] }],
    ['a condition', { if: text, else: { propertyNames: text } }],
    ['patterns of names that are linear', { patternProperties: { '^a+$': text } }],
    ['what others need', { dependentRequired: { a: ['b'] }, dependentSchemas: { a: text }, prefixItems: [text] }],
  ])('with %s is linear', (_, schema) => {
    expect(linear(within(schema))).toBe(true);
  });

  it.each([
    ['a pattern', { ...text, pattern: '^(a+)+$' }],
    ['a format', { type: 'string', format: 'email' }],
    ['a reference', { $ref: '#/definitions/x' }],
    ['alternatives with a pattern', { anyOf: [text, { pattern: '.*x' }] }],
    ['a condition with a pattern', { if: { not: { pattern: '.*x' } } }],
    ['members that nothing has looked at', { unevaluatedProperties: false }],
    ['elements with a pattern', { contains: { pattern: '.*x' } }],
    ['patterns of names', { patternProperties: { '^(a+)+$': text } }],
  ])('with %s somewhere need not be', (_, schema) => {
    expect(linear(within(schema))).toBe(false);
  });
});

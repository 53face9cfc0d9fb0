import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { pathSteps, valueAt, valuesAt } from './document-values.ts';
import { compileJsonPath } from './json-path.ts';

/* Values of documents at JSON paths (design 01 §10). */

const document = toJsonValue({
  name: 'North',
  none: null,
  address: { city: 'Oslo' },
  classes: [{ rooms: [{ code: 'A' }, { code: 'B' }] }, { rooms: [] }, {}, { rooms: [{ code: 'A' }] }],
  grades: [1, 2],
});

describe('the steps of a path', () => {
  it.each([
    ['$', []],
    ['$.address.city', ['address', 'city']],
    ['$.classes[*].rooms[*].code', ['classes', '[*]', 'rooms', '[*]', 'code']],
  ])('%s has the steps %o', (path, steps) => {
    expect(pathSteps(path)).toEqual(steps);
    expect(pathSteps(compileJsonPath(path, {}, 'a test'))).toEqual(steps);
  });
});

describe('a single value', () => {
  it.each([
    ['$.name', 'North'],
    ['$.address.city', 'Oslo'],
    ['$.none', undefined],
    ['$.absent', undefined],
    ['$.name.city', undefined],
    ['$.classes.rooms', undefined],
    ['$.grades[*]', undefined],
  ])('at %s is %o', (path, value) => {
    expect(valueAt(document, path)).toEqual(value);
  });

  it('at the root is the document', () => {
    expect(valueAt(document, '$')).toBe(document);
  });
});

describe('all values', () => {
  it.each([
    ['$.name', ['North']],
    ['$.none', []],
    ['$.absent.city', []],
    ['$.classes[*].rooms[*].code', ['A', 'B', 'A']],
    ['$.address[*].city', []],
    ['$.classes.rooms', []],
  ])('at %s are %o', (path, values) => {
    expect(valuesAt(document, path)).toEqual(values);
  });

  it('of an array are its items', () => {
    expect(valuesAt(document, '$.grades[*]')).toEqual(toJsonValue([1, 2]));
  });
});

import { describe, expect, it } from 'vitest';
import { readQuery } from './search-index.ts';

describe('the kinds that a query asks for', () => {
  it.each([
    ['trigger', ['trigger'], ''],
    ['Triggers', ['trigger'], ''],
    ['indexes', ['index'], ''],
    ['aliases', ['alias'], ''],
    ['foreign keys', ['foreign key'], ''],
    ['hierarchies', ['hierarchy'], ''],
    ['  School   trigger ', ['trigger'], 'School'],
    ['trigger School Address', ['trigger'], 'School Address'],
    ['unique index', ['unique index'], ''],
    ['json path schoolId', ['JSON path'], 'schoolId'],
    ['foreign', [], 'foreign'],
    ['School', [], 'School'],
    ['trig', [], 'trig'],
    ['triggering', [], 'triggering'],
  ])('%s', (query, kinds, text) => {
    expect(readQuery(query, false)).toEqual({ kinds, text });
  });

  it.each([
    ['trig', ['trigger'], ''],
    ['School trig', ['trigger'], 'School'],
    ['foreign', ['foreign key'], ''],
    ['foreign k', ['foreign key'], ''],
    ['trig School', [], 'trig School'],
    ['tr', [], 'tr'],
  ])('while it is typed: %s', (query, kinds, text) => {
    expect(readQuery(query, true)).toEqual({ kinds, text });
  });
});

import { propertyRuns } from '@dms/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { ownSet } from '../test/test-sets.ts';
import { applyDifference, type PageJson, pageDataOf, restoreSets, structuralDifference } from './page-data.ts';

const values = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<PageJson>;

it('turns any value into any other', () => {
  fc.assert(
    fc.property(values, values, (base, other) => {
      expect(applyDifference(base, structuralDifference(base, other))).toEqual(other);
      expect(structuralDifference(base, structuredClone(base))).toBeNull();
    }),
    { numRuns: propertyRuns(200) },
  );
});

it('reuses equal parts of elements that move, change and repeat', () => {
  const base = [{ a: 1, b: 'long enough to matter' }, { a: 2, b: 'long enough to matter' }, 'x', 'x'];
  const other = ['x', { a: 2, b: 'long enough to matter' }, { a: 1, b: 'long enough to matter' }, 'x', { a: 3 }];
  expect(structuralDifference(base, other)).toEqual({ l: [[2, 1], [1, 1], [0, 1], [3, 1], { v: { a: 3 } }] });
  expect(applyDifference(base, structuralDifference(base, other))).toEqual(other);
  expect(
    structuralDifference({ k: [{ a: 1, b: 'long enough to matter' }] }, { k: [{ a: 2, b: 'long enough to matter' }] }),
  ).toEqual({
    o: { k: { l: [[0, { o: { a: { v: 2 } } }]] } },
  });
});

it('holds the second dialect in a fraction of its size', () => {
  const pgsql = explored('pgsql', ownSet());
  const mssql = explored('mssql', ownSet());
  const data = pageDataOf([pgsql, mssql]);
  expect(restoreSets(data).map((make) => make())).toEqual([pgsql, mssql]);
  expect(JSON.stringify(data.others).length).toBeLessThan(JSON.stringify(mssql).length / 3);
});

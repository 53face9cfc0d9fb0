import { pgsqlTokens } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { unlikeComparisons } from './compared-rows.ts';

const linesOf = (...lines: readonly string[]) => unlikeComparisons(pgsqlTokens(lines.join('\n')).tokens, ['n', 'o']);

describe('comparisons of rows in a body (design 09b §2.4, S16)', () => {
  it.each([
    ['the same columns', 'SELECT n."A", n."B" FROM new_rows AS n EXCEPT ALL SELECT o."A", o."B" FROM old_rows AS o;'],
    [
      'expressions of the same columns',
      'SELECT n."A" COLLATE x, f(n."B") AS c EXCEPT SELECT o."A" COLLATE x, f(o."B") AS c;',
    ],
    [
      'a condition in a list',
      'SELECT n."A" IS DISTINCT FROM 1, n."B" FROM x AS n EXCEPT SELECT o."A" IS DISTINCT FROM 1, o."B" FROM y AS o;',
    ],
    ['unlike columns of a union', 'SELECT n."A" FROM x AS n UNION SELECT o."B" FROM y AS o;'],
    ['a copy and its source', 'SELECT c."A_Id" EXCEPT SELECT n."Id";'],
    ['unlike columns of two statements', 'SELECT 1 EXCEPT SELECT 1; SELECT o."B" FROM y AS o;'],
    ['a query in parentheses after the comparison', 'SELECT (SELECT 1 EXCEPT SELECT 1), (SELECT 2);'],
  ])('finds nothing wrong with %s', (_name, text) => {
    expect(linesOf(text)).toEqual([]);
  });

  it.each([
    ['columns in another order', ['SELECT n."A", n."B" FROM x AS n', 'EXCEPT', 'SELECT o."B", o."A" FROM y AS o'], [3]],
    ['another column', ['SELECT n."A"', 'EXCEPT', 'SELECT o."B"', ';'], [4]],
    ['a column less', ['EXISTS (SELECT o."A", o."B"', 'EXCEPT', 'SELECT n."A")'], [3]],
    ['columns in an expression', ['SELECT f(n."A") EXCEPT', 'SELECT f(o."B") FROM y'], [2]],
    [
      'the second of two comparisons',
      ['(SELECT n."A" EXCEPT SELECT o."A")', 'UNION ALL', '(SELECT o."A" EXCEPT SELECT n."B")'],
      [3],
    ],
    ['the second of a chain', ['SELECT n."A" EXCEPT SELECT o."A"', 'EXCEPT SELECT n."B" FROM p'], [2]],
    [
      'a condition in a list',
      ['SELECT n."A" IS DISTINCT FROM n."B" EXCEPT', 'SELECT o."A" IS DISTINCT FROM o."C";'],
      [2],
    ],
  ])('finds %s', (_name, text, lines) => {
    expect(linesOf(...text)).toEqual(lines);
  });
});

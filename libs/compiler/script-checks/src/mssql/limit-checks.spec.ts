import { expect, it } from 'vitest';
import { batches, findings, numbered, trigger } from '../../test/tsql.ts';
import { batchLimits } from '../limit-checks.ts';

/* S18 of the batches of a script; engine-limits.spec.ts covers S18 of catalogs. */

const nested = (depth: number): string => (depth === 0 ? '1' : `CASE WHEN 1 = 1 THEN ${nested(depth - 1)} ELSE 2 END`);

it.each([
  [10, []],
  [11, ['line 1: the batch has 11 `CASE` expressions in one another, at most 10 fit']],
])('CASE in CASE, %i deep', (depth, expected) => {
  expect(findings(batchLimits, trigger(`SET @x = ${nested(depth)};`))).toEqual(expected);
});

it('counts CASE beside CASE once', () => {
  const beside = Array.from({ length: 20 }, () => nested(1)).join(' + ');
  expect(findings(batchLimits, trigger(`SET @x = ${beside};`))).toEqual([]);
});

it('more names and constants in a statement than an expression may have', () => {
  const sum = (count: number) => trigger(`SET @x = ${numbered(count - 1, String).join(' + ')};`);
  expect(findings(batchLimits, sum(65_535))).toEqual([]);
  expect(findings(batchLimits, sum(65_536))).toEqual([
    'line 1: the batch has 65536 names and constants of an expression, at most 65535 fit',
  ]);
});

it('a batch with more bytes than the server takes', () => {
  const text = batches(trigger('SET @x = 1;'), `-- ${'x'.repeat(125_000_001)}`);
  expect(findings(batchLimits, text).map((finding) => finding.replace(/\d{5,}/, 'many'))).toEqual([
    'line 7: the batch has many bytes of a batch, or of the text of a module, at most 250000000 fit',
  ]);
});

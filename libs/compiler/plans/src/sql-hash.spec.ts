import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { normalizePlanSql, planSqlHash } from './manifest-parts.ts';

// design 08 §10

it.each([
  'SELECT 1\n;\n',
  'SELECT 1\r\n;\r\n',
  'SELECT 1\n;',
  'SELECT 1\r;',
  'SELECT 1\f;\u0085',
  'SELECT 1\u2028;\u2029 \t',
])('the hash of %j is that of its normal form', (sql) => {
  expect(normalizePlanSql(sql)).toBe('SELECT 1\n;');
  expect(planSqlHash(sql)).toBe('515b912f53b2cbd7d990d280f04322c2439d226d5c6c0b94a6449920874c9e4c');
});

it('only line ends, and white space at the very end, are touched', () => {
  expect(normalizePlanSql('  SELECT  1 \n\n  FROM\tX\v\u00a0Y ;\u3000\n ')).toBe(
    '  SELECT  1 \n\n  FROM\tX\v\u00a0Y ;',
  );
  expect(normalizePlanSql('')).toBe('');
});

it('the hash is SHA-256 over UTF-8 without a byte order mark', () => {
  const sql = 'SELECT "Größe😀"\n;\n';
  expect(planSqlHash(sql)).toBe(createHash('sha256').update(Buffer.from('SELECT "Größe😀"\n;', 'utf8')).digest('hex'));
  expect(planSqlHash('select "Größe😀"\n;')).not.toBe(planSqlHash(sql));
});

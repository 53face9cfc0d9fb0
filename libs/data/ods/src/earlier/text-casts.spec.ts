import { mustExist } from '@dms/model';
import { type ProvisionedDatabase, provisionedEngines } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { pgsqlReporting } from '../views/reporting-dialect.ts';
import { textCast } from './text-casts.ts';

/* Casts give NULL for texts that are no values; the engine itself is asked. */

let database: ProvisionedDatabase;
beforeAll(async () => {
  database = await mustExist(provisionedEngines()[0], 'an engine').open('SELECT 1;');
});
afterAll(() => database.close());

async function cast(text: string, from: 'text' | 'other', to: OdsType, type = 'text'): Promise<string | null> {
  const held = textCast('v.v', from, to, pgsqlReporting.typeName(to));
  const [row] = await database.connection.query<{ value: string | null }>(
    `SELECT (${held})::text AS value FROM (SELECT '${text}'::${type} AS v) v`,
  );
  return row?.value ?? null;
}

it.each<[OdsType, readonly string[], readonly string[]]>([
  [
    { kind: 'smallint' },
    ['0', '-32768', '32767'],
    ['32768', '-32769', '1.5', '', ' 1', 'x', '1e3', '99999999999999999999'],
  ],
  [{ kind: 'int' }, ['7', '-2147483648', '2147483647'], ['2147483648', '-2147483649', '2.7', 'many', '1\n']],
  [{ kind: 'bigint' }, ['9223372036854775807', '-9223372036854775808'], ['9223372036854775808', '']],
  [{ kind: 'decimal', precision: 5, scale: 2 }, ['999.99', '-1.00'], ['1000.00', '1.001', '.5', 'NaN']],
  [{ kind: 'boolean' }, ['true', 'false'], ['TRUE', 't', '1', '']],
  [
    { kind: 'date' },
    ['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2023-04-30'],
    ['2023-02-29', '1900-02-29', '0000-01-01', '2023-04-31', '2023-13-01', '2023-1-1', 'today'],
  ],
  [{ kind: 'time' }, ['00:00:00', '23:59:59'], ['24:00:00', '12:60:00', 'noon']],
])('a text of %j', async (to, values, others) => {
  for (const text of values) expect(await cast(text, 'text', to)).toBe(text);
  for (const text of others) expect(await cast(text, 'text', to), JSON.stringify(text)).toBeNull();
});

it('a number that the earlier type cannot hold is NULL', async () => {
  expect(await cast('32767', 'other', { kind: 'smallint' }, 'bigint')).toBe('32767');
  expect(await cast('32768', 'other', { kind: 'smallint' }, 'bigint')).toBeNull();
  expect(await cast('-9223372036854775808', 'other', { kind: 'int' }, 'bigint')).toBeNull();
});

it('a moment becomes its day, and a day its first moment', async () => {
  expect(await cast('2024-01-02 00:00:00', 'other', { kind: 'date' }, 'timestamp')).toBe('2024-01-02');
  expect(await cast('2024-01-02', 'other', { kind: 'timestamp' }, 'date')).toBe('2024-01-02 00:00:00');
});

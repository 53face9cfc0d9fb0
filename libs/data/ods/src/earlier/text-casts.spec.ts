import { mustExist } from '@dms/model';
import { givenScript, textOf, trusted } from '@dms/sql';
import { type DatabaseOfSpec, provisionedEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { mssqlReporting, pgsqlReporting } from '../views/reporting-dialect.ts';
import { mssqlTextCast } from './mssql-text-casts.ts';
import { textCast } from './text-casts.ts';

/* Casts give NULL for texts that are no values; the engine itself is asked. */

let database: DatabaseOfSpec;
beforeAll(async () => {
  database = await mustExist(provisionedEngines()[0], 'an engine').open('SELECT 1;');
  await database.connection.execute(givenScript(tsqlFunctions));
});
afterAll(() => database.close());

type Cast = (text: string, from: 'text' | 'other', to: OdsType, type?: string) => Promise<string | null>;

const v = trusted('v.v');

async function shown(cast: string, given: string): Promise<string | null> {
  const [row] = await database.connection.query<{ value: string | null }>(
    trusted(`SELECT (${cast})::text AS value FROM (SELECT ${given} AS v) v`),
  );
  return row?.value ?? null;
}

const onPostgres: Cast = (text, from, to, type = 'text') =>
  shown(textOf(textCast(v, from, to, pgsqlReporting.typeName(to))), `'${text}'::${type}`);

/**
 * The functions of SQL Server in the casts. Its casts are lenient, and so are those of PostgreSQL, which read `20240131`
 * and `01/02/2024` too.
 */
const tsqlFunctions = `
CREATE FUNCTION len(text) RETURNS int LANGUAGE sql AS $$ SELECT length(rtrim($1, ' ')) $$;
CREATE FUNCTION datalength(text) RETURNS int LANGUAGE sql AS $$ SELECT 2 * length($1) $$;
CREATE FUNCTION charindex(text, text) RETURNS int LANGUAGE sql AS $$ SELECT strpos($2, $1) $$;
CREATE FUNCTION tried(value text, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  EXECUTE format('SELECT (%L::%s)::text', value, type) INTO found;
  RETURN found;
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END $$;`;

/** A pattern of LIKE as a regular expression. */
const expressionOf = (pattern: string) =>
  `'^${pattern
    .slice(1, -1)
    .split(/(\[[^\]]*\])/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('.', '[.]').replaceAll('%', '.*')))
    .join('')}$'`;

/** A cast of SQL Server in the dialect of PostgreSQL, which refuses what is not translated. */
const translated = (cast: string) =>
  cast
    .replaceAll(/\bN'/g, "'")
    .replaceAll(/(NOT )?LIKE ('[^']*')/g, (_, not: string | undefined, pattern: string) => {
      return `${not ? '!~' : '~'} ${expressionOf(pattern)}`;
    })
    .replaceAll(
      /TRY_CAST\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*) AS ([^()]+(?:\([^()]*\))?)\)/g,
      "tried(($1)::text, '$2')",
    )
    .replaceAll(/TRY_CONVERT\((date|datetime2\(7\)), (.*), \d+\) END/g, "tried($2, '$1') END")
    .replaceAll('datetime2(7)', 'timestamp')
    .replaceAll('time(7)', 'time')
    .replaceAll(/ AS bit\)/g, ' AS int)::boolean')
    .replaceAll(' COLLATE Latin1_General_100_BIN2', ' COLLATE "C"')
    .replaceAll(/\[(given|text)\]/g, '"$1"');

const onSqlServer: Cast = (text, from, to, type = 'text') =>
  shown(translated(textOf(mssqlTextCast(v, from, to, mssqlReporting.typeName(to)))), `'${text}'::${type}`);

describe.each([
  ['PostgreSQL', onPostgres],
  ['SQL Server, run on PostgreSQL', onSqlServer],
] as const)('a cast of %s', (_engine, cast) => {
  it.each<[OdsType, readonly string[], readonly string[]]>([
    [
      { kind: 'smallint' },
      ['0', '-32768', '32767'],
      [
        '32768',
        '-32769',
        '1.5',
        '',
        '+',
        '-',
        ' 1',
        '1 ',
        'x',
        '1e3',
        '1,000',
        '²',
        '00000000000000000001',
        '99999999999999999999',
      ],
    ],
    [{ kind: 'int' }, ['7', '-2147483648', '2147483647'], ['2147483648', '-2147483649', '2.7', 'many', '1\n']],
    [{ kind: 'bigint' }, ['9223372036854775807', '-9223372036854775808'], ['9223372036854775808', '']],
    [
      { kind: 'decimal', precision: 5, scale: 2 },
      ['999.99', '-1.00'],
      ['1000.00', '1.001', '12.567', '.5', '1.', '1.2.3', '-', '1,5', '+1.00', ' 1.00', '1.00 ', '', 'NaN', '١'],
    ],
    [{ kind: 'decimal', precision: 2, scale: 2 }, ['0.25', '-0.99'], ['5.00', '0.255']],
    [{ kind: 'decimal', precision: 4, scale: 0 }, ['1234'], ['12345', '1.0', '1.']],
    [{ kind: 'boolean' }, ['true', 'false'], ['TRUE', 't', '1', 'true ', '']],
    [
      { kind: 'date' },
      ['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2023-04-30'],
      [
        '2023-02-29',
        '1900-02-29',
        '0000-01-01',
        '2023-04-31',
        '2023-13-01',
        '2023-1-1',
        '20240131',
        '01/02/2024',
        '2024/01/31',
        '2024-01-31 ',
        '31.01.2024',
        'today',
      ],
    ],
    [
      { kind: 'time' },
      ['00:00:00', '23:59:59', '12:00:00.125'],
      ['24:00:00', '12:60:00', '12:00', '12:00:00.', '12:00:00.x', '12:00:00 PM', '1:00:00', 'noon'],
    ],
  ])('a text of %j', async (to, values, others) => {
    for (const text of values) expect(await cast(text, 'text', to)).toBe(text);
    for (const text of others) expect(await cast(text, 'text', to), JSON.stringify(text)).toBeNull();
  });

  it('a text of a moment', async () => {
    const to = { kind: 'timestamp' } as const;
    for (const text of ['2024-02-29T23:59:59Z', '2024-02-29 23:59:59', '2024-02-29T23:59:59'])
      expect(await cast(text, 'text', to), text).toBe('2024-02-29 23:59:59');
    expect(await cast('2024-02-29T23:59:59.5Z', 'text', to)).toBe('2024-02-29 23:59:59.5');
    for (const text of [
      '2023-02-29T00:00:00Z',
      '2024-02-29',
      '20240229 00:00:00',
      '2024-02-29T24:00:00',
      '2024-02-29T00:00:00z',
      '2024-02-29T00:00:00+01:00',
      '02/29/2024 00:00:00',
      '2024-02-29T00:00:00.Z',
    ])
      expect(await cast(text, 'text', to), text).toBeNull();
  });

  it('a decimal that the earlier type has no room for is NULL', async () => {
    const to = { kind: 'decimal', precision: 5, scale: 2 } as const;
    expect(await cast('999.99', 'other', to, 'numeric')).toBe('999.99');
    for (const text of ['1000', '999.995', '-1000']) expect(await cast(text, 'other', to, 'numeric'), text).toBeNull();
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
});

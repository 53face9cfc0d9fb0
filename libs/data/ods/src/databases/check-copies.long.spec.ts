import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { ownSchemaFile, ownSchemasV2, serverEngine } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CompiledOds, compiledFiles } from '../../test/round-trip.ts';
import { applyViews, checkCopies, type OdsMapping, type OdsTable } from '../index.ts';

/* Findings about the rows of views that an ODS would refuse: each rule of its tables is broken once. */

let set: CompiledOds;
let connection: Connection;
let close: () => Promise<void>;

beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  const opened = await serverEngine.open(set.script);
  ({ connection, close } = opened);
  await applyViews(connection, set.reporting);
  // two rows each, without documents
  for (const [name, select] of [
    ['student', "SELECT 1 AS n, NULL::text AS v, 'long' AS t UNION ALL SELECT 1, 'b', 'long'"],
    ['survey', "SELECT 7 AS n, 'a'::text AS v, 'long' AS t UNION ALL SELECT 8, 'b', 'long'"],
  ])
    await connection.execute(givenScript(`DROP VIEW edfi.${name} CASCADE; CREATE VIEW edfi.${name} AS ${select}`));
});
afterAll(() => close());

const column = (name: string, type: OdsTable['columns'][number]['type'], isNullable = true) => ({
  ...set.mapping.tables[0]?.columns[0],
  name,
  pgsqlName: name,
  type,
  isNullable,
});

/** The tables Student and Survey, whose views are above. */
function mappingWith(student: Partial<OdsTable>, survey: Partial<OdsTable> = {}): OdsMapping {
  const columns = [
    column('n', { kind: 'int' }),
    column('v', { kind: 'string', maxLength: 5 }),
    column('t', { kind: 'string', maxLength: 5 }),
  ];
  const tables = set.mapping.tables.flatMap((table): OdsTable[] => {
    const own = table.name === 'Student' ? student : table.name === 'Survey' ? survey : undefined;
    return own === undefined ? [] : [{ ...table, columns, key: [], foreignKeys: [], ...own } as OdsTable];
  });
  return { ...set.mapping, tables };
}

const toSurvey = (column: string, target: string) => [
  { columns: [column], targetTable: { schema: 'edfi', name: 'Survey' }, targetColumns: [target] },
];

it.each<[name: string, student: () => Partial<OdsTable>, survey: Partial<OdsTable>, findings: readonly RegExp[]]>([
  ['nothing', () => ({}), { key: ['n'] }, []],
  ['a key that rows repeat', () => ({ key: ['n'] }), {}, [/^edfi\.Student: several rows have the same key \(n\)$/]],
  [
    'a row without a value',
    () => ({
      columns: [
        column('n', { kind: 'int' }),
        column('v', { kind: 'string', maxLength: 5 }, false),
        column('t', { kind: 'string', maxLength: 5 }),
      ] as OdsTable['columns'],
    }),
    {},
    [/^INSERT INTO .*student".*null value/is],
  ],
  [
    'a text that is too long',
    () => ({
      columns: [
        column('n', { kind: 'int' }),
        column('v', { kind: 'string', maxLength: 5 }),
        column('t', { kind: 'string', maxLength: 3 }),
      ] as OdsTable['columns'],
    }),
    {},
    [/^INSERT INTO .*student".*too long/is],
  ],
  [
    'a column that has the name of a system column',
    () => ({
      columns: [
        column('cmax', { kind: 'int' }),
        column('v', { kind: 'string', maxLength: 5 }),
        column('xmin', { kind: 'string', maxLength: 5 }),
      ] as OdsTable['columns'],
      key: ['cmax'],
    }),
    {},
    [/^edfi\.Student: several rows have the same key \(cmax\)$/],
  ],
  ['a target that is there', () => ({ foreignKeys: toSurvey('v', 'v') }), { key: ['v'] }, []],
  [
    'a target that is not there',
    () => ({ foreignKeys: toSurvey('n', 'n') }),
    { key: ['n'] },
    [/^edfi\.Student \(n\): a row has no row of edfi\.Survey \(n\)$/],
  ],
  [
    'a target that is no key',
    () => ({ foreignKeys: toSurvey('v', 'v') }),
    { key: ['n'] },
    [/^edfi\.Student \(v\): v is not the key of edfi\.Survey$/],
  ],
  [
    'a target of another type',
    () => ({ foreignKeys: toSurvey('v', 'n') }),
    { key: ['n'] },
    [/operator does not exist/],
  ],
])('finds %s', async (_, student, survey, findings) => {
  const found = await checkCopies(connection, mappingWith(student(), survey));
  expect(found).toHaveLength(findings.length);
  for (const [index, finding] of findings.entries()) expect(found[index]).toMatch(finding);
});

it('leaves nothing behind', async () => {
  await checkCopies(connection, mappingWith({ key: ['n'] }));
  const left = await connection.query(trusted("SELECT relname FROM pg_class WHERE relname LIKE 'dms_copy%'"));
  expect(left).toEqual([]);
});

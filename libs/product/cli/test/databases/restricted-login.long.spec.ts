import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { readCatalog } from '@dms/catalog';
import { type ImportPackage, mssqlQueries } from '@dms/databases';
import { operations } from '@dms/operations';
import {
  type Answer,
  type MainGeneration,
  type MssqlSet,
  type OwnSchema,
  ownSchemaFile,
  ownSchemasV2,
  provisionedAnswers,
  provisionedMssql,
  type RecordedMssql,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/*
 * Commands on a SQL Server database for a login to which the server shows only a part of the catalog: definitions are
 * NULL, views of the system are empty, objects without a right are absent (design 09c §1.1). Each command is refused by
 * name with the GRANT, or right; no difference is reported that is none, and nothing ends with a stack.
 */

const driver = vi.hoisted((): { load: ImportPackage } => ({ load: () => Promise.reject(new Error('no driver')) }));
vi.mock('../../../../data/databases/src/drivers/optional-package.ts', async (original) => ({
  ...(await original<object>()),
  loadOptional: async () => ((await driver.load('mssql')) as { default: unknown }).default,
}));

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-restricted-'));
const place = (name: string) => path.join(scratch, name);
const connection = ['--connection', 'mssql://reader:secret@h/d'];
let set: MssqlSet;
let secondSet: MssqlSet;

async function setOf(folder: string, version: MainGeneration, schemas: readonly OwnSchema[]): Promise<MssqlSet> {
  const files = await loadApiSchemaFiles(schemas.map((name) => ({ file: ownSchemaFile(name) })));
  const { info } = buildEffectiveSchema(files, { mappingVersion: version });
  const text = (name: string) => readFileSync(place(`${folder}/${name}`), 'utf8');
  return {
    info,
    catalog: readCatalog(text('catalog.mssql.json'), 'catalog.mssql.json', 'mssql'),
    script: text('mssql.sql'),
  };
}

beforeAll(async () => {
  for (const [folder, version, ...schemas] of [
    ['before', 'v1', 'campus'],
    ['after', 'v1', 'campus', 'athletics'],
    ['second', 'v2', ...ownSchemasV2],
  ] as const) {
    const files = schemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
    const options = ['--dialect', 'mssql', '--mapping-version', version, '--output', place(folder)];
    expect(await ran(['emit', ...files, ...options])).toMatchObject({ code: 0 });
  }
  mkdirSync(place('documents'));
  writeFileSync(place('documents/Ed-Fi.Course.jsonl'), '');
  mkdirSync(place('descriptors'));
  writeFileSync(place('descriptors/none.json'), '{}');
  set = await setOf('before', 'v1', ['campus']);
  secondSet = await setOf('second', 'v2', ownSchemasV2);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type ServerRows = readonly object[];

/**
 * A database with the earlier set, as the server shows it to a login with SELECT alone; or to one with all rights, to
 * which VIEW DEFINITION is denied on some objects.
 */
function shown(
  change: (rows: ServerRows, query: string) => ServerRows,
  isDenied = false,
  shownSet = set,
): RecordedMssql {
  const names = Object.keys(mssqlQueries);
  const whole = provisionedAnswers(shownSet);
  const view = { schema: 'ods', name: 'Student', kind: 'view', mark: 'dms-ddl reporting {}', hash: 'x', readers: null };
  const answer: Answer = (text, parameters) => {
    const { p1 } = parameters;
    // the gate asks only whether it may read the record of a preparation
    if (text.includes('hiddenRecord')) return undefined;
    if (typeof p1 === 'string' && text.includes('OPENJSON(@p1) WITH ([purpose]')) {
      const needed = JSON.parse(p1) as readonly { rights: readonly string[] }[];
      if (!text.includes('HAS_PERMS_BY_NAME')) return [needed];
      const has = (right: string) => (isDenied || right === 'SELECT' ? 1 : null);
      const rows = needed.flatMap(({ rights, ...object }) =>
        rights.map((right) => ({ ...object, signature: '', right, has: has(right), role: 'reader' })),
      );
      return [rows];
    }
    if (text.includes('HAS_PERMS_BY_NAME'))
      return [[{ allowed: isDenied ? 1 : 0, role: 'reader', roles: null, closed: null, settings: '' }]];
    if (text.includes('AS hidden')) return [[{ ...view, hidden: 1 }]];
    if (!text.includes('FROM sys.schemas s WHERE')) return undefined;
    return whole(text, parameters)?.map((rows, index) => change(rows, names[index] ?? ''));
  };
  return provisionedMssql(shownSet, answer);
}

const hiddenColumns = ['definition', 'computed_definition', 'default_definition', 'filter_definition'];

const withoutDefinitions = (rows: ServerRows): ServerRows =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, hiddenColumns.includes(name) ? null : value])),
  );

/** What the server shows of the rows of each query. */
const views: Readonly<Record<string, (rows: ServerRows, query: string) => ServerRows>> = {
  'everything but definitions': withoutDefinitions,
  'every second object': (rows, query) => (query === 'objects' ? rows.filter((_, index) => index % 2 === 0) : rows),
  ...Object.fromEntries(
    Object.keys(mssqlQueries).map((name) => [
      `no ${name}`,
      (rows: ServerRows, query: string) => (query === name ? [] : rows),
    ]),
  ),
};

const artifacts = ['--artifacts', place('before')];
const upgrade = ['--before', place('before'), '--after', place('after')];

/** Commands that read the catalog; they must be refused. */
const reading: readonly (readonly string[])[] = [
  ['check', ...artifacts],
  ['check', ...artifacts, '--data'],
  ['check', ...artifacts, '--data', '--repair'],
  ['inspect', '--dialect', 'mssql'],
  ['provision', ...artifacts],
  ['upgrade', 'plan', ...upgrade],
  ['upgrade', 'prepare', ...upgrade],
  ['upgrade', 'apply', ...upgrade, '--dry-run'],
  ['upgrade', 'apply', ...upgrade],
  ['reporting', 'apply', ...artifacts],
  ['reporting', 'drop', '--dialect', 'mssql'],
];

/** Commands that ask for rights, and read no definitions. */
const asking: readonly (readonly string[])[] = [
  ['provision', ...artifacts, '--dry-run'],
  ['upgrade', 'prepare', ...upgrade, '--dry-run'],
  ['upgrade', 'prepare', '--undo', '--dialect', 'mssql'],
];

/** Commands that read documents or marks, to which the rights of a reader are enough. */
const right: readonly (readonly string[])[] = [
  ['dump', ...artifacts, '--output', place('dumped')],
  ['upgrade', 'status', '--dialect', 'mssql'],
];

/** The same, which need not be tried with each view of the system. */
const alsoRight: readonly (readonly string[])[] = [
  ['get', 'Campus:School', ...artifacts],
  ['seed-descriptors', place('descriptors'), '--allow-empty', ...artifacts],
  // the server asks for the right to change what gets a comment
  ['comments', 'apply', ...artifacts],
];

/** Commands that report what the login may do. */
const reporting: readonly (readonly string[])[] = [
  ['doctor', ...artifacts],
  ['load', ...artifacts, place('documents'), '--allow-empty'],
];

/** Commands of the second generation. */
const second = ['--artifacts', place('second')];
const ofSecond = { reading: [['adopt', ...second]], right: [['changes', ...second]] };

async function ranOn(recorded: RecordedMssql, command: readonly string[]) {
  driver.load = recorded.load;
  const result = await ran([...command, ...connection, '--json']);
  const said = [...jsonLines(result.out), ...jsonLines(result.err)] as readonly { code?: string; message?: string }[];
  // no stack, and no difference that is none
  expect(result.code, command.join(' ')).toBeLessThan(2);
  expect(result.err).not.toMatch(/TypeError|\n {4}at /);
  expect(said.map(({ code }) => code)).not.toContain('VERIFY_CATALOG_DIFFERS');
  return { ...result, said };
}

async function expectRefused(recorded: RecordedMssql, command: readonly string[], grant: string) {
  const { code, said } = await ranOn(recorded, command);
  const refusals = said.filter((each) => each.code === 'DB_PERMISSION').map(({ message }) => message);
  expect([command.join(' '), code, refusals]).toEqual([command.join(' '), 1, [expect.stringContaining(grant)]]);
}

describe.each(Object.entries(views))('a login to which the server shows %s', (name, change) => {
  const isFirst = name === 'everything but definitions';
  // others are refused before they read the catalog
  const commands = isFirst ? reading : reading.filter(([word]) => word === 'check' || word === 'inspect');

  it('is refused what reads the catalog', async () => {
    for (const command of commands) await expectRefused(shown(change), command, 'GRANT');
    if (!isFirst) return;
    for (const command of asking) await expectRefused(shown(change), command, 'GRANT');
    for (const command of ofSecond.reading) await expectRefused(shown(change, false, secondSet), command, 'GRANT');
  });

  it('may read documents and marks', async () => {
    rmSync(place('dumped'), { recursive: true, force: true });
    for (const command of [...right, ...(isFirst ? alsoRight : [])])
      expect([command, (await ranOn(shown(change), command)).code]).toEqual([command, 0]);
    if (!isFirst) return;
    for (const command of ofSecond.right) expect((await ranOn(shown(change, false, secondSet), command)).code).toBe(0);
  });

  it('learns which rights it lacks', async () => {
    for (const command of [...reporting, ...(isFirst ? [['verify', ...artifacts]] : [])]) {
      const { out, err } = await ranOn(shown(change), command);
      expect(out + err).toContain('GRANT');
    }
  });
});

it('a login to which definitions of some objects are denied is told which', async () => {
  for (const [word, ...rest] of reading)
    if (word !== 'reporting')
      await expectRefused(shown(withoutDefinitions, true), [word ?? '', ...rest], 'GRANT VIEW DEFINITION ON OBJECT::[');
  await expectRefused(shown(withoutDefinitions, true), ['reporting', 'apply', ...artifacts], '[ods].[Student]');
});

it('every command on a database is tried', async () => {
  const tried = [reading, asking, right, alsoRight, reporting, ofSecond.reading, ofSecond.right].flat();
  const isTried = (name: string) => tried.some((command) => command.join(' ').startsWith(`${name} `));
  const all = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();
  const untried = all.filter(
    (each) => 'worksOn' in each && each.worksOn.connection !== undefined && !isTried(each.name),
  );
  // verify is tried above; what a login does not see of an ODS is in partly-shown.spec.ts
  expect(untried.map(({ name }) => name)).toEqual(['verify', 'read-ods']);
});

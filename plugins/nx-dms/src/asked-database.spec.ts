import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type MappingSet, parseMappingSet } from '@dms/operations';
import { expect, test } from 'vitest';
import { type KnownProjects, missingDatabase, readableMappingSets } from './asked-targets.ts';

/* Requests of a user for a target on a database; the tasks before it would run first (design 10 §6.7). */

const target = { executor: 'nx-dms:provision-db', configurations: { pgsql: { dialect: 'pgsql' } } };
const sets: Readonly<Record<string, object>> = {
  none: {},
  one: { databases: { pgsql: { env: 'A' } } },
  both: { databases: { pgsql: { env: 'A' }, mssql: { env: 'B' } } },
  fleet: { databases: { fleet: [{ name: 'north', env: 'A' }] } },
  broken: { databases: 3 },
};
const projects: KnownProjects = {
  ...Object.fromEntries(
    Object.keys(sets).map((name) => [
      name,
      { root: `sets/${name}`, targets: { 'provision-db': target, 'emit-ddl': { executor: 'nx-dms:emit-ddl' } } },
    ]),
  ),
  prefixed: { root: 'sets/none', targets: { 'dms-check-db': { executor: 'nx-dms:check-db' } } },
  byHand: {
    root: 'sets/none',
    targets: { 'provision-db': { ...target, options: { connectionEnv: 'A' } } },
  },
  north: {
    root: 'sets/none',
    targets: { 'provision-db': target, 'provision-db:north': { ...target, options: { database: 'north' } } },
  },
  other: { root: 'other', targets: { 'provision-db': { executor: 'nx:run-commands' } } },
};

function mappingSetOf(file: string): MappingSet | undefined {
  const content = sets[file.split('/')[1] ?? ''];
  if (content === undefined) return undefined;
  const { mappingSet, diagnostics } = parseMappingSet(
    Buffer.from(JSON.stringify({ schemas: ['a'], ...content })),
    file,
  );
  return diagnostics.length > 0 ? undefined : mappingSet;
}

const asked = (line: string) => missingDatabase(line.split(' '), () => projects, mappingSetOf);

test.each([
  ['run none:provision-db', 'none', 'pgsql'],
  ['run none:provision-db:pgsql', 'none', 'pgsql'],
  ['run one:provision-db', 'one', 'mssql'],
  ['run one:provision-db --dialect=mssql', 'one', 'mssql'],
  ['provision-db none', 'none', 'pgsql'],
  ['run prefixed:dms-check-db', 'none', 'pgsql'],
])('nx %s: no database of %s is named for %s', (line, set, dialect) => {
  const found = asked(line);
  expect(found?.code).toBe('DB_NO_TARGET');
  expect(found?.message).toMatch(
    new RegExp(
      `^[a-z]+:[a-z-]+: No database is named for ${dialect}\\. Name one under databases\\.${dialect} of sets/${set}/dms\\.json, or with --connectionEnv or --connectionFile\\. Nothing was run\\.$`,
    ),
  );
});

test.each([
  'run none:emit-ddl',
  'run none:provision-db --connectionEnv=A',
  'run none:provision-db --connection-env A',
  'run none:provision-db --connectionFile=a',
  'run one:provision-db:pgsql',
  'run one:provision-db --dialect pgsql',
  'run both:provision-db',
  'run fleet:provision-db',
  'run broken:provision-db',
  'run byHand:provision-db',
  'run north:provision-db:north',
  'run other:provision-db',
  'run missing:provision-db',
  // some of the targets name a database
  'run-many -t provision-db',
])('nx %s is left to the tasks', (line) => expect(asked(line)).toBeUndefined());

test('a command on many projects is refused where none names a database', () => {
  const { none } = projects;
  expect(missingDatabase(['run-many', '-t', 'provision-db'], () => ({ none: none ?? {} }), mappingSetOf)?.code).toBe(
    'DB_NO_TARGET',
  );
});

test('the projects are read only where such a target may have been asked for', () => {
  const unread = () => {
    throw new Error('read');
  };
  expect(missingDatabase(['run', 'none:emit-ddl'], unread, mappingSetOf)).toBeUndefined();
  expect(() => missingDatabase(['run', 'none:provision-db'], unread, mappingSetOf)).toThrow('read');
});

test('a dms.json is read as its tasks read it, and left to them where it has a mistake', () => {
  const workspace = mkdtempSync(path.join(tmpdir(), 'dms-asked-database-'));
  const file = 'sets/dms/dms.json';
  const write = (content: object) => writeFileSync(path.join(workspace, file), JSON.stringify(content));
  try {
    mkdirSync(path.join(workspace, 'sets/dms'), { recursive: true });
    expect(readableMappingSets(workspace)(file)).toBeUndefined();
    write({ schemas: ['a'], golden: '../../golden', dialects: ['mssql'] });
    expect(readableMappingSets(workspace)(file)).toMatchObject({ golden: 'golden', dialects: ['mssql'] });
    write({ schemas: ['a'], dialects: ['oracle'] });
    expect(readableMappingSets(workspace)(file)).toBeUndefined();
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
});

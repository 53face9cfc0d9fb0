import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allOptions, operations } from '@dms/operations';
import { createScratchDatabase, ownSchemaFile, type ScratchDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * Whatever takes a folder of artifacts works on one that `emit` has written, and needs nothing else (design 06 §9): each
 * command, in both generations.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-artifact-commands-'));
const place = (...names: string[]) => path.join(scratch, ...names);
const schemas = (['district', 'transport'] as const).flatMap((name) => ['--schema', ownSchemaFile(name)]);

/** The options that name a folder of artifacts. */
const folders = ['artifacts', 'before', 'after'];

/** What the commands of a generation work on. */
interface Set {
  readonly version: 'v1' | 'v2';
  readonly database: ScratchDatabase;
  readonly target: ScratchDatabase;
  readonly other: ScratchDatabase;
}

/** What databases of the first generation do not have: a service, and records of deletes. */
const ofSecond = ['adopt', 'changes'];

type Run = readonly string[];

/** The runs of each command in the order in which they make sense; both dialects where no server is needed. */
function runsOf({ version, database, target, other }: Set): Readonly<Record<string, readonly Run[]>> {
  const out = place(version);
  const own = (name: string) => place(`${version}-${name}`);
  const artifacts = ['--artifacts', out];
  const at = ({ url }: ScratchDatabase) => [...artifacts, '--dialect', 'pgsql', '--connection', url];
  const sets = ['--before', out, '--after', out];
  const inBoth = (run: Run) => ['pgsql', 'mssql'].map((dialect) => [...run, '--dialect', dialect]);
  return {
    verify: inBoth(artifacts),
    provision: [at(database), [...at(database), '--dry-run'], at(target), at(other)],
    check: [[...at(database), '--data', '--deep']],
    doctor: [at(database)],
    sample: [[...artifacts, '--documents', '40', '--output', own('sample')]],
    'seed-descriptors': [[place('grades.json'), ...at(database)]],
    'reporting emit': inBoth(artifacts),
    'reporting apply': [at(database), [...at(database), '--schema-suffix', '_ods']],
    load: [
      [own('sample'), ...at(database)],
      ['--from-ods', database.url, '--schema-suffix', '_ods', ...at(target), '--continue', '--verify'],
    ],
    'read-ods': [
      [...artifacts, '--connection', database.url, '--schema-suffix', '_ods', '--output', own('read'), '--continue'],
    ],
    'reporting drop': [at(database)],
    dump: [[...at(database), '--output', own('dump')]],
    get: [['Ed-Fi:School', ...at(database)]],
    translate: [[own('sample'), '--before', artifacts[1] ?? '', '--output', own('converted')]],
    'comments emit': inBoth(artifacts),
    'comments apply': [at(database)],
    ...(version === 'v1'
      ? {}
      : {
          changes: [[...at(database), '--since', '0']],
          adopt: [at(database), ...inBoth([...artifacts, '--script', own('adopt.sql')])],
        }),
    explore: [[...artifacts, '--before', out]],
    diagram: inBoth([...artifacts, '--resource', 'Ed-Fi:School', '--format', 'mermaid']),
    dictionary: [artifacts],
    'pack build': [[...artifacts, '--output', own('packs')]],
    'pack verify': ['pgsql', 'mssql'].map((dialect) => [path.join(own('packs'), dialect), ...artifacts]),
    impact: inBoth(sets),
    'upgrade plan': [
      ...inBoth([...sets, '--output', own('upgrade')]),
      [...sets, '--dialect', 'pgsql', '--connection', other.url],
    ],
    'upgrade prepare': [[...sets, '--dialect', 'pgsql', '--connection', other.url]],
    'upgrade apply': [[...sets, '--dialect', 'pgsql', '--connection', other.url]],
  };
}

/** The file of a pack in its folder. */
const withPack = ([folder = '', ...rest]: Run) => {
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.mpack'));
  return [path.join(folder, file), ...rest];
};

const databases: ScratchDatabase[] = [];
async function newDatabase(): Promise<ScratchDatabase> {
  const database = await createScratchDatabase();
  databases.push(database);
  return database;
}

beforeAll(() => {
  const grade = { namespace: 'uri://example.org/GradeLevelDescriptor', codeValue: 'x', shortDescription: 'x' };
  writeFileSync(place('grades.json'), JSON.stringify({ gradeLevelDescriptors: [grade] }));
});

afterAll(async () => {
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const taking = async () => {
  const all = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();
  return all.filter((operation) => folders.some((name) => allOptions(operation)[name] !== undefined));
};

describe.each(['v1', 'v2'] as const)('on a folder that emit has written, %s', (version) => {
  it('every command that takes artifacts works', async () => {
    const emitted = await ran(['emit', ...schemas, '--mapping-version', version, '--output', place(version)]);
    expect([emitted.code, emitted.err]).toEqual([0, expect.any(String)]);
    const [database, target, other] = [await newDatabase(), await newDatabase(), await newDatabase()];
    const runs = runsOf({ version, database, target, other });
    const names = (await taking()).map(({ name }) => name);
    const known = [...Object.keys(runs), ...(version === 'v1' ? ofSecond : [])];
    expect(known.sort()).toEqual(names.sort());
    for (const [name, each] of Object.entries(runs))
      for (const run of each) {
        const words = [...name.split(' '), ...(name === 'pack verify' ? withPack(run) : run)];
        const { code, err } = await ran(words);
        expect([words.join(' '), code, code === 0 ? '' : err]).toEqual([words.join(' '), 0, '']);
      }
  }, 400_000);

  it('and --only leaves what a later command reads out, which that command then says', async () => {
    const out = place(`${version}-script`);
    await ran(['emit', ...schemas, '--mapping-version', version, '--output', out, '--only', 'script,catalog,model']);
    const { code, err } = await ran(['reporting', 'emit', '--artifacts', out, '--dialect', 'pgsql']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error INPUT_FILE_NOT_FOUND .*ods-mapping\.json does not exist; dms-ddl emit --schema /);
  });
});

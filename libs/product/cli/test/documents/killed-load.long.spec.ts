import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  dumpedLines,
  isThorough,
  openSession,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  type PostgresDatabase,
  propertyRuns,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';

/* A load that is killed, and a second load that continues (design 14a §1.2). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-load-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const documents = 1200;
let program: string;
let databases: readonly PostgresDatabase[] = [];

const at = ({ url }: PostgresDatabase) => ['--artifacts', place('artifacts'), '--connection', url];

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  const done = async (...args: string[]) => expect(await ran(args)).toMatchObject({ code: 0 });
  await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts'));
  await done('sample', '--artifacts', place('artifacts'), '--documents', `${documents}`, '--output', place('sample'));
  databases = [await createScratchDatabase(), await createScratchDatabase(), await createScratchDatabase()];
  for (const database of databases) await done('provision', ...at(database), '--dialect', 'pgsql');
  // the result of a loader that is not killed
  const [whole] = databases as [PostgresDatabase];
  await done('load', place('sample'), ...at(whole));
});
afterAll(async () => {
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const stored = async (session: TestDatabase) =>
  (await session.query<{ n: number }>('SELECT count(*)::int AS n FROM dms."Document"'))[0]?.n ?? 0;

/**
 * Starts a load and kills it once the database holds `count` documents. Returns how many it holds then, and whether the
 * kill was in time.
 */
async function killedAt(
  load: readonly string[],
  database: PostgresDatabase,
  count: number,
): Promise<{ readonly left: number; readonly isKilled: boolean }> {
  const session = await openSession(database.url);
  try {
    const child = spawn(process.execPath, [program, ...load], { stdio: 'ignore' });
    const ended = new Promise<string | number | null>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? code)),
    );
    while (child.exitCode === null && (await stored(session)) < count)
      await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    const end = await ended;
    // a load that finished before the kill has loaded everything
    expect(['SIGKILL', 0], `killed at ${count} documents`).toContain(end);
    return { left: await stored(session), isKilled: end === 'SIGKILL' };
  } finally {
    await session.close();
  }
}

/** The sorted lines of each file of a dump. */
async function dumped(source: readonly string[], name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  expect(await ran(['dump', ...source, '--output', place(name)])).toMatchObject({ code: 0 });
  return dumpedLines(place(name));
}

describe.each([
  { source: 'of files', index: 1, input: () => [place('sample'), '--on-existing', 'skip'] },
  // a load from a database skips the documents of an earlier run without an option
  { source: 'of a database', index: 2, input: () => ['--from-database', databases[0]?.url ?? ''] },
])('a loader $source that is killed', ({ source, index, input }) => {
  it('at any point and started again, leaves what one run would have left', async () => {
    const [whole, killed] = [databases[0], databases[index]] as [PostgresDatabase, PostgresDatabase];
    const load = ['load', ...input(), ...at(killed)];
    const expected = await dumped(at(whole), `whole ${source}`);
    const counts = [Math.random() * 0.4, 0.4 + Math.random() * 0.4].map((part) => 1 + Math.floor(part * documents));
    let before = 0;
    let kills = 0;
    for (const count of counts) {
      const { left, isKilled } = await killedAt(load, killed, count);
      expect(left, `killed at ${counts}`).toBeGreaterThanOrEqual(Math.max(before, count));
      before = left;
      kills += Number(isKilled);
    }
    expect(kills, `killed at ${counts}`).toBeGreaterThan(0);
    const again = await ran(load);
    expect(again.code, `killed at ${counts}: ${again.err}`).toBe(0);
    expect(expected.size).toBeGreaterThan(20);
    expect(await dumped(at(killed), `continued ${source}`), `killed at ${counts}`).toEqual(expected);
    const session = await openSession(killed.url);
    const unidentified = await session.query(
      'SELECT 1 FROM dms."Document" d WHERE NOT EXISTS (SELECT 1 FROM dms."ReferentialIdentity" i WHERE i."DocumentId" = d."DocumentId")',
    );
    await session.close();
    expect(unidentified).toEqual([]);
  });
});

/** A database that holds the sample of a generation, loaded without `--bulk`. */
interface LoadedSample {
  readonly artifacts: string;
  readonly sample: string;
  readonly documents: number;
  readonly database: PostgresDatabase;
}

/** Kills per generation. */
const bulkKills = propertyRuns(2);

const generations = [
  {
    name: 'the first generation',
    loaded: async (): Promise<LoadedSample> => {
      const [whole] = databases as [PostgresDatabase];
      return { artifacts: place('artifacts'), sample: place('sample'), documents, database: whole };
    },
  },
  {
    name: 'the second generation',
    loaded: async (): Promise<LoadedSample> => {
      const artifacts = place('artifacts-v2');
      const sample = place('sample-v2');
      const done = async (...args: string[]) => expect(await ran(args)).toMatchObject({ code: 0 });
      const files = ownSchemasV2.flatMap((name) => ['--schema', ownSchemaFile(name)]);
      await done('emit', ...files, '--mapping-version', 'v2', '--dialect', 'pgsql', '--output', artifacts);
      await done('sample', '--artifacts', artifacts, '--documents', `${documents}`, '--output', sample);
      const database = await createScratchDatabase();
      databases = [...databases, database];
      const source = ['--artifacts', artifacts, '--connection', database.url];
      await done('provision', ...source, '--dialect', 'pgsql');
      await done('load', sample, ...source);
      return { artifacts, sample, documents, database };
    },
  },
];

// in both generations in a thorough search
describe.each(isThorough ? generations : generations.slice(1))(
  'a loader in bulk of $name that is killed',
  ({ name, loaded }) => {
    it('leaves no document, every trigger enabled and every foreign key, and the next run loads all', async () => {
      const { artifacts, sample, documents: all, database } = await loaded();
      const source = ['--artifacts', artifacts, '--connection', database.url];
      const load = ['load', sample, '--bulk', ...source];
      const expected = await dumped(source, `plain ${name}`);
      const session = await openSession(database.url);
      const count = async (text: string) =>
        (await session.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`))[0]?.n ?? -1;
      const others = `pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
      const notDescriptors = `dms."Document" d WHERE NOT EXISTS (SELECT FROM dms."Descriptor" e WHERE e."DocumentId" = d."DocumentId")`;
      const copying = `${others} AND query LIKE 'COPY %'`;
      const empty = () =>
        session.exec('TRUNCATE TABLE dms."Document", auth."EducationOrganizationIdToEducationOrganizationId" CASCADE');
      const expectRight = async (what: string) => {
        const { code, out, err } = await ran(['check', '--data', '--dialect', 'pgsql', ...source]);
        expect(code, `${what}: ${out}${err}`).toBe(0);
      };
      const validKeys = `pg_constraint WHERE contype = 'f' AND convalidated`;
      const keys = await count(validKeys);
      try {
        await empty();
        const points: string[] = [];
        // more kills if all came too late
        const isEnough = () => points.length >= bulkKills && points.includes('0 documents');
        for (let number = 0; !isEnough() && number < 10 * bulkKills; number += 1) {
          const child = spawn(process.execPath, [program, ...load], { stdio: 'ignore' });
          const ended = new Promise((resolve) => child.once('exit', resolve));
          // half of the kills when rows begin to be copied, or shortly after; the others at any time
          if (number % 2 === 0) while (child.exitCode === null && (await count(copying)) === 0) await pause(1);
          else await pause(Math.random() * 1000);
          await pause(Math.random() * 30);
          child.kill('SIGKILL');
          await ended;
          while ((await count(others)) > 0) await pause(5);
          const left = await count(notDescriptors);
          points.push(`${left} documents`);
          expect([0, all], `kill ${number}`).toContain(left);
          expect(await count(`pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`), `kill ${number}`).toBe(0);
          expect(await count(validKeys), `kill ${number}`).toBe(keys);
          if (isThorough) await expectRight(`kill ${number}, ${left} documents`);
          // the kill came too late
          if (left > 0) await empty();
        }
        expect(points).toContain('0 documents');
        const last = await ran(load);
        expect(last.code, last.err).toBe(0);
        await expectRight('after the last run');
        expect(await dumped(source, `in bulk ${name}`)).toEqual(expected);
      } finally {
        await session.close();
      }
    });
  },
);

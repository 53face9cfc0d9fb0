import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  openSession,
  ownSchemaFile,
  ownSchemas,
  type ScratchDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../test/bundled-program.ts';
import { ran } from '../test/ran.ts';

/* A loader that is killed, and one that goes on where it was (design 14 §4.2). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-load-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const documents = 1200;
let program: string;
let databases: readonly ScratchDatabase[] = [];

const at = ({ url }: ScratchDatabase) => ['--artifacts', place('artifacts'), '--connection', url];

beforeAll(async () => {
  program = bundleProgram(scratch);
  linkPackages(scratch);
  const done = async (...args: string[]) => expect(await ran(args)).toMatchObject({ code: 0 });
  await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts'));
  await done('sample', '--artifacts', place('artifacts'), '--documents', `${documents}`, '--output', place('sample'));
  databases = [await createScratchDatabase(), await createScratchDatabase()];
  for (const database of databases) await done('provision', ...at(database), '--dialect', 'pgsql');
}, 120_000);
afterAll(async () => {
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const stored = async (session: TestDatabase) =>
  (await session.query<{ n: number }>('SELECT count(*)::int AS n FROM dms."Document"'))[0]?.n ?? 0;

/** Starts a load and kills it once the database holds so many documents; returns how many it holds then. */
async function killedAt(database: ScratchDatabase, count: number): Promise<number> {
  const session = await openSession(database.url);
  try {
    const args = [program, 'load', place('sample'), '--no-schema-checks', '--on-existing', 'skip', ...at(database)];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    while (child.exitCode === null && (await stored(session)) < count) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    expect(await ended, `killed at ${count} documents`).toBe('SIGKILL');
    return await stored(session);
  } finally {
    await session.close();
  }
}

/** The lines of each file of a dump; those of one file in an order of their own. */
async function dumped(database: ScratchDatabase, name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  expect(await ran(['dump', ...at(database), '--output', place(name)])).toMatchObject({ code: 0 });
  const files = readdirSync(place(name), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsonl'));
  const linesOf = (file: string) =>
    readFileSync(path.join(place(name), file), 'utf8')
      .trimEnd()
      .split('\n')
      .sort();
  return new Map(files.sort().map((file) => [file, linesOf(file)]));
}

describe('a loader that is killed', () => {
  it('at any point and started again, leaves what one run would have left', async () => {
    const [killed, whole] = databases as [ScratchDatabase, ScratchDatabase];
    expect(await ran(['load', place('sample'), '--no-schema-checks', ...at(whole)])).toMatchObject({ code: 0 });
    const expected = await dumped(whole, 'whole');
    const counts = [Math.random() * 0.4, 0.4 + Math.random() * 0.4].map((part) => 1 + Math.floor(part * documents));
    let before = 0;
    for (const count of counts) {
      const left = await killedAt(killed, count);
      expect(left, `killed at ${counts}`).toBeGreaterThanOrEqual(Math.max(before, count));
      before = left;
    }
    const again = await ran(['load', place('sample'), '--no-schema-checks', '--on-existing', 'skip', ...at(killed)]);
    expect(again.code, `killed at ${counts}: ${again.err}`).toBe(0);
    expect(expected.size).toBeGreaterThan(20);
    expect(await dumped(killed, 'continued'), `killed at ${counts}`).toEqual(expected);
    const session = await openSession(killed.url);
    const unidentified = await session.query(
      'SELECT 1 FROM dms."Document" d WHERE NOT EXISTS (SELECT 1 FROM dms."ReferentialIdentity" i WHERE i."DocumentId" = d."DocumentId")',
    );
    await session.close();
    expect(unidentified).toEqual([]);
  }, 120_000);
});

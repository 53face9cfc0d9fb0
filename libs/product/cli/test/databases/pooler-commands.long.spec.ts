import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  type PostgresDatabase,
  type TransactionPooler,
  transactionPooler,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * Commands through a pooler in transaction mode: they work and leave nothing behind in the sessions of others, or
 * report that they cannot.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-pooler-'));
const place = (name: string) => path.join(scratch, name);
let database: PostgresDatabase;
let pooler: TransactionPooler;

const artifacts = (version: string) => ['--artifacts', place(version)];
const at = (url: string, version = 'v1') => [...artifacts(version), '--connection', url];

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
  return out;
}

/** The contents of all files of a folder, by file. */
const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]);

beforeAll(async () => {
  database = await createScratchDatabase();
  pooler = await transactionPooler(database.url, 6);
  for (const [version, names] of [
    ['v1', ownSchemas],
    ['v2', ownSchemasV2],
  ] as const) {
    const schemas = names.flatMap((name) => ['--schema', ownSchemaFile(name)]);
    await done('emit', ...schemas, '--mapping-version', version, '--dialect', 'pgsql', '--output', place(version));
    await done('sample', ...artifacts(version), '--documents', '60', '--output', place(`sample ${version}`));
  }
  await done('provision', ...at(pooler.url), '--dialect', 'pgsql');
});

afterAll(async () => {
  await pooler.close();
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('through a pooler', () => {
  it.each([
    ['load', 'v2', []],
    ['load --bulk', 'v1', ['--bulk']],
  ])('%s, check --data and dump work as without it: %s', async (name, version, options) => {
    const own = await createScratchDatabase();
    const pool = await transactionPooler(own.url, 6);
    const through = at(pool.url, version);
    const folder = (kind: string) => place(`${kind} ${version} ${name}`);
    try {
      await done('provision', ...through, '--dialect', 'pgsql');
      await done('load', place(`sample ${version}`), ...through, ...options);
      for (const _ of [1, 2, 3]) await done('check', ...through, '--dialect', 'pgsql', '--data');
      await done('dump', ...through, '--output', folder('pooled'));
      await done('dump', ...at(own.url, version), '--output', folder('direct'));
      expect(contentOf(folder('pooled')).length).toBeGreaterThan(1);
      expect(contentOf(folder('pooled'))).toEqual(contentOf(folder('direct')));
      await done('load', place(`sample ${version}`), ...through, '--on-existing', 'replace');
      expect(await pool.leftBehind()).toEqual([]);
    } finally {
      await pool.close();
      await own.drop();
    }
  });

  it('doctor says so', async () => {
    const { code, out } = await ran(['doctor', '--dialect', 'pgsql', '--connection', pooler.url]);
    expect([code, out]).toEqual([0, expect.stringContaining('A pooler answers in place of the server')]);
    const direct = await ran(['doctor', '--dialect', 'pgsql', '--connection', database.url]);
    expect([direct.code, direct.out]).toEqual([0, expect.not.stringContaining('pooler')]);
  });

  it.each([
    ['verify', ['verify', '--dialect', 'pgsql']],
    ['upgrade prepare', ['upgrade', 'prepare', '--before', place('v1'), '--dialect', 'pgsql']],
  ])('%s is refused before anything is done', async (_name, [command = '', ...args]) => {
    const target = at(pooler.url).with(0, command.startsWith('upgrade') ? '--after' : '--artifacts');
    const { code, err } = await ran([command, ...args, ...target]);
    expect([code, err]).toEqual([1, expect.stringContaining('error DB_POOLER')]);
    expect(await pooler.leftBehind()).toEqual([]);
  });
});

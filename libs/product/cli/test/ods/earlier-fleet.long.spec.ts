import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breakingRelease, createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* Views of an earlier version in all databases of a fleet (design 21 §3, 18). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-earlier-fleet-'));
const place = (name: string) => path.join(scratch, name);
const names = ['north', 'south'] as const;
const databases = new Map<string, PostgresDatabase>();
const version = ['--mapping-version', 'v2', '--dialect', 'pgsql'];
const fleet = ['--artifacts', place('after'), '--fleet', place('fleet.json')];

async function done(...args: readonly string[]) {
  const run = await ran([...args]);
  expect(run, run.err).toMatchObject({ code: 0 });
  return run;
}

/** The outcome of each database, by name. */
const outcomes = (out: string) =>
  jsonLines(out)
    .filter(({ type }) => type === 'database')
    .map(({ name, outcome }) => [name, outcome])
    .sort();
const both = (outcome: string) => names.map((name) => [name, outcome]);

async function inDatabase(name: string, sql: string) {
  const session = await openSession(databases.get(name)?.url ?? '');
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}

beforeAll(async () => {
  for (const name of names) {
    const database = await createScratchDatabase();
    databases.set(name, database);
    vi.stubEnv(`DMS_EARLIER_FLEET_${name.toUpperCase()}`, database.url);
  }
  const entries = names.map((name) => ({ name, env: `DMS_EARLIER_FLEET_${name.toUpperCase()}` }));
  writeFileSync(place('fleet.json'), JSON.stringify({ databases: entries }));
  await done('emit', '--schema', ...breakingRelease.before, ...version, '--output', place('before'));
  const earlier = ['--earlier', place('before'), '--earlier-translation', breakingRelease.translation];
  await done('emit', '--schema', ...breakingRelease.after, ...version, '--output', place('after'), ...earlier);
  await done('provision', ...fleet);
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  for (const database of databases.values()) await database.drop();
});

it('each database gets its own, keeps them, and loses them', async () => {
  const needs = await ran(['reporting', 'apply', ...fleet, '--earlier', '--json']);
  expect([needs.code, needs.out]).toEqual([1, expect.stringContaining('REPORTING_EARLIER_NEEDS')]);
  const shared = await ran(['reporting', 'apply', ...fleet, '--earlier', '--earlier-database', 'one']);
  expect([shared.code, shared.err]).toEqual([2, expect.stringContaining('cannot be in one database')]);
  expect(outcomes((await done('reporting', 'apply', ...fleet, '--json')).out)).toEqual(both('applied'));
  const apply = ['reporting', 'apply', ...fleet, '--earlier'];
  expect(outcomes((await done(...apply, '--json')).out)).toEqual(both('applied'));
  expect(outcomes((await done(...apply, '--json')).out)).toEqual(both('replaced'));
  for (const name of names) await inDatabase(name, 'SELECT StudentUSI FROM edfi_10.Student');
  expect(outcomes((await done('check', ...fleet, '--json')).out)).toEqual(both('passed'));
  // a changed view is drift of its own database only
  await inDatabase('south', 'ALTER VIEW edfi_10.student RENAME TO pupil');
  const drifted = await done('check', ...fleet);
  expect(drifted.err + drifted.out).toContain('dms-ddl reporting apply --earlier');
  await done(...apply);
  const refused = await ran(['reporting', 'drop', ...fleet, '--json']);
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('REPORTING_VIEWS_IN_USE')]);
  const drop = (which: string) => done('reporting', 'drop', '--fleet', place('fleet.json'), which, '--json');
  expect(outcomes((await drop('--earlier')).out)).toEqual(both('dropped'));
  await done(...apply);
  expect(outcomes((await drop('--with-earlier')).out)).toEqual(both('dropped'));
  expect(outcomes((await drop('--with-earlier')).out)).toEqual(both('without views'));
});

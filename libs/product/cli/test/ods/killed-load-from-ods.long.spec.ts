import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpedLines, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';
import { makeOds, newTargetOf, odsOptions } from '../source-ods.ts';

/* A load from an ODS that is killed, followed by the same command: nothing is duplicated, and nothing is missing. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-load-from-ods-'));
const place = (name: string) => path.join(scratch, name);
let program: string;
let ods: PostgresDatabase;
/** The result of a load that is not killed: its documents, as dumped, and the number of their rows. */
let expected: ReadonlyMap<string, readonly string[]>;
let all = 0;
const targets: PostgresDatabase[] = [];

const at = ({ url }: PostgresDatabase) => ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', url];
const command = (target: PostgresDatabase, options: readonly string[]) => [
  ...['load', '--from-ods', ods.url, ...odsOptions, '--dialect', 'pgsql', '--connection', target.url, ...options],
];

async function newTarget(): Promise<PostgresDatabase> {
  const target = await newTargetOf(place('out'));
  targets.push(target);
  return target;
}

async function queried(target: PostgresDatabase, text: string): Promise<number> {
  const session = await openSession(target.url);
  try {
    return Number((await session.query<{ found: unknown }>(text))[0]?.found);
  } finally {
    await session.close();
  }
}

const stored = (target: PostgresDatabase) => queried(target, 'SELECT count(*)::int AS found FROM dms."Document"');

async function dumped(target: PostgresDatabase, name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  expect(await ran(['dump', '--output', place(name), ...at(target)])).toMatchObject({ code: 0 });
  return dumpedLines(place(name));
}

/** Starts a load and kills it when `isTime` says so; returns the signal or the code with which it ended. */
async function killed(args: readonly string[], isTime: () => Promise<boolean>): Promise<string | number | null> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  while (child.exitCode === null && !(await isTime())) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGKILL');
  return ended;
}

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  ods = await makeOds(place);
  targets.push(ods);
  const whole = await newTarget();
  expect(await ran(command(whole, []))).toMatchObject({ code: 0 });
  [all, expected] = [await stored(whole), await dumped(whole, 'whole')];
  expect(expected.size).toBeGreaterThan(20);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const target of targets) await target.drop();
  rmSync(scratch, { recursive: true, force: true });
});

it('at any point, leaves what the same command completes', async () => {
  const target = await newTarget();
  let kills = 0;
  for (const part of [Math.random() * 0.4, 0.4 + Math.random() * 0.4]) {
    const count = Math.floor(part * all);
    const before = await stored(target);
    const end = await killed(command(target, []), async () => (await stored(target)) >= count);
    // a load that finished before the kill has loaded everything
    expect(['SIGKILL', 0]).toContain(end);
    kills += Number(end === 'SIGKILL');
    expect(await stored(target)).toBeGreaterThanOrEqual(Math.max(before, count));
  }
  expect(kills).toBeGreaterThan(0);
  const again = await ran(command(target, []));
  expect(again.code, again.err).toBe(0);
  expect(await dumped(target, 'continued')).toEqual(expected);
});

it('of a fleet, leaves pairs that the same command completes', async () => {
  const pairs = { north: await newTarget(), south: await newTarget() };
  vi.stubEnv('DMS_KILLED_FLEET_ODS', ods.url);
  const entries = Object.entries(pairs).map(([name, { url }]) => {
    const env = `DMS_KILLED_FLEET_${name.toUpperCase()}`;
    vi.stubEnv(env, url);
    return { name, env, ods: { env: 'DMS_KILLED_FLEET_ODS' } };
  });
  writeFileSync(place('fleet.json'), JSON.stringify({ databases: entries }));
  const args = ['load', '--fleet', place('fleet.json'), ...odsOptions];
  const storedInBoth = async () =>
    (await Promise.all(Object.values(pairs).map(stored))).reduce((sum, found) => sum + found);
  let kills = 0;
  for (const part of [Math.random() * 0.5, 0.5 + Math.random() * 0.4]) {
    const count = Math.floor(part * 2 * all);
    const end = await killed(args, async () => (await storedInBoth()) >= count);
    expect(['SIGKILL', 0]).toContain(end);
    kills += Number(end === 'SIGKILL');
    expect(await storedInBoth()).toBeGreaterThanOrEqual(count);
  }
  expect(kills).toBeGreaterThan(0);
  const again = await ran(args);
  expect(again.code, again.err).toBe(0);
  for (const [name, target] of Object.entries(pairs)) expect(await dumped(target, name)).toEqual(expected);
});

it('in bulk, leaves no document but descriptors, and the same command loads all', async () => {
  const target = await newTarget();
  const watched = await openSession(target.url);
  // a load in bulk holds its ids by locks, which other sessions see before its rows
  const isWriting = async () =>
    (
      await watched.query(
        `SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'Student' AND l.mode LIKE '%Exclusive%' AND l.granted`,
      )
    ).length > 0;
  const end = await killed(command(target, ['--bulk']), isWriting);
  await watched.close();
  expect(end).toBe('SIGKILL');
  const isFree = async () =>
    (await queried(
      target,
      `SELECT count(*)::int AS found FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`,
    )) === 0;
  while (!(await isFree())) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await queried(target, 'SELECT count(*)::int AS found FROM edfi."Student"')).toBe(0);
  const again = await ran(command(target, ['--bulk']));
  expect(again.code, again.err).toBe(0);
  expect(await dumped(target, 'bulk')).toEqual(expected);
});

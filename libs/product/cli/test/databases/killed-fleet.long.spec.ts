import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isThorough, openSession, ownSchemaFile, random, serverUrl, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { jsonLines, ran } from '../ran.ts';

/*
 * A fleet that is provisioned, changed by hand, compared and upgraded, while its process is ended at random moments
 * (design 18 §3): `npm run search -- databases`. With DMS_FLEET_DATABASES=100 DMS_FLEET_KILLS=20 it takes minutes, and
 * also measures the time of the comparison.
 */

const count = Number(process.env.DMS_FLEET_DATABASES ?? 6);
const kills = Number(process.env.DMS_FLEET_KILLS ?? 2);
const seed = Number(process.env.DMS_PROPERTY_SEED ?? (process.env.CI ? 20260401 : Date.now() % 2 ** 31));
const chance = random(seed);
const concurrency = 4;
const canary = Math.min(3, count);
const patience = 60_000 + count * 20_000 + kills * count * 2_000;

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-fleet-'));
const place = (name: string) => path.join(scratch, name);
const application = `dms-fleet-${process.pid}`;
const prefix = `dms_killed_${process.pid}_`;
const names = Array.from({ length: count }, (_, index) => `d${index}`);
const environment: Record<string, string> = {};
let program: string;
let server: URL;
let administrator: TestDatabase;

const urlOf = (name: string) => {
  const url = new URL(server);
  url.pathname = `/${prefix}${name}`;
  return url;
};

beforeAll(async () => {
  console.log(`The fleet has the seed ${seed}; DMS_PROPERTY_SEED=${seed} repeats it.`);
  server = new URL(await serverUrl());
  administrator = await openSession(server.href);
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  const released = path.join(import.meta.dirname, '../../../../../fixtures/released/athletics-0.8.0.json');
  for (const [folder, athletics] of [
    ['before', released],
    ['after', ownSchemaFile('athletics')],
  ] as const) {
    const schemas = ['--schema', ownSchemaFile('campus'), '--schema', athletics];
    expect(await ran(['emit', ...schemas, '--dialect', 'pgsql', '--output', place(folder)])).toMatchObject({ code: 0 });
  }
  const databases = names.map((name, index) => {
    const url = urlOf(name);
    url.searchParams.set('application_name', application);
    environment[`FLEET_${name}`] = url.href;
    return { name, labels: { half: index % 2 === 0 ? 'even' : 'odd' }, env: `FLEET_${name}` };
  });
  writeFileSync(place('fleet.json'), JSON.stringify({ databases }));
}, patience);

afterAll(async () => {
  for (const name of names) await administrator.exec(`DROP DATABASE IF EXISTS "${prefix}${name}" WITH (FORCE)`);
  await administrator.close();
  rmSync(scratch, { recursive: true, force: true });
}, patience);

/** The number of databases that the program is connected to. */
async function usedDatabases(): Promise<number> {
  const [row] = await administrator.query<{ n: number }>(
    'SELECT count(DISTINCT datname)::int4 AS n FROM pg_stat_activity WHERE application_name = $1',
    [application],
  );
  return row?.n ?? 0;
}

interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
  /** The maximum number of databases that were in use at one time. */
  readonly mostDatabases: number;
  readonly milliseconds: number;
  /** Megabytes. */
  readonly memory: number;
}

/** When and how a process is ended: after it has reported a number of databases, and a delay in milliseconds. */
interface Kill {
  readonly signal: NodeJS.Signals;
  readonly behind: number;
  readonly delay: number;
}

/** Runs the program on the fleet in its own process, and expects that no session is left when it has ended. */
async function started(args: readonly string[], kill?: Kill): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, [program, ...args, '--json', '--fleet', place('fleet.json')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  let mostDatabases = 0;
  let memory = 0;
  let isOver = false;
  let isTold = false;
  const end = () => {
    if (kill === undefined || isTold || out.split('\n').length - 1 < kill.behind) return;
    isTold = true;
    setTimeout(() => child.kill(kill.signal), kill.delay);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    end();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  end();
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => {
      isOver = true;
      resolve(code ?? signal);
    }),
  );
  while (!isOver) {
    mostDatabases = Math.max(mostDatabases, await usedDatabases());
    memory = Math.max(memory, peakMemory(child.pid));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const code = await ended;
  const milliseconds = performance.now() - start;
  // a server notices that a client has died only after its current statement
  const deadline = performance.now() + 30_000;
  while ((await usedDatabases()) > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect([await usedDatabases(), err.includes('bug')], `${args.join(' ')}\n${err}`).toEqual([0, false]);
  return { code, out, err, mostDatabases, milliseconds, memory };
}

/** The peak memory of a process in megabytes; 0 if the system does not report it. */
function peakMemory(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Parses complete lines only: the last line of a killed process may be cut. */
const objectsOf = (out: string) => jsonLines(out.slice(0, out.lastIndexOf('\n') + 1));

const outcomesOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    objectsOf(out)
      .filter(({ type }) => type === 'database')
      .map(({ name, outcome }) => [name, outcome]),
  );

/** The databases that equal the artifacts of a folder; `codes` are the possible codes of the others. */
async function complete(folder: string, codes: readonly string[]): Promise<Set<string>> {
  const { out } = await started([
    'check',
    '--artifacts',
    place(folder),
    '--strict',
    '--concurrency',
    String(concurrency),
  ]);
  const databases = objectsOf(out).filter(({ type }) => type === 'database');
  expect(databases).toHaveLength(count);
  for (const { name, outcome, diagnostics } of databases)
    if (outcome !== 'passed') expect(codes, `${folder}: ${name}`).toContain(diagnostics.at(-1).code);
  return new Set(databases.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name));
}

/** Ends a command at random moments, checks the databases each time, and then lets it finish. */
async function endedAtRandom(
  command: readonly string[],
  times: number,
  { done, look }: { readonly done: string; readonly look: () => Promise<ReadonlySet<string>> },
): Promise<Ended> {
  let known = await look();
  for (let time = 0; time < times; time += 1) {
    const signal = time % 2 === 0 ? 'SIGKILL' : 'SIGINT';
    // databases that are done are reported again at once
    const behind = Math.floor(chance() * (known.size + Math.max(1, (count - known.size) / (times - time))));
    const { code, out, mostDatabases } = await started(command, { signal, behind, delay: chance() * 400 });
    const now = await look();
    const message = `${signal} behind ${behind} databases, seed ${seed}`;
    expect(mostDatabases, message).toBeLessThanOrEqual(concurrency);
    for (const name of known) expect(now, message).toContain(name);
    const outcomes = outcomesOf(out);
    // databases reported as done are done, and databases that were done before were not changed
    for (const [name, outcome] of Object.entries(outcomes)) {
      if (outcome === done) expect([now.has(name), known.has(name)], `${message}: ${name}`).toEqual([true, false]);
      else if (outcome !== 'failed' && outcome !== 'not started') expect(known, `${message}: ${name}`).toContain(name);
    }
    const summary = objectsOf(out).find(({ type }) => type === 'result');
    if (signal === 'SIGKILL' && summary === undefined) expect(code, message).toBe('SIGKILL');
    if (signal === 'SIGINT' && code !== 0 && out !== '') {
      // a process that is about to end no longer handles signals
      expect([130, signal], message).toContain(code);
      expect(summary?.databases, message).toBe(count);
      const counted: Record<string, number> = {};
      for (const outcome of Object.values(outcomes)) counted[outcome] = (counted[outcome] ?? 0) + 1;
      expect(summary.outcomes, message).toEqual(counted);
      expect(
        Object.keys(outcomes).filter((name) => outcomes[name] === done),
        message,
      ).toHaveLength(now.size - known.size);
    }
    known = now;
  }
  const last = await started(command);
  expect([last.code, last.err]).toEqual([0, '']);
  expect(last.mostDatabases).toBeLessThanOrEqual(concurrency);
  const left = count - known.size;
  const others = Object.values(outcomesOf(last.out)).filter((outcome) => outcome === done);
  expect(others).toHaveLength(left);
  expect(objectsOf(last.out).at(-1)).toMatchObject({ databases: count, failed: 0 });
  return last;
}

const all = ['--concurrency', String(concurrency)];

it.runIf(isThorough)(
  'a fleet is provisioned, however often its process is ended (needs DMS_PROPERTY_RUNS above 1)',
  { timeout: patience },
  async () => {
    const command = ['provision', '--artifacts', place('before'), '--create-database', ...all];
    await endedAtRandom(command, Math.ceil(kills / 2), {
      done: 'provisioned',
      look: () => complete('before', ['DB_NO_DATABASE', 'GATE_NOT_PROVISIONED']),
    });
    expect((await complete('before', [])).size).toBe(count);
  },
);

interface HandMade {
  readonly change: string;
  readonly undo: string;
  /** Kind, path and change of the resulting differences. */
  readonly found: readonly string[];
}

const calendarIndex = 'IX_Calendar_School_DocumentId_School_SchoolId';

/** Runs statements in a database, one after the other. */
async function execute(name: string, statements: readonly string[]): Promise<void> {
  const session = await openSession(urlOf(name).href);
  try {
    for (const statement of statements) await session.exec(statement);
  } finally {
    await session.close();
  }
}

/** Changes that somebody may have made to a database by hand. */
const handMade: readonly HandMade[] = [
  {
    change: `DROP INDEX campus."${calendarIndex}"`,
    undo: `CREATE INDEX "${calendarIndex}" ON campus."Calendar" ("School_DocumentId", "School_SchoolId")`,
    found: [`index campus.Calendar.${calendarIndex} missing`],
  },
  {
    change: 'ALTER TABLE campus."School" ADD COLUMN "Extra" integer',
    undo: 'ALTER TABLE campus."School" DROP COLUMN "Extra"',
    found: ['column campus.School.Extra extra'],
  },
  {
    change: 'CREATE TABLE campus."Notes" (id integer)',
    undo: 'DROP TABLE campus."Notes"',
    found: ['table campus.Notes extra'],
  },
  {
    change: 'ALTER TABLE campus."School" DISABLE TRIGGER "TR_School_Stamp_Delete"',
    undo: 'ALTER TABLE campus."School" ENABLE TRIGGER "TR_School_Stamp_Delete"',
    found: ['trigger campus.School.TR_School_Stamp_Delete changed'],
  },
];

it.runIf(isThorough)(
  'finds manual changes, each with the databases that have it (needs DMS_PROPERTY_RUNS above 1)',
  { timeout: patience },
  async () => {
    const chosen = names.map((name) => ({ name, changes: handMade.filter(() => chance() < 0.3) }));
    const expected = new Map<string, string[]>();
    for (const { name, changes } of chosen) {
      await execute(
        name,
        changes.map(({ change }) => change),
      );
      for (const each of changes.flatMap(({ found }) => found))
        expected.set(each, [...(expected.get(each) ?? []), name]);
    }
    const { out, code } = await started(['check', '--artifacts', place('before'), '--strict', ...all]);
    const { findings, failed } = objectsOf(out).at(-1);
    const found = findings.map(({ object, path: at, change, databases }: Record<string, string[]>) => [
      `${object} ${at?.join('.')} ${change}`,
      databases,
    ]);
    const sorted = (entries: Iterable<unknown>) => [...entries].map((entry) => JSON.stringify(entry)).sort();
    expect(sorted(found)).toEqual(sorted(expected));
    const changed = chosen.filter(({ changes }) => changes.length > 0);
    expect([failed, code]).toEqual([changed.length, changed.length > 0 ? 1 : 0]);
    for (const { name, changes } of changed) {
      await execute(
        name,
        changes.map(({ undo }) => undo),
      );
    }
    expect((await complete('before', [])).size).toBe(count);
  },
);

it.runIf(isThorough)(
  'a fleet is upgraded, a few databases first, however often its process is ended (needs DMS_PROPERTY_RUNS above 1)',
  {
    timeout: patience,
  },
  async () => {
    const sets = ['--before', place('before'), '--after', place('after')];
    const command = ['upgrade', 'apply', ...sets, '--canary', String(canary), ...all];
    await endedAtRandom(command, Math.floor(kills / 2), {
      done: 'upgraded',
      look: async () => {
        const codes = ['GATE_SCHEMA_MISMATCH'];
        const before = await complete('before', codes);
        const after = await complete('after', codes);
        // each database equals one of the two sets
        expect([...before, ...after].sort()).toEqual([...names].sort());
        return after;
      },
    });
    expect((await complete('after', [])).size).toBe(count);
  },
);

if (count >= 100)
  it('two at a time are compared in little more than half the time', { timeout: patience }, async () => {
    const timed = (at: number) => started(['check', '--artifacts', place('after'), '--concurrency', String(at)]);
    const one = await timed(1);
    const two = await timed(2);
    const share = two.milliseconds / one.milliseconds;
    const figures = [one, two].map(
      ({ milliseconds, memory }) => `${milliseconds.toFixed(0)} ms, ${memory.toFixed(0)} MB`,
    );
    console.log(
      `${count} databases, one after the other: ${figures[0]}; two at a time: ${figures[1]}; ${share.toFixed(2)}`,
    );
    expect(one.mostDatabases).toBe(1);
    expect(two.mostDatabases).toBe(2);
    expect(Math.max(one.memory, two.memory)).toBeLessThan(400);
    expect(share).toBeLessThanOrEqual(0.6);
  });

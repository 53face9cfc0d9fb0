import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  copyOfDatabase,
  createScratchDatabase,
  openSession,
  ownSchemaFile,
  ownSchemas,
  type PostgresDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSignals } from '../../src/cancellation.ts';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';

/* The effect of a signal on a command that is working on a database (design 09 §2.8). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-signals-'));
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
let program: string;
let database: PostgresDatabase;
let blocker: TestDatabase;
let observer: TestDatabase;

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Sets the database of a test, and opens the sessions that watch it; returns a function that closes all. */
async function watch(made: Promise<PostgresDatabase>): Promise<() => Promise<void>> {
  database = await made;
  blocker = await openSession(database.url);
  observer = await openSession(database.url);
  return async () => {
    await blocker.close();
    await observer.close();
    await database.drop();
  };
}

interface EndedProgram {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function started(...command: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedProgram>;
} {
  const args = [program, ...(command.length > 0 ? command : ['provision']), ...schemas, '--dialect', 'pgsql'];
  const child = spawn(process.execPath, [...args, '--connection-env', 'TARGET'], {
    env: { ...process.env, TARGET: database.url, NO_COLOR: '1' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) };
}

/** Waits until sessions of the program wait for locks. */
async function blocked(sessions = 1): Promise<void> {
  for (;;) {
    const rows = await observer.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dms' AND wait_event_type = 'Lock'`,
    );
    if (rows.length >= sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('commands on documents, told to end while they wait for a lock', () => {
  let provisioned: PostgresDatabase;
  beforeAll(async () => {
    provisioned = await createScratchDatabase();
    expect((await ran(['provision', ...schemas, '--dialect', 'pgsql', '--connection', provisioned.url])).code).toBe(0);
  });
  afterAll(() => provisioned.drop());
  beforeEach(() => watch(copyOfDatabase(provisioned)));

  it.each([
    ['reading', ['get', 'Campus:School'], 'campus."School"'],
    ['at the gate', ['get', 'Campus:School'], 'dms."EffectiveSchema"'],
    ['loading', ['load', path.join(scratch, 'schools.jsonl')], 'dms."Document"'],
    ['seeding', ['seed-descriptors', path.join(scratch, 'terms.json')], 'dms."Descriptor"'],
  ])('gives up and writes nothing: %s', async (_, command, table) => {
    writeFileSync(
      path.join(scratch, 'schools.jsonl'),
      '{"resource":"Campus:District","document":{"districtId":7,"districtName":"A"}}\n',
    );
    writeFileSync(
      path.join(scratch, 'terms.json'),
      JSON.stringify({
        TermDescriptor: [{ namespace: 'uri://x.org/Term', codeValue: 'Fall', shortDescription: 'Fall' }],
      }),
    );
    await blocker.exec(`BEGIN; LOCK TABLE ${table}`);
    const { child, ended } = started(...command);
    await blocked();
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect([code, out]).toEqual([130, '']);
    expect(err).toMatch(/^error DB_CANCELLED /m);
    await blocker.exec('ROLLBACK');
    expect(await observer.query('SELECT 1 FROM dms."Document"')).toEqual([]);
  });

  it('gives up on all connections that load one resource, and the next run loads it', async () => {
    const league = (id: number) => ({ athleticLeagueId: id, leagueName: `League ${id}` });
    const records = Array.from({ length: 1200 }, (_, index) => ({
      resource: 'Athletics:AthleticLeague',
      document: league(index + 1),
    }));
    const file = path.join(scratch, 'leagues.jsonl');
    writeFileSync(file, records.map((each) => `${JSON.stringify(each)}\n`).join(''));
    await blocker.exec('BEGIN; LOCK TABLE athletics."AthleticLeague"');
    const { child, ended } = started('load', file, '--jobs', '3');
    await blocked(3);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/^error DB_CANCELLED /m);
    await blocker.exec('ROLLBACK');
    expect(await observer.query('SELECT 1 FROM dms."Document"')).toEqual([]);
    expect((await started('load', file, '--jobs', '3', '--on-existing', 'skip').ended).code).toBe(0);
    const stored = 'SELECT 1 FROM dms."Document" JOIN athletics."AthleticLeague" USING ("DocumentId")';
    expect(await observer.query(stored)).toHaveLength(1200);
  });
});

const created = async () =>
  observer.query(
    `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'`,
  );

describe('provision, told to end', () => {
  beforeEach(() => watch(createScratchDatabase()));

  const signals = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;

  it.each(signals)('by %s inside the script, cancels it and leaves nothing', async (signal, code) => {
    // a schema that another transaction is creating: the script waits for its end
    await blocker.exec('BEGIN; CREATE SCHEMA dms');
    const { child, ended } = started();
    await blocked();
    child.kill(signal);
    const { code: found, out, err } = await ended;
    expect([found, out]).toEqual([code, '']);
    expect(err).toMatch(/^error DB_CANCELLED .*Nothing was changed\.$/m);
    await blocker.exec('ROLLBACK');
    expect(await created()).toEqual([]);
  });

  it('while another provisioner is running, says that it waits and gives up', async () => {
    await blocker.exec('BEGIN; SELECT pg_advisory_xact_lock(2141441922018010095)');
    const { child, ended } = started();
    await blocked();
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/^Waiting for another provisioner \(process \d+.*\)\.\nerror DB_CANCELLED /);
    expect(await created()).toEqual([]);
  });

  it('and left alone, continues when the other has ended', async () => {
    await blocker.exec('BEGIN; SELECT pg_advisory_xact_lock(2141441922018010095)');
    const { ended } = started();
    await blocked();
    await blocker.exec('ROLLBACK');
    expect(await ended).toMatchObject({ code: 0, out: expect.stringContaining('Provisioned pgsql database: ') });
  });
});

describe('signals of a process', () => {
  function watched() {
    const listeners = new Map<string, () => void>();
    const codes: number[] = [];
    const told: string[] = [];
    const cancellation = watchSignals(
      {
        on: (event, listener) => listeners.set(event, listener),
        exit: (code) => void codes.push(code),
      },
      ({ code }) => void told.push(code),
    );
    return {
      cancellation,
      codes,
      told,
      send: (event: 'SIGHUP' | 'SIGINT' | 'SIGTERM' | 'SIGBREAK') => listeners.get(event)?.(),
    };
  }

  it('end it at once where nothing holds it', () => {
    const { cancellation, codes, send } = watched();
    send('SIGTERM');
    expect([codes, cancellation.exitCode()]).toEqual([[143], null]);
  });

  it('abort the work that holds it, and do not wait a second time', () => {
    const { cancellation, codes, send } = watched();
    const signal = cancellation.hold();
    expect([signal.aborted, cancellation.exitCode()]).toEqual([false, null]);
    send('SIGINT');
    expect([signal.aborted, codes, cancellation.exitCode()]).toEqual([true, [], 130]);
    send('SIGTERM');
    expect(codes).toEqual([143]);
  });

  it('of Ctrl+Break on Windows end it too', () => {
    const { cancellation, codes, send } = watched();
    const signal = cancellation.hold();
    send('SIGBREAK');
    expect([signal.aborted, codes, cancellation.exitCode()]).toEqual([true, [], 149]);
    send('SIGBREAK');
    expect(codes).toEqual([149]);
  });

  it('of a closed terminal end it too, and may come twice', () => {
    const free = watched();
    free.send('SIGHUP');
    expect(free.codes).toEqual([129]);
    const { cancellation, codes, send } = watched();
    const signal = cancellation.hold();
    send('SIGHUP');
    send('SIGHUP');
    expect([signal.aborted, codes, cancellation.exitCode()]).toEqual([true, [], 129]);
    send('SIGTERM');
    expect(codes).toEqual([143]);
  });

  it('end a command that does not react, and say so', () => {
    vi.useFakeTimers();
    try {
      const { cancellation, codes, told, send } = watched();
      cancellation.hold();
      send('SIGTERM');
      vi.advanceTimersByTime(29_000);
      expect([codes, told]).toEqual([[], []]);
      vi.advanceTimersByTime(1_000);
      expect([codes, told]).toEqual([[143], ['DB_CANCELLED']]);
    } finally {
      vi.useRealTimers();
    }
  });
});

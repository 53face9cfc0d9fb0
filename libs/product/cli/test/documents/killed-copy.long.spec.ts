import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  dumpedLines,
  openSession,
  type PostgresDatabase,
  someOf,
  type TestDatabase,
  usualGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { type ChangingOds, fittingOds, withValue } from '../changing-ods.ts';
import { jsonLines, ran } from '../ran.ts';
import { newTargetOf, schemasOf } from '../source-ods.ts';

/*
 * A copy of an ODS in use that is killed at several points, completed, and followed by an increment: the increment
 * begins at the version of the first run, so the target gets the changes between the runs (design 19a §9).
 */

const core = { v1: 'Campus', v2: 'Ed-Fi' } as const;
/** The shares of the documents that are loaded when the copy is killed. */
const shares = someOf([0.02, 0.2, 0.4, 0.6, 0.8], 2);
const name = { v1: '$.familyName', v2: '$.lastSurname' } as const;

describe.each(usualGenerations())('a copy that is killed at several places, in %s', (generation) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-copy-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  let program = '';
  let url = '';
  const sessions: TestDatabase[] = [];
  let ods: ChangingOds;

  const fromOds = () => ['--from-ods', url, '--schema-suffix', '_src', ...schemasOf(generation)];
  const at = (target: string) => ['--dialect', 'pgsql', '--connection', target];
  const newTarget = async () => {
    const database = await newTargetOf(place('out'));
    databases.push(database);
    return database.url;
  };
  const load = async (target: string, ...options: readonly string[]) => {
    const { code, out, err } = await ran(['load', ...fromOds(), ...at(target), '--keep-ids', '--json', ...options]);
    return { code, err, result: jsonLines(out)[0] };
  };
  const dumped = async (target: string, name: string) => {
    expect(await ran(['dump', '--output', place(name), '--artifacts', place('out'), ...at(target)])).toMatchObject({
      code: 0,
    });
    return dumpedLines(place(name));
  };
  const number = async (session: TestDatabase, text: string) =>
    Number((await session.query<{ found: unknown }>(text))[0]?.found);
  const stored = (session: TestDatabase) => number(session, 'SELECT count(*)::int AS found FROM dms."Document"');
  const recorded = (session: TestDatabase) =>
    number(session, `SELECT max("ChangeVersion")::text AS found FROM dms_load."Copy"`);

  beforeAll(async () => {
    program = await bundleProgram(scratch);
    linkPackages(scratch);
    ods = await fittingOds(place, generation);
    ({ url } = ods);
  });
  afterAll(async () => {
    for (const session of sessions) await session.close();
    await ods?.close();
    for (const database of databases) await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Changes documents early and late in the order of loading: contents, a key, an insert and a delete. */
  async function changeOds(round: number): Promise<void> {
    const first = async (resource: string) => {
      const found = (await ods.documents()).find((each) => each.resource === `${core[generation]}:${resource}`);
      if (found === undefined) throw new Error(`no ${resource}`);
      return found;
    };
    const student = await first('Student');
    await ods.upsert(student.resource, withValue(student.document, '$.studentUniqueId', `new-${round}`));
    await ods.replace(student, withValue(student.document, name[generation], `Round ${round}`));
    const session = await first('Session');
    await ods.replace(session, withValue(session.document, '$.sessionName', `Round ${round}`));
    // no document refers to the last one
    const last = (await ods.documents()).at(-1);
    if (last !== undefined) await ods.remove(last);
  }

  async function killedAt(target: string, session: TestDatabase, documents: number): Promise<string | number | null> {
    const args = ['load', ...fromOds(), ...at(target), '--keep-ids'];
    const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
    const ended = new Promise<string | number | null>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? code)),
    );
    while (child.exitCode === null && (await stored(session)) < documents)
      await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGKILL');
    return ended;
  }

  it('has what the ODS has after --since last', async () => {
    const target = await newTarget();
    const session = await openSession(target);
    sessions.push(session);
    const all = (await ods.documents()).length;
    const ends: (string | number | null)[] = [];
    let start: number | null = null;
    for (const [round, share] of shares.entries()) {
      ends.push(await killedAt(target, session, Math.ceil(all * share)));
      const version = await recorded(session);
      start ??= version;
      expect(version).toBe(start);
      await changeOds(round);
    }
    expect(ends.filter((end) => end === 'SIGKILL').length).toBeGreaterThan(shares.length / 2);
    const whole = await load(target);
    expect(whole.code, whole.err).toBe(0);
    expect(whole.result.reading.lastVersion).toBe(String(start));
    await changeOds(6);

    const later = await load(target, '--since', String((start ?? 0) + 1));
    expect(later.code).toBe(1);
    expect(later.err).toMatch(/"code":"ODS_VERSION_SKIPPED"/);
    const increment = await load(target, '--since', 'last', '--verify');
    expect(increment.code, increment.err).toBe(0);
    expect(increment.result.comparison.differences).toEqual([]);
    expect(increment.result.total.replaced).toBeGreaterThan(0);
    expect(increment.result.changes.deleted).toBeGreaterThan(0);
    expect(increment.result.reading.lastVersion).toBe(String(await recorded(session)));
    expect(await recorded(session)).toBeGreaterThan(start ?? 0);
    const other = await newTarget();
    expect(await load(other)).toMatchObject({ code: 0 });
    expect(await dumped(target, 'continued')).toEqual(await dumped(other, 'at-once'));
    const again = await load(target, '--since', 'last', '--verify');
    expect(again.result).toMatchObject({ total: { inserted: 0, replaced: 0 }, comparison: { differences: [] } });
  });
});

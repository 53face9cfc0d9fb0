import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isThorough, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ChangingOds, withValue } from '../changing-ods.ts';
import { jsonLines, ran } from '../ran.ts';
import { newTargetOf, odsOptions } from '../source-ods.ts';

/*
 * An increment that is killed while it changes keys, writes or removes, followed by the same command: the target then
 * equals the ODS.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-increment-'));
const place = (name: string) => path.join(scratch, name);
const databases: PostgresDatabase[] = [];
let program = '';
let url = '';
let ods: ChangingOds;

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  ods = await ChangingOds.make(place, 'v2');
  ({ url } = ods);
});
afterAll(async () => {
  await ods?.close();
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

it.runIf(isThorough).each<[string, readonly string[]]>([
  ['with the ids of the source', ['--keep-ids']],
  ['with ids of its own', []],
])('leaves what the same command completes, %s (needs DMS_PROPERTY_RUNS above 1)', async (_, options) => {
  const target = await newTargetOf(place('out'));
  databases.push(target);
  const at = ['--dialect', 'pgsql', '--connection', target.url];
  const command = ['load', '--from-ods', url, ...odsOptions, ...at, ...options, '--json', '--verify'];
  const whole = await ran(command);
  expect(whole.code, whole.err).toBe(0);
  const since = String(jsonLines(whole.out)[0].reading.lastVersion);

  const all = await ods.documents();
  const of = (name: string) => all.filter(({ resource }) => resource === `Ed-Fi:${name}`);
  const [session] = of('Session');
  const [student, other] = of('Student');
  if (session === undefined || student === undefined || other === undefined) throw new Error('no documents to change');
  const name = `Another name ${options.length}`;
  await ods.replace(session, withValue(session.document, '$.sessionName', name));
  for (const section of of('Section').slice(0, 3)) {
    const [now] = (await ods.documents()).filter(({ uuid }) => uuid === section.uuid);
    if (now)
      await ods.replace(now, withValue(now.document, '$.sectionIdentifier', `${name} ${section.uuid.slice(0, 4)}`));
  }
  await ods.remove(student);
  for (const each of await ods.remove(other)) await ods.upsert(each.resource, each.document);

  const watched = await openSession(target.url);
  const state = async () =>
    (
      await watched.query<{ found: string }>(
        `SELECT count(*) || ' ' || sum("ContentVersion") AS found FROM dms."Document"`,
      )
    )[0]?.found ?? '';
  // each run is killed after a few of its transactions
  let kills = 0;
  for (const transactions of [1, 3, 2]) {
    const child = spawn(process.execPath, [program, ...command, '--since', since], { stdio: 'ignore' });
    const ended = new Promise<string | number | null>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? code)),
    );
    let last = await state();
    for (let seen = 0; seen < transactions && child.exitCode === null; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const now = await state();
      if (now !== last) seen += 1;
      last = now;
    }
    child.kill('SIGKILL');
    const end = await ended;
    expect(['SIGKILL', 0]).toContain(end);
    kills += Number(end === 'SIGKILL');
  }
  await watched.close();
  expect(kills).toBeGreaterThan(0);
  const completed = await ran([...command, '--since', since]);
  expect(completed.code, completed.err).toBe(0);
  const [result] = jsonLines(completed.out);
  expect(result.comparison.differences).toEqual([]);
  const again = await ran([...command, '--since', since]);
  expect(jsonLines(again.out)[0]).toMatchObject({
    total: { inserted: 0, replaced: 0, rejected: 0 },
    changes: { keysChanged: 0, deleted: 0 },
  });
});

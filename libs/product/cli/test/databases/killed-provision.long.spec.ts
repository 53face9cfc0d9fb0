import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, shareOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';

/* A new embedded database whose process is killed: it exists completely, or not at all (design 09 §1.6). */

// initdb writes hundreds of files, which takes long on some disks
const memory = '/dev/shm';
const scratch = mkdtempSync(path.join(existsSync(memory) ? memory : tmpdir(), 'dms-killed-provision-'));
const artifacts = path.join(scratch, 'artifacts');
let program: string;
/** Milliseconds that a run takes without a kill. */
let usual: number;

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  const { integer, object, project, resource } = build;
  const room = { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: integer() }, ['code']) };
  const schema = path.join(scratch, 'rooms.json');
  // one small resource is enough: most of the time goes into the empty database
  writeFileSync(schema, JSON.stringify(project('Ed-Fi', [resource('Room', room)])));
  expect(await ran(['emit', '--schema', schema, '--dialect', 'pgsql', '--output', artifacts])).toMatchObject({
    code: 0,
  });
  const start = performance.now();
  expect(await killed(path.join(scratch, 'first', 'db'), 'SIGINT', Number.POSITIVE_INFINITY)).toBe(0);
  usual = performance.now() - start;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const options = (folder: string) => [
  '--artifacts',
  artifacts,
  '--dialect',
  'pgsql',
  '--connection',
  `pglite:${folder}`,
];

/** Starts a provisioning, sends it signals after a delay in milliseconds, and returns how it ended. */
async function killed(
  folder: string,
  signal: NodeJS.Signals,
  delay: number,
  times = 1,
): Promise<number | string | null> {
  const child = spawn(process.execPath, [program, 'provision', ...options(folder)], { stdio: 'ignore' });
  const send = (left: number) => {
    child.kill(signal);
    // the system may merge two signals that are sent at once
    if (left > 1) setTimeout(() => send(left - 1), 10);
  };
  const timer = Number.isFinite(delay) ? setTimeout(() => send(times), delay) : undefined;
  return new Promise((resolve) =>
    child.once('exit', (code, by) => {
      clearTimeout(timer);
      resolve(code ?? by);
    }),
  );
}

const moments = shareOf([0.2, 0.45, 0.7, 0.9], 2);

/** The files beside those that a killed run may leave hidden. */
const shown = (folder: string) => readdirSync(folder).filter((name) => !/^\.|\.lock$/.test(name));

/** Whether the folder holds a database: this file is moved into an existing folder last. */
const holdsDatabase = (folder: string) => existsSync(path.join(folder, 'PG_VERSION'));

describe('a new embedded database', () => {
  it('that a signal ends is not there, nor anything else, whenever it comes', async () => {
    for (const [index, moment] of moments.entries()) {
      const [signal, code] = index % 2 === 0 ? (['SIGINT', 130] as const) : (['SIGTERM', 143] as const);
      const above = path.join(scratch, `${signal}-${moment}`);
      const place = path.join(above, 'deep', 'db');
      // a second signal ends the process at once
      const times = index < moments.length / 2 ? 1 : 2;
      const found = await killed(place, signal, usual * moment, times);
      const message = `${signal}, ${times} times, after ${moment} of ${usual} ms`;
      // a process that is about to end no longer handles signals
      const ends = [code, signal];
      if (existsSync(place)) {
        // the signal came after the commit
        expect([0, ...ends], message).toContain(found);
        expect((await ran(['check', ...options(place)])).code, message).toBe(0);
        expect(readdirSync(path.dirname(place)), message).toEqual(['db']);
      } else {
        expect(ends, message).toContain(found);
        expect(existsSync(above), message).toBe(false);
      }
    }
  });

  it.each([
    ['in a folder that is not there', false],
    ['in one that is empty', true],
  ])('that is killed %s leaves none that is half made, and the next run makes it', async (_, isThere) => {
    const above = path.join(scratch, `killed-${isThere}`);
    const place = path.join(above, 'db');
    mkdirSync(isThere ? place : above, { recursive: true });
    for (const moment of shareOf(moments, 2)) {
      await killed(place, 'SIGKILL', usual * moment);
      const isWhole = holdsDatabase(place);
      if (!isThere) expect(shown(above)).toEqual(isWhole ? ['db'] : []);
      if (!isWhole) continue;
      // the signal came after the commit
      expect((await ran(['check', ...options(place)])).code, `after ${moment} of ${usual} ms`).toBe(0);
      rmSync(place, { recursive: true });
      if (isThere) mkdirSync(place);
    }
    const { code, out, err } = await ran(['provision', ...options(place)]);
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(/^Provisioned pgsql database: /)]);
    expect(readdirSync(above)).toEqual(['db']);
    expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('for which there is no space says so, and leaves nothing', () => {
    const above = path.join(scratch, 'limited');
    const args = ['provision', ...options(path.join(above, 'db'))].map((arg) => `'${arg}'`).join(' ');
    // the system refuses to make a file longer, as on a full disk, and the signal for that is ignored; the engine
    // names the file, or terminates
    const command = `trap '' XFSZ; ulimit -f 1000; '${process.execPath}' '${program}' ${args}`;
    const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    const expected = /^error (?:OUTPUT_FAILED .*\(EFBIG\)|DB_UNREACHABLE .*Check whether the disk has room)/;
    expect([status, stderr, existsSync(above)]).toEqual([1, expect.stringMatching(expected), false]);
  });
});

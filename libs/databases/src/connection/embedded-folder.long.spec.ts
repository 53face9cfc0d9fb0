import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { small } from '../../test/schema-sets.ts';
import { provision } from '../provisioning/provision.ts';
import { takeFolder } from './embedded-folder.ts';
import { isFailure } from './failure.ts';
import { openDatabase } from './open-database.ts';

let folder: string;
beforeAll(() => {
  // initdb syncs hundreds of files, which some disks take long for
  const memory = '/dev/shm';
  folder = mkdtempSync(path.join(existsSync(memory) ? memory : tmpdir(), 'dms-embedded-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('holds the id of the process, keeps others out and is released', async () => {
    const place = path.join(folder, 'a');
    const giveBack = takeFolder(place);
    expect(readFileSync(`${place}.lock`, 'utf8')).toBe(String(process.pid));
    const error = await failureOf(async () => takeFolder(place));
    expect(isFailure(error, 'DB_EMBEDDED_IN_USE')).toBe(true);
    if (isFailure(error))
      expect(error.diagnostics[0]).toMatchObject({ where: { file: place }, details: { process: process.pid } });
    giveBack();
    expect(existsSync(`${place}.lock`)).toBe(false);
    takeFolder(place)();
  });

  it('is kept by another running process, and taken over from one that has ended', async () => {
    const place = path.join(folder, 'b');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync(`${place}.lock`, String(other.pid));
    expect(isFailure(await failureOf(async () => takeFolder(place)), 'DB_EMBEDDED_IN_USE')).toBe(true);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    takeFolder(place)();
    for (const left of ['nonsense', '', String(process.pid)]) {
      // of this id there was another process, as in a container that is started again
      writeFileSync(`${place}.lock`, left);
      takeFolder(place)();
    }
  });
});

describe('an embedded database in a folder', () => {
  const target = () => ({ kind: 'embedded', dialect: 'pgsql', folder: path.join(folder, 'db') }) as const;

  it('is in use while it is open, and free afterwards', async () => {
    const connection = await openDatabase(target());
    expect(connection.label).toBe(`pglite ${target().folder}`);
    expect(isFailure(await failureOf(() => openDatabase(target())), 'DB_EMBEDDED_IN_USE')).toBe(true);
    await connection.close();
    expect(existsSync(`${target().folder}.lock`)).toBe(false);
  });

  /** Cancels a provisioning of `place` when its script sleeps. */
  const cancelled = (place: string) => {
    const script = `${small.script}SELECT pg_sleep(600);\n\n`;
    return failureOf(() =>
      provision({ ...target(), folder: place }, { ...small, script }, { signal: AbortSignal.timeout(3_000) }),
    );
  };

  it('that is new is removed with everything that was made for it when its script is cancelled or fails', async () => {
    const place = path.join(folder, 'above', 'new');
    expect(isFailure(await cancelled(place), 'DB_CANCELLED')).toBe(true);
    expect(existsSync(path.join(folder, 'above'))).toBe(false);
    const failing = { ...small, script: `${small.script}SELECT 1/0;\n\n` };
    expect(isFailure(await failureOf(() => provision({ ...target(), folder: place }, failing)), 'DB_SQL')).toBe(true);
    expect(existsSync(path.join(folder, 'above'))).toBe(false);
  });

  it.each([
    ['that was not there', false],
    ['that was there and empty', true],
  ])('is there with the first commit: %s', async (_, isThere) => {
    const place = path.join(folder, isThere ? 'empty' : 'absent');
    if (isThere) mkdirSync(place);
    const contents = () => (existsSync(place) ? readdirSync(place).filter((name) => !name.startsWith('.')) : null);
    const connection = await openDatabase({ ...target(), folder: place });
    await connection.begin();
    expect(contents()).toEqual(isThere ? [] : null);
    await connection.commit();
    await connection.close();
    expect(contents()).toContain('PG_VERSION');
    expect(readdirSync(folder).filter((name) => name.includes('staging'))).toEqual([]);
  });

  it('that exists and is cancelled in the middle of a script is unchanged', async () => {
    expect(await provision(target(), small, { strict: true })).toMatchObject({
      outcome: 'provisioned',
      database: target().folder,
    });
    expect(isFailure(await cancelled(target().folder), 'DB_CANCELLED')).toBe(true);
    expect((await provision(target(), small, { strict: true })).outcome).toBe('appliedAgain');
  });

  it('whose task is cancelled ends soon, even in a statement that cannot be', async () => {
    const controller = new AbortController();
    const connection = await openDatabase(target(), { signal: controller.signal });
    const running = failureOf(() => connection.query('SELECT pg_sleep(600)'));
    controller.abort();
    expect(isFailure(await running, 'DB_CANCELLED')).toBe(true);
    await connection.close();
    const next = await openDatabase(target());
    expect(await next.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
    await next.close();
  }, 20_000);

  it('in the same folder through a link is in use too', async () => {
    const link = path.join(folder, 'link');
    symlinkSync(target().folder, link);
    const connection = await openDatabase(target());
    expect(isFailure(await failureOf(() => openDatabase({ ...target(), folder: link })), 'DB_EMBEDDED_IN_USE')).toBe(true);
    await connection.close();
  });

  it('whose path is a file is refused with that reason, and nothing is left behind', async () => {
    const place = path.join(folder, 'file');
    writeFileSync(place, 'a file');
    for (const name of [place, path.join(place, 'below')])
      expect(await failureOf(() => openDatabase({ ...target(), folder: name }))).toMatchObject({
        code: 'OUTPUT_NOT_A_FOLDER',
        message: expect.stringContaining(`${place} is not a folder`),
      });
    expect(existsSync(`${place}.lock`)).toBe(false);
  });

  it('that the engine cannot open is reported with advice that does not mention the network', async () => {
    const place = path.join(folder, 'broken');
    mkdirSync(place);
    writeFileSync(path.join(place, 'PG_VERSION'), '18');
    const error = await failureOf(() => openDatabase({ ...target(), folder: place }));
    expect(isFailure(error, 'DB_UNREACHABLE')).toBe(true);
    expect((error as Error).message).toContain(`Remove ${place} and provision it again, or name another folder.`);
    expect(readdirSync(place)).toEqual(['PG_VERSION']);
  });
});

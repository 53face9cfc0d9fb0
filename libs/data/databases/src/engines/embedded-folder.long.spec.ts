import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processStart } from '@dms/files';
import { givenScript, trusted } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { small } from '../../test/schema-sets.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { isFailure } from '../failures/failure.ts';
import { provision } from '../provisioning/provision.ts';
import { expectDatabase } from './embedded-folder.ts';
import { takeFolder } from './embedded-lock.ts';

const isRoot = process.geteuid?.() === 0;

/** Runs work as another user than root, because the system denies nothing to root. */
async function asOther<Result>(work: () => Promise<Result>): Promise<Result> {
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

let folder: string;
beforeAll(() => {
  // initdb syncs hundreds of files, which takes long on some disks
  const memory = '/dev/shm';
  folder = mkdtempSync(path.join(existsSync(memory) ? memory : tmpdir(), 'dms-embedded-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('holds the id of the process, keeps others out and is released', async () => {
    const place = path.join(folder, 'a');
    const giveBack = takeFolder(place);
    expect(readFileSync(`${place}.lock`, 'utf8')).toMatch(new RegExp(`^${process.pid}(?: \\d+)?$`));
    const error = await failureOf(async () => takeFolder(place));
    expect(isFailure(error, 'DB_EMBEDDED_IN_USE')).toBe(true);
    if (isFailure(error))
      expect(error.diagnostics[0]).toMatchObject({ where: { file: place }, details: { process: process.pid } });
    giveBack();
    expect(existsSync(`${place}.lock`)).toBe(false);
    takeFolder(place)();
  });

  it.each([
    ['a link to the folder above', (top: string) => path.join(top, 'link', 'c')],
    ['dots', (top: string) => `${top}/link/./../in/c`],
    ['a link in a link', (top: string) => path.join(top, 'further', 'link', 'c')],
  ])('is one lock for a folder that is named by %s', async (_, named) => {
    const top = mkdtempSync(path.join(folder, 'linked-'));
    mkdirSync(path.join(top, 'in'));
    symlinkSync(path.join(top, 'in'), path.join(top, 'link'));
    symlinkSync(top, path.join(top, 'further'));
    const giveBack = takeFolder(path.join(top, 'in', 'c'));
    expect(isFailure(await failureOf(async () => takeFolder(named(top))), 'DB_EMBEDDED_IN_USE')).toBe(true);
    giveBack();
    takeFolder(named(top))();
    rmSync(top, { recursive: true });
  });

  it('is kept by another running process, and taken over from one that has ended', async () => {
    const place = path.join(folder, 'b');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const start = processStart(other.pid ?? 0);
    for (const lock of [`${other.pid}`, ...(start === null ? [] : [`${other.pid} ${start}`])]) {
      writeFileSync(`${place}.lock`, lock);
      expect(isFailure(await failureOf(async () => takeFolder(place)), 'DB_EMBEDDED_IN_USE')).toBe(true);
    }
    // the lock is of an earlier process with the same id
    if (start !== null) {
      writeFileSync(`${place}.lock`, `${other.pid} ${BigInt(start) - 1n}`);
      takeFolder(place)();
    }
    writeFileSync(`${place}.lock`, String(other.pid));
    expect(isFailure(await failureOf(async () => takeFolder(place)), 'DB_EMBEDDED_IN_USE')).toBe(true);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    takeFolder(place)();
    for (const left of ['nonsense', '', String(process.pid)]) {
      // an earlier process had this id, as in a restarted container
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
    const running = failureOf(() => connection.query(trusted('SELECT pg_sleep(600)')));
    controller.abort();
    expect(isFailure(await running, 'DB_CANCELLED')).toBe(true);
    await connection.close();
    const next = await openDatabase(target());
    expect(await next.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
    await next.close();
  });

  it('in the same folder through a link is in use too', async () => {
    const link = path.join(folder, 'link');
    symlinkSync(target().folder, link);
    const connection = await openDatabase(target());
    expect(isFailure(await failureOf(() => openDatabase({ ...target(), folder: link })), 'DB_EMBEDDED_IN_USE')).toBe(
      true,
    );
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
    expect((error as Error).message).toContain('postgresql.conf');
    expect((error as Error).message).toContain(`The data in ${place} are damaged. Copy the folder first;`);
    expect(readdirSync(place)).toEqual(['PG_VERSION']);
  });
});

describe('the folder of an embedded database', () => {
  const made = path.join('modes', 'db');
  const place = () => path.join(folder, made);
  const target = () => ({ kind: 'embedded', dialect: 'pgsql', folder: place() }) as const;
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
  /** Makes a database with a table. */
  const database = async (where = place()) => {
    const connection = await openDatabase({ ...target(), folder: where });
    await connection.begin();
    await connection.execute(givenScript('CREATE TABLE t (a int)'));
    await connection.commit();
    await connection.close();
  };
  /** Damages a copy of the database, and returns the failure to open it. */
  const damaged = async (name: string, damage: (copy: string) => void) => {
    const copy = path.join(folder, 'modes', name);
    cpSync(place(), copy, { recursive: true });
    damage(copy);
    const error = await failureOf(() => openDatabase({ ...target(), folder: copy }));
    return { copy, text: (error as Error).message, code: (error as { readonly code?: string }).code };
  };

  it.each([
    ['that was not there', false],
    ['that was there and empty', true],
  ])('is for its owner alone, with all of its files: %s', async (_, isThere) => {
    const where = isThere ? path.join(folder, 'modes', 'empty') : place();
    if (isThere) mkdirSync(where, { mode: 0o777, recursive: true });
    await database(where);
    const open = readdirSync(where, { recursive: true, encoding: 'utf8' }).filter(
      (name) => (statSync(path.join(where, name)).mode & 0o077) !== 0,
    );
    expect([modeOf(where), open]).toEqual(['700', []]);
  });

  it('is closed when its owner opens it', async () => {
    chmodSync(place(), 0o755);
    await (await openDatabase(target())).close();
    expect(modeOf(place())).toBe('700');
  });

  it.each([
    ['the folder', ''],
    ['a folder in it', 'base'],
    ['a file in it', path.join('global', 'pg_control')],
  ])('of another user is not called damaged, and the owner is named: %s', async (_, name) => {
    const closed = path.join(place(), name);
    if (isRoot) chmodSync(place(), 0o755);
    const mode = statSync(closed).mode & 0o777;
    chmodSync(closed, 0o000);
    const error = await asOther(() => failureOf(() => openDatabase(target())));
    chmodSync(closed, mode);
    expect(error).toMatchObject({ code: 'OUTPUT_DENIED', message: expect.stringContaining('EACCES') });
    expect((error as Error).message).toMatch(/ belongs to .+, mode \d+/);
    expect((error as Error).message).not.toMatch(/damaged|remove/i);
  });

  it('that is closed is not called missing', async () => {
    const closed = path.dirname(place());
    chmodSync(closed, 0o000);
    const error = await asOther(() => failureOf(async () => expectDatabase(target())));
    chmodSync(closed, 0o755);
    expect(error).toMatchObject({ code: 'INPUT_FILE_UNREADABLE', message: expect.stringContaining('EACCES') });
  });

  it('whose lock another user holds is a diagnostic', async () => {
    const lock = `${place()}.lock`;
    writeFileSync(lock, '1');
    chmodSync(path.dirname(place()), 0o500);
    const error = await asOther(() => failureOf(async () => takeFolder(place())));
    chmodSync(path.dirname(place()), 0o755);
    rmSync(lock);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:OUTPUT_DENIED|DB_EMBEDDED_IN_USE)$/) });
  });

  it('is to be removed only where the engine says that the data are damaged, and copied first', async () => {
    const short = await damaged('short', (copy) => writeFileSync(path.join(copy, 'base', '5', 'pg_filenode.map'), 'x'));
    expect([short.code, short.text]).toEqual([
      'DB_UNREACHABLE',
      expect.stringContaining('could not read file "base/5/pg_filenode.map"'),
    ]);
    expect(short.text).toContain(
      `The data in ${short.copy} are damaged. Copy the folder first; then restore a backup, or remove`,
    );
    const page = await damaged('page', (copy) =>
      writeFileSync(path.join(copy, 'base', '5', '1259'), Buffer.alloc(163_840, 7)),
    );
    expect(page.text).toContain('invalid page in block 0');
    const version = await damaged('version', (copy) => writeFileSync(path.join(copy, 'PG_VERSION'), '12\n'));
    expect(version.text).toContain('initialized by PostgreSQL version 12');
    expect(version.text).not.toMatch(/remove/i);
  });
});

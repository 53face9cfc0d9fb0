import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  it('holds the id of the process, keeps others out and is given back', async () => {
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

  it('is kept by another process that lives, and taken over from one that has ended', async () => {
    const place = path.join(folder, 'b');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync(`${place}.lock`, String(other.pid));
    expect(isFailure(await failureOf(async () => takeFolder(place)), 'DB_EMBEDDED_IN_USE')).toBe(true);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    takeFolder(place)();
    writeFileSync(`${place}.lock`, 'nonsense');
    takeFolder(place)();
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

  it('cancelled in the middle of a script is what it was before', async () => {
    const script = `${small.script}SELECT pg_sleep(60);\n\n`;
    const cancelled = await failureOf(() => provision(target(), { ...small, script }, { signal: AbortSignal.timeout(4_000) }));
    expect(isFailure(cancelled, 'DB_CANCELLED')).toBe(true);
    // an object left by it would be in the way
    expect(await provision(target(), small, { strict: true })).toMatchObject({
      outcome: 'provisioned',
      database: target().folder,
    });
    expect((await provision(target(), small)).outcome).toBe('appliedAgain');
  });

  it('that is no database is told of', async () => {
    const place = path.join(folder, 'no-database');
    writeFileSync(place, 'a file');
    const error = await failureOf(() => openDatabase({ kind: 'embedded', dialect: 'pgsql', folder: place }));
    expect(isFailure(error, 'DB_UNREACHABLE')).toBe(true);
    expect(existsSync(`${place}.lock`)).toBe(false);
  });
});

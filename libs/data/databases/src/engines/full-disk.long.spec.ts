import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { givenScript, trusted } from '@dms/sql';
import { afterAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { driverCodeOf, isFailure } from '../failures/failure.ts';

/* The behavior of an embedded database when the disk of its folder is full (design 09 §1.6). */

const mebibyte = 1024 ** 2;
const mount = mkdtempSync(path.join(tmpdir(), 'dms-full-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'none', mount]).status === 0;

afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', mount]);
  rmSync(mount, { recursive: true, force: true });
});

/** Fills the disk up to `left` free bytes; returns a function that frees the others. */
function fillUpTo(left: number): () => void {
  const { bavail, bsize } = statfsSync(mount);
  const file = path.join(mount, 'others');
  writeFileSync(file, Buffer.alloc(bavail * bsize - left));
  return () => rmSync(file);
}

describe.runIf(isMounted)('on a full disk (needs the right to mount a tmpfs)', () => {
  const target = { kind: 'embedded', dialect: 'pgsql', folder: path.join(mount, 'db') } as const;

  it('a statement ends although the engine does not, and what was committed stays', async () => {
    const before = await openDatabase(target);
    await before.begin();
    await before.execute(givenScript('CREATE TABLE t (a int); INSERT INTO t VALUES (1)'));
    await before.commit();
    await before.close();
    const full = await openDatabase(target);
    const giveBack = fillUpTo(4 * mebibyte);
    const error = await failureOf(async () => {
      // the next segment of the journal has 16 MB
      await full.execute(givenScript('BEGIN; INSERT INTO t VALUES (2)'));
      await full.query(trusted('SELECT pg_switch_wal()'));
      await full.execute(givenScript('INSERT INTO t VALUES (3); COMMIT'));
    });
    expect([isFailure(error, 'DB_CONNECTION_LOST'), driverCodeOf(error)]).toEqual([true, 'ENOSPC']);
    expect((error as Error).message).toContain('The disk of the database is full: make room.');
    expect(driverCodeOf(await failureOf(() => full.query(trusted('SELECT 1'))))).toBe('ENOSPC');
    await full.close();
    giveBack();
    const after = await openDatabase(target);
    expect(await after.query(trusted('SELECT a FROM t'))).toEqual([{ a: 1 }]);
    await after.close();
  });

  it('a statement whose rows do not fit is refused by the engine itself, and the session stays usable', async () => {
    const connection = await openDatabase(target);
    const giveBack = fillUpTo(mebibyte);
    const wide = 'CREATE UNLOGGED TABLE wide AS SELECT repeat(md5(g::text), 50) AS a FROM generate_series(1, 20000) g';
    const error = await failureOf(() => connection.execute(givenScript(wide)));
    expect([isFailure(error, 'DB_SQL'), driverCodeOf(error)]).toEqual([true, '53100']);
    expect(await connection.query(trusted('SELECT a FROM t'))).toEqual([{ a: 1 }]);
    giveBack();
    await connection.close();
  });

  it('the lock of a folder that does not fit leaves no file', async () => {
    const giveBack = fillUpTo(0);
    expect(((await failureOf(() => openDatabase(target))) as { code?: string }).code).toBe('OUTPUT_NO_SPACE');
    giveBack();
    await (await openDatabase(target)).close();
  });
});

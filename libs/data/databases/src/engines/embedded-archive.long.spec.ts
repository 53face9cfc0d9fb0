import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { givenScript, trusted } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from './embedded.ts';
import { archiveFile, embeddedArchive } from './embedded-folder.ts';

const target = { kind: 'embedded', dialect: 'pgsql', folder: null } as const;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-archive-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the archive of a new embedded database', () => {
  it('is made by the first database that finds no readable one, opened by the next, and unaffected by their changes', async () => {
    const archive = archiveFile(path.join(folder, 'cache', 'engine.tar.gz'));
    mkdirSync(path.join(folder, 'cache'));
    writeFileSync(path.join(folder, 'cache', 'engine.tar.gz'), 'no archive');
    const first = await openEmbedded(target, { archive });
    await first.execute(givenScript('CREATE TABLE t (a int)'));
    await first.close();
    const kept = archive.read();
    expect(kept?.length).toBeGreaterThan(1_000_000);
    expect(readdirSync(path.join(folder, 'cache'))).toEqual(['engine.tar.gz']);
    const asked: string[] = [];
    const second = await openEmbedded(target, {
      archive: { read: () => kept, keep: () => void asked.push('keep') },
    });
    await second.execute(givenScript('CREATE EXTENSION pgcrypto'));
    expect(await second.query(trusted("SELECT to_regclass('t') AS t, length(digest('x', 'sha1')) AS n"))).toEqual([
      { t: null, n: 20 },
    ]);
    await second.close();
    expect(asked).toEqual([]);
  });

  it('exists once for each version of the engine, beside the engine', () => {
    const engine = path.join(folder, 'node_modules', '@electric-sql', 'pglite');
    mkdirSync(path.join(engine, 'dist'), { recursive: true });
    writeFileSync(path.join(engine, 'package.json'), '{ "version": "1.2.3" }');
    const archive = embeddedArchive(path.join(engine, 'dist', 'index.cjs'));
    expect(archive.read()).toBeNull();
    archive.keep(Buffer.from('x'));
    expect(readFileSync(path.join(folder, 'node_modules', '.cache', 'dms', 'pglite-1.2.3.tar.gz'), 'utf8')).toBe('x');
  });

  it('does not exist if it cannot be stored', () => {
    const file = path.join(folder, 'occupied');
    writeFileSync(file, '');
    const archive = archiveFile(path.join(file, 'engine.tar.gz'));
    archive.keep(Buffer.from('x'));
    expect(archive.read()).toBeNull();
    const elsewhere = embeddedArchive(path.join(folder, 'store', 'pglite', 'dist', 'index.cjs'));
    elsewhere.keep(Buffer.from('x'));
    expect(elsewhere.read()).toBeNull();
  });
});

describe('an embedded database in a folder of its caller', () => {
  it('is copied with everything that was committed, and the copy is independent afterwards', async () => {
    const [place, copy] = [path.join(folder, 'place'), path.join(folder, 'copy')];
    const first = await openEmbedded(target, { place });
    await first.execute(
      givenScript(
        'CREATE EXTENSION pgcrypto; CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 1000)',
      ),
    );
    await first.copyTo?.(copy);
    const second = await openEmbedded(target, { place: copy });
    await first.execute(givenScript('DELETE FROM t WHERE a > 1'));
    await second.execute(givenScript('INSERT INTO t VALUES (1001)'));
    const counted = "SELECT count(*)::int4 AS n, length(digest('x', 'sha1')) AS l FROM t";
    expect([await first.query(trusted(counted)), await second.query(trusted(counted))]).toEqual([
      [{ n: 1, l: 20 }],
      [{ n: 1001, l: 20 }],
    ]);
    await first.close();
    await second.close();
  });

  it('has the right rows after its files have shrunk, grown and been replaced', async () => {
    const place = path.join(folder, 'sizes');
    const first = await openEmbedded(target, { place });
    const counted = trusted('SELECT count(*)::int4 AS n, sum(a)::int4 AS s FROM t');
    const fill = givenScript('INSERT INTO t SELECT a, repeat(md5(a::text), 10) FROM generate_series(1, 2000) AS a');
    await first.execute(givenScript('CREATE TABLE t (a int, b text)'));
    const rows: unknown[] = [];
    // each of them needs another size of a file: of the same name, or of a new one
    for (const shrink of ['DELETE FROM t', 'TRUNCATE t', 'DELETE FROM t WHERE a > 10']) {
      await first.execute(fill);
      rows.push(...(await first.query(counted)));
      await first.execute(givenScript(shrink));
      await first.execute(givenScript('VACUUM t'));
      rows.push(...(await first.query(counted)));
    }
    await first.execute(fill);
    await first.execute(givenScript('VACUUM FULL pg_class'));
    await first.execute(givenScript('CREATE INDEX ON t (a)'));
    await first.close();
    const second = await openEmbedded(target, { place });
    rows.push(...(await second.query(counted)));
    await second.close();
    const all = { n: 2000, s: 2_001_000 };
    const none = { n: 0, s: null };
    expect(rows).toEqual([all, none, all, none, all, { n: 10, s: 55 }, { n: 2010, s: 2_001_055 }]);
  });

  it('is opened again from its folder', async () => {
    const place = path.join(folder, 'again');
    const first = await openEmbedded(target, { place });
    await first.execute(givenScript('CREATE TABLE t (a int); INSERT INTO t VALUES (7)'));
    await first.close();
    const second = await openEmbedded(target, { place });
    expect(await second.query(trusted('SELECT a FROM t'))).toEqual([{ a: 7 }]);
    await second.close();
  });
});

import { introspect, preparedText, recordTable, withPreparingLock } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { after, before, edited, index, isPrepared, preparingBench, steps } from '../../test/preparing-bench.ts';
import { withOwner } from '../../test/school-pairs.ts';
import { applyUpgrade, prepareDatabase, prepareUpgrade, surveyUpgrade, undoPreparation } from '../index.ts';
import type { Retry } from './retried.ts';

/* Preparations that others hold up, cut short, undo in part or build on (design 12a §5). */

const bench = preparingBench();

const codeOf = async (action: () => Promise<unknown>) => (await errorOf(action)).diagnostics[0].code;

describe('a preparation', () => {
  it('tries again while others hold a lock, names them in the end, and goes on where it was', async () => {
    await bench.other.begin();
    await bench.other.execute(givenScript('LOCK TABLE core."District" IN ROW EXCLUSIVE MODE'));
    const [session] = await bench.other.query<{ id: number }>(trusted('SELECT pg_backend_pid() AS id'));
    const retries: Retry[] = [];
    const limits = { lock: 1500, retries: 1 };
    const error = await errorOf(() =>
      prepareDatabase(bench.target, before, after, { limits, onRetry: (retry) => retries.push(retry) }),
    );
    const [{ code, message }] = error.diagnostics;
    expect([code, retries.map(({ what, attempt }) => [what, attempt])]).toEqual([
      'UPGRADE_LOCKED',
      [['add foreign key: core.Room', 1]],
    ]);
    expect(message).toContain('did not get its lock in 2 attempts of 1500 ms');
    expect(message).toContain(`session ${session?.id}`);
    const released = bench.other.rollback();
    const { made, found } = await prepareDatabase(bench.target, before, after);
    await released;
    expect([made.map(({ kind }) => kind), found]).toEqual([['add foreign key', 'validate foreign key'], 4]);
  });

  it('limits every wait: while it reads the catalog, before an index, and when it is undone', async () => {
    const limits = { lock: 100, retries: 1 };
    const held = async (table: string, work: () => Promise<unknown>) => {
      await bench.other.begin();
      await bench.other.execute(givenScript(`LOCK TABLE ${table}`));
      const error = await errorOf(work);
      await bench.other.rollback();
      return [error.code, error.message.includes('did not get its lock in 2 attempts of 100 ms')];
    };
    const prepare = () => prepareDatabase(bench.target, before, after, { limits });
    expect(await held('dms."EffectiveSchema"', prepare)).toEqual(['UPGRADE_LOCKED', true]);
    expect(await isPrepared(bench.connection)).toBe(false);
    await prepareDatabase(bench.target, before, after);
    await bench.connection.execute(givenScript(`DROP INDEX core."${index}"`));
    expect(await held('core."Room"', prepare)).toEqual(['UPGRADE_LOCKED', true]);
    const undo = () => undoPreparation(bench.connection, { limits });
    expect(await held(`${recordTable.schema}."${recordTable.name}"`, undo)).toEqual(['UPGRADE_LOCKED', true]);
    expect(await held('core."Room"', undo)).toEqual(['UPGRADE_LOCKED', true]);
    await undoPreparation(bench.connection);
    expect(await isPrepared(bench.connection)).toBe(false);
  });

  it('is made again where somebody removed a part of it; an upgrade refuses until then', async () => {
    await prepareUpgrade(bench.connection, before, after);
    await bench.connection.execute(givenScript(`DROP INDEX core."${index}"`));
    const error = await errorOf(() => applyUpgrade(bench.connection, before, after));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARED_GONE');
    expect(error.diagnostics[0].message).toContain(`index core.Room.${index}`);
    expect((await prepareUpgrade(bench.connection, before, after)).made.map(({ kind }) => kind)).toEqual([
      'create index concurrently',
    ]);
    expect(await applyUpgrade(bench.connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 4 });
  });

  it('replaces an index whose build was broken off; an upgrade replaces it too', async () => {
    const brokenOff = async () => {
      await bench.connection.execute(
        givenScript(`UPDATE ${recordTable.schema}."${recordTable.name}" SET "IsDone" = false WHERE "Kind" = 'index'`),
      );
      await bench.connection.execute(
        givenScript(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'core."${index}"'::regclass`),
      );
    };
    await prepareUpgrade(bench.connection, before, after);
    await brokenOff();
    expect((await prepareUpgrade(bench.connection, before, after)).made.map(({ kind }) => kind)).toEqual([
      'create index concurrently',
    ]);
    await brokenOff();
    expect(await applyUpgrade(bench.connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 3 });
  });

  it('is for one upgrade', async () => {
    const another = edited((set) => {
      set.properties('schools').motto = build.string(20);
    });
    await prepareUpgrade(bench.connection, before, another);
    expect(await codeOf(() => prepareUpgrade(bench.connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect(await codeOf(() => applyUpgrade(bench.connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect(await codeOf(() => surveyUpgrade(bench.connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect((await surveyUpgrade(bench.connection, before, another)).state).toBe('before');
    await undoPreparation(bench.connection);
    expect(await applyUpgrade(bench.connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 0 });
  });

  it('and an upgrade keep away from another preparation that is at work', async () => {
    let made: Promise<unknown> = Promise.resolve();
    const waiting: string[] = [];
    await withPreparingLock(bench.other, async () => {
      const error = await errorOf(() => applyUpgrade(bench.connection, before, after));
      expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARE_RUNNING');
      expect(error.diagnostics[0].message).toContain('process ');
      made = prepareDatabase(bench.target, before, after, { onWaiting: (holder) => waiting.push(holder) });
      await expect.poll(() => waiting.length, { timeout: 5000 }).toBe(1);
    });
    expect(await made).toMatchObject({ outcome: 'prepared' });
  });
});

/**
 * Foreign objects that use prepared objects: the name, the statement that creates it and the statement that removes it.
 */
const usesOfPrepared = [
  [
    'view public.mine',
    'CREATE VIEW public.mine AS SELECT "Owner_DocumentId" FROM core."Room"',
    'DROP VIEW public.mine',
  ],
  ['index core.mine', 'CREATE INDEX mine ON core."Room" ("Owner_DistrictId")', 'DROP INDEX core.mine'],
  [
    'table constraint theirs_a_b_fkey on public.theirs',
    'CREATE TABLE public.theirs (a bigint, b int, FOREIGN KEY (a, b) REFERENCES core."RoomDevice" ("Room_DocumentId", "Ordinal"))',
    'DROP TABLE public.theirs',
  ],
  [
    'table column core."RoomDevice".mine',
    'ALTER TABLE core."RoomDevice" ADD COLUMN mine int',
    'ALTER TABLE core."RoomDevice" DROP mine',
  ],
  ['index core.mine', 'CREATE INDEX mine ON core."RoomDevice" ("Name")', 'DROP INDEX core.mine'],
] as const;

describe('the removal of a preparation', () => {
  it('leaves the database as it was, wherever the preparation ended', async () => {
    for (const count of [1, 2, 4, steps.length]) {
      const stop = new AbortController();
      const onProgress = ({ statement }: { readonly statement: number }) => {
        if (statement > count) stop.abort();
      };
      const end = await prepareUpgrade(bench.connection, before, after, { onProgress, signal: stop.signal }).catch(
        (error: unknown) => error,
      );
      expect(end instanceof DmsError).toBe(count < steps.length);
      const { removed } = await undoPreparation(bench.connection);
      expect(removed.length).toBeGreaterThan(0);
      const { catalog, prepared } = await introspect(bench.connection);
      expect([catalog, prepared]).toEqual([{ ...before.catalog, fingerprint: catalog.fingerprint }, null]);
    }
    expect(await undoPreparation(bench.connection)).toEqual({ removed: [] });
  });

  it('is refused while others depend on what was prepared, or have parts that would go with it', async () => {
    const later = edited(withOwner, (set) => {
      set.properties('rooms').devices = build.array(build.object({ name: build.string(20) }, ['name']));
    });
    await prepareUpgrade(bench.connection, before, later);
    expect((await undoPreparation(bench.connection)).removed.map(preparedText)).toContain('table core.RoomDevice');
    for (const [text, make, remove] of usesOfPrepared) {
      await prepareUpgrade(bench.connection, before, later);
      await bench.connection.execute(givenScript(make));
      const [{ code, message }] = (await errorOf(() => undoPreparation(bench.connection))).diagnostics;
      expect(code).toBe('UPGRADE_VIEWS_OBJECT');
      expect(message).toContain(`others have built on what was prepared for an upgrade: ${text} (on `);
      expect(await isPrepared(bench.connection)).toBe(true);
      await bench.connection.execute(givenScript(remove));
      await undoPreparation(bench.connection);
      const { catalog, prepared } = await introspect(bench.connection);
      expect([catalog, prepared]).toEqual([{ ...before.catalog, fingerprint: catalog.fingerprint }, null]);
    }
  });
});

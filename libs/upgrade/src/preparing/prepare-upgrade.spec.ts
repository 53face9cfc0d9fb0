import {
  type Connection,
  introspect,
  openDatabase,
  parseTarget,
  preparedText,
  recordTable,
  type ServerTarget,
  withPreparingLock,
} from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { openDocuments } from '@dms/documents';
import { toJsonValue } from '@dms/files';
import { build, createScratchDatabase, refusalOf, type ScratchDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Compiled, compiled, emptied } from '../../test/bench.ts';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { type EditableSet, schools } from '../../test/schools.ts';
import {
  applyUpgrade,
  prepareDatabase,
  prepareUpgrade,
  surveyUpgrade,
  undoPreparation,
  upgradeDatabase,
} from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationSteps } from '../plan/upgrade-plan.ts';
import type { Retry } from './retried.ts';

/* What an operator meets while a database is prepared and works on (design 12 §14). */

let database: ScratchDatabase;
let target: ServerTarget;
let connection: Connection;
let other: Connection;

const withOwner = (set: EditableSet) => {
  set.properties('rooms').ownerReference = build.object({ districtId: build.integer() }, ['districtId']);
  set.mapping('rooms').Owner = build.reference(
    'Core:District',
    [['$.districtId', '$.ownerReference.districtId']],
    false,
  );
};

const edited = (...edits: readonly ((set: EditableSet) => void)[]): Compiled => {
  const set = schools();
  for (const edit of edits) edit(set);
  return compiled(set.documents);
};

const before = edited();
const after = edited(withOwner);
const steps = preparationSteps(planUpgrade(before, after));
const objects = steps.flatMap((step) => step.objects.map(preparedText));
const index =
  objects
    .find((name) => name.startsWith('index '))
    ?.split('.')
    .at(-1) ?? '';

beforeAll(async () => {
  database = await createScratchDatabase();
  const parsed = parseTarget(database.url, 'pgsql').target;
  if (parsed.kind !== 'server') throw new Error(parsed.kind);
  target = parsed;
}, 60_000);
afterAll(() => database.drop());

beforeEach(async () => {
  [connection, other] = [await openDatabase(target), await openDatabase(target)];
  await emptied(connection);
  await connection.execute(before.script);
}, 60_000);
// closing the sessions ends whatever a test left open
afterEach(async () => {
  await other.close();
  await connection.close();
});

const codeOf = async (action: () => Promise<unknown>) => (await refusalOf(action)).diagnostics[0].code;

/** Whether the record exists. */
const isPrepared = async () => (await introspect(connection)).prepared !== null;

describe('a preparation', () => {
  it('has the steps of a reference: columns, their check, the index, the foreign key', () => {
    expect(steps.map(({ kind, subject, target: to }) => [kind, subject, to])).toEqual([
      ['add columns', 'core.Room', null],
      ['add check', 'core.Room', null],
      ['validate check', 'core.Room', null],
      ['create index concurrently', 'core.Room', null],
      ['add foreign key', 'core.Room', 'core.District'],
      ['validate foreign key', 'core.Room', 'core.District'],
    ]);
  });

  it.each([
    'optional that becomes required',
    'unique elements',
    'an equality of values that are equal',
    'a longer string',
  ])('is never of what rows of the earlier set may violate, or what takes nothing but the catalog: %s', (name) => {
    const evolution = evolutions[name];
    if (!evolution) throw new Error(`there is no evolution ${name}`);
    const [earlier, later] = evolutionPair(evolution);
    expect(preparationSteps(planUpgrade(earlier, later))).toEqual([]);
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const { outcome, made } = await prepareUpgrade(connection, before, after, { dryRun: true });
    expect([outcome, made]).toEqual(['dryRun', steps]);
    expect(await isPrepared()).toBe(false);
  });

  it('leaves the database with its set, and an upgrade finds it done', async () => {
    await prepareUpgrade(connection, before, after);
    const { catalog, prepared } = await introspect(connection);
    expect(catalog).toEqual({ ...before.catalog, fingerprint: catalog.fingerprint });
    expect(prepared?.flatMap((step) => step.objects.map(preparedText))).toEqual(objects);
    expect(await prepareUpgrade(connection, before, after)).toMatchObject({ made: [], found: steps.length });
    expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 4 });
    expect(await isPrepared()).toBe(false);
    expect((await prepareUpgrade(connection, before, after)).outcome).toBe('alreadyUpgraded');
  }, 60_000);

  it('tries again while others hold a lock, names them in the end, and goes on where it was', async () => {
    await other.begin();
    await other.execute('LOCK TABLE core."District" IN ROW EXCLUSIVE MODE');
    const [session] = await other.query<{ id: number }>('SELECT pg_backend_pid() AS id');
    const retries: Retry[] = [];
    const limits = { lock: 1500, retries: 1 };
    const error = await refusalOf(() =>
      prepareDatabase(target, before, after, { limits, onRetry: (retry) => retries.push(retry) }),
    );
    const [{ code, message }] = error.diagnostics;
    expect([code, retries.map(({ what, attempt }) => [what, attempt])]).toEqual([
      'UPGRADE_LOCKED',
      [['add foreign key: core.Room', 1]],
    ]);
    expect(message).toContain('did not get its lock in 2 attempts of 1500 ms');
    expect(message).toContain(`session ${session?.id}`);
    const released = other.rollback();
    const { made, found } = await prepareDatabase(target, before, after);
    await released;
    expect([made.map(({ kind }) => kind), found]).toEqual([['add foreign key', 'validate foreign key'], 4]);
  }, 60_000);

  it('limits every wait: while it reads the catalog, before an index, and when it is undone', async () => {
    const limits = { lock: 100, retries: 1 };
    const held = async (table: string, work: () => Promise<unknown>) => {
      await other.begin();
      await other.execute(`LOCK TABLE ${table}`);
      const error = await refusalOf(work);
      await other.rollback();
      return [error.code, error.message.includes('did not get its lock in 2 attempts of 100 ms')];
    };
    const prepare = () => prepareDatabase(target, before, after, { limits });
    expect(await held('dms."EffectiveSchema"', prepare)).toEqual(['UPGRADE_LOCKED', true]);
    expect(await isPrepared()).toBe(false);
    await prepareDatabase(target, before, after);
    await connection.execute(`DROP INDEX core."${index}"`);
    expect(await held('core."Room"', prepare)).toEqual(['UPGRADE_LOCKED', true]);
    const undo = () => undoPreparation(connection, { limits });
    expect(await held(`${recordTable.schema}."${recordTable.name}"`, undo)).toEqual(['UPGRADE_LOCKED', true]);
    expect(await held('core."Room"', undo)).toEqual(['UPGRADE_LOCKED', true]);
    await undoPreparation(connection);
    expect(await isPrepared()).toBe(false);
  }, 60_000);

  it('refuses no write meanwhile', async () => {
    const store = openDocuments(other, before.plans);
    const district = (id: number) => ({ projectName: 'Core', resourceName: 'District', id });
    let isDone = false;
    const outcomes: string[] = [];
    const writing = (async () => {
      for (let id = 1; !isDone || id < 20; id += 1) {
        const { projectName, resourceName } = district(id);
        const document = toJsonValue({ districtId: id });
        const [outcome] = await store.upsertBatch({ projectName, resourceName }, [{ document: document as never }]);
        outcomes.push(outcome?.kind ?? 'none');
      }
    })();
    await prepareDatabase(target, before, after, { limits: { pause: 20 } });
    isDone = true;
    await writing;
    expect([...new Set(outcomes)]).toEqual(['inserted']);
    expect(await upgradeDatabase(target, before, after)).toMatchObject({
      outcome: 'upgraded',
      documents: outcomes.length,
    });
  }, 60_000);

  it('is made again where somebody removed a part of it; an upgrade refuses until then', async () => {
    await prepareUpgrade(connection, before, after);
    await connection.execute(`DROP INDEX core."${index}"`);
    const error = await refusalOf(() => applyUpgrade(connection, before, after));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARED_GONE');
    expect(error.diagnostics[0].message).toContain(`index core.Room.${index}`);
    expect((await prepareUpgrade(connection, before, after)).made.map(({ kind }) => kind)).toEqual([
      'create index concurrently',
    ]);
    expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 4 });
  }, 60_000);

  it('replaces an index whose build was broken off; an upgrade replaces it too', async () => {
    const brokenOff = async () => {
      await connection.execute(
        `UPDATE ${recordTable.schema}."${recordTable.name}" SET "IsDone" = false WHERE "Kind" = 'index'`,
      );
      await connection.execute(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'core."${index}"'::regclass`);
    };
    await prepareUpgrade(connection, before, after);
    await brokenOff();
    expect((await prepareUpgrade(connection, before, after)).made.map(({ kind }) => kind)).toEqual([
      'create index concurrently',
    ]);
    await brokenOff();
    expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 3 });
  }, 60_000);

  it('refuses names that are taken', async () => {
    await connection.execute(`CREATE INDEX "${index}" ON core."Room" ("Floor")`);
    const error = await refusalOf(() => prepareUpgrade(connection, before, after));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARE_TAKEN');
    expect(error.diagnostics[0].message).toContain(`index core.Room.${index}`);
    expect(await isPrepared()).toBe(false);
  }, 60_000);

  it('is for one upgrade', async () => {
    const another = edited((set) => {
      set.properties('schools').motto = build.string(20);
    });
    await prepareUpgrade(connection, before, another);
    expect(await codeOf(() => prepareUpgrade(connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect(await codeOf(() => applyUpgrade(connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect(await codeOf(() => surveyUpgrade(connection, before, after))).toBe('UPGRADE_PREPARED_OTHER');
    expect((await surveyUpgrade(connection, before, another)).state).toBe('before');
    await undoPreparation(connection);
    expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 0 });
  }, 60_000);

  it('and an upgrade keep away from another preparation that is at work', async () => {
    let made: Promise<unknown> = Promise.resolve();
    const waiting: string[] = [];
    await withPreparingLock(other, async () => {
      const error = await refusalOf(() => applyUpgrade(connection, before, after));
      expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARE_RUNNING');
      expect(error.diagnostics[0].message).toContain('process ');
      made = prepareDatabase(target, before, after, { onWaiting: (holder) => waiting.push(holder) });
      await expect.poll(() => waiting.length, { timeout: 5000 }).toBe(1);
    });
    expect(await made).toMatchObject({ outcome: 'prepared' });
  }, 60_000);
});

/** What somebody makes of what was prepared: how it is named, and how it is made and removed. */
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
      const end = await prepareUpgrade(connection, before, after, { onProgress, signal: stop.signal }).catch(
        (error: unknown) => error,
      );
      expect(end instanceof DmsError).toBe(count < steps.length);
      const { removed } = await undoPreparation(connection);
      expect(removed.length).toBeGreaterThan(0);
      const { catalog, prepared } = await introspect(connection);
      expect([catalog, prepared]).toEqual([{ ...before.catalog, fingerprint: catalog.fingerprint }, null]);
    }
    expect(await undoPreparation(connection)).toEqual({ removed: [] });
  }, 60_000);

  it('is refused while others depend on what was prepared, or have parts that would go with it', async () => {
    const later = edited(withOwner, (set) => {
      set.properties('rooms').devices = build.array(build.object({ name: build.string(20) }, ['name']));
    });
    await prepareUpgrade(connection, before, later);
    expect((await undoPreparation(connection)).removed.map(preparedText)).toContain('table core.RoomDevice');
    for (const [text, make, remove] of usesOfPrepared) {
      await prepareUpgrade(connection, before, later);
      await connection.execute(make);
      const [{ code, message }] = (await refusalOf(() => undoPreparation(connection))).diagnostics;
      expect(code).toBe('UPGRADE_VIEWS_OBJECT');
      expect(message).toContain(`others have built on what was prepared for an upgrade: ${text} (on `);
      expect(await isPrepared()).toBe(true);
      await connection.execute(remove);
      await undoPreparation(connection);
      const { catalog, prepared } = await introspect(connection);
      expect([catalog, prepared]).toEqual([{ ...before.catalog, fingerprint: catalog.fingerprint }, null]);
    }
  }, 60_000);

  it('refuses to drop values that somebody wrote', async () => {
    const later = edited((set) => {
      set.properties('rooms').devices = build.array(build.object({ name: build.string(20) }, ['name']));
    });
    await prepareUpgrade(connection, before, later);
    await connection.execute('ALTER TABLE core."RoomDevice" DISABLE TRIGGER ALL');
    const names = later.catalog.tables.find(({ name }) => name === 'RoomDevice')?.columns.map(({ name }) => name) ?? [];
    const list = names.map((name) => `"${name}"`).join(', ');
    const values = names.map((name) => (name === 'Name' ? "'a'" : '1')).join(', ');
    await connection.execute(`INSERT INTO core."RoomDevice" (${list}) VALUES (${values})`);
    const error = await refusalOf(() => undoPreparation(connection));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARED_USED');
    expect(error.diagnostics[0].message).toContain('table core.RoomDevice');
    await connection.execute('DELETE FROM core."RoomDevice"');
    expect((await undoPreparation(connection)).removed.map(preparedText)).toEqual(['table core.RoomDevice']);
  }, 60_000);
});

import { introspect, preparedText } from '@dms/databases';
import { openDocuments } from '@dms/documents';
import { givenScript } from '@dms/sql';
import { build, errorOf } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import {
  after,
  before,
  edited,
  index,
  isPrepared,
  objects,
  preparingBench,
  steps,
} from '../../test/preparing-bench.ts';
import { applyUpgrade, prepareDatabase, prepareUpgrade, undoPreparation, upgradeDatabase } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationSteps } from '../plan/upgrade-plan.ts';

/* A preparation as an operator meets it, while the database works on (design 12a §5). */

const bench = preparingBench();

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
    const { outcome, made } = await prepareUpgrade(bench.connection, before, after, { dryRun: true });
    expect([outcome, made]).toEqual(['dryRun', steps]);
    expect(await isPrepared(bench.connection)).toBe(false);
  });

  it('refuses in a dry run what it refuses', async () => {
    await bench.connection.execute(givenScript('SET default_transaction_read_only = on'));
    try {
      for (const dryRun of [false, true]) {
        const error = await errorOf(() => prepareUpgrade(bench.connection, before, after, { dryRun }));
        expect([dryRun, error.code]).toEqual([dryRun, 'DB_READ_ONLY']);
      }
    } finally {
      await bench.connection.execute(givenScript('SET default_transaction_read_only = off'));
    }
  });

  it('leaves the database with its set, and an upgrade finds it done', async () => {
    await prepareUpgrade(bench.connection, before, after);
    const { catalog, prepared } = await introspect(bench.connection);
    expect(catalog).toEqual({ ...before.catalog, fingerprint: catalog.fingerprint });
    expect(prepared?.flatMap((step) => step.objects.map(preparedText))).toEqual(objects);
    expect(await prepareUpgrade(bench.connection, before, after)).toMatchObject({ made: [], found: steps.length });
    expect(await applyUpgrade(bench.connection, before, after)).toMatchObject({ outcome: 'upgraded', prepared: 4 });
    expect(await isPrepared(bench.connection)).toBe(false);
    expect((await prepareUpgrade(bench.connection, before, after)).outcome).toBe('alreadyUpgraded');
  });

  it('refuses no write meanwhile', async () => {
    const store = openDocuments(bench.other, before.plans);
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
    await prepareDatabase(bench.target, before, after, { limits: { pause: 20 } });
    isDone = true;
    await writing;
    expect([...new Set(outcomes)]).toEqual(['inserted']);
    expect(await upgradeDatabase(bench.target, before, after)).toMatchObject({
      outcome: 'upgraded',
      documents: outcomes.length,
    });
  });

  it('refuses names that are taken', async () => {
    await bench.connection.execute(givenScript(`CREATE INDEX "${index}" ON core."Room" ("Floor")`));
    const error = await errorOf(() => prepareUpgrade(bench.connection, before, after));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARE_TAKEN');
    expect(error.diagnostics[0].message).toContain(`index core.Room.${index}`);
    expect(await isPrepared(bench.connection)).toBe(false);
  });
});

describe('the removal of a preparation', () => {
  it('refuses to drop values that somebody wrote', async () => {
    const later = edited((set) => {
      set.properties('rooms').devices = build.array(build.object({ name: build.string(20) }, ['name']));
    });
    await prepareUpgrade(bench.connection, before, later);
    await bench.connection.execute(givenScript('ALTER TABLE core."RoomDevice" DISABLE TRIGGER ALL'));
    const names = later.catalog.tables.find(({ name }) => name === 'RoomDevice')?.columns.map(({ name }) => name) ?? [];
    const list = names.map((name) => `"${name}"`).join(', ');
    const values = names.map((name) => (name === 'Name' ? "'a'" : '1')).join(', ');
    await bench.connection.execute(givenScript(`INSERT INTO core."RoomDevice" (${list}) VALUES (${values})`));
    const error = await errorOf(() => undoPreparation(bench.connection));
    expect(error.diagnostics[0].code).toBe('UPGRADE_PREPARED_USED');
    expect(error.diagnostics[0].message).toContain('table core.RoomDevice');
    await bench.connection.execute(givenScript('DELETE FROM core."RoomDevice"'));
    expect((await undoPreparation(bench.connection)).removed.map(preparedText)).toEqual(['table core.RoomDevice']);
  });
});

import { type Connection, introspect } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type Evolution, evolutionPair, evolutions } from '../../test/evolutions.ts';
import { sessionForEach } from '../../test/sessions.ts';
import { trackedChanges } from '../../test/tracked-changes.ts';
import { expectUpgraded } from '../../test/upgraded.ts';
import { expectUpgradedV2 } from '../../test/upgraded-v2.ts';
import { prepareUpgrade } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparableStatements } from '../plan/upgrade-plan.ts';

/*
 * An upgrade after its preparation has the same result as one without: the catalog, the rows and the ids are those of a
 * fresh database.
 */

const all = Object.entries(evolutions);
/** Evolutions that have every kind of step. */
const chosen = [
  'an optional reference',
  'a resource that sorts last',
  'a reference that shares a part, so that a column becomes an alias',
];
const tried = [
  ...all.filter(([name]) => chosen.includes(name)),
  ...shareOf(all, 4).filter(([name]) => !chosen.includes(name)),
];

describe('a prepared database is upgraded', () => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  /** Prepares an upgrade; expects every statement that the plan calls preparable. */
  const prepared = async (
    session: Connection,
    sets: ReturnType<typeof evolutionPair>,
    allowLoss: readonly string[],
  ) => {
    const [before, after] = sets;
    const wanted = preparableStatements(planUpgrade(before, after, { allowLoss }));
    const { outcome, made } = await prepareUpgrade(session, before, after, { allowLoss });
    expect(outcome).toBe('prepared');
    expect(made).toEqual(wanted.flatMap(({ preparation }) => preparation.steps));
    const { catalog, prepared: record } = await introspect(session);
    expect((record ?? []).length).toBe(made.length);
    expect(catalog.fingerprint?.effectiveSchemaHash).toBe(before.info.effectiveSchemaHash);
    return wanted.length;
  };

  it.each(tried)('%s (v1)', async (_, evolution) => {
    const sets = evolutionPair(evolution);
    const { allowLoss = [] } = evolution;
    let count = -1;
    const prepare = async (session: Connection) => {
      await evolution.prepare?.(session);
      count = await prepared(session, sets, allowLoss);
    };
    const upgraded = await expectUpgraded(connection, ...sets, { allowLoss, prepare });
    expect(upgraded.prepared).toBe(count);
    expect((await introspect(connection)).prepared).toBeNull();
  });

  it.each(tried)('%s (v2)', async (name, evolution: Evolution) => {
    const sets = evolutionPair(evolution, 'v2');
    const tracked = trackedChanges[name] ?? { items: [] };
    const allowLoss = [...(evolution.allowLoss ?? []), ...(tracked.allowLoss ?? [])];
    let count = -1;
    const prepare = async (session: Connection) => {
      await evolution.prepare?.(session);
      for (const table of tracked.emptied ?? []) await session.execute(givenScript(`DELETE FROM ${table}`));
      count = await prepared(session, sets, allowLoss);
    };
    const later = evolution.prepare ? null : undefined;
    const upgraded = await expectUpgradedV2(connection, ...sets, { allowLoss, prepare, later });
    expect(upgraded.prepared).toBe(count);
  });
});

import { type Connection, openDatabase, type ServerTarget } from '@dms/databases';
import { type DocumentStore, openDocuments } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { errorOf, isThorough, type PostgresDatabase, usualGenerations } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evolutions } from '../../test/evolutions.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import type { EditableSet } from '../../test/schools.ts';
import { serverDatabase } from '../../test/sessions.ts';
import { prepareDatabase, upgradeDatabase } from '../index.ts';

/*
 * A service that writes while upgrades come and go. Nobody is the victim of a deadlock, and nobody waits for long
 * (design 12a §2.1).
 */

/** Number of upgrades; one of every four is prepared. A thorough search makes more. */
const upgrades = isThorough ? 20 : 8;

/** A set, and a later one with a wider column, a reference between tables that are written, and a new resource. */
const given = (set: EditableSet) => {
  set.resource('rooms').allowIdentityUpdates = true;
};

const edit = (set: EditableSet) => {
  for (const name of ['a longer string', 'an optional reference', 'a resource that sorts last'])
    evolutions[name]?.edit(set);
  withMotto(set);
};

const named = (resourceName: string) => ({ projectName: 'Core', resourceName });
const plain = (members: object) => toJsonValue(members) as JsonObject;
const room = (roomCode: string) => plain({ roomCode, schoolReference: { schoolId: 1 } });
const school = (schoolId: number, label = 'new') => plain({ schoolId, label });

/** The writes of a service, each repeated in a session of its own; `turn` counts from 1. */
const deeds: Readonly<Record<string, (store: DocumentStore, turn: number) => Promise<unknown>>> = {
  insert: (store, turn) => store.upsert(named('School'), school(1000 + turn)),
  replace: (store, turn) => store.upsert(named('School'), school(1, `turn ${turn}`)),
  'insert and delete': async (store, turn) => {
    const { uuid } = await store.upsert(named('School'), school(2_000_000 + turn));
    await store.remove(uuid);
  },
  move: async (store, turn) => {
    const [first] = await store.scan(named('Room'), { limit: 1 });
    await store.replace(named('Room'), first?.uuid ?? '', room(`room ${turn}`));
  },
};

describe.each(usualGenerations('v1'))('a service of %s', (version) => {
  const [before, after] = schoolPair(edit, { version, given });
  let database: PostgresDatabase;
  let target: ServerTarget;
  let other: Connection;

  beforeEach(async () => {
    ({ database, target } = await serverDatabase());
    other = await openDatabase(target);
    await other.execute(givenScript(before.script));
    const store = openDocuments(other, before.plans);
    await store.upsert(named('School'), school(1));
    await store.upsert(named('Room'), room('room 0'));
  });

  afterEach(async () => {
    await other.close();
    await database.drop();
  });

  /**
   * Runs `work` while all writers write; returns the number of their writes and the longest time that one of them
   * needed, in milliseconds.
   */
  async function besideWriters(
    work: () => Promise<void>,
  ): Promise<{ readonly written: number; readonly longest: number }> {
    let isOver = false;
    let longest = 0;
    const writing = Object.values(deeds).map(async (deed) => {
      const connection = await openDatabase(target);
      // no retries: a writer that the server ends fails at once
      const store = openDocuments(connection, before.plans, { retry: { retries: 0 } });
      let turn = 0;
      try {
        while (!isOver) {
          turn += 1;
          const start = performance.now();
          await deed(store, turn);
          longest = Math.max(longest, performance.now() - start);
        }
      } finally {
        await connection.close();
      }
      return turn;
    });
    try {
      await work();
    } finally {
      isOver = true;
      // no writer outlives its database
      await Promise.allSettled(writing);
    }
    const turns = await Promise.all(writing);
    return { written: turns.reduce((sum, turn) => sum + turn, 0), longest };
  }

  const deadlocks = async () => {
    const [row] = await other.query<{ n: number }>(
      trusted('SELECT deadlocks::int4 AS n FROM pg_stat_database WHERE datname = current_database()'),
    );
    return row?.n;
  };

  it(`goes on during ${upgrades} upgrades, prepared and not, there and back`, async () => {
    const { written, longest } = await besideWriters(async () => {
      for (let number = 0; number < upgrades; number += 1) {
        const [from, to] = number % 2 === 0 ? [before, after] : [after, before];
        const options = { allowLoss: ['all'] };
        if (number % 4 === 0)
          expect(await prepareDatabase(target, from, to, options)).toMatchObject({ outcome: 'prepared' });
        expect(await upgradeDatabase(target, from, to, options)).toMatchObject({ outcome: 'upgraded' });
      }
    });
    expect(written).toBeGreaterThan(4 * upgrades);
    expect(longest).toBeLessThan(5000);
    expect(await deadlocks()).toBe(0);
  });

  it('waits no longer than an attempt while a long transaction holds the upgrade up', async () => {
    await other.begin();
    await other.execute(givenScript('LOCK TABLE core."School" IN ROW EXCLUSIVE MODE'));
    const { longest } = await besideWriters(async () => {
      const error = await errorOf(() => upgradeDatabase(target, before, after, { limits: { lock: 6000 } }));
      expect(error.code).toBe('UPGRADE_LOCKED');
      expect(error.message).toContain('taking the locks of the upgrade waited 6000 ms for a lock that session');
    });
    // an attempt takes two seconds
    expect(longest).toBeLessThan(4000);
    await other.rollback();
    expect(await upgradeDatabase(target, before, after)).toMatchObject({ outcome: 'upgraded' });
  });
});

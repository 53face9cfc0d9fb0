import { type Connection, introspect, openDatabase, type ServerTarget } from '@dms/databases';
import { build, type MainGeneration, type PostgresDatabase, propertyRuns, usualGenerations } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schoolPair, withOwner } from '../../test/school-pairs.ts';
import { type EditableSet, simple } from '../../test/schools.ts';
import { ended, serverDatabase, spread, statementsOf } from '../../test/sessions.ts';
import { expectUpgraded } from '../../test/upgraded.ts';
import { expectUpgradedV2 } from '../../test/upgraded-v2.ts';
import { applyUpgrade, prepareUpgrade, undoPreparation } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationSteps } from '../plan/upgrade-plan.ts';

/*
 * Sessions that end while they prepare or upgrade: the next session goes on, and the result is that of a fresh database
 * (design 12a §5.2).
 */

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
  connection = await openDatabase(target);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** Steps of many kinds: a reference, a collection, a resource. */
const edit = (set: EditableSet) => {
  withOwner(set);
  set.properties('rooms').devices = build.array(build.object({ name: build.string(20) }, ['name']));
  set.add(simple('Absence'));
};

const setsOf = (version: MainGeneration) => schoolPair(edit, { version });

describe.each(usualGenerations('v1'))('a database of %s', (version) => {
  const [before, after] = setsOf(version);

  it('has steps of many kinds', () => {
    const kinds = new Set(preparationSteps(planUpgrade(before, after)).map(({ kind }) => kind));
    const wanted = [
      'add check',
      'add columns',
      'add foreign key',
      'add foreign key of new table',
      'create index concurrently',
      'create table',
      'validate check',
      'validate foreign key',
    ];
    expect(wanted.filter((kind) => !kinds.has(kind as never))).toEqual([]);
  });

  it('survives the end of sessions that prepare and of sessions that upgrade', async () => {
    const prepare = async () => {
      const whole = await statementsOf(target, (session) => prepareUpgrade(session, before, after));
      await undoPreparation(connection);
      for (const number of spread(whole, propertyRuns(20))) {
        const kill = () => ended(target, number, (session) => prepareUpgrade(session, before, after));
        if (!(await kill())) {
          // the steps of earlier runs made this run so short that it ended before the kill
          await undoPreparation(connection);
          expect(await kill()).toBe(true);
        }
        const { catalog } = await introspect(connection);
        expect(catalog).toEqual({ ...before.catalog, fingerprint: catalog.fingerprint });
      }
      const { found, made } = await prepareUpgrade(connection, before, after);
      expect(found + made.length).toBe(preparationSteps(planUpgrade(before, after)).length);
      const again = await introspect(connection);
      // everything but the commit
      const upgrade = (session: Connection) => applyUpgrade(session, before, after, { dryRun: true });
      for (const number of spread(await statementsOf(target, upgrade), propertyRuns(10)))
        expect(await ended(target, number, upgrade)).toBe(true);
      expect(await introspect(connection)).toEqual(again);
    };
    const upgraded =
      version === 'v1'
        ? await expectUpgraded(connection, before, after, { prepare })
        : await expectUpgradedV2(connection, before, after, { prepare });
    expect(upgraded.prepared).toBeGreaterThan(4);
  });

  it('is upgraded after a preparation that ended anywhere', async () => {
    for (let number = 12; number < 12 + 11 * propertyRuns(8); number += 11) {
      let isEnded = true;
      const prepare = async () => {
        isEnded = await ended(target, number, (session) => prepareUpgrade(session, before, after));
      };
      if (version === 'v1') await expectUpgraded(connection, before, after, { prepare });
      else await expectUpgradedV2(connection, before, after, { prepare });
      if (!isEnded) break;
    }
  });
});

import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { shareOf, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { databaseText } from '../bench.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { sessionForEach } from '../sessions.ts';
import { expectUpgraded } from '../upgraded.ts';
import { expectUpgradedV2 } from '../upgraded-v2.ts';

/* Each evolution reversed, with every loss permitted, as when a release is undone. */

/** The evolutions whose documents do not allow the way back, with the change that refuses it. */
const refused: Readonly<Record<string, string>> = {
  'an equality taken back': 'column unified: core.Section.School_SchoolId: 1 row',
  'two scalars apart again': 'column unified: core.Booking.Two: 1 row',
  'a wider decimal': 'type narrower: core.School.Fee: 2 rows',
  'required that becomes optional': 'column required: core.School.Label: 3 rows',
  'a new member of an abstract resource': 'resource removed: Core:Network: 1 row',
};

const upgradedIn = { v1: expectUpgraded, v2: expectUpgradedV2 } as const;

describe.each(usualGenerations())('a release that is undone, in %s,', (version) => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  it('has no evolution that is gone', () => {
    expect(Object.keys(refused).filter((name) => !(name in evolutions))).toEqual([]);
  });

  it.each(shareOf(Object.entries(evolutions), 4))('goes back: %s', async (name, evolution) => {
    const [earlier, later] = evolutionPair(evolution, version);
    const allowLoss = ['all'];
    const { items } = planUpgrade(later, earlier, { allowLoss });
    let text = '';
    const prepare = async (session: Connection) => {
      // recorded changes without the values of the earlier identity are lost, which the laws about kept rows do not
      // expect
      for (const { change, path } of items)
        if (change === 'tracked changes dropped')
          await session.execute(givenScript(`DELETE FROM "${path[0]?.replace('.', '"."')}"`));
      text = await databaseText(session);
    };
    const going = upgradedIn[version](connection, later, earlier, { allowLoss, prepare });
    const because = refused[name];
    if (because === undefined) {
      expect((await going).outcome).toBe('upgraded');
      return;
    }
    await expect(going).rejects.toMatchObject({
      code: 'UPGRADE_ROWS_OBJECT',
      message: expect.stringContaining(because),
    });
    expect(await databaseText(connection)).toBe(text);
  });
});

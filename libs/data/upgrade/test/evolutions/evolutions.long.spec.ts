import type { Connection } from '@dms/databases';
import { shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { sessionForEach } from '../sessions.ts';
import { expectUpgraded } from '../upgraded.ts';

const isTold = ({ class: itemClass, change }: UpgradeItem) =>
  itemClass !== 'free' || !/^(?:trigger|index|unique|check|foreign key|constraint) /.test(change);

const brief = ({ class: itemClass, change, path }: UpgradeItem) => [itemClass, change, ...path].join(' ');

/* On a server, which is faster; random evolutions and refusals run on the embedded engine. */

describe('a database of documents', () => {
  let connection: Connection;
  // a database that is emptied and filled again and again becomes slower each time
  sessionForEach((opened) => {
    connection = opened;
  });

  it.each(shareOf(Object.entries(evolutions), 4))('is upgraded: %s', async (_, evolution) => {
    const [before, after] = evolutionPair(evolution);
    const { prepare, allowLoss = [] } = evolution;
    const { plan } = await expectUpgraded(connection, before, after, {
      allowLoss,
      ...(prepare ? { prepare } : {}),
    });
    const items = plan.items.filter((item) => isTold(item) && item.change !== 'resource key').map(brief);
    expect(items.sort()).toEqual([...evolution.items].sort());
    expect(plan.verdict).toBe(evolution.verdict);
  });
});

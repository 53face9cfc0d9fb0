import type { Connection } from '@dms/databases';
import { ownSchema } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, openEmbedded } from '../test/bench.ts';
import { expectUpgraded } from '../test/upgraded.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await openEmbedded();
});
afterAll(() => connection.close());

describe('thin', () => {
  it('nothing', async () => {
    const set = compiled([ownSchema('campus'), ownSchema('athletics')]);
    const { planUpgrade } = await import('./index.ts');
    expect(planUpgrade(set, set)).toMatchObject({ items: [], statements: [] });
  });
  it('extension added', async () => {
    const before = compiled([ownSchema('campus')]);
    const after = compiled([ownSchema('campus'), ownSchema('athletics')]);
    const { plan } = await expectUpgraded(connection, before, after);
    console.log(plan.verdict, plan.items.length, plan.statements.length);
  }, 120_000);
  it('extension removed', async () => {
    const after = compiled([ownSchema('campus')]);
    const before = compiled([ownSchema('campus'), ownSchema('athletics')]);
    const { plan } = await expectUpgraded(connection, before, after, {allowLoss: ['all']});
    console.log(plan.verdict, plan.items.length, plan.statements.length);
  }, 120_000);
});

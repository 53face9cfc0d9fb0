import { diffByOrigin, diffCatalogs, serviceCatalog } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { ownSchema, ownSchemasV2, serviceProvisioning } from '@dms/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, emptied, readAll } from '../../test/bench.ts';
import { sessionForAll } from '../../test/sessions.ts';
import { rowTexts, writeRows, writeTrackedRows } from '../../test/written-rows.ts';
import { applyUpgrade, upgradeStatus } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';

/* Adopts a database of the service that has documents (design 12a §4). */

const [core, extension] = ownSchemasV2.map(ownSchema);
const set: Compiled = compiled([core], 'pgsql', 'v2');
const extended: Compiled = compiled([core, extension], 'pgsql', 'v2');
const service = serviceCatalog(set.catalog, set.inventory)!;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** Every row of every table, with all columns. */
const allRows = () => rowTexts(connection, set.catalog.tables);

const makerNow = async () => {
  const { catalog } = await introspect(connection);
  const { maker, diff, leftovers } = await diffByOrigin(set.catalog, catalog, async () => service);
  return [maker.kind, diff.differences, leftovers];
};

async function inTransaction(sql: string): Promise<void> {
  await connection.begin();
  await connection.execute(givenScript(sql));
  await connection.commit();
}

const asService = () => inTransaction(serviceProvisioning(set.catalog, service));

async function filledByService(): Promise<void> {
  await emptied(connection);
  await connection.execute(givenScript(set.script));
  await writeRows(connection, set, contentsOf(set.model));
  await writeTrackedRows(connection, set);
  await connection.execute(givenScript(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`));
  await asService();
}

const adopt = (dryRun = false) => applyUpgrade(connection, set, set, { adopt: true, dryRun });

describe('a database of the service', () => {
  beforeEach(filledByService);

  it('is adopted without a change of any row', async () => {
    const rows = await allRows();
    expect(await makerNow()).toEqual(['service', [], []]);
    expect((await upgradeStatus(connection)).maker).toBe('service');
    const dry = await adopt(true);
    expect([dry.outcome, await makerNow()]).toEqual(['dryRun', ['service', [], []]]);
    const { outcome, adoption, documents, diagnostics } = await adopt();
    // the rows have versions that no sequence has given
    expect([outcome, adoption?.verdict, diagnostics.map(({ code }) => code)]).toEqual([
      'upgraded',
      'free',
      ['UPGRADE_SEQUENCE_BEHIND'],
    ]);
    expect(documents).toBe(rows['dms.Document']?.length);
    expect(await makerNow()).toEqual(['dms-ddl', [], []]);
    expect(diffCatalogs(set.catalog, (await introspect(connection)).catalog).differences).toEqual([]);
    expect(await allRows()).toEqual(rows);
    const { history, plan, maker } = await upgradeStatus(connection);
    expect(maker).toBe('dms-ddl');
    expect(history.map(({ kind }) => kind)).toEqual(['adopted', 'began']);
    expect(plan).toBe(adoption?.hash);
    const again = await adopt();
    expect([again.outcome, again.adoption]).toEqual(['alreadyUpgraded', null]);
  });

  it('is upgraded only after it is adopted, or together with that', async () => {
    await expect(applyUpgrade(connection, set, extended)).rejects.toMatchObject({ code: 'UPGRADE_ADOPT_FIRST' });
    expect(await makerNow()).toEqual(['service', [], []]);
    const { outcome, adoption, plan } = await applyUpgrade(connection, set, extended, { adopt: true });
    expect([outcome, adoption?.purpose]).toEqual(['upgraded', 'adoption']);
    expect(diffCatalogs(extended.catalog, (await introspect(connection)).catalog).differences).toEqual([]);
    const { history } = await upgradeStatus(connection);
    expect(history.map(({ kind }) => kind)).toEqual(['upgraded', 'adopted', 'began']);
    expect(plan.hash).toBe(planUpgrade(set, extended).hash);
  });

  it('has the same documents after the service, the adoption and an upgrade to an extension', async () => {
    const documents = await readAll(connection, set);
    expect(documents.size).toBeGreaterThan(5);
    await adopt();
    expect(await readAll(connection, set)).toEqual(documents);
    expect((await applyUpgrade(connection, set, extended)).outcome).toBe('upgraded');
    expect(await readAll(connection, extended)).toEqual(documents);
  });
});

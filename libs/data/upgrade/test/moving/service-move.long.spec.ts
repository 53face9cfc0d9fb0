import { serviceCatalog } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { errorOf, serviceProvisioning } from '@dms/testing';
import { expect, it } from 'vitest';
import { applyUpgrade, upgradeStatus } from '../../src/index.ts';
import { type Compiled, compiled, contentsOf, databaseText, openEmbedded } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { schools } from '../schools.ts';
import { sessionForEach } from '../sessions.ts';
import { provisioned } from '../upgraded-v2.ts';

/* A database of the service in either shape, which is adopted and moves (design 22 §7, 12a §4). */

const { documents } = schools();
const hashed = compiled(documents, 'pgsql', 'v2');
const natural = compiled(documents, 'pgsql', 'v2-natural');

let connection: Connection;
sessionForEach((opened) => {
  connection = opened;
}, openEmbedded);

const kinds = async () => (await upgradeStatus(connection)).history.map(({ kind }) => kind);

/** Replaces the triggers and functions with those of the service. */
async function served({ catalog, inventory }: Compiled): Promise<void> {
  const service = serviceCatalog(catalog, inventory);
  if (service === null) throw new Error('the service has no databases of this generation');
  await connection.execute(givenScript(serviceProvisioning(catalog, service)));
  expect((await upgradeStatus(connection)).maker).toBe('service');
}

/** Expects that a move is refused before the adoption, and adopts the database with the move. */
async function movesAdopted(from: Compiled, to: Compiled): Promise<void> {
  expect((await errorOf(() => applyUpgrade(connection, from, to))).diagnostics.map(({ code }) => code)).toEqual([
    'UPGRADE_ADOPT_FIRST',
  ]);
  const { adoption, plan } = await applyUpgrade(connection, from, to, { adopt: true });
  expect([adoption?.purpose, plan.purpose]).toEqual(['adoption', 'move']);
  await expectCatalog(connection, to);
}

/** Expects that the adoption is refused while the key of an abstract resource is missing. */
async function refusesAdoption(set: Compiled): Promise<void> {
  const key = 'core."EducationOrganizationIdentity" DROP CONSTRAINT "UX_EducationOrganizationIdentity_NK"';
  await connection.execute(givenScript(`ALTER TABLE ${key}`));
  const before = await databaseText(connection);
  const refused = await errorOf(() => applyUpgrade(connection, set, set, { adopt: true }));
  expect(refused.diagnostics.map(({ code }) => code)).toEqual(['UPGRADE_DRIFTED']);
  expect(refused.message).toMatch(/E unique UX_EducationOrganizationIdentity_NK/);
  expect(await databaseText(connection)).toBe(before);
  await connection.execute(givenScript(`ALTER TABLE ${key.replace('DROP', 'ADD')} UNIQUE ("EducationOrganizationId")`));
}

it('a database of the service is adopted in either shape and moves, with the same rows', async () => {
  await provisioned(connection, hashed, contentsOf(hashed.model));
  const rows = await databaseText(connection);

  await served(hashed);
  await refusesAdoption(hashed);
  await movesAdopted(hashed, natural);
  expect(await kinds()).toEqual(['reshaped', 'adopted', 'began']);

  await served(natural);
  await refusesAdoption(natural);
  await movesAdopted(natural, hashed);
  expect(await kinds()).toEqual(['reshaped', 'adopted', 'reshaped', 'adopted', 'began']);
  expect(await databaseText(connection)).toBe(rows);
});

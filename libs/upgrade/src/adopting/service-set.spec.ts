import { serviceCatalog } from '@dms/catalog';
import { diffByMaker, type JudgedCatalog } from '@dms/change';
import { type Connection, introspectHere } from '@dms/databases';
import { ownSchema, ownSchemasV2, serviceProvisioning } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compiled, compiled, openEmbedded } from '../../test/bench.ts';

/* A database that the service's own tool made, judged by its own set (design 09 §4.4). */

const set: Compiled = compiled(ownSchemasV2.map(ownSchema), 'pgsql', 'v2');
const service = serviceCatalog(set.catalog, set.inventory)!;

let connection: Connection;
beforeAll(async () => {
  connection = await openEmbedded();
  await connection.execute(set.script);
}, 60_000);
afterAll(() => connection.close());

/** Judges the database after some statements, which are rolled back. */
async function judgedAfter(...statements: readonly string[]): Promise<JudgedCatalog> {
  await connection.begin();
  try {
    for (const sql of statements) await connection.execute(sql);
    const { catalog } = await introspectHere(connection);
    return await diffByMaker(set.catalog, catalog, async () => service);
  } finally {
    await connection.rollback();
  }
}

const asService = serviceProvisioning(set.catalog, service);

describe('the maker', () => {
  it('is dms-ddl after our script', async () => {
    const { maker, diff, leftovers } = await judgedAfter();
    expect([maker.kind, maker.service, diff.differences, leftovers]).toEqual(['dms-ddl', [], [], []]);
  });

  it('is the service after its own tool, and the database is what that makes', async () => {
    const { maker, diff, leftovers } = await judgedAfter(asService);
    expect(diff.differences).toEqual([]);
    expect([maker.kind, maker.ours, leftovers]).toEqual(['service', [], []]);
  });
});

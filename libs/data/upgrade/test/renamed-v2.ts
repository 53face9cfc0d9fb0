import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { expect } from 'vitest';
import { applyUpgrade, type Upgraded } from '../src/index.ts';
import { type Compiled, contentsOf, documentRows } from './bench.ts';
import { expectCatalog } from './expected-catalog.ts';
import { type ExpectRenamed, laterWritten, namesOf, relabelled } from './renamed.ts';
import { collectionIds, comparableContents, provisioned, trackedValues, wrongMirrors } from './upgraded-v2.ts';
import { writeTrackedRows } from './written-rows.ts';

/** The ids of all collection rows, regardless of table names. */
async function allCollectionIds(connection: Connection, set: Compiled): Promise<readonly string[]> {
  return [...(await collectionIds(connection, set)).values()].map((rows) => JSON.stringify(rows)).sort();
}

/**
 * Upgrades a database of the second generation to a set in which only names differ, and expects that nothing is lost:
 * the database has the shape of a fresh one, the same documents, rows, row ids, mirrors and tracked changes, and
 * derived rows as if recomputed (design 12 §11, 16).
 */
export async function expectRenamedV2(
  connection: Connection,
  before: Compiled,
  after: Compiled,
  expected: ExpectRenamed,
): Promise<Upgraded> {
  const contents = await provisioned(connection, before, expected.contents ?? contentsOf(before.model));
  await writeTrackedRows(connection, before);
  await connection.execute(givenScript(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`));
  const rows = await documentRows(connection);
  const tracked = await trackedValues(connection, before);
  const ids = await allCollectionIds(connection, before);

  const upgraded = await applyUpgrade(connection, before, after, namesOf(expected));

  await expectCatalog(connection, after);
  expect(await documentRows(connection)).toEqual(relabelled(expected, rows));
  expect(await wrongMirrors(connection, after)).toEqual([]);
  expect(await trackedValues(connection, after)).toEqual(tracked);
  expect(await allCollectionIds(connection, after)).toEqual(ids);
  const queued = await connection.query<{ n: number }>(
    trusted('SELECT count(*)::int AS n FROM dms."DocumentProjectionWork"'),
  );
  if (upgraded.plan.statements.length > 0) expect(queued).toEqual([{ n: rows.length }]);
  const found = await comparableContents(connection, after);
  await provisioned(connection, after, {
    descriptors: contents.descriptors.map((written) => ({ ...written, resource: expected.label(written.resource) })),
    documents: contents.documents.map((written) => laterWritten(expected, written)),
  });
  expect(found).toEqual(await comparableContents(connection, after));
  return upgraded;
}

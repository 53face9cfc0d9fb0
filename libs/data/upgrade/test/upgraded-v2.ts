import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { qualified, type RelationalModelSet, type Table } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { isJsonObject } from '@dms/values';
import { expect } from 'vitest';
import type { ComparedSet } from '../src/comparing/compared-set.ts';
import { type ApplyOptions, applyUpgrade, type Upgraded } from '../src/index.ts';
import {
  type Compiled,
  type Contents,
  contentsOf,
  documentRows,
  emptied,
  pruned,
  tableContents,
  valuePaths,
  type Written,
} from './bench.ts';
import { expectCatalog } from './expected-catalog.ts';
import { trackedRows, writeRows, writeTrackedRows } from './written-rows.ts';

const tableName = ({ table }: Table) => `"${table.schema}"."${table.name.replaceAll('"', '""')}"`;

const tablesOf = ({ resources }: RelationalModelSet) =>
  resources.flatMap(({ resourceKey, tablesInDependencyOrder }) =>
    tablesInDependencyOrder.map((table) => ({ label: resourceLabel(resourceKey), table })),
  );

/**
 * Documents whose root row differs from the document in version or time. The mirror rule (design 16 §6.2) allows none.
 */
export async function wrongMirrors(connection: Connection, { model }: ComparedSet): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const { table } of tablesOf(model)) {
    if (table.identity.tableKind !== 'Root') continue;
    found.push(
      ...(await connection.query(
        trusted(`SELECT d."DocumentUuid"::text AS uuid FROM ${tableName(table)} AS r JOIN dms."Document" AS d ON d."DocumentId" = r."DocumentId"
         WHERE (d."ContentVersion", d."ContentLastModifiedAt") IS DISTINCT FROM (r."ContentVersion", r."ContentLastModifiedAt")`),
      )),
    );
  }
  return found;
}

/**
 * The ids of all rows of collections: by resource and scope, in the order of the ids, with the position that each row
 * has.
 */
export async function collectionIds(
  connection: Connection,
  { model }: ComparedSet,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const found = new Map<string, readonly unknown[]>();
  for (const { label, table } of tablesOf(model)) {
    if (!table.columns.some(({ kind }) => kind === 'CollectionKey')) continue;
    const [root = ''] = table.identity.rootLocator;
    const columns = `"CollectionItemId"::text AS id, "${root}"::text AS document, "Ordinal" AS ordinal`;
    const rows = await connection.query(
      trusted(`SELECT ${columns} FROM ${tableName(table)} ORDER BY "CollectionItemId"`),
    );
    found.set(`${label} ${table.jsonScope.canonical}`, rows);
  }
  return found;
}

/** The rows of all tables, except versions, times and the ids of collections, which differ between databases. */
export async function comparableContents(
  connection: Connection,
  set: Compiled,
): Promise<Record<string, readonly string[]>> {
  const contents = await tableContents(connection, set);
  const own = new Set([
    ...['dms.DataStoreIdentity', 'dms.DocumentCacheState', 'dms.DocumentProjectionWork'],
    ...set.inventory.trackedChangeTables.map(({ table }) => qualified(table)),
  ]);
  const hidden = /^(?:ContentVersion|ContentLastModifiedAt|(?:Parent|Base)?CollectionItemId)$/;
  const comparable = Object.entries(contents).flatMap(([table, rows]) => {
    const shown = rows.map((row) => {
      const values = Object.entries(JSON.parse(row) as Record<string, unknown>).filter(([name]) => !hidden.test(name));
      return JSON.stringify(Object.fromEntries(values));
    });
    return own.has(table) ? [] : [[table, shown.sort()] as const];
  });
  return Object.fromEntries(comparable);
}

/** Empties a database, provisions it with a set and fills it; returns the contents that were written. */
export async function provisioned(connection: Connection, set: Compiled, contents: Contents): Promise<Contents> {
  await emptied(connection);
  await connection.execute(givenScript(set.script));
  return writeRows(connection, set, contents);
}

/** The values of all rows of tracked changes, regardless of the names of tables and columns. */
export async function trackedValues(connection: Connection, set: Compiled): Promise<readonly string[]> {
  const tables = [...(await trackedRows(connection, set)).values()];
  return tables
    .flat()
    .map((row) =>
      JSON.stringify(
        Object.values(row)
          .map((value) => JSON.stringify(value))
          .sort(),
      ),
    )
    .sort();
}

/**
 * Expects the tracked changes of resources that stay to exist, with the values of all columns that keep their names.
 */
export function expectTracked(
  before: { readonly set: ComparedSet; readonly rows: Awaited<ReturnType<typeof trackedRows>> },
  after: { readonly set: ComparedSet; readonly rows: Awaited<ReturnType<typeof trackedRows>> },
): void {
  const ownersOf = ({ set }: typeof before) => {
    const roots = new Map(
      tablesOf(set.model).flatMap(({ label, table }) =>
        table.identity.tableKind === 'Root' ? [[qualified(table.table), label] as const] : [],
      ),
    );
    return new Map(
      set.inventory.trackedChangeTables.map(({ table, sourceTable }) => [
        roots.get(qualified(sourceTable)) ?? 'descriptors',
        qualified(table),
      ]),
    );
  };
  const earlier = ownersOf(before);
  for (const [owner, table] of ownersOf(after)) {
    const then = before.rows.get(earlier.get(owner) ?? '') ?? [];
    const now = after.rows.get(table) ?? [];
    expect(now.length, table).toBe(then.length);
    for (const [index, row] of now.entries())
      for (const [name, value] of Object.entries(row))
        if (then[index] && name in then[index]) expect(value, `${table}.${name}`).toEqual(then[index][name]);
  }
}

export interface ExpectUpgradeV2 extends ApplyOptions {
  readonly contents?: Contents;
  /** Changes rows before the upgrade. */
  readonly prepare?: ((connection: Connection) => Promise<void>) | undefined;
  /** The contents that a fresh database of the later set gets for the comparison; null if it cannot be compared. */
  readonly later?: ((contents: Contents) => Contents) | null | undefined;
  /** Called for each document that was left out. */
  readonly onRefused?: (document: Written) => void;
}

/** The documents of a set, reduced to the values that another set has a place for. */
export function documentsOf(after: Compiled, contents: Contents): Contents {
  const kept = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  const paths = valuePaths(after.model);
  const documents = contents.documents.flatMap((written) => {
    const known = paths.get(written.resource);
    const document = known && pruned(written.document, known);
    return isJsonObject(document) ? [{ ...written, document }] : [];
  });
  return { descriptors: contents.descriptors.filter(({ resource }) => kept.has(resource)), documents };
}

/**
 * Upgrades a database of the second generation and checks the result: the database has the shape of a fresh one, the
 * same documents, rows, row ids, mirrors and tracked changes, and derived rows as if recomputed (design 12 §1, 16).
 */
export async function expectUpgradedV2(
  connection: Connection,
  before: Compiled,
  after: Compiled,
  {
    contents = contentsOf(before.model),
    prepare,
    later = (each) => documentsOf(after, each),
    onRefused,
    ...options
  }: ExpectUpgradeV2 = {},
): Promise<Upgraded> {
  const written = await provisioned(connection, before, contents);
  const isWritten = new Set(written.documents);
  for (const document of contents.documents) if (!isWritten.has(document)) onRefused?.(document);
  await writeTrackedRows(connection, before);
  await connection.execute(givenScript(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`));
  await prepare?.(connection);
  const kept = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  const ofKept = (rows: readonly unknown[]) => rows.filter((row) => kept.has((row as { label: string }).label));
  const earlier = {
    rows: await documentRows(connection),
    tracked: await trackedRows(connection, before),
    ids: await collectionIds(connection, before),
    identity: await connection.query(trusted('SELECT "SourceIdentity"::text AS id FROM dms."DataStoreIdentity"')),
  };

  const upgraded = await applyUpgrade(connection, before, after, options);

  await expectCatalog(connection, after);
  const rows = await documentRows(connection);
  expect(rows).toEqual(ofKept(earlier.rows));
  expect(await wrongMirrors(connection, after)).toEqual([]);
  expectTracked({ set: before, rows: earlier.tracked }, { set: after, rows: await trackedRows(connection, after) });
  for (const [scope, ids] of await collectionIds(connection, after))
    expect(ids, scope).toEqual(earlier.ids.get(scope) ?? []);
  expect(await connection.query(trusted('SELECT "SourceIdentity"::text AS id FROM dms."DataStoreIdentity"'))).toEqual(
    earlier.identity,
  );
  const work = await connection.query<{ n: number }>(
    trusted('SELECT count(*)::int AS n FROM dms."DocumentProjectionWork"'),
  );
  if (upgraded.plan.statements.length > 0) expect(work).toEqual([{ n: rows.length }]);
  if (later !== null) {
    const found = await comparableContents(connection, after);
    await provisioned(connection, after, later(written));
    expect(found).toEqual(await comparableContents(connection, after));
  }
  return upgraded;
}

import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf, run } from '@dms/databases';
import { writeOrder } from '@dms/documents';
import { derivedRows } from '@dms/laws';
import { bulkDialects, IdentityTable } from '@dms/loading';
import { core, type DbTableName, modelIndex, mustExist, qualified, unqualified } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { rowsOfResources } from '../kinds/resources.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { withoutDeleteTriggers } from './delete-triggers.ts';
import type { DocumentsInPlace } from './read-and-translate.ts';

/*
 * Documents that a translation in place does not give: those that became parts of others, and those that it does not
 * carry (design 12a §6).
 */

/** How many documents are looked up together. */
const mostIds = 1_000;

/** A document of the database that a translation does not give. */
export interface RemovedDocument {
  readonly id: number;
  readonly uuid: string;
  /** `Project:Resource` in the earlier set. */
  readonly resource: string;
}

/** The documents of the database that a translation read and does not give. */
export async function removedDocuments(
  connection: Connection,
  { model }: ComparedSet,
  translated: DocumentsInPlace,
): Promise<readonly RemovedDocument[]> {
  const { given, kept } = givenUuids(translated);
  // every document that was read is given
  if (kept === translated.ids.size) return [];
  const gone: string[] = [];
  for await (const page of bulkDialects[connection.dialect].readUuids(connection, core.document, 'DocumentUuid'))
    for (const [own] of page) if (translated.ids.get(own) !== undefined && given.get(own) === undefined) gone.push(own);
  const labels = new Map(model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]));
  const found: RemovedDocument[] = [];
  const { sql, text, among } = dialectOf[connection.dialect];
  const own = sql`"DocumentUuid"`;
  const select = sql`SELECT "DocumentId" AS id, ${text(own, 'uuid')} AS uuid, "ResourceKeyId" AS "key" FROM ${core.document}`;
  for (const part of chunk(gone, mostIds))
    for (const { id, uuid, key } of await rowsOf<{ id: unknown; uuid: string; key: unknown }>(
      connection,
      sql`${select} WHERE ${among(own, part, 'uuid')}`,
    ))
      found.push({ id: Number(id), uuid, resource: mustExist(labels.get(Number(key)), `the resource ${key}`) });
  return found;
}

/** The uuids of all documents that a translation gives, and how many of them were read. */
function givenUuids({ counts, documents, ids }: DocumentsInPlace) {
  const given = new IdentityTable();
  let kept = 0;
  for (const label of counts.keys())
    for (const { uuid } of documents(label)) {
      if (uuid === null || given.get(uuid) !== undefined) continue;
      given.set(uuid, 1);
      if (ids.get(uuid) !== undefined) kept += 1;
    }
  return { given, kept };
}

/** The uuids of removed documents. */
export const leavingDocuments = (removed: readonly RemovedDocument[]): ReadonlySet<string> =>
  new Set(removed.map(({ uuid }) => uuid));

/** The sets and names of an upgrade that removes documents. */
interface RemovingUpgrade {
  readonly before: ComparedSet;
  readonly after: ComparedSet;
  readonly plan: Pick<UpgradePlan, 'renaming'>;
}

/**
 * Removes documents once the tables of the later set are there and those of rewritten resources are empty. Triggers of
 * the earlier set do not run: their bodies name columns as they were, and their changes are recorded already.
 */
export async function removeDocuments(
  connection: Connection,
  { before, after, plan }: RemovingUpgrade,
  removed: readonly RemovedDocument[],
): Promise<void> {
  if (removed.length === 0) return;
  const { sql, among } = dialectOf[connection.dialect];
  const { checkDeferred, keysToDocuments } = bulkDialects[connection.dialect];
  const keys = await keysToDocuments(connection, removed.length);
  const leaving = among(
    sql`"DocumentId"`,
    removed.map((each) => String(each.id)),
    'bigint',
  );
  const earlier = new Set(removed.map(({ resource }) => resource));
  const held = laterLabels(plan, removed);
  // referrers before their targets: tables that stay have their keys
  const order = new Map(writeOrder(after.model).map((label, index) => [label, index]));
  const rank = (label: string) => order.get(label) ?? -1;
  const { roots } = modelIndex(after.model);
  const rooted = new Set<string>(roots.map(({ key }) => key));
  const emptied = roots.filter(({ label }) => held.has(label)).sort((a, b) => rank(b.label) - rank(a.label));
  const quiet = { tables: tablesOf(after, held), triggers: triggersOf(before, earlier) };
  await withoutDeleteTriggers(connection, quiet, async () => {
    const others = keys.left.filter((table) => !rooted.has(qualified(table)));
    await keys.drop(connection);
    // one statement for each table, because one document may refer to another
    for (const table of [
      ...emptied.map((root) => root.table.table),
      ...others,
      core.document,
      // the key that would delete these rows too may have been dropped
      ...rowsOfResources(after).map(unqualified),
    ])
      await run(connection, sql`DELETE FROM ${table} WHERE ${leaving}`);
    await checkDeferred(connection);
    for (const table of keys.left) await keys.add(connection, table);
  });
}

/** The resources of removed documents, as the later set calls them. */
const laterLabels = ({ renaming }: RemovingUpgrade['plan'], removed: readonly RemovedDocument[]): ReadonlySet<string> =>
  new Set(removed.map(({ resource }) => renaming.resource(resource)));

/** The tables of the documents of some resources. */
const tablesOf = ({ model }: ComparedSet, labels: ReadonlySet<string>): readonly DbTableName[] =>
  modelIndex(model).tables.flatMap(({ label, table: { table } }) => (labels.has(label) ? [table] : []));

/** The names of the triggers of these tables. */
function triggersOf(set: ComparedSet, labels: ReadonlySet<string>): readonly string[] {
  const tables = new Set(tablesOf(set, labels).map(qualified));
  return set.catalog.tables.flatMap((table) =>
    tables.has(qualified(table)) ? table.triggers.map(({ name }) => name) : [],
  );
}

/**
 * Computes the closure of the hierarchy without removed organizations; their triggers did not do it. Does nothing if
 * no organization is removed.
 */
export async function closeHierarchy(
  connection: Connection,
  { after, plan }: RemovingUpgrade,
  removed: readonly RemovedDocument[],
): Promise<void> {
  const { authEdOrgHierarchy } = after.inventory;
  if (authEdOrgHierarchy === null) return;
  const entities = new Set(authEdOrgHierarchy.entities.map(({ table }) => qualified(table)));
  const held = laterLabels(plan, removed);
  if (!tablesOf(after, held).some((table) => entities.has(qualified(table)))) return;
  await run(
    connection,
    derivedRows(after.model.effectiveSchema.relationalMappingVersion, connection.dialect).hierarchy(authEdOrgHierarchy),
  );
}

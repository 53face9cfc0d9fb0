import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, formFor } from '@dms/diagnostics';
import { type DocumentPlans, readUuids, storedDocuments } from '@dms/documents';
import { core, type DbTableName, modelIndex, qualified, type ResourceModel } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, type Sql } from '@dms/sql';

/** How many documents a message names. */
const shown = 3;

const whatIsWrong = 'dms-ddl check --data says what is wrong.';

/** How many documents a resource has, and the sum of their ids, by which two numbers of documents differ. */
export class Tally {
  count = 0;
  private sum = 0n;

  add(documentIds: readonly string[]): void {
    this.addSum(
      documentIds.length,
      documentIds.reduce((sum, id) => sum + BigInt(id), 0n),
    );
  }

  addSum(count: number, sum: bigint): void {
    this.count += count;
    this.sum += sum;
  }

  addTally(other: Tally | undefined): void {
    if (other !== undefined) this.addSum(other.count, other.sum);
  }

  equals({ count, sum }: Tally): boolean {
    return this.count === count && this.sum === sum;
  }
}

/** Tallies of the rows of a query with the columns `key`, `count` and `sum`. */
async function tallies(connection: Connection, query: Sql): Promise<ReadonlyMap<string, Tally>> {
  const rows = await rowsOf<{ key: unknown; count: unknown; sum: string | null }>(connection, query);
  return new Map(
    rows.map(({ key, count, sum }) => {
      const tally = new Tally();
      tally.addSum(Number(count), BigInt(sum ?? 0));
      return [String(key), tally];
    }),
  );
}

/** The columns of a tally; the driver of SQL Server reads the digits of a text only. */
const tallied = ({ sql }: Dialect): PlainSql =>
  sql`COUNT(*) AS "count", CAST(SUM(CAST("DocumentId" AS decimal(38,0))) AS varchar(40)) AS "sum"`;

/** The tallies of the documents and descriptors in `dms.Document`, by the id of the resource key. */
export function documentTallies(connection: Connection, since = -1n): Promise<ReadonlyMap<string, Tally>> {
  const dialect = dialectOf[connection.dialect];
  const { sql, literal } = dialect;
  return tallies(
    connection,
    sql`SELECT "ResourceKeyId" AS "key", ${tallied(dialect)} FROM ${core.document} WHERE "ContentVersion" > ${literal(since)} GROUP BY "ResourceKeyId"`,
  );
}

/**
 * Names the documents of a resource that no read finds, as `DOCUMENT_UNREADABLE`: their rows are missing, or belong to
 * another resource. Null if there are none. Reads the resource again.
 */
export async function lostDocuments(
  connection: Connection,
  plans: DocumentPlans,
  resource: ResourceModel,
  since = -1n,
): Promise<Diagnostic | null> {
  const { sql, text, literal } = dialectOf[connection.dialect];
  const found = new Set<string>();
  const onUnreadable = ({ documentId }: { readonly documentId: string }) => void found.add(documentId);
  for await (const page of storedDocuments(connection, plans, resource, { onUnreadable }))
    for (const { documentId } of page) found.add(documentId);
  const rows = await rowsOf<{ id: string }>(
    connection,
    sql`SELECT ${text(sql`"DocumentId"`, 'bigint')} AS "id" FROM ${core.document} WHERE "ResourceKeyId" = ${literal(resource.resourceKey.id)} AND "ContentVersion" > ${literal(since)} ORDER BY "DocumentId"`,
  );
  const lost = rows.map(({ id }) => id).filter((id) => !found.has(id));
  if (lost.length === 0) return null;
  const uuids = [...(await readUuids(connection, lost.slice(0, shown))).values()];
  const more = lost.length > shown ? `, and ${lost.length - shown} more` : '';
  const label = resourceLabel(resource.resourceKey);
  const message = `${label}: ${counted(lost.length, 'document')} cannot be read (${uuids.join(', ')}${more}), because rows of ${formFor(lost.length, 'it', 'them')} are missing or belong to another resource. ${whatIsWrong}`;
  return diagnostic(
    'DOCUMENT_UNREADABLE',
    message,
    { resource: label },
    { documents: lost.length, uuid: uuids[0] ?? '' },
  );
}

/** The tables whose rows stand for documents: one for each resource, and one for all descriptors if all are read. */
function rootTables({ mappingSet: { model } }: DocumentPlans, resources: readonly ResourceModel[]) {
  const { rootOf } = modelIndex(model);
  const isDescriptor = ({ storageKind }: ResourceModel) => storageKind === 'SharedDescriptorTable';
  const tables = new Map<string, { readonly table: DbTableName; readonly keys: readonly number[] }>();
  for (const resource of resources) {
    const root = rootOf(resourceLabel(resource.resourceKey));
    if (root !== undefined && !isDescriptor(resource))
      tables.set(qualified(root.table), { table: root.table, keys: [resource.resourceKey.id] });
  }
  const descriptors = resources.filter(isDescriptor);
  if (descriptors.length > 0 && descriptors.length === model.resources.filter(isDescriptor).length)
    tables.set(qualified(core.descriptor), {
      table: core.descriptor,
      keys: descriptors.map(({ resourceKey }) => resourceKey.id),
    });
  return tables;
}

/**
 * Names the tables that have other rows than those of the documents that were read, as `DOCUMENT_UNREADABLE`: some belong
 * to no document of the resource.
 *
 * @param read the tallies of what was read, by the id of the resource key
 */
export async function rowsWithoutDocuments(
  connection: Connection,
  plans: DocumentPlans,
  resources: readonly ResourceModel[],
  read: ReadonlyMap<string, Tally>,
): Promise<readonly Diagnostic[]> {
  const dialect = dialectOf[connection.dialect];
  const { sql, literal, literals } = dialect;
  const tables = rootTables(plans, resources);
  if (tables.size === 0) return [];
  const stored = await tallies(
    connection,
    join(
      [...tables].map(([name, { table }]) => sql`SELECT ${literal(name)} AS "key", ${tallied(dialect)} FROM ${table}`),
      ' UNION ALL ',
    ),
  );
  const found: Diagnostic[] = [];
  for (const [name, { table, keys }] of tables) {
    const all = new Tally();
    for (const key of keys) all.addTally(read.get(String(key)));
    if (stored.get(name)?.equals(all)) continue;
    // exactly, because others may have written meanwhile where there are no snapshots
    const [row] = await rowsOf<{ count: unknown }>(
      connection,
      sql`SELECT COUNT(*) AS "count" FROM ${table} AS t WHERE NOT EXISTS (SELECT 1 FROM ${core.document} AS d WHERE d."DocumentId" = t."DocumentId" AND d."ResourceKeyId" IN (${literals(keys)}))`,
    );
    const others = Number(row?.count ?? 0);
    if (others === 0) continue;
    const message = `${name}: ${counted(others, 'row')} ${formFor(others, 'belongs', 'belong')} to no document of the resource. ${whatIsWrong}`;
    found.push(diagnostic('DOCUMENT_UNREADABLE', message, {}, { table: name, rows: others }));
  }
  return found;
}

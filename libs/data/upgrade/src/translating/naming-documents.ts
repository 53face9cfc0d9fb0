import { type Connection, rowsOf } from '@dms/databases';
import { type Referrer, referrersTo } from '@dms/documents';
import { modelIndex, mustExist, type RelationalModelSet } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { groupBy } from '@dms/values';
import { chunk } from 'es-toolkit/array';

/** How many documents are looked up together. */
const mostIds = 10_000;

/** A document of the earlier set that is lost. */
export interface LostDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly id: number;
}

/**
 * The ids of the documents that refer to lost ones, by their resource, in its own columns or through an abstract
 * resource. `isAsked` chooses the resources whose documents are looked for.
 */
export async function namingDocuments(
  connection: Connection,
  model: RelationalModelSet,
  lost: readonly LostDocument[],
  isAsked: (label: string) => boolean,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const index = modelIndex(model);
  const found = new Map<string, Set<number>>();
  for (const [label, documents] of groupBy(lost, ({ resource }) => resource)) {
    const ids = documents.map(({ id }) => String(id));
    const { resourceKey } = mustExist(index.resources.get(label), label);
    for (const referrer of referrersTo(model, new Set([resourceKey.id]))) {
      if (!isAsked(referrer.label)) continue;
      const own = found.get(referrer.label) ?? new Set();
      found.set(referrer.label, own);
      for (const part of chunk(ids, mostIds)) for (const id of await referring(connection, referrer, part)) own.add(id);
    }
  }
  return found;
}

/** The documents that refer to these in a column. */
async function referring(
  connection: Connection,
  { table, column }: Referrer,
  ids: readonly string[],
): Promise<readonly number[]> {
  const { sql, id, among } = dialectOf[connection.dialect];
  const document = id(mustExist(table.identity.rootLocator[0], `the column of ${table.table.name} with its document`));
  const rows = await rowsOf<{ id: unknown }>(
    connection,
    sql`SELECT DISTINCT t.${document} AS id FROM ${table.table} AS t WHERE ${among(sql`t.${id(column)}`, ids, 'bigint')}`,
  );
  return rows.map((row) => Number(row.id));
}

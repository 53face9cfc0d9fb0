import { type CatalogTable, mirrorColumns } from '@dms/catalog';
import type { Connection, Limits } from '@dms/databases';
import { core, coreV1, type DbTableName, qualified } from '@dms/model';
import type { DataInput } from './data-finding.ts';
import { rowDialects } from './row-dialects.ts';
import { columnsIn, namesOf, tableNameOf, tableOf } from './row-names.ts';

/* The tables that hold versions of documents, and which of these versions are certainly in use (design 09 §7.6). */

/** Root tables, and dms.Descriptor, that repeat the stamps of their document. */
export function mirrors({ model, catalog }: DataInput): readonly CatalogTable[] {
  const roots = new Set(
    [core.descriptor, ...model.resources.flatMap(({ tablesInDependencyOrder: [root] }) => root?.table ?? [])].map(
      qualified,
    ),
  );
  return catalog.tables.filter((table) => roots.has(qualified(table)) && columnsIn(table, ...mirrorColumns));
}

/** The tables of deleted documents and changed keys. */
export const trackedTables = ({ catalog }: DataInput): readonly CatalogTable[] =>
  catalog.tables.filter((table) => table.schema !== core.document.schema && columnsIn(table, 'ChangeVersion'));

/** The last generated version, and the greatest version that is certainly in use. */
export interface KnownVersions {
  readonly last: string;
  /** At least `last`. Greater if the sequence lags behind versions that two rows agree on. */
  readonly used: string;
}

/**
 * Reads both. A version that only one row has says nothing about the sequence, because the row may be wrong. A document
 * and its mirror or its row of the journal do. If the sequence lags behind one of them, all versions count.
 */
export async function knownVersions(connection: Connection, input: DataInput, limits: Limits): Promise<KnownVersions> {
  const dialect = rowDialects[connection.dialect];
  const { q, named, id, document } = namesOf(dialect);
  const last = dialect.lastNumber({ kind: 'sequence', sequence: core.changeVersionSequence });
  const version = q('ContentVersion');
  const agreed = (table: DbTableName, column: string) =>
    `FROM ${document} AS d INNER JOIN ${named(table)} AS t ON t.${id} = d.${id} AND t.${q(column)} = d.${version}`;
  const journal = tableOf(input, coreV1.documentChangeEvent);
  const pairs = [
    ...(journal === undefined ? [] : [agreed(coreV1.documentChangeEvent, 'ChangeVersion')]),
    ...mirrors(input).map((table) => agreed(tableNameOf(table), 'ContentVersion')),
  ];
  const identity = q('IdentityVersion');
  // a new document takes its identity version right after its content version
  const greatest = `CASE WHEN d.${identity} = d.${version} + 1 THEN d.${identity} ELSE d.${version} END`;
  const maxima = pairs.map((from) => `SELECT max(${greatest}) AS used ${from}`);
  const tracked = trackedTables(input).map(
    (table) => `SELECT max(t.${q('ChangeVersion')}) AS used FROM ${named(tableNameOf(table))} AS t`,
  );
  const maximumOf = (queries: readonly string[]) =>
    queries.length === 0 ? 'NULL' : `(SELECT max(m.used) FROM (${queries.join(' UNION ALL ')}) AS m)`;
  const [row] = await connection.query<{ last: string; used: string | null; tracked: string | null }>(
    `SELECT ${dialect.numberText(last)} AS last, ${dialect.numberText(maximumOf(maxima))} AS used, ${dialect.numberText(maximumOf(tracked))} AS tracked`,
    [],
    limits,
  );
  const start = BigInt(row?.last ?? 0);
  const used = BigInt(row?.used ?? 0);
  const all = [used, BigInt(row?.tracked ?? 0)].reduce((left, right) => (left > right ? left : right));
  return { last: String(start), used: String(used > start ? all : start) };
}

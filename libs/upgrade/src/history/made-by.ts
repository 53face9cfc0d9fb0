import type { MakerKind } from '@dms/change';
import type { Connection, Limits } from '@dms/databases';
import { coreV2 } from '@dms/model';
import { dialectRules, pgsqlName, type SqlDialect } from '@dms/sql';

/**
 * Counts triggers by what their attachment says about their maker (design 09 §4.5): row triggers for updates name columns if they are ours, and
 * name none if they are the service's. On SQL Server both attach them alike.
 */
const queries: Readonly<Record<SqlDialect, string | null>> = {
  pgsql: `SELECT count(*) FILTER (WHERE t.tgattr::text <> '')::int4 AS ours, count(*) FILTER (WHERE t.tgattr::text = '')::int4 AS service
    FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND f.proname ^@ 'TF_TR_' AND t.tgtype & 17 = 17 AND to_regclass(${dialectRules.pgsql.stringLiteral(pgsqlName(coreV2.dataStoreIdentity))}) IS NOT NULL`,
  mssql: null,
};

/** Who made the triggers of the session's database, as far as that can be told without its schema set. */
export async function madeBy(connection: Connection, limits: Limits): Promise<MakerKind> {
  const query = queries[connection.dialect];
  if (query === null) return 'unknown';
  const [row] = await connection.query<{ readonly ours: number; readonly service: number }>(query, [], limits);
  const { ours = 0, service = 0 } = row ?? {};
  if (ours > 0 && service > 0) return 'mixed';
  if (ours === 0 && service === 0) return 'unknown';
  return ours > 0 ? 'dms-ddl' : 'service';
}

import type { Connection, Limits } from '../connection/connection.ts';

/**
 * What the system catalogs have of a table or a view, and of its indexes; objects of the server itself are left out.
 */
const versionsQuery = `SELECT r.rel::int8::text AS rel, concat_ws(' ', count(*), sum(r.age)) AS version FROM (
  SELECT coalesce(x.indrelid, c.oid) AS rel, age(c.xmin) AS age FROM pg_class c LEFT JOIN pg_index x ON x.indexrelid = c.oid WHERE c.oid >= 16384
  UNION ALL SELECT coalesce(x.indrelid, a.attrelid), age(a.xmin) FROM pg_attribute a LEFT JOIN pg_index x ON x.indexrelid = a.attrelid
    WHERE a.attrelid >= 16384
  UNION ALL SELECT d.adrelid, age(d.xmin) FROM pg_attrdef d
  UNION ALL SELECT k.conrelid, age(k.xmin) FROM pg_constraint k WHERE k.conrelid >= 16384
  UNION ALL SELECT k.conrelid, age(t.xmin) FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
  UNION ALL SELECT x.indrelid, age(x.xmin) FROM pg_index x WHERE x.indrelid >= 16384
) AS r GROUP BY r.rel`;

/**
 * A text for each table and view of a PostgreSQL database that is different once its columns, constraints or indexes
 * have been changed. Both texts come from one transaction, which is what ages are counted from.
 */
export async function relationVersions(connection: Connection, limits: Limits): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query<{ rel: string; version: string }>(versionsQuery, [], limits);
  return new Map(rows.map(({ rel, version }) => [rel, version]));
}

/** The tables and views of which something was changed, that came, or that went. */
export function changedRelations(
  earlier: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const all = new Set([...earlier.keys(), ...now.keys()]);
  return new Set([...all].filter((relation) => earlier.get(relation) !== now.get(relation)));
}

import { type PreparedObject, preparedText } from '@dms/change';
import type { Connection, Limits } from '@dms/databases';
import { dialectRules } from '@dms/sql';

/** What became of an object of a preparation: an index whose build was broken off is invalid. */
export type ObjectState = 'missing' | 'present' | 'invalid';

const { stringLiteral } = dialectRules.pgsql;

const orNull = (name: string | null) => (name === null ? 'NULL::text' : stringLiteral(name));

/** Looks the objects of a preparation up in the database. Throws the `DB_*` codes. */
export async function objectStates(
  connection: Connection,
  objects: readonly PreparedObject[],
  limits: Limits = {},
): Promise<(object: PreparedObject) => ObjectState> {
  if (objects.length === 0) return () => 'missing';
  const rows = objects.map(
    ({ kind, schema, table, name }, number) =>
      `(${number}, ${stringLiteral(kind)}, ${stringLiteral(schema)}, ${orNull(table)}, ${orNull(name)})`,
  );
  const found = await connection.query<{ number: number; state: ObjectState }>(
    `SELECT o.number, coalesce(CASE o.kind
  WHEN 'schema' THEN (SELECT 'present' FROM pg_namespace AS s WHERE s.nspname = o.schema)
  WHEN 'table' THEN (SELECT 'present' WHERE r.oid IS NOT NULL)
  WHEN 'column' THEN (SELECT 'present' FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attname = o.name AND NOT a.attisdropped)
  WHEN 'constraint' THEN (SELECT 'present' FROM pg_constraint AS k WHERE k.conrelid = r.oid AND k.conname = o.name)
  WHEN 'index' THEN (SELECT CASE WHEN x.indisvalid AND x.indisready THEN 'present' ELSE 'invalid' END
    FROM pg_index AS x INNER JOIN pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid = r.oid AND i.relname = o.name)
END, 'missing') AS state
FROM (VALUES ${rows.join(', ')}) AS o (number, kind, schema, tbl, name)
LEFT JOIN pg_namespace AS n ON n.nspname = o.schema
LEFT JOIN pg_class AS r ON r.relnamespace = n.oid AND r.relname = o.tbl AND r.relkind IN ('r', 'p')`,
    [],
    limits,
  );
  const states = new Map<string, ObjectState>();
  for (const { number, state } of found) {
    const object = objects[number];
    if (object) states.set(preparedText(object), state);
  }
  return (object) => states.get(preparedText(object)) ?? 'missing';
}

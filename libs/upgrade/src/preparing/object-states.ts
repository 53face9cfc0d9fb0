import { type Connection, type Limits, type PreparedObject, preparedText } from '@dms/databases';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { chunk } from 'es-toolkit/array';

/** What became of an object of a preparation. PostgreSQL leaves an invalid index where its build was broken off. */
export type ObjectState = 'missing' | 'present' | 'invalid';

/** The query of the states of `o`, which has the numbers, kinds and names of objects in a VALUES constructor. */
const stateQueries: Readonly<Record<SqlDialect, (rows: string) => string>> = {
  pgsql: (rows) => `SELECT o.number, coalesce(CASE o.kind
  WHEN 'schema' THEN (SELECT 'present' FROM pg_namespace AS s WHERE s.nspname = o.schema)
  WHEN 'table' THEN (SELECT 'present' WHERE r.oid IS NOT NULL)
  WHEN 'column' THEN (SELECT 'present' FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attname = o.name AND NOT a.attisdropped)
  WHEN 'constraint' THEN (SELECT 'present' FROM pg_constraint AS k WHERE k.conrelid = r.oid AND k.conname = o.name)
  WHEN 'index' THEN (SELECT CASE WHEN x.indisvalid AND x.indisready THEN 'present' ELSE 'invalid' END
    FROM pg_index AS x INNER JOIN pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid = r.oid AND i.relname = o.name)
END, 'missing') AS state
FROM (VALUES ${rows}) AS o (number, kind, schema, tbl, name)
LEFT JOIN pg_namespace AS n ON n.nspname = o.schema
LEFT JOIN pg_class AS r ON r.relnamespace = n.oid AND r.relname = o.tbl AND r.relkind IN ('r', 'p')`,
  mssql: (rows) => `SELECT o.[number], COALESCE(CASE o.[kind]
  WHEN N'schema' THEN (SELECT N'present' FROM sys.schemas AS s WHERE s.[name] = o.[schema])
  WHEN N'table' THEN CASE WHEN r.[object_id] IS NOT NULL THEN N'present' END
  WHEN N'column' THEN (SELECT N'present' FROM sys.columns AS c WHERE c.[object_id] = r.[object_id] AND c.[name] = o.[name])
  WHEN N'constraint' THEN (SELECT N'present' FROM sys.objects AS k WHERE k.[parent_object_id] = r.[object_id] AND k.[name] = o.[name])
  WHEN N'index' THEN (SELECT CASE WHEN i.[is_disabled] = 0 THEN N'present' ELSE N'invalid' END
    FROM sys.indexes AS i WHERE i.[object_id] = r.[object_id] AND i.[name] = o.[name])
END, N'missing') AS [state]
FROM (VALUES ${rows}) AS o ([number], [kind], [schema], [tbl], [name])
LEFT JOIN sys.schemas AS n ON n.[name] = o.[schema]
LEFT JOIN sys.tables AS r ON r.[schema_id] = n.[schema_id] AND r.[name] = o.[tbl]`,
};

/** How many objects to look up together: a VALUES constructor of SQL Server has 1,000 rows at most. */
const lookedUpTogether = 900;

/** Looks the objects of a preparation up in the database. */
export async function objectStates(
  connection: Connection,
  objects: readonly PreparedObject[],
  limits: Limits = {},
): Promise<(object: PreparedObject) => ObjectState> {
  const rules = dialectRules[connection.dialect];
  // the first row gives the columns of the constructor their types
  const text = (name: string | null) => (name === null ? 'CAST(NULL AS varchar(1))' : rules.stringLiteral(name));
  const states = new Map<string, ObjectState>();
  for (const piece of chunk(objects, lookedUpTogether)) {
    const rows = piece.map(
      ({ kind, schema, table, name }, number) =>
        `(${number}, ${text(kind)}, ${text(schema)}, ${text(table)}, ${text(name)})`,
    );
    const query = stateQueries[connection.dialect](rows.join(', '));
    for (const { number, state } of await connection.query<{ number: number; state: ObjectState }>(query, [], limits)) {
      const object = piece[number];
      if (object) states.set(preparedText(object), state);
    }
  }
  return (object) => states.get(preparedText(object)) ?? 'missing';
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '@dms/databases';
import { copiedTables, readMapping } from '@dms/ods';
import { givenScript, trusted } from '@dms/sql';

/**
 * Copies the reporting views of a database into tables with the keys and indexes of an ODS, in the schemas that
 * `schemaOf` names; `folder` contains the mapping. Returns the number of rows.
 */
export async function fillOdsTables(
  connection: Connection,
  folder: string,
  schemaOf: (schema: string) => string,
): Promise<number> {
  const bytes = await readFile(path.join(folder, 'ods-mapping.json'));
  const { mapping } = readMapping(bytes, 'ods-mapping.json', JSON.parse(bytes.toString('utf8')).effectiveSchemaHash);
  const tables = copiedTables(mapping, schemaOf);
  const schemas = [...new Set(tables.map(({ table }) => schemaOf(table.schema)))];
  for (const schema of schemas) await connection.execute(givenScript(`CREATE SCHEMA ${schema}`));
  for (const { create, copy } of tables) await connection.execute(givenScript(`${create}; ${copy}`));
  const keys = tables.flatMap(({ foreignKeys }) => foreignKeys);
  for (const key of keys) await connection.execute(givenScript(key));
  for (const key of keys) {
    // an ODS has an index for each foreign key
    const [, table = '', columns = ''] = /ALTER TABLE (.+) ADD FOREIGN KEY \(([^)]*)\)/.exec(key) ?? [];
    await connection.execute(givenScript(`CREATE INDEX ON ${table} (${columns})`));
  }
  await connection.execute(givenScript('VACUUM ANALYZE'));
  const [row] = await connection.query<{ n: number }>(
    trusted('SELECT sum(n_live_tup)::int4 AS n FROM pg_stat_user_tables WHERE schemaname = ANY ($1)'),
    [schemas],
  );
  return row?.n ?? 0;
}

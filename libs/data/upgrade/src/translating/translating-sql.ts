import { type Connection, run } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import { bulkDialects, type FilledTable } from '@dms/loading';
import { dialectOf, type PlainSql, type QualifiedName, type SqlDialect, value } from '@dms/sql';

/* What a translation in place writes differently in the two dialects (design 12a §6). No SQL Server has run it. */

interface TranslatingSql {
  /** Writes rows, also into columns whose values the server otherwise generates. */
  insert(connection: Connection, table: FilledTable, rows: readonly StoredRow[]): Promise<void>;
  /** The statements before and after changes that let both ends of keys change one after the other. */
  withoutKeys(keys: readonly { readonly table: QualifiedName; readonly name: string }[]): {
    readonly before: readonly PlainSql[];
    readonly after: readonly PlainSql[];
  };
  /** The size of the database in bytes, as `n`. */
  readonly databaseSize: PlainSql;
}

const { sql: pg, id: pgId, ids: pgIds } = dialectOf.pgsql;
const { sql: ms, id: msId } = dialectOf.mssql;

const pgsql: TranslatingSql = {
  async insert(connection, table, rows) {
    const columns = table.columns.map(({ name }) => name);
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
    await run(
      connection,
      pg`INSERT INTO ${table} (${pgIds(columns)}) OVERRIDING SYSTEM VALUE SELECT ${pgIds(columns)} FROM json_populate_recordset(NULL::${table}, ${value(JSON.stringify(objects))}::json)`,
    );
  },
  withoutKeys(keys) {
    const altered = keys.map(({ table, name }) => pg`ALTER TABLE ${table} ALTER CONSTRAINT ${pgId(name)}`);
    return {
      before: [...altered.map((alter) => pg`${alter} DEFERRABLE INITIALLY DEFERRED`), pg`SET CONSTRAINTS ALL DEFERRED`],
      after: [pg`SET CONSTRAINTS ALL IMMEDIATE`, ...altered.map((alter) => pg`${alter} NOT DEFERRABLE`)],
    };
  },
  databaseSize: pg`SELECT pg_database_size(current_database()) AS n`,
};

const mssql: TranslatingSql = {
  async insert(connection, table, rows) {
    const waiting = bulkDialects.mssql.newRows(table);
    for (const row of rows) waiting.addRow(row);
    await bulkDialects.mssql.write(connection, { table, content: waiting.contentOf([[0, waiting.length]]) });
  },
  withoutKeys(keys) {
    const altered = (action: PlainSql) =>
      keys.map(({ table, name }) => ms`ALTER TABLE ${table} ${action} CONSTRAINT ${msId(name)}`);
    return { before: altered(ms`NOCHECK`), after: altered(ms`WITH CHECK CHECK`) };
  },
  databaseSize: ms`SELECT SUM(CAST(f."size" AS bigint)) * 8192 AS n FROM sys.database_files AS f`,
};

export const translatingSql: Readonly<Record<SqlDialect, TranslatingSql>> = { pgsql, mssql };

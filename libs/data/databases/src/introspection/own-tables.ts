import {
  dialectOf,
  joined,
  listed,
  type PlainLines,
  type PlainSql,
  type QualifiedName,
  type SqlDialect,
  textOf,
} from '@dms/sql';
import { type Connection, committed, type Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';

/* Tables that the product keeps in schemas of their own, which no schema set has. */

const { pgsql, mssql } = dialectOf;

/** Creates a table with its schema, if the database has none, and comments it where tables have comments. */
type TableCreation = (table: QualifiedName, columns: PlainLines, comment: string) => PlainLines;

const creations: Readonly<Record<SqlDialect, TableCreation>> = {
  pgsql: (table, columns, comment) => pgsql.lines`
    CREATE SCHEMA IF NOT EXISTS ${pgsql.id(table.schema)};
    CREATE TABLE IF NOT EXISTS ${table} (
        ${columns}
    );
    COMMENT ON TABLE ${table} IS ${pgsql.literal(comment)};`,
  mssql(table, columns) {
    const { sql, lines, id, literal, isMissing } = mssql;
    const create = literal(textOf(sql`CREATE SCHEMA ${id(table.schema)}`));
    return lines`
      IF SCHEMA_ID(${literal(table.schema)}) IS NULL EXEC (${create});
      IF ${isMissing(table)}
      CREATE TABLE ${table} (
          ${columns}
      );`;
  },
};

/** The statements that look for a table and create it. */
interface OwnTableStatements {
  /** Whether the table exists, as `found`: 1 or 0. */
  readonly exists: PlainSql;
  /** Creates the schema and the table, if the database has none. */
  readonly create: PlainSql;
}

/** @param columns the columns and keys, as they stand in CREATE TABLE */
export function ownTable(
  dialect: SqlDialect,
  table: QualifiedName,
  columns: readonly PlainSql[],
  comment: string,
): OwnTableStatements {
  const { sql, isMissing } = dialectOf[dialect];
  return {
    exists: sql`SELECT CASE WHEN ${isMissing(table)} THEN 0 ELSE 1 END AS found`,
    create: joined(creations[dialect](table, listed(columns), comment)),
  };
}

/**
 * The table in which a database records up to which version it has the content of an ODS (design 19a §9). No schema
 * set has it.
 */
export const copyTable = { schema: 'dms_load', name: 'Copy' } as const;

/** The statements that keep the record, in one dialect. */
interface CopyStatements extends OwnTableStatements {
  readonly read: PlainSql;
  /** Writes the version of a source. */
  write(source: string, version: bigint): PlainSql;
}

const comment = 'Up to which version this database has what an ODS has; dms-ddl load --since last goes on from there.';

const statements: Readonly<Record<SqlDialect, CopyStatements>> = {
  pgsql: {
    ...ownTable(
      'pgsql',
      copyTable,
      [
        pgsql.sql`"Source" text NOT NULL PRIMARY KEY`,
        pgsql.sql`"ChangeVersion" bigint NOT NULL`,
        pgsql.sql`"RecordedAt" timestamp with time zone NOT NULL`,
      ],
      comment,
    ),
    read: pgsql.sql`SELECT "Source" AS source, "ChangeVersion"::text AS version FROM ${copyTable} ORDER BY "Source" COLLATE "C"`,
    write: (source, version) =>
      pgsql.sql`INSERT INTO ${copyTable} VALUES (${pgsql.literal(source)}, ${pgsql.literal(version)}, now()) ON CONFLICT ("Source") DO UPDATE SET "ChangeVersion" = excluded."ChangeVersion", "RecordedAt" = excluded."RecordedAt"`,
  },
  mssql: {
    ...ownTable(
      'mssql',
      copyTable,
      [
        // a key of SQL Server has at most 450 characters
        mssql.sql`"Source" nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY`,
        mssql.sql`"ChangeVersion" bigint NOT NULL`,
        mssql.sql`"RecordedAt" datetime2(7) NOT NULL`,
      ],
      comment,
    ),
    read: mssql.sql`SELECT "Source" AS "source", CONVERT(nvarchar(20), "ChangeVersion") AS "version" FROM ${copyTable} ORDER BY "Source"`,
    write(source, version) {
      const name = mssql.literal(source);
      const number = mssql.literal(version);
      return mssql.sql`UPDATE ${copyTable} SET "ChangeVersion" = ${number}, "RecordedAt" = sysutcdatetime() WHERE "Source" = ${name};
IF @@ROWCOUNT = 0 INSERT INTO ${copyTable} VALUES (${name}, ${number}, sysutcdatetime());`;
    },
  },
};

/** The statements with which an owner creates the record for roles that may not create it. */
export const copyRecordText = (dialect: SqlDialect): string =>
  textOf(statements[dialect].create).replaceAll(/\n */g, ' ');

/** The recorded versions by source; none where nothing is recorded. Throws `DB_*`. */
export async function copiedVersions(
  connection: Connection,
  limits: Limits = {},
): Promise<ReadonlyMap<string, bigint>> {
  if (!(await hasRecord(connection, limits))) return new Map();
  const rows = await rowsOf<{ source: string; version: string }>(
    connection,
    statements[connection.dialect].read,
    limits,
  );
  return new Map(rows.map(({ source, version }) => [source, BigInt(version)]));
}

async function hasRecord(connection: Connection, limits: Limits): Promise<boolean> {
  const [row] = await rowsOf<{ found: number }>(connection, statements[connection.dialect].exists, limits);
  return row?.found === 1;
}

/**
 * Records the version of a source in a transaction of its own. Throws `DB_*`; `DB_PERMISSION` where the role may not.
 */
export async function recordCopiedVersion(
  connection: Connection,
  source: string,
  version: bigint,
  limits: Limits = {},
): Promise<void> {
  const { create, write } = statements[connection.dialect];
  await committed(connection, async () => {
    // after the first time, the right to create is no longer needed
    if (!(await hasRecord(connection, limits))) await run(connection, create, limits);
    await run(connection, write(source, version), limits);
  });
}

import {
  dialectOf,
  group,
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

/** The statements for such a table that differ between the dialects. */
interface OwnTableDialect {
  /** Whether the table exists, as `found`: 1 or 0; the name is a literal. */
  exists(name: PlainSql): PlainSql;
  createSchema(schema: string): PlainSql;
  /** The text before the name of a new table. */
  createTable(name: PlainSql): PlainSql;
  /** Nothing where tables have no comments. */
  comment(table: QualifiedName, text: string): PlainLines;
}

const dialects: Readonly<Record<SqlDialect, OwnTableDialect>> = {
  pgsql: {
    exists: (name) => pgsql.sql`SELECT CASE WHEN to_regclass(${name}) IS NULL THEN 0 ELSE 1 END AS found`,
    createSchema: (schema) => pgsql.sql`CREATE SCHEMA IF NOT EXISTS ${pgsql.id(schema)};`,
    createTable: () => pgsql.sql`CREATE TABLE IF NOT EXISTS`,
    comment: (table, text) => group(pgsql.sql`COMMENT ON TABLE ${table} IS ${pgsql.literal(text)};`),
  },
  mssql: {
    exists: (name) => mssql.sql`SELECT CASE WHEN OBJECT_ID(${name}, N'U') IS NULL THEN 0 ELSE 1 END AS found`,
    createSchema(schema) {
      const create = textOf(mssql.sql`CREATE SCHEMA ${mssql.id(schema)}`);
      return mssql.sql`IF SCHEMA_ID(${mssql.literal(schema)}) IS NULL EXEC (${mssql.literal(create)});`;
    },
    createTable: (name) => mssql.sql`IF OBJECT_ID(${name}, N'U') IS NULL\nCREATE TABLE`,
    comment: () => group(),
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
  const { sql, lines, literal } = dialectOf[dialect];
  const { exists, createSchema, createTable, comment: commentOn } = dialects[dialect];
  const name = literal(textOf(sql`${table}`));
  return {
    exists: exists(name),
    create: joined(lines`
      ${createSchema(table.schema)}
      ${createTable(name)} ${table} (
          ${listed(columns)}
      );
      ${commentOn(table, comment)}`),
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

import { type DialectRules, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { type Connection, committed, type Limits } from '../drivers/connection.ts';

/* Tables that the product keeps in schemas of their own, which no schema set has. */

/** The statements for such a table that differ between the dialects. */
interface OwnTableDialect {
  /** Whether the table exists, as `found`: 1 or 0; the name is a literal. */
  exists(name: string): string;
  createSchema(rules: DialectRules, schema: string): string;
  /** The text before the name of a new table. */
  createTable(name: string): string;
  /** Null where tables have no comments. */
  comment(table: string, literal: string): string | null;
}

const dialects: Readonly<Record<SqlDialect, OwnTableDialect>> = {
  pgsql: {
    exists: (name) => `SELECT CASE WHEN to_regclass(${name}) IS NULL THEN 0 ELSE 1 END AS found`,
    createSchema: ({ quote }, schema) => `CREATE SCHEMA IF NOT EXISTS ${quote(schema)};`,
    createTable: () => 'CREATE TABLE IF NOT EXISTS',
    comment: (table, literal) => `COMMENT ON TABLE ${table} IS ${literal};`,
  },
  mssql: {
    exists: (name) => `SELECT CASE WHEN OBJECT_ID(${name}, N'U') IS NULL THEN 0 ELSE 1 END AS found`,
    createSchema: ({ quote, stringLiteral }, schema) =>
      `IF SCHEMA_ID(${stringLiteral(schema)}) IS NULL EXEC (N'CREATE SCHEMA ${quote(schema)}');`,
    createTable: (name) => `IF OBJECT_ID(${name}, N'U') IS NULL\nCREATE TABLE`,
    comment: () => null,
  },
};

/** The statements that look for a table and create it. */
interface OwnTableStatements {
  /** Whether the table exists, as `found`: 1 or 0. */
  readonly exists: string;
  /** Creates the schema and the table, if the database has none. */
  readonly create: string;
}

/** @param columns the columns and keys, as they stand in CREATE TABLE */
export function ownTable(
  dialect: SqlDialect,
  { schema, name }: { readonly schema: string; readonly name: string },
  columns: readonly string[],
  comment: string,
): OwnTableStatements {
  const rules = dialectRules[dialect];
  const own = dialects[dialect];
  const table = qualifiedName(rules, { schema, name });
  const literal = rules.stringLiteral(table);
  const commented = own.comment(table, rules.stringLiteral(comment));
  return {
    exists: own.exists(literal),
    create: [
      own.createSchema(rules, schema),
      `${own.createTable(literal)} ${table} (`,
      columns.map((column) => `    ${column}`).join(',\n'),
      ');',
      ...(commented === null ? [] : [commented]),
    ].join('\n'),
  };
}

/**
 * The table in which a database records up to which version it has the content of an ODS (design 19a §9). No schema
 * set has it.
 */
export const copyTable = { schema: 'dms_load', name: 'Copy' } as const;

/** The statements that keep the record, in one dialect. */
interface CopyStatements extends OwnTableStatements {
  readonly read: string;
  /** Writes the version of a source. */
  write(source: string, version: bigint): string;
}

const pgsql = dialectRules.pgsql;
const mssql = dialectRules.mssql;
const pgsqlTable = qualifiedName(pgsql, copyTable);
const mssqlTable = qualifiedName(mssql, copyTable);

const comment = 'Up to which version this database has what an ODS has; dms-ddl load --since last goes on from there.';

const statements: Readonly<Record<SqlDialect, CopyStatements>> = {
  pgsql: {
    ...ownTable(
      'pgsql',
      copyTable,
      [
        '"Source" text NOT NULL PRIMARY KEY',
        '"ChangeVersion" bigint NOT NULL',
        '"RecordedAt" timestamp with time zone NOT NULL',
      ],
      comment,
    ),
    read: `SELECT "Source" AS source, "ChangeVersion"::text AS version FROM ${pgsqlTable} ORDER BY "Source" COLLATE "C"`,
    write: (source, version) =>
      `INSERT INTO ${pgsqlTable} VALUES (${pgsql.stringLiteral(source)}, ${version}, now()) ON CONFLICT ("Source") DO UPDATE SET "ChangeVersion" = excluded."ChangeVersion", "RecordedAt" = excluded."RecordedAt"`,
  },
  mssql: {
    ...ownTable(
      'mssql',
      copyTable,
      [
        // a key of SQL Server has at most 450 characters
        '[Source] nvarchar(450) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY',
        '[ChangeVersion] bigint NOT NULL',
        '[RecordedAt] datetime2(7) NOT NULL',
      ],
      comment,
    ),
    read: `SELECT [Source] AS [source], CONVERT(nvarchar(20), [ChangeVersion]) AS [version] FROM ${mssqlTable} ORDER BY [Source]`,
    write(source, version) {
      const literal = mssql.stringLiteral(source);
      return `UPDATE ${mssqlTable} SET [ChangeVersion] = ${version}, [RecordedAt] = sysutcdatetime() WHERE [Source] = ${literal};
IF @@ROWCOUNT = 0 INSERT INTO ${mssqlTable} VALUES (${literal}, ${version}, sysutcdatetime());`;
    },
  },
};

/** The statements with which an owner creates the record for roles that may not create it. */
export const copyRecordText = (dialect: SqlDialect): string => statements[dialect].create.replaceAll(/\n */g, ' ');

/** The recorded versions by source; none where nothing is recorded. Throws `DB_*`. */
export async function copiedVersions(
  connection: Connection,
  limits: Limits = {},
): Promise<ReadonlyMap<string, bigint>> {
  if (!(await hasRecord(connection, limits))) return new Map();
  const rows = await connection.query<{ source: string; version: string }>(
    statements[connection.dialect].read,
    [],
    limits,
  );
  return new Map(rows.map(({ source, version }) => [source, BigInt(version)]));
}

async function hasRecord(connection: Connection, limits: Limits): Promise<boolean> {
  const [row] = await connection.query<{ found: number }>(statements[connection.dialect].exists, [], limits);
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
    if (!(await hasRecord(connection, limits))) await connection.execute(create, limits);
    await connection.execute(write(source, version), limits);
  });
}

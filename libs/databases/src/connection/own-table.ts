import { type DialectRules, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';

/* Tables that the product keeps in schemas of their own, which no schema set has. */

/** What differs between the dialects in making such a table. */
interface OwnTableDialect {
  /** Whether the table exists, as `found`: 1 or 0; the name is a literal. */
  exists(name: string): string;
  createSchema(rules: DialectRules, schema: string): string;
  /** What stands before the name of a new table. */
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

/** The statements that look for a table and make it. */
export interface OwnTableStatements {
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

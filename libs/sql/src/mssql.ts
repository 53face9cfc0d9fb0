import type { DialectRules, LogicalType } from './dialect.ts';
import { quotableText, quotedIdentifier, refuse } from './quotable.ts';

function typeName(type: LogicalType): string {
  switch (type.kind) {
    case 'String':
      return type.maxLength === null ? 'nvarchar(max)' : `nvarchar(${type.maxLength})`;
    case 'Int32':
      return 'int';
    case 'Int64':
      return 'bigint';
    case 'Decimal':
      return type.decimal === null ? 'decimal' : `decimal(${type.decimal.precision},${type.decimal.scale})`;
    case 'Boolean':
      return 'bit';
    case 'Date':
      return 'date';
    case 'DateTime':
      return 'datetime2(7)';
    case 'Time':
      return 'time(7)';
  }
}

/** A name is a sysname of at most 128 UTF-16 code units (design 03 §6). */
const names = {
  name: 'mssql',
  identifierLimit: 128,
  quotes: { opening: '[', closing: ']' },
  identifierLength: (identifier: string) => identifier.length,
} as const;

/** T-SQL drops a backslash before a line end: it joins the lines of a literal. */
const lineContinuation = /\\\r?\n/;

function stringLiteral(text: string): string {
  if (lineContinuation.test(text)) refuse(names.name, 'literal', text, 'holds a backslash before a line end, which is dropped');
  return `N'${quotableText(names.name, text).replaceAll("'", "''")}'`;
}

/** SQL Server. */
export const mssql: DialectRules = {
  ...names,
  identifierPrefix: (identifier, length) => identifier.slice(0, length),
  // names are compared in the collation of the database, which by default ignores case
  comparedName: (identifier) => identifier.toLowerCase(),
  // documentation, "Ownership and user-schema separation": sys and INFORMATION_SCHEMA are reserved for system objects, no object
  // can be made in them (error 2760); dbo, guest and the fixed database roles have schemas of their names in every database
  engineSchemas: [
    'dbo',
    'sys',
    'INFORMATION_SCHEMA',
    'guest',
    'db_owner',
    'db_accessadmin',
    'db_securityadmin',
    'db_ddladmin',
    'db_backupoperator',
    'db_datareader',
    'db_datawriter',
    'db_denydatareader',
    'db_denydatawriter',
  ],
  quote: (identifier) => quotedIdentifier(names, identifier),
  stringLiteral,
  booleanLiteral: (value) => (value ? '1' : '0'),
  binaryLiteral: (bytes) => `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`,
  typeName,
};

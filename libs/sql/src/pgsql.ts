import type { DialectRules, LogicalType } from './dialect.ts';
import { quotableText, quotedIdentifier } from './quotable.ts';

function typeName(type: LogicalType): string {
  switch (type.kind) {
    case 'String':
      return type.maxLength === null ? 'varchar' : `varchar(${type.maxLength})`;
    case 'Int32':
      return 'integer';
    case 'Int64':
      return 'bigint';
    case 'Decimal':
      return type.decimal === null ? 'numeric' : `numeric(${type.decimal.precision},${type.decimal.scale})`;
    case 'Boolean':
      return 'boolean';
    case 'Date':
      return 'date';
    case 'DateTime':
      return 'timestamp with time zone';
    case 'Time':
      return 'time';
  }
}

/** The server cuts identifiers after 63 bytes of UTF-8, so no name may be longer (design 03 §6). */
const names = {
  name: 'pgsql',
  identifierLimit: 63,
  quotes: { opening: '"', closing: '"' },
  identifierLength: (identifier: string) => Buffer.byteLength(identifier, 'utf8'),
} as const;

const utf8 = new TextEncoder();

/** PostgreSQL. */
export const pgsql: DialectRules = {
  ...names,
  // keeps characters whole
  identifierPrefix: (identifier, length) => identifier.slice(0, utf8.encodeInto(identifier, new Uint8Array(length)).read),
  comparedName: (identifier) => identifier,
  // documentation, "CREATE SCHEMA": a name that begins with pg_ is refused (error 42939); chapter "The Information Schema"
  // documentation, "The Public Schema": every new database has it
  engineSchemas: ['information_schema', 'pg_catalog', 'pg_toast', 'pg_temp', 'public'],
  quote: (identifier) => quotedIdentifier(names, identifier),
  stringLiteral: (text) => `'${quotableText('pgsql', text).replaceAll("'", "''")}'`,
  booleanLiteral: (value) => (value ? 'true' : 'false'),
  binaryLiteral: (bytes) => `'\\x${Buffer.from(bytes).toString('hex').toUpperCase()}'::bytea`,
  typeName,
};

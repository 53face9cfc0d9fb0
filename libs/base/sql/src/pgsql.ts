import type { DialectRules, StorageRules } from './dialect.ts';
import { engineLimits } from './engine-limits.ts';
import { declaredLength, kindFacts } from './logical-kinds.ts';
import { quotableText, quotedIdentifier } from './quotable.ts';
import { joined, type PlainLines } from './text/lines.ts';
import { type PlainSql, plainSql, textOf } from './text/sql.ts';

/**
 * `psql` sends the bytes of a file unchanged, and the server reads them in the encoding of the client, which depends on
 * its settings and the variable `PGCLIENTENCODING`. The comment keeps the line from counting as a statement (design 06
 * §8.2).
 */
export const pgsqlEncodingLine = "SET client_encoding = 'UTF8'; -- this text has letters beyond ASCII\n\n";

const scriptText = (script: string): string => (/[^\0-\x7f]/.test(script) ? pgsqlEncodingLine + script : script);

/**
 * Documentation, chapter "Database Page Layout": a row, including its header, must fit into the 8,160 free bytes of a
 * page of 8,192 bytes ("row is too big", 54000). Chapter "B-Tree Indexes", "Limitations": an entry takes a third of a
 * page at most (2,704 bytes, 54000): 8 bytes, and the values, with up to 4 bytes of padding before each.
 */
const storage: StorageRules = {
  size: (type) => kindFacts[type.kind].pgsql.size(type),
  rowOverhead: (columns) => 24 + Math.ceil(columns / 8),
  keyOverhead: (columns) => 8 + 4 * (columns - 1),
  countsIncludedColumns: true,
};

/**
 * The server cuts longer identifiers, whose length it counts in bytes of UTF-8, so no name may be longer (design 03
 * §6).
 */
const names = {
  name: 'pgsql',
  identifierLimit: engineLimits.identifierLength.most.pgsql,
  quotes: { opening: '"', closing: '"' },
  identifierLength: (identifier: string) => Buffer.byteLength(identifier, 'utf8'),
} as const;

const utf8 = new TextEncoder();

/** The rules of PostgreSQL. */
export const pgsql: DialectRules = {
  ...names,
  // keeps characters whole
  identifierPrefix: (identifier, length) =>
    identifier.slice(0, utf8.encodeInto(identifier, new Uint8Array(length)).read),
  comparedName: (identifier) => identifier,
  // documentation, "CREATE SCHEMA": a name that begins with pg_ is refused (error 42939); chapter "The Information
  // Schema"; "The Public Schema": every new database has it
  engineSchemas: ['information_schema', 'pg_catalog', 'pg_toast', 'pg_temp', 'public'],
  quote: (identifier) => quotedIdentifier(names, identifier),
  stringLiteral: (text) => `'${quotableText('pgsql', text).replaceAll("'", "''")}'`,
  booleanLiteral: (value) => (value ? 'true' : 'false'),
  binaryLiteral: (bytes) => `'\\x${Buffer.from(bytes).toString('hex').toUpperCase()}'::bytea`,
  typeName: (type) => kindFacts[type.kind].pgsql.typeName(type),
  declaredLength: (type) => declaredLength('pgsql', type),
  storage,
  scriptText,
};

/**
 * A PostgreSQL dollar tag that does not occur in `body`: `first` if that is free, otherwise `$dms$`, `$dms1$`, … A body
 * that contained its own tag would end early, and a project or resource name can contain any text (design 06 §3.1).
 */
export function dollarTag(body: string, first = '$$'): string {
  if (!body.includes(first)) return first;
  for (let number = 0; ; number += 1) {
    const tag = number === 0 ? '$dms$' : `$dms${number}$`;
    if (!body.includes(tag)) return tag;
  }
}

/** The tag of {@link dollarTag} for a body of lines. */
export const dollarTagOf = (body: PlainLines, first?: string): PlainSql =>
  plainSql(dollarTag(textOf(joined(body)), first));

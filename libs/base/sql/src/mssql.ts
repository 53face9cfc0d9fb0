import type { DialectRules, StorageRules } from './dialect.ts';
import { engineLimits } from './engine-limits.ts';
import { declaredLength, kindFacts } from './logical-kinds.ts';
import { quotableText, quotedIdentifier, refuse } from './quotable.ts';

/**
 * Documentation, "Estimate the size of a heap": a row has 4 bytes of overhead, and a bitmap of NULLs with 2 more. A
 * table whose fixed columns are too wide is refused (error 1701), and longer keys give a warning (1945).
 */
const storage: StorageRules = {
  size: (type) => kindFacts[type.kind].mssql.size(type),
  rowOverhead: (columns) => 6 + Math.ceil(columns / 8),
  keyOverhead: () => 0,
  countsIncludedColumns: false,
};

/** A name is a sysname, which counts UTF-16 code units (design 03 §6). */
const names = {
  name: 'mssql',
  identifierLimit: engineLimits.identifierLength.most.mssql,
  quotes: { opening: '[', closing: ']' },
  identifierLength: (identifier: string) => identifier.length,
} as const;

/** T-SQL drops a backslash before a line end: it joins the lines of a literal. */
const lineContinuation = /\\\r?\n/;

/**
 * `sqlcmd` replaces `$(name)` everywhere in a script, even in literals and quoted names (documentation, "sqlcmd - Use
 * with scripting variables").
 */
const scriptingVariable = '$(';

/** A literal; a text with `$(` becomes a sum of literals that do not contain it. */
function stringLiteral(text: string): string {
  if (lineContinuation.test(text))
    refuse(names.name, 'literal', text, 'holds a backslash before a line end, which is dropped');
  const quoted = quotableText(names.name, text).replaceAll("'", "''");
  if (!quoted.includes(scriptingVariable)) return `N'${quoted}'`;
  return `(N'${quoted.split(scriptingVariable).join("$' + N'(")}')`;
}

function quote(identifier: string): string {
  if (identifier.includes(scriptingVariable))
    refuse(names.name, 'identifier', identifier, 'holds "$(", which sqlcmd would replace in a script');
  return quotedIdentifier(names, identifier);
}

const ascii = /^[\u0020-\u007e]*$/;

/** Letters that are equal to two others in the default collations, because they have the same sort keys. */
const expansions: ReadonlyMap<string, string> = new Map([
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
]);

/**
 * The name in the form that the default collations compare (`SQL_Latin1_General_CP1_CI_AS`, `Latin1_General_CI_AS`):
 * without case, width and kind of kana, `ß` like `ss`, with accents (documentation, "Collation and Unicode support").
 * Characters beyond the basic plane have no weight in them.
 */
function comparedName(identifier: string): string {
  if (ascii.test(identifier)) return identifier.toLowerCase();
  return (
    identifier
      .normalize('NFKC')
      // first down and then up, because there is a capital ß
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replace(/[\u{10000}-\u{10ffff}]/gu, '')
      .replace(/[æœþ]/g, (letter) => expansions.get(letter) ?? letter)
      .replace(/[\u30a1-\u30f6]/g, (katakana) => String.fromCharCode(katakana.charCodeAt(0) - 0x60))
  );
}

/** The rules of SQL Server. */
export const mssql: DialectRules = {
  ...names,
  identifierPrefix: (identifier, length) => identifier.slice(0, length),
  comparedName,
  // documentation, "Ownership and user-schema separation": sys and INFORMATION_SCHEMA are reserved for system objects,
  // no object can be made in them (error 2760); dbo, guest and the fixed database roles have schemas of their names in
  // every database
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
  quote,
  stringLiteral,
  booleanLiteral: (value) => (value ? '1' : '0'),
  binaryLiteral: (bytes) => `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`,
  typeName: (type) => kindFacts[type.kind].mssql.typeName(type),
  declaredLength: (type) => declaredLength('mssql', type),
  storage,
  // T-SQL has no statement for the encoding: sqlcmd needs -f 65001
  scriptText: (script) => script,
};

/**
 * The maximum number of parameters of a SQL Server statement (design 08 §6.8), without the text and the parameter list,
 * which drivers also pass to `sp_executesql` as parameters.
 */
export const mssqlParameterLimit = engineLimits.parameters.most.mssql - 2;

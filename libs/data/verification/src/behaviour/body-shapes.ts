import type { SqlDialect } from '@dms/sql';

/*
 * Bodies that differ only in names, texts and lists of columns treat many documents alike, so one body of each shape is
 * tried with many documents. A body that leaves out some of the documents has a shape of its own.
 */

const name = '\u2039\u203a';

const quotedNames: Readonly<Record<SqlDialect, RegExp>> = {
  pgsql: /"(?:[^"]|"")*"/g,
  mssql: /\[(?:[^\]]|\]\])*\]/g,
};

/** The URI of a descriptor in a hash. */
const uriOf = new RegExp(
  String.raw`\(SELECT (?:pg_catalog\.)?lower\(d\.${name}\) FROM ${name}\.${name} AS d WHERE d\.${name} = t\.${name}\)`,
  'gi',
);

/** A body without names, texts, keys of resources, and lines about a single row. */
export function shapeOf(body: string, dialect: SqlDialect): string {
  const plain = body
    .replace(/N?'(?:[^']|'')*'/g, "''")
    .replace(quotedNames[dialect], name)
    .replace(uriOf, `t.${name}`)
    .replace(/\bIN \([\d, ]+\)/g, 'IN ()');
  return plain
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\d+,?$/.test(line) && !isOfOneRow(line))
    .join('\n');
}

/** The words of a line about a single row: its columns, how they are compared, their texts in a hash. */
const wordsOfOneRow = new Set(
  `T N O D I R C OLD NEW AND OR IS NOT NULL DISTINCT FROM AS AT TIME ZONE CASE WHEN THEN ELSE END CAST CONVERT COLLATE PG_CATALOG
  TEXT LOWER TO_CHAR TRIM_SCALE NVARCHAR MAX DECIMAL DATALENGTH REPLACE RTRIM UPDATE LATIN1_GENERAL_100_BIN2`.split(
    /\s+/,
  ),
);

/** An alias that a body gives to one of its values. */
const valueAlias = /^c1?\d?\d$/i;

const isOfOneRow = (line: string): boolean =>
  line.includes(name) &&
  (line.match(/[A-Za-z_]\w*/g) ?? []).every((word) => wordsOfOneRow.has(word.toUpperCase()) || valueAlias.test(word));

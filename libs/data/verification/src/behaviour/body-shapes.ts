import type { DialectRules } from '@dms/sql';

/*
 * Bodies that differ in names, texts and lists of columns alone do the same for many documents. So one of each shape is
 * tried with many, and any other body that leaves out some of them has a shape of its own.
 */

/** The words of an item that says something of one row: its columns, their comparison, their text in a hash. */
const wordsOfOneRow = new Set(
  `T N O D I R C OLD NEW AND OR IS NOT NULL DISTINCT FROM AS AT TIME ZONE CASE WHEN THEN ELSE END CAST CONVERT COLLATE PG_CATALOG
  TEXT LOWER TO_CHAR TRIM_SCALE NVARCHAR MAX DECIMAL DATALENGTH REPLACE RTRIM UPDATE LATIN1_GENERAL_100_BIN2`
    .split(/\s+/)
    .concat(Array.from({ length: 200 }, (_, index) => `C${index}`)),
);

const name = '\u2039\u203a';

const namesOf = (rules: Pick<DialectRules, 'quote'>): RegExp =>
  rules.quote('x').startsWith('[') ? /\[(?:[^\]]|\]\])*\]/g : /"(?:[^"]|"")*"/g;

/** The URI of a descriptor in a hash. */
const uriOf = new RegExp(
  String.raw`\(SELECT (?:pg_catalog\.)?lower\(d\.${name}\) FROM ${name}\.${name} AS d WHERE d\.${name} = t\.${name}\)`,
  'gi',
);

const isOfOneRow = (line: string): boolean =>
  line.includes(name) && (line.match(/[A-Za-z_]\w*/g) ?? []).every((word) => wordsOfOneRow.has(word.toUpperCase()));

/** A body without its names, texts, keys of resources, and items that say something of one row. */
export function shapeOf(body: string, rules: Pick<DialectRules, 'quote'>): string {
  const plain = body
    .replace(/N?'(?:[^']|'')*'/g, "''")
    .replace(namesOf(rules), name)
    .replace(uriOf, `t.${name}`)
    .replace(/\bIN \([\d, ]+\)/g, 'IN ()');
  return plain
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\d+,?$/.test(line) && !isOfOneRow(line))
    .join('\n');
}

import type { DocumentStampingTrigger } from '@dms/inventory';
import {
  assignArray,
  bodyLines,
  changedRows,
  documentTable,
  nextVersion,
  perEvent,
  q,
  selectFrom,
} from '../../pgsql/body-text.ts';
import { indented } from '../../statement-lines.ts';
import { stampKey, type TriggerSource } from '../../trigger-source.ts';

function stamp(version: string, time: string, where: readonly string[]): string[] {
  return [
    `UPDATE ${documentTable}`,
    `SET ${q(version)} = ${nextVersion},`,
    `    ${q(time)} = pg_catalog.now()`,
    ...where,
  ];
}

const contentStamp = (where: readonly string[]) => stamp('ContentVersion', 'ContentLastModifiedAt', where);

/**
 * Stamps `documents`. A single document is updated by its key. Several are first locked in the order of their keys, so
 * that writers of the same documents wait for each other and never deadlock: the plan of an UPDATE decides the order of
 * its rows, and sessions may have different plans.
 */
const stampDocuments = [
  'IF pg_catalog.cardinality(documents) = 1 THEN',
  ...indented(contentStamp([`WHERE ${q('DocumentId')} = documents[1];`])),
  'ELSIF pg_catalog.cardinality(documents) > 1 THEN',
  ...indented(
    contentStamp([
      `WHERE ${q('DocumentId')} = ANY (ARRAY(`,
      ...indented([
        `SELECT d.${q('DocumentId')}`,
        `FROM ${documentTable} AS d`,
        `WHERE d.${q('DocumentId')} = ANY (documents)`,
        `ORDER BY d.${q('DocumentId')}`,
        'FOR NO KEY UPDATE',
      ]),
      '));',
    ]),
  ),
  'END IF;',
];

/**
 * Stamps the content of every touched document once per statement, then the identity of those whose projection changed
 * (design 07 §9.1). A row that is reassigned to another document stamps both.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const key = stampKey(source);
  const { identityProjectionColumns: projection } = source.trigger;
  if (projection.length > 0) return rootBody(key, projection);
  return bodyLines(
    ['documents bigint[];'],
    perEvent([
      ['INSERT', collectDocuments(key, ['new_rows'])],
      ['UPDATE', collectDocuments(key, ['new_rows', 'old_rows'])],
      ['DELETE', collectDocuments(key, ['old_rows'])],
    ]),
    stampDocuments,
  );
}

/**
 * For root rows: handles updates as a set and deletions row by row, because a deleted document cascades to every root
 * table.
 */
function rootBody(key: string, projection: readonly string[]): string[] {
  return bodyLines(
    ['documents bigint[];', 'changed bigint[];'],
    perEvent([
      ['UPDATE', [...collectDocuments(key, ['new_rows']), ...stampDocuments, ...identityStamp(key, projection)]],
      ['DELETE', contentStamp([`WHERE ${q('DocumentId')} = OLD.${q(key)};`])],
    ]),
  );
}

/** Collects the distinct documents of the rows of some transition tables. */
function collectDocuments(key: string, tables: readonly ('new_rows' | 'old_rows')[]): string[] {
  const [only, ...others] = tables;
  if (only && others.length === 0) return assignArray('documents', selectFrom(only, [key], 'SELECT DISTINCT'));
  const queries = tables.map((table) => selectFrom(table, [key]));
  return assignArray(
    'documents',
    queries.flatMap((query, index) => (index === 0 ? query : ['UNION', ...query])),
  );
}

/**
 * Stamps the identity of the documents whose projection changed. That is rare, so planning it each time costs little.
 */
function identityStamp(key: string, projection: readonly string[]): string[] {
  const columns = [...new Set([key, ...projection])];
  return [
    ...assignArray('changed', [`SELECT c.${q(key)}`, ...changedRows(columns, ['new_rows', 'old_rows'])]),
    'IF pg_catalog.cardinality(changed) > 0 THEN',
    ...indented(stamp('IdentityVersion', 'IdentityLastModifiedAt', [`WHERE ${q('DocumentId')} = ANY (changed);`])),
    'END IF;',
  ];
}

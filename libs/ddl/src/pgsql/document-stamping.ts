import type { DocumentStampingTrigger } from '@dms/inventory';
import { stampKey, type TriggerSource } from '../trigger-source.ts';
import {
  assignArray,
  bodyLines,
  changedRows,
  documentTable,
  indented,
  nextVersion,
  perEvent,
  q,
  selectFrom,
} from './body-text.ts';

function stamp(version: string, time: string, where: readonly string[]): string[] {
  return [`UPDATE ${documentTable}`, `SET ${q(version)} = ${nextVersion},`, `    ${q(time)} = now()`, ...where];
}

const contentStamp = (where: readonly string[]) => stamp('ContentVersion', 'ContentLastModifiedAt', where);

/**
 * Stamps the documents of a query, if it has any. They are reached by key, in one statement whose plan suits any number of them
 * and which writes them in the order of the key or the heap, so that writers of the same documents do not deadlock.
 */
function stampRows(table: 'new_rows' | 'old_rows', query: readonly string[]): string[] {
  return [
    `IF EXISTS (SELECT 1 FROM ${table}) THEN`,
    ...indented(contentStamp([`WHERE ${q('DocumentId')} = ANY (ARRAY(`, ...indented(query), '));'])),
    'END IF;',
  ];
}

/** Stamps the identity of the documents whose projection changed. That is rare, so planning it anew each time is no loss. */
function identityStamp(key: string, projection: readonly string[]): string[] {
  const columns = [...new Set([key, ...projection])];
  return [
    ...assignArray('changed', [`SELECT c.${q(key)}`, ...changedRows(columns, ['new_rows', 'old_rows'])]),
    'IF cardinality(changed) > 0 THEN',
    ...indented(stamp('IdentityVersion', 'IdentityLastModifiedAt', [`WHERE ${q('DocumentId')} = ANY (changed);`])),
    'END IF;',
  ];
}

/** A root row: updates as a set, deletions row by row, because a deleted document cascades to every root table. */
function rootBody(key: string, projection: readonly string[]): string[] {
  return bodyLines(
    ['changed bigint[];'],
    perEvent([
      ['UPDATE', [...stampRows('new_rows', selectFrom('new_rows', [key])), ...identityStamp(key, projection)]],
      ['DELETE', contentStamp([`WHERE ${q('DocumentId')} = OLD.${q(key)};`])],
    ]),
  );
}

/**
 * Stamps the content of every touched document once per statement, then the identity of those whose projection changed (design
 * 07 §9.1). A row that moves to another document stamps both.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const key = stampKey(source);
  const { identityProjectionColumns: projection } = source.trigger;
  if (projection.length > 0) return rootBody(key, projection);
  const [fromNew, fromOld] = [selectFrom('new_rows', [key]), selectFrom('old_rows', [key])];
  return bodyLines(
    [],
    perEvent([
      ['INSERT', stampRows('new_rows', fromNew)],
      ['UPDATE', stampRows('new_rows', [...fromNew, 'UNION ALL', ...fromOld])],
      ['DELETE', stampRows('old_rows', fromOld)],
    ]),
  );
}

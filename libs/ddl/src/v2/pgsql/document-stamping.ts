import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, qualified as joined } from '@dms/model';
import {
  assignArray,
  bodyLines,
  changedRows,
  leaveWhen,
  nextVersion,
  perEvent,
  q,
  qualified,
  selectFrom,
} from '../../pgsql/body-text.ts';
import { indented } from '../../statement-lines.ts';
import { stampKey, type TriggerSource } from '../../trigger-source.ts';
import { descriptorTableRules } from './descriptor-stamping.ts';
import { mirroredStampingBody, rootTable } from './mirrored-stamping.ts';

const id = q('DocumentId');
const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/** The documents of the rows that really changed; a row that is reassigned changes both its documents (design 16 §6.2). */
function changedDocuments(key: string, columns: readonly string[]): string[] {
  const of = (...images: Parameters<typeof changedRows>[1]) => [`SELECT c.${q(key)}`, ...changedRows(columns, images)];
  return assignArray('documents', [...of('new_rows', 'old_rows'), 'UNION', ...of('old_rows', 'new_rows')]);
}

/**
 * Stamps the documents of a table below a root once per statement (design 16 §6.2): their root rows draw new versions, and the trigger of
 * the root gives those to the documents. Several root rows are first locked in the order of their keys, so that two writers of the same
 * documents wait for each other and never deadlock. A document whose root row is gone already has its last stamp.
 */
function childStampingBody(source: TriggerSource<DocumentStampingTrigger>, root: string): string[] {
  const key = stampKey(source);
  const stored = source.table.columns.filter(({ generated }) => generated === null).map(({ name }) => name);
  return bodyLines(
    ['documents bigint[];'],
    perEvent([
      ['INSERT', assignArray('documents', selectFrom('new_rows', [key], 'SELECT DISTINCT'))],
      ['UPDATE', changedDocuments(key, stored)],
      ['DELETE', assignArray('documents', selectFrom('old_rows', [key], 'SELECT DISTINCT'))],
    ]),
    leaveWhen('cardinality(documents) = 0'),
    [
      'IF cardinality(documents) > 1 THEN',
      ...indented(
        assignArray('documents', [
          `SELECT t.${id}`,
          `FROM ${root} AS t`,
          `WHERE t.${id} = ANY (documents)`,
          `ORDER BY t.${id}`,
          'FOR NO KEY UPDATE',
        ]),
      ),
      'END IF;',
      `UPDATE ${root}`,
      `SET ${version} = ${nextVersion},`,
      `    ${modified} = now()`,
      `WHERE ${id} = ANY (documents);`,
    ],
  );
}

/** The body of a stamping trigger, which depends on whether its table mirrors the stamps (design 16 §6.2, §6.6). */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const { trigger } = source;
  const target = trigger.mirrorStampTargetTable;
  if (target === null) throw new Error(`${trigger.name} has no table that repeats its stamps`);
  if (joined(target) !== joined(trigger.table)) return childStampingBody(source, qualified(target));
  stampKey(source);
  const isDescriptor = joined(trigger.table) === joined(core.descriptor);
  return mirroredStampingBody(source, isDescriptor ? descriptorTableRules : rootTable(trigger));
}

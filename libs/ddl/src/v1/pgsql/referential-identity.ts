import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityTexts } from '../../ddl-generation.ts';
import { identityBlocks } from '../../identity-name.ts';
import { assignArray, bodyLines, changedRows, leaveWhen, perEvent, q, qualified } from '../../pgsql/body-text.ts';
import { insertRows, referentialIdentityTable } from '../../pgsql/referential-ids.ts';
import { indented } from '../../statement-lines.ts';
import type { TriggerSource } from '../../trigger-source.ts';

const id = q('DocumentId');

const forEachDocument = (lines: readonly string[]) => [
  'FOREACH document IN ARRAY documents LOOP',
  ...indented(lines),
  'END LOOP;',
];

/**
 * Keeps the hashed identities of documents, own and superclass, in step with their root rows (design 07 §9.2). All old
 * rows are deleted before new ones are inserted, because an identity may pass from one document to another. The table
 * is read by key, one document at a time: for a set, PostgreSQL would scan a table that was never analysed.
 */
export function referentialIdentityBody(
  { trigger, table }: TriggerSource<ReferentialIdentityTrigger>,
  texts: IdentityTexts,
): string[] {
  const blocks = identityBlocks(trigger);
  const keys = blocks.map(({ resourceKeyId }) => resourceKeyId).join(', ');
  const columns = [...new Set(['DocumentId', ...trigger.identityProjectionColumns])];
  return bodyLines(
    ['documents bigint[];', 'document bigint;'],
    perEvent([
      ['INSERT', assignArray('documents', [`SELECT n.${id} FROM new_rows AS n`, 'ORDER BY 1'])],
      [
        'UPDATE',
        assignArray('documents', [`SELECT c.${id}`, ...changedRows(columns, ['new_rows', 'old_rows']), 'ORDER BY 1']),
      ],
    ]),
    leaveWhen('pg_catalog.cardinality(documents) = 0'),
    forEachDocument([
      `DELETE FROM ${referentialIdentityTable}`,
      `WHERE ${id} = document`,
      `    AND ${q('ResourceKeyId')} IN (${keys});`,
    ]),
    forEachDocument(
      blocks.flatMap((block) => insertRows(block, qualified(table), [`WHERE t.${id} = document`], texts)),
    ),
  );
}

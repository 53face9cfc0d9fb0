import type { IdentityBlock, ReferentialIdentityTrigger } from '@dms/inventory';
import { core } from '@dms/model';
import type { IdentityTexts } from '../body-renderer.ts';
import { identityBlocks, namePartsOf, referentialIdNamespace } from '../identity-name.ts';
import { enclosed, indented } from '../statement-lines.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { assignArray, bodyLines, changedRows, leaveWhen, literal, perEvent, q, qualified } from './body-text.ts';
import { identityText } from './identity-text.ts';

const referentialIdentity = qualified(core.referentialIdentity);
const uuidv5 = qualified(core.uuidv5);
const id = q('DocumentId');

/** The name string, one element per line. */
function nameLines(block: IdentityBlock, texts: IdentityTexts): string[] {
  const lines: string[] = [];
  for (const part of namePartsOf(block)) {
    if (part.kind === 'text') lines.push((lines.length > 0 ? '|| ' : '') + literal(part.text));
    else lines.push(`${lines.pop()} || ${identityText(part.element, 't', texts)}`);
  }
  return lines;
}

/** The referential id of a block of the row `t`, on one line. */
export const referentialId = (block: IdentityBlock, texts: IdentityTexts): string =>
  `${uuidv5}(${literal(referentialIdNamespace)}::uuid, ${nameLines(block, texts).join(' ')})`;

/**
 * Inserts the rows of one resource key that `where` selects. Values come from the table, where a nested statement may have
 * changed them.
 */
export function insertRows(block: IdentityBlock, table: string, where: readonly string[], texts: IdentityTexts): string[] {
  return enclosed(
    '',
    [
      `INSERT INTO ${referentialIdentity} (${['ReferentialId', 'DocumentId', 'ResourceKeyId'].map(q).join(', ')})`,
      'SELECT',
      ...indented([
        `${uuidv5}(`,
        ...indented([`${literal(referentialIdNamespace)}::uuid,`, ...nameLines(block, texts)]),
        '),',
        `t.${id},`,
        String(block.resourceKeyId),
      ]),
      `FROM ${table} AS t`,
      ...where,
    ],
    ';',
  );
}

const forEachDocument = (lines: readonly string[]) => [
  'FOREACH document IN ARRAY documents LOOP',
  ...indented(lines),
  'END LOOP;',
];

/**
 * Keeps the hashed identities of documents, own and superclass, in step with their root rows (design 07 §9.2). All old rows are
 * deleted before new ones are inserted, because an identity may pass from one document to another. The table is read by key,
 * one document at a time: for a set, PostgreSQL would scan a table that was never analysed.
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
      ['UPDATE', assignArray('documents', [`SELECT c.${id}`, ...changedRows(columns, ['new_rows', 'old_rows']), 'ORDER BY 1'])],
    ]),
    leaveWhen('cardinality(documents) = 0'),
    forEachDocument([
      `DELETE FROM ${referentialIdentity}`,
      `WHERE ${id} = document`,
      `    AND ${q('ResourceKeyId')} IN (${keys});`,
    ]),
    forEachDocument(blocks.flatMap((block) => insertRows(block, qualified(table), [`WHERE t.${id} = document`], texts))),
  );
}

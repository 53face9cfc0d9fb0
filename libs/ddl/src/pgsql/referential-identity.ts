import type { IdentityBlock, ReferentialIdentityTrigger } from '@dms/inventory';
import { identityBlocks, namePartsOf, referentialIdNamespace } from '../identity-name.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { bodyLines, literal, q, qualified, skipUnchanged } from './body-text.ts';
import { identityText } from './identity-text.ts';

const referentialIdentity = qualified({ schema: 'dms', name: 'ReferentialIdentity' });
const uuidv5 = qualified({ schema: 'dms', name: 'uuidv5' });

/** Replaces the row of one resource key; the values come from the table, where a nested statement may have changed them. */
function replaceRow(block: IdentityBlock, table: string): string[] {
  const name = namePartsOf(block).map((part) => (part.kind === 'text' ? literal(part.text) : identityText(part.element, 't')));
  return [
    `DELETE FROM ${referentialIdentity}`,
    `WHERE ${q('DocumentId')} = NEW.${q('DocumentId')} AND ${q('ResourceKeyId')} = ${block.resourceKeyId};`,
    `INSERT INTO ${referentialIdentity} (${q('ReferentialId')}, ${q('DocumentId')}, ${q('ResourceKeyId')})`,
    `SELECT ${uuidv5}(${literal(referentialIdNamespace)}::uuid, ${name.join(' || ')}), t.${q('DocumentId')}, ${block.resourceKeyId}`,
    `FROM ${table} AS t`,
    `WHERE t.${q('DocumentId')} = NEW.${q('DocumentId')};`,
  ];
}

/** Keeps the hashed identity of a document, own and superclass, in step with its root row (design 07 §9.2). */
export function referentialIdentityBody({ trigger, table }: TriggerSource<ReferentialIdentityTrigger>): string[] {
  return bodyLines(
    skipUnchanged(trigger.identityProjectionColumns),
    ...identityBlocks(trigger).map((block) => replaceRow(block, qualified(table))),
  );
}

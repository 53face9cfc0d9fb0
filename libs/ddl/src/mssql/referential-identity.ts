import type { IdentityBlock, ReferentialIdentityTrigger } from '@dms/inventory';
import { identityBlocks, namePartsOf, referentialIdNamespace } from '../identity-name.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { bodyLines, collectChangedDocuments, literal, q, qualified } from './body-text.ts';
import { identityText } from './identity-text.ts';

const referentialIdentity = qualified({ schema: 'dms', name: 'ReferentialIdentity' });
const uuidv5 = qualified({ schema: 'dms', name: 'uuidv5' });

/** Deletes the rows of one resource key for all documents of the statement before any is inserted: identities may swap. */
function replaceRows(block: IdentityBlock, table: string): string[] {
  const name = namePartsOf(block).map((part, index) => {
    if (part.kind === 'value') return identityText(part.element, 't');
    // the first literal makes the concatenation nvarchar(max), which cannot be cut at 4000 characters
    return index === 0 ? `CAST(${literal(part.text)} AS nvarchar(max))` : literal(part.text);
  });
  return [
    'DELETE r',
    `FROM ${referentialIdentity} AS r`,
    `INNER JOIN @documents AS c ON c.${q('DocumentId')} = r.${q('DocumentId')}`,
    `WHERE r.${q('ResourceKeyId')} = ${block.resourceKeyId};`,
    `INSERT INTO ${referentialIdentity} (${q('ReferentialId')}, ${q('DocumentId')}, ${q('ResourceKeyId')})`,
    `SELECT ${uuidv5}(CAST(${literal(referentialIdNamespace)} AS uniqueidentifier), ${name.join(' + ')}), t.${q('DocumentId')}, ${block.resourceKeyId}`,
    `FROM ${table} AS t`,
    `INNER JOIN @documents AS c ON c.${q('DocumentId')} = t.${q('DocumentId')};`,
  ];
}

/** Keeps the hashed identity of documents, own and superclass, in step with their root rows (design 07 §9.2). */
export function referentialIdentityBody({ trigger, table }: TriggerSource<ReferentialIdentityTrigger>): string[] {
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  return bodyLines(
    collectChangedDocuments(projection),
    ...identityBlocks(trigger).map((block) => replaceRows(block, qualified(table))),
  );
}

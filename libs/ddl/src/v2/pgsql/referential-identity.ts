import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityTexts } from '../../body-renderer.ts';
import { identityBlocks } from '../../identity-name.ts';
import { bodyLines, leaveUnchanged, q, qualified } from '../../pgsql/body-text.ts';
import { insertRows } from '../../pgsql/referential-ids.ts';
import type { TriggerSource } from '../../trigger-source.ts';

const id = q('DocumentId');
const resourceKey = q('ResourceKeyId');
const referentialId = q('ReferentialId');

/** Keeps the hashed identities of a document, own and superclass, in step with its root row (design 16 §6.4). */
export function referentialIdentityBody(
  { trigger, table }: TriggerSource<ReferentialIdentityTrigger>,
  texts: IdentityTexts,
): string[] {
  const ofRow = [
    `WHERE t.${id} = NEW.${id}`,
    `ON CONFLICT (${id}, ${resourceKey}) DO UPDATE`,
    `SET ${referentialId} = EXCLUDED.${referentialId}`,
  ];
  return bodyLines(
    [],
    leaveUnchanged(['DocumentId', ...trigger.identityProjectionColumns]),
    identityBlocks(trigger).flatMap((block) => insertRows(block, qualified(table), ofRow, texts)),
  );
}

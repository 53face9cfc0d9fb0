import type { DocumentStampingTrigger } from '@dms/inventory';
import { stampKey, type TriggerSource } from '../trigger-source.ts';
import { anyDistinct, bodyLines, documentTable, nextVersion, q } from './body-text.ts';

function contentStamp(documentId: string): string[] {
  return [
    `UPDATE ${documentTable}`,
    `SET ${q('ContentVersion')} = ${nextVersion}, ${q('ContentLastModifiedAt')} = now()`,
    `WHERE ${q('DocumentId')} = ${documentId};`,
  ];
}

function identityStamp(documentId: string, projection: readonly string[]): string[] {
  if (projection.length === 0) return [];
  return [
    "IF TG_OP = 'UPDATE' THEN",
    `    IF ${anyDistinct(projection)} THEN`,
    `        UPDATE ${documentTable}`,
    `        SET ${q('IdentityVersion')} = ${nextVersion}, ${q('IdentityLastModifiedAt')} = now()`,
    `        WHERE ${q('DocumentId')} = ${documentId};`,
    '    END IF;',
    'END IF;',
  ];
}

/** Every row change stamps the content of its document; a changed identity stamps that too, after it (design 07 §9.1). */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const key = q(stampKey(source));
  return bodyLines(
    ["IF TG_OP = 'DELETE' THEN", ...contentStamp(`OLD.${key}`).map((line) => `    ${line}`), '    RETURN NULL;', 'END IF;'],
    contentStamp(`NEW.${key}`),
    identityStamp(`NEW.${key}`, source.trigger.identityProjectionColumns),
  );
}

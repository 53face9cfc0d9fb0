import { coreV1 } from '@dms/model';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { abstractIdentityBody } from '../../mssql/abstract-identity.ts';
import { authHierarchyBody } from '../../mssql/auth-hierarchy.ts';
import { bodyLines, q, qualified } from '../../mssql/body-text.ts';
import { referentialIdentityBody, valueTexts } from '../../mssql/referential-identity.ts';
import { uuidv5Definition } from '../../mssql/uuidv5.ts';
import { documentStampingBody } from './document-stamping.ts';
import { identityPropagationBody } from './identity-propagation.ts';

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
function documentJournalBody(): string[] {
  const version = q('ContentVersion');
  const document = q('DocumentId');
  const resourceKey = q('ResourceKeyId');
  const columns = [q('ChangeVersion'), document, resourceKey, q('CreatedAt')].join(', ');
  return bodyLines([
    'IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;',
    // an insert always has new versions, even where UPDATE() denies it
    `IF EXISTS (SELECT 1 FROM deleted) AND NOT UPDATE(${version}) RETURN;`,
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (${columns})`,
    `SELECT i.${version}, i.${document}, i.${resourceKey}, sysutcdatetime()`,
    'FROM inserted AS i',
    `LEFT JOIN deleted AS d ON d.${document} = i.${document}`,
    `WHERE d.${document} IS NULL`,
    `    OR d.${version} <> i.${version};`,
  ]);
}

const identityTexts: IdentityTexts = { ...valueTexts, Time: (value) => `CONVERT(nvarchar(8), ${value}, 108)` };

export const mssqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  referentialIdentity: (source) => referentialIdentityBody(source, identityTexts),
  abstractIdentity: (source) => abstractIdentityBody(source),
  authHierarchy: authHierarchyBody,
  identityPropagation: identityPropagationBody,
  routine: uuidv5Definition,
  identityTexts,
};

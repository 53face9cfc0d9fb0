import { coreV1 } from '@dms/model';
import { bodyLines, q, qualified } from '../../mssql/body-text.ts';

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
export function documentJournalBody(): string[] {
  const [version, document, resourceKey] = [q('ContentVersion'), q('DocumentId'), q('ResourceKeyId')];
  const columns = [q('ChangeVersion'), document, resourceKey, q('CreatedAt')].join(', ');
  return bodyLines([
    'IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;',
    // an insert always has new versions, whatever UPDATE() says about it
    `IF EXISTS (SELECT 1 FROM deleted) AND NOT UPDATE(${version}) RETURN;`,
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (${columns})`,
    `SELECT i.${version}, i.${document}, i.${resourceKey}, sysutcdatetime()`,
    'FROM inserted AS i',
    `LEFT JOIN deleted AS d ON d.${document} = i.${document}`,
    `WHERE d.${document} IS NULL`,
    `    OR d.${version} <> i.${version};`,
  ]);
}

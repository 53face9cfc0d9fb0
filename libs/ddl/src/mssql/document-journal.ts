import { bodyLines, q, qualified } from './body-text.ts';

/** Every new content version of a document is an event of the journal (design 06 §5.2). */
export function documentJournalBody(): string[] {
  const columns = ['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'].map(q).join(', ');
  return bodyLines([
    `IF UPDATE(${q('ContentVersion')}) OR NOT EXISTS (SELECT 1 FROM deleted)`,
    `    INSERT INTO ${qualified({ schema: 'dms', name: 'DocumentChangeEvent' })} (${columns})`,
    `    SELECT i.${q('ContentVersion')}, i.${q('DocumentId')}, i.${q('ResourceKeyId')}, sysutcdatetime()`,
    '    FROM inserted AS i;',
  ]);
}

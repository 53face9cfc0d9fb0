import { bodyLines, q, qualified } from './body-text.ts';

/** Every new content version of a document is an event of the journal (design 06 §5.2). */
export function documentJournalBody(): string[] {
  const columns = ['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'].map(q).join(', ');
  return bodyLines([
    `INSERT INTO ${qualified({ schema: 'dms', name: 'DocumentChangeEvent' })} (${columns})`,
    `VALUES (NEW.${q('ContentVersion')}, NEW.${q('DocumentId')}, NEW.${q('ResourceKeyId')}, now());`,
  ]);
}

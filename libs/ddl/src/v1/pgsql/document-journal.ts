import { coreV1 } from '@dms/model';
import { bodyLines, changedRows, leaveWhen, perEvent, q, qualified } from '../../pgsql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';

const versioned = ['ContentVersion', 'DocumentId', 'ResourceKeyId'];

function insertEvents(alias: string, from: readonly string[]): string[] {
  return [
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (`,
    ...indented(listed(['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'].map(q))),
    ')',
    'SELECT',
    ...indented(listed([...versioned.map((column) => `${alias}.${q(column)}`), 'now()'])),
    ...enclosed('', from, ';'),
  ];
}

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
export function documentJournalBody(): string[] {
  return bodyLines(
    [],
    leaveWhen('NOT EXISTS (SELECT 1 FROM new_rows)'),
    perEvent([
      ['INSERT', insertEvents('n', ['FROM new_rows AS n'])],
      ['UPDATE', insertEvents('c', changedRows(versioned, ['new_rows', 'old_rows']))],
    ]),
  );
}

import { core } from '@dms/model';
import type { BehaviourSession } from './behaviour-session.ts';

/** Rows of core tables as the checks insert them, by column. */
export interface CoreRows {
  /** A row of `dms.Descriptor`. */
  descriptor(documentId: number, resourceKeyId: number, codeValue: string): ReadonlyMap<string, string>;
  /** A row of `dms.DocumentCache` without the columns that repeat the document. */
  cache(json: string): ReadonlyMap<string, string>;
}

/** What every generation has in a row of `dms.Descriptor`. */
export const commonDescriptor = (documentId: number, codeValue: string): ReadonlyMap<string, string> =>
  new Map([
    ['DocumentId', String(documentId)],
    ['Namespace', 'uri://verification'],
    ['CodeValue', codeValue],
    ['ShortDescription', codeValue],
    ['Discriminator', 'Verification'],
    ['Uri', `uri://verification#${codeValue}`],
  ]);

/** What every generation has in a row of `dms.DocumentCache`. */
export const commonCache = (json: string): ReadonlyMap<string, string> =>
  new Map([
    ['ProjectName', 'Verification'],
    ['ResourceName', 'Verification'],
    ['ResourceVersion', '1.0.0'],
    ['LastModifiedAt', '2024-01-01T00:00:00Z'],
    ['DocumentJson', json],
  ]);

/** Inserts the cached form of a document, with its UUID. */
export function cacheInsert(session: BehaviourSession, rows: CoreRows, documentId: number, json: string): string {
  const uuid = `(SELECT ${session.quote('DocumentUuid')} FROM ${session.table(core.document)} WHERE ${session.quote('DocumentId')} = ${documentId})`;
  return session.insertText(
    core.documentCache,
    rows.cache(json),
    new Map([
      ['DocumentId', String(documentId)],
      ['DocumentUuid', uuid],
    ]),
  );
}

import { resourceLabel } from '@dms/api-schema';
import { type DbTableName, type QualifiedResourceName, qualified } from '@dms/model';

/** A name inside a sentence, so that a page can link it and a test can compare it with the inventory. */
export type Term =
  | { readonly term: 'column' | 'path' | 'constraint' | 'index' | 'event'; readonly text: string }
  | { readonly term: 'table'; readonly text: string; readonly table: DbTableName }
  | { readonly term: 'resource'; readonly text: string; readonly resource: QualifiedResourceName };

/** A sentence in pieces: plain words and terms. */
export type Phrase = readonly (string | Term)[];

export const columnTerm = (text: string): Term => ({ term: 'column', text });
export const pathTerm = (text: string): Term => ({ term: 'path', text });
export const constraintTerm = (text: string): Term => ({ term: 'constraint', text });
export const indexTerm = (text: string): Term => ({ term: 'index', text });
export const eventTerm = (text: string): Term => ({ term: 'event', text });
export const tableTerm = (table: DbTableName): Term => ({ term: 'table', text: qualified(table), table });
export const resourceTerm = (resource: QualifiedResourceName): Term => {
  return { term: 'resource', text: resourceLabel(resource), resource };
};

/** `a`, `a and b`, `a, b and c`. */
export function listed(terms: readonly (Term | Phrase)[], last = ' and '): Phrase {
  return terms.flatMap((entry, index) => {
    const separator = index === 0 ? [] : [index === terms.length - 1 ? last : ', '];
    return [...separator, ...(Array.isArray(entry) ? (entry as Phrase) : [entry as Term])];
  });
}

/** The plain text of a phrase. */
export function phraseText(phrase: Phrase): string {
  return phrase.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}

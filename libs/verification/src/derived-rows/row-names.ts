import { core, type DbTableName } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { TableFinding } from './data-finding.ts';
import type { PreparedQuery, RowDialect } from './row-dialect.ts';

export const plain = (query: string): PreparedQuery => ({ prepare: '', query });

/** The names of a dialect, quoted, and the text that names the document of a row. */
export function namesOf({ rules, uuidText, numberText }: RowDialect) {
  const q = (name: string) => rules.quote(name);
  const named = (table: DbTableName) => qualifiedName(rules, table);
  const document = named(core.document);
  /** The uuid of a document; its id if the document is missing. */
  const uuidOf = (documentId: string) =>
    `coalesce((SELECT ${uuidText(`u.${q('DocumentUuid')}`)} FROM ${document} AS u WHERE u.${q('DocumentId')} = ${documentId}), ${numberText(documentId)})`;
  return { q, named, id: q('DocumentId'), document, uuidOf };
}

/** Whether a finding says that a document lacks its root row, or a root row its document. */
export const isIncomplete = ({ kind }: TableFinding): boolean =>
  kind === 'documentWithoutRoot' || kind === 'rootWithoutDocument';

/** Whether a finding puts the rows of one of the tables in doubt. */
export const concernsOneOf = (tables: ReadonlySet<string>) => (found: TableFinding) => tables.has(found.table);

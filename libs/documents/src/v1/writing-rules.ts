import { mustExist } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { innerReferences } from '../writing/referrers.ts';
import type { ResolvedIds } from '../writing/table-rows.ts';
import type { WritingRules, WrittenId } from '../writing/writing-rules.ts';
import { type DocumentRows, isStored, rowStatements } from './row-changes.ts';
import { documentRows } from './table-rows.ts';

interface NewDocumentRows {
  readonly document: CheckedDocument;
  readonly documentId: WrittenId;
  readonly ids: ResolvedIds;
}

/** Rewrites all rows except the root row. To remove a document, it deletes the row of `dms.Document` (design 08 §6.10, 14 §3). */
export const writingRulesV1: WritingRules = {
  batch(plans) {
    const inserted: NewDocumentRows[] = [];
    const replaced: DocumentRows[] = [];
    return {
      insert: (document, documentId, ids) => inserted.push({ document, documentId, ids }),
      replace: ({ found, document, ids, stored }) => {
        const documentId = String(found.DocumentId);
        const rows = { documentId, tables: documentRows(document, documentId, ids) };
        if (isStored(plans, rows, stored)) return false;
        replaced.push(rows);
        return true;
      },
      newIds: [],
      statements: () => {
        const added = inserted.map(({ document, documentId, ids }) => {
          const id = mustExist(documentId.id, 'the id of a new document');
          return { documentId: id, tables: documentRows(document, id, ids) };
        });
        return rowStatements(plans, documentStatements[plans.dialect], added, replaced);
      },
    };
  },
  changesIdentity: (_, { found, document }) => found.ReferentialId !== document.referentialId,
  removal: (all, documents, uuids) => [
    ...innerReferences(all, documents, ({ key, table }) => mustExist(key.columns[0], `the key of ${table.name}`).name),
    ...documentStatements[all.dialect].removeDocuments(uuids),
  ],
};

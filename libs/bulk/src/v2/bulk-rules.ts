import { newDocumentRowsV2, resourceWriterV2 } from '@dms/documents';
import { core, coreV2, promised, type Table } from '@dms/model';
import { type BulkRules, type CopiedRows, copiedTables } from '../bulk/bulk-rules.ts';

/** The column of a root table that repeats the content version of the document. */
const versionMirrors = ({ columns }: Table) =>
  columns.filter(({ kind }) => kind === 'MirroredContentVersion').map(({ name }) => name);

/**
 * The second generation. The client draws the content version of a new document and writes it into both `dms.Document` and the
 * root row; the time of both is the default of their columns, the beginning of the transaction. So the law of design 16 §6.2
 * holds without the stamp of the root, and those of the other tables are not needed. The ids of collection rows come from their
 * sequence (design 17 §7.6).
 */
export const bulkRulesV2: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  coreTables: [core.document, core.referentialIdentity, coreV2.documentProjectionWork],
  documentColumns: ['ContentVersion'],
  tables: (plans) => copiedTables(resourceWriterV2(plans), versionMirrors),
  rows: (document, documentId, ids, take) => {
    const { newIds, byTable } = newDocumentRowsV2(document, documentId, ids);
    const made = ([version]: readonly string[], rowIds: readonly string[]): CopiedRows => {
      for (const [index, id] of newIds.entries()) id.id = promised(rowIds[index], 'the id of a new row');
      const mirrored = promised(version, 'the version of a new document');
      const [rootRows = [], ...others] = byTable();
      return { document: [mirrored], tables: [rootRows.map((row) => [...row, mirrored]), ...others] };
    };
    const version = take(core.changeVersionSequence, 1);
    const rowIds = take(coreV2.collectionItemIdSequence, newIds.length);
    if (version instanceof Promise || rowIds instanceof Promise)
      return Promise.all([version, rowIds]).then((all) => made(...all));
    return made(version, rowIds);
  },
};

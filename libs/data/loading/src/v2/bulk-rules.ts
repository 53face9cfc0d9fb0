import { newDocumentRowsV2, resourceWriterV2 } from '@dms/documents';
import { type Column, core, coreV2, mustExist, type Table } from '@dms/model';
import {
  type BulkRows,
  type BulkRules,
  bulkTables,
  type NewNumbers,
  storedReferentialIds,
} from '../bulk/bulk-rules.ts';

/**
 * The columns of a root table that repeat values which the client draws for the document: the version, and the time if
 * there is one.
 */
const mirrors = ({ columns }: Table, { time }: NewNumbers) => {
  const named = (wanted: Column['kind']) => columns.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  return [...named('MirroredContentVersion'), ...(time === null ? [] : named('MirroredContentLastModifiedAt'))];
};

/**
 * The second generation. The client draws the content version of a new document and writes it into both `dms.Document`
 * and the root row; the time of both is the default of their columns, the beginning of the transaction, or comes from
 * the client too. So the law of design 16 §6.2 holds without the stamp of the root, and those of the other tables are
 * not needed. The ids of collection rows come from their sequence (design 17 §7.6).
 */
export const bulkRulesV2: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  coreTables: [core.document, coreV2.documentProjectionWork],
  identities: storedReferentialIds,
  documentColumns: ['ContentVersion'],
  tables: (plans, numbers) => bulkTables(resourceWriterV2(plans), (table) => mirrors(table, numbers)),
  rows: (document, documentId, ids, { take, time }) => {
    const { newIds, byTable } = newDocumentRowsV2(document, documentId, ids);
    const made = ([version]: readonly string[], rowIds: readonly string[]): BulkRows => {
      for (const [index, id] of newIds.entries()) id.id = mustExist(rowIds[index], 'the id of a new row');
      const mirrored = mustExist(version, 'the version of a new document');
      const [rootRows = [], ...others] = byTable();
      const ofRoot = time === null ? [mirrored] : [mirrored, time];
      return { document: [mirrored], tables: [rootRows.map((row) => [...row, ...ofRoot]), ...others] };
    };
    const version = take(core.changeVersionSequence, 1);
    const rowIds = take(coreV2.collectionItemIdSequence, newIds.length);
    if (version instanceof Promise || rowIds instanceof Promise)
      return Promise.all([version, rowIds]).then((all) => made(...all));
    return made(version, rowIds);
  },
};

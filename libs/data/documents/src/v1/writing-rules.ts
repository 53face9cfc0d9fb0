import type { Statement } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { documentRulesOf, insertionOrder } from '@dms/plans';
import { partition } from 'es-toolkit/array';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { StoredTables, WritingRules, WrittenId } from '../document-generation.ts';
import { cachedByResource, type ResourcePlans } from '../resource-plans.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { innerReferences } from '../writing/referrers.ts';
import {
  type PlannedTable,
  plannedTables,
  type ResolvedIds,
  rowSources,
  type StructuralSource,
  type TableWriter,
  tableWriter,
} from '../writing/table-rows.ts';

/** The rows of a document to write, by table in plan order. */
export interface FirstDocumentRows {
  readonly documentId: string;
  readonly tables: readonly (readonly StoredRow[])[];
  /** Whether the stored document has lost its root row. */
  readonly lacksRoot?: boolean;
}

/** Whether the database has exactly these rows. */
export function isStored(
  plans: ResourcePlans,
  { tables }: Pick<FirstDocumentRows, 'tables'>,
  stored: StoredTables,
): boolean {
  const writer = resourceWriter(plans);
  return tables.every((rows, index) => {
    const found = stored[index] ?? [];
    const { storedRow } = mustExist(writer.tables[index], 'the writer of a table');
    // both are ordered by position
    return (
      rows.length === found.length &&
      rows.every((row, position) => sameRow(row, storedRow(mustExist(found[position], 'a stored row'))))
    );
  });
}

const sameRow = (a: StoredRow, b: StoredRow) => a.every((value, index) => value === b[index]);

/**
 * Writes rows in the order of design 08 §6.10: updates root rows, or inserts lost ones, deletes the old rows of the other tables and inserts
 * the new ones, targets of foreign keys first. Rows below another collection are deleted with their parent rows.
 */
export function rowStatements(
  plans: ResourcePlans,
  inserted: readonly FirstDocumentRows[],
  replaced: readonly FirstDocumentRows[],
  isMarked = false,
): Statement[] {
  const writer = resourceWriter(plans);
  const statements = documentStatements[plans.dialect];
  const written = [...inserted, ...replaced];
  const documentIds = replaced.map(({ documentId }) => documentId);
  const rowsOf = (documents: readonly FirstDocumentRows[], index: number) =>
    documents.flatMap(({ tables }) => tables[index] ?? []);
  const [root = 0, ...others] = writer.insertOrder;
  const { plan } = mustExist(writer.tables[root], 'the writer of the root table');
  const result: Statement[] = [];
  const insert = (index: number, rows: readonly StoredRow[]) => {
    const { plan: tablePlan, documentBinding } = mustExist(writer.tables[index], 'the writer of a table');
    append(result, statements.insertRows(tablePlan, rows, isMarked ? documentBinding : null));
  };
  const [rootless, rooted] = partition(replaced, ({ lacksRoot }) => lacksRoot === true);
  const newRoots = [...inserted, ...rootless];
  if (newRoots.length > 0) insert(root, rowsOf(newRoots, root));
  if (replaced.length > 0) {
    append(result, statements.updateRows(plan, rowsOf(rooted, root)));
    for (const index of others) {
      const table = mustExist(writer.tables[index], 'the writer of a table');
      if (!table.hasParentRows)
        append(result, statements.deleteRows(table.plan.tableModel.table, table.documentColumn, documentIds));
    }
  }
  for (const index of others) insert(index, rowsOf(written, index));
  return result;
}

interface FirstNewRows {
  readonly document: CheckedDocument;
  readonly documentId: WrittenId;
  readonly ids: ResolvedIds;
}

/**
 * A write rewrites all rows except the root row; a removal deletes the row of `dms.Document` (design 08 §6.10, 14 §3).
 */
export const writingRulesV1: WritingRules = {
  batch(plans) {
    const inserted: FirstNewRows[] = [];
    const replaced: FirstDocumentRows[] = [];
    return {
      insert: (document, documentId, ids) => inserted.push({ document, documentId, ids }),
      replace: ({ found, document, ids, stored }) => {
        const documentId = String(found.DocumentId);
        const lacksRoot = stored[resourceWriter(plans).insertOrder[0] ?? 0]?.length === 0;
        const rows = { documentId, tables: documentRows(document, documentId, ids), lacksRoot };
        if (isStored(plans, rows, stored)) return false;
        replaced.push(rows);
        return true;
      },
      newIds: [],
      statements: (isMarked) => {
        const added = inserted.map(({ document, documentId, ids }) => {
          const id = mustExist(documentId.id, 'the id of a new document');
          return { documentId: id, tables: documentRows(document, id, ids) };
        });
        return rowStatements(plans, added, replaced, isMarked);
      },
    };
  },
  changesIdentity: (_, { found, document }) => found.ReferentialId !== document.referentialId,
  removal: (all, documents, uuids) => [
    ...innerReferences(all, documents, ({ key, table }) => mustExist(key.columns[0], `the key of ${table.name}`).name),
    ...documentStatements[all.dialect].removeDocuments(uuids),
  ],
};

/** Values are stored in the form of the document (design 14 §1). */
export const valueRulesV1 = documentRulesOf('v1').values;

/** A part of a key: the document, or a position in one of the arrays around the row. */
type StructuralKeyPart = 'document' | { readonly depth: number };

const keyPart: StructuralSource<StructuralKeyPart> = ({ source }, { depth }) => {
  switch (source.kind) {
    case 'document_id':
      return 'document';
    case 'parent_key_part':
      return source.index === 0 ? 'document' : { depth: source.index - 1 };
    case 'ordinal':
      return { depth: depth - 1 };
    default:
      return null;
  }
};

/** Builds and reads the rows of one table; they are deleted when the document is written again. */
interface KeyedTableWriter extends TableWriter<StructuralKeyPart> {
  /** The column with the document id. */
  readonly documentColumn: string;
  /** The binding of that column. */
  readonly documentBinding: number;
  /** Whether its rows are deleted together with the rows of its parent. */
  readonly hasParentRows: boolean;
}

interface FirstResourceWriter {
  /** The writers of the tables, in the order of the plan. */
  readonly tables: readonly KeyedTableWriter[];
  /** The indexes of the tables in the order of their foreign keys; the root is first. */
  readonly insertOrder: readonly number[];
}

/** The writer of a resource, created once. */
export const resourceWriter = cachedByResource((plans): FirstResourceWriter => {
  const sources = (table: PlannedTable) => rowSources(table, plans, keyPart);
  return {
    tables: plannedTables(plans).map((table) => {
      const { plan, shape } = table;
      const [documentKey, ...otherKeys] = plan.tableModel.key.columns;
      const documentColumn = mustExist(documentKey, `the key of ${plan.tableModel.table.name}`).name;
      return {
        ...tableWriter(table, plans, sources(table), valueRulesV1.endsOfTime[plans.dialect]),
        documentColumn,
        documentBinding: plan.columnBindings.findIndex(({ column }) => column.name === documentColumn),
        hasParentRows: otherKeys.some(({ kind }) => kind === 'ParentKeyPart') || shape.parent !== null,
      };
    }),
    insertOrder: insertionOrder(plans.write.tablePlansInDependencyOrder),
  };
});

/** The rows of a document by table, in plan order. */
export function documentRows(
  document: CheckedDocument,
  documentId: string,
  ids: ResolvedIds,
): readonly (readonly StoredRow[])[] {
  return resourceWriter(document.plans).tables.map((writer, index) =>
    (document.rows[index] ?? []).map((row) =>
      writer.rowOf(row, ids, (part) =>
        part === 'document' ? documentId : String(mustExist(row.ordinals[part.depth], 'the position of an element')),
      ),
    ),
  );
}

import { mustExist } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { cachedByResource } from '../resource-plans.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import { finiteEnds, type ValueRules } from '../values/ends-of-time.ts';
import {
  insertOrder,
  type ResolvedIds,
  rowSources,
  type StructuralSource,
  type TableWriter,
  tableWriter,
} from '../writing/table-rows.ts';

/** Values are stored as documents have them (design 14 §1). */
export const valueRulesV1: ValueRules = { keepsSecondFractions: true, endsOfTime: finiteEnds };

/** A part of a key: the document, or a position in one of the arrays around the row. */
type KeyPart = 'document' | { readonly depth: number };

const keyPart: StructuralSource<KeyPart> = ({ source }, { depth }) => {
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

/** Builds and reads the rows of one table, which are deleted when the document is written again. */
export interface KeyedTableWriter extends TableWriter<KeyPart> {
  /** The column that holds the document. */
  readonly documentColumn: string;
  /** The binding of that column. */
  readonly documentBinding: number;
  /** Whether its rows are deleted with their parent's rows. */
  readonly hasParentRows: boolean;
}

/** The tables of a resource, with the writers of their rows. */
export interface ResourceWriter {
  /** In the order of the plan. */
  readonly tables: readonly KeyedTableWriter[];
  /** The indexes of the tables in the order of their foreign keys; the root is first. */
  readonly insertOrder: readonly number[];
}

/** The writer of a resource, created once. */
export const resourceWriter = cachedByResource((plans): ResourceWriter => {
  const { tablePlansInDependencyOrder } = plans.write;
  return {
    tables: tablePlansInDependencyOrder.map((plan, index) => {
      const shape = mustExist(plans.shape.tables[index], 'the shape of a table');
      const [documentKey, ...otherKeys] = plan.tableModel.key.columns;
      const documentColumn = mustExist(documentKey, `the key of ${plan.tableModel.table.name}`).name;
      return {
        ...tableWriter(
          plan,
          plans,
          index,
          rowSources(plan, shape, plans, keyPart),
          valueRulesV1.endsOfTime[plans.dialect],
        ),
        documentColumn,
        documentBinding: plan.columnBindings.findIndex(({ column }) => column.name === documentColumn),
        hasParentRows: otherKeys.some(({ kind }) => kind === 'ParentKeyPart') || shape.parent !== null,
      };
    }),
    insertOrder: insertOrder(tablePlansInDependencyOrder),
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

import { mustExist } from '@dms/model';
import {
  checkIdentities,
  documentRulesOf,
  insertionOrder,
  isMergeTable,
  mergeUpdateParts,
  type RowStatementParts,
  type WriteColumnBinding,
} from '@dms/plans';
import { comparedForm } from '@dms/values';
import { cachedByResource, type ResourcePlans } from '../resource-plans.ts';
import type { DocumentTableShape } from '../resource-shape.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import type { StoredValue } from '../values/stored-value.ts';
import {
  plannedTables,
  rowSources,
  type StructuralSource,
  type TableWriter,
  tableWriter,
} from '../writing/table-rows.ts';

/**
 * Values are stored in the form that the server stores, so that its queries find them and its writes change nothing
 * (design 14 §1, 16 §6.4).
 */
export const valueRulesV2 = documentRulesOf('v2').values;

/** The value of a structural column or of the position of a row. */
export type RowPart = 'document' | 'parent' | 'row' | 'ordinal';

const rowPart: StructuralSource<RowPart> = ({ column, source }) => {
  switch (source.kind) {
    case 'document_id':
      return 'document';
    case 'parent_key_part':
      return 'parent';
    case 'ordinal':
      return 'ordinal';
    case 'precomputed':
      return column.kind === 'CollectionKey' ? 'row' : null;
    default:
      return null;
  }
};

/** How the rows of a collection are matched and updated. Indexes are indexes of bindings. */
interface Merging {
  /** The bindings of the semantic identity, each value once. */
  readonly identity: readonly number[];
  readonly rowIdentity: number;
  readonly ordinal: number;
  readonly update: RowStatementParts;
}

/** Builds and reads the rows of one table; rows keep their ids. */
export interface MergingTableWriter extends TableWriter<RowPart> {
  readonly shape: DocumentTableShape;
  /** The bindings in which two rows may differ. */
  readonly compared: readonly number[];
  /** The bindings that are filled with ids. */
  readonly filled: readonly { readonly index: number; readonly part: Exclude<RowPart, 'ordinal'> }[];
  /** The binding with the id of the parent row; -1 for a root table. */
  readonly parentLocator: number;
  readonly merging: Merging | null;
  /** A value in the form in which equal values are the same; texts of the identity may be equal if they differ in case. */
  comparedValue(row: StoredRow, binding: number): StoredValue;
  /** The row with the stored text of each part of the identity that equals it. */
  withStoredTexts(row: StoredRow, stored: StoredRow): StoredRow;
  /** The column by which single rows are deleted. */
  readonly deletedBy: string;
}

/** The comparison of the texts of an identity: of the document in the root, of an item in a collection (design 22 §4.5). */
function identityTexts(
  plans: ResourcePlans,
  { index }: DocumentTableShape,
  bindings: readonly WriteColumnBinding[],
  merged: readonly number[],
): Pick<MergingTableWriter, 'comparedValue' | 'withStoredTexts'> {
  const textEquality = documentRulesOf(plans.version).textEquality[plans.dialect];
  if (textEquality === 'exact')
    return { comparedValue: (row, binding) => row[binding] ?? null, withStoredTexts: (row) => row };
  const form = comparedForm[textEquality];
  const projection = new Set(index === 0 ? plans.identityProjection : []);
  const isPart = (binding: number, name: string) => merged.includes(binding) || projection.has(name);
  const texts = new Set(
    bindings.flatMap(({ column: { name, kind, scalarType } }, binding) =>
      kind === 'Scalar' && scalarType?.kind === 'String' && isPart(binding, name) ? [binding] : [],
    ),
  );
  const comparedValue = (row: StoredRow, binding: number): StoredValue => {
    const value = row[binding] ?? null;
    return typeof value === 'string' && texts.has(binding) ? form(value) : value;
  };
  return {
    comparedValue,
    withStoredTexts: (row, stored) =>
      row.map((value, binding) =>
        texts.has(binding) && comparedValue(row, binding) === comparedValue(stored, binding)
          ? (stored[binding] ?? null)
          : value,
      ),
  };
}

interface ResourceWriter {
  /** The writers of the tables, in the order of the plan. */
  readonly tables: readonly MergingTableWriter[];
  /** The indexes of the tables in the order of their foreign keys; the root is first. */
  readonly insertOrder: readonly number[];
}

/** The writer of a resource, created once. Throws `PLAN_IDENTITY_EMPTY`. */
export const resourceWriter = cachedByResource((plans): ResourceWriter => {
  checkIdentities(plans.write);
  return {
    tables: plannedTables(plans).map((planned): MergingTableWriter => {
      const { shape, plan } = planned;
      const { tableModel, columnBindings, collectionMergePlan } = plan;
      const sources = rowSources(planned, plans, rowPart);
      const { identity, table } = tableModel;
      const locator = identity.parentLocator[0];
      const filled = sources.flatMap((source, position) =>
        source.kind === 'structural' && source.part !== 'ordinal' ? [{ index: position, part: source.part }] : [],
      );
      const structural = new Set(filled.map((each) => each.index));
      const merged = collectionMergePlan?.semanticIdentityBindings.map(({ bindingIndex }) => bindingIndex) ?? [];
      return {
        ...tableWriter(planned, plans, sources, valueRulesV2.endsOfTime[plans.dialect]),
        shape,
        filled,
        compared: [...columnBindings.keys()].filter((position) => !structural.has(position)),
        parentLocator: columnBindings.findIndex(({ column }) => column.name === locator),
        ...identityTexts(plans, shape, columnBindings, merged),
        merging: collectionMergePlan && {
          identity: [...new Set(merged)],
          rowIdentity: collectionMergePlan.stableRowIdentityBindingIndex,
          ordinal: collectionMergePlan.ordinalBindingIndex,
          update: mergeUpdateParts(tableModel, columnBindings),
        },
        deletedBy: mustExist(
          isMergeTable(tableModel) ? identity.rowIdentity[0] : (locator ?? identity.rowIdentity[0]),
          `the key of ${table.name}`,
        ),
      };
    }),
    insertOrder: insertionOrder(plans.write.tablePlansInDependencyOrder),
  };
});

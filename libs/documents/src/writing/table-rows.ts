import type { Row } from '@dms/databases';
import { promised, qualified } from '@dms/model';
import type { TableWritePlan, WriteColumnBinding } from '@dms/plans';
import type { CheckedDocument, CheckedRow } from '../checking/checked-document.ts';
import { oncePerResource, type ResourcePlans } from '../document-plans.ts';
import type { TableShape } from '../shape/resource-shape.ts';
import { columnKeys } from '../statements/column-keys.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import { type StoredValue, valueFromDatabase } from '../values/stored-value.ts';

/** Document ids by referential id. */
export type ResolvedIds = ReadonlyMap<string, string>;

type RowSource =
  | { readonly kind: 'document' }
  | { readonly kind: 'ordinal'; readonly depth: number }
  | { readonly kind: 'scalar' | 'descriptor'; readonly slot: number }
  | { readonly kind: 'reference'; readonly index: number }
  | { readonly kind: 'canonical'; readonly slots: readonly number[] }
  | { readonly kind: 'presence'; readonly slot: number };

/** Makes and reads the rows of one table. */
export interface TableWriter {
  readonly plan: TableWritePlan;
  /** The column that holds the document. */
  readonly documentColumn: string;
  /** Whether its rows go when those of another table of the resource go. */
  readonly hasParentRows: boolean;
  /** The values of a row, in the order of the bindings (design 08 §6.10). */
  rowOf(row: CheckedRow, documentId: string, ids: ResolvedIds): StoredRow;
  /** The same from a row of the database. */
  storedRow(row: Row): StoredRow;
}

function sourcesOf(plan: TableWritePlan, shape: TableShape, plans: ResourcePlans): RowSource[] {
  const slots = new Map<string, number>();
  for (const { columns, slot } of shape.leaves) for (const { name } of columns) slots.set(name, slot);
  const slotOf = (column: string) => promised(slots.get(column), `the value of ${plan.tableModel.table.name}.${column}`);
  const sourceOf = ({ column, source }: WriteColumnBinding): RowSource | null => {
    switch (source.kind) {
      case 'document_id':
        return { kind: 'document' };
      case 'parent_key_part':
        return source.index === 0 ? { kind: 'document' } : { kind: 'ordinal', depth: source.index - 1 };
      case 'ordinal':
        return { kind: 'ordinal', depth: shape.depth - 1 };
      case 'scalar':
      case 'reference_derived':
        return { kind: 'scalar', slot: slotOf(column.name) };
      case 'descriptor_reference':
        return { kind: 'descriptor', slot: slotOf(column.name) };
      case 'document_reference': {
        const binding = plans.write.model.documentReferenceBindings[source.bindingIndex];
        const reference = shape.references.find((each) => each.binding.fkColumn === binding?.fkColumn);
        return { kind: 'reference', index: promised(reference, `the reference of ${column.name}`).index };
      }
      case 'precomputed':
        return null;
    }
  };
  const sources = plan.columnBindings.map(sourceOf);
  for (const { canonicalBindingIndex, membersInOrder } of plan.keyUnificationPlans) {
    const slotsInOrder = membersInOrder.map(({ memberPathColumn }) => slotOf(memberPathColumn));
    sources[canonicalBindingIndex] = { kind: 'canonical', slots: slotsInOrder };
    membersInOrder.forEach(({ presenceIsSynthetic, presenceBindingIndex }, index) => {
      const slot = promised(slotsInOrder[index], 'the slot of a member');
      if (presenceIsSynthetic && presenceBindingIndex !== null) sources[presenceBindingIndex] = { kind: 'presence', slot };
    });
  }
  return sources.map((source, index) => promised(source, `what produces ${plan.columnBindings[index]?.column.name}`));
}

function tableWriter(plan: TableWritePlan, shape: TableShape, plans: ResourcePlans): TableWriter {
  const sources = sourcesOf(plan, shape, plans);
  const [documentKey, ...otherKeys] = plan.tableModel.key.columns;
  const keys = columnKeys(plans.dialect, plan.tableModel);
  const stored = plan.columnBindings.map(({ column: { name, kind, scalarType } }) => ({
    key: promised(keys.get(name), `the column ${name} of ${plan.tableModel.table.name}`),
    scalarType: kind === 'Scalar' ? scalarType : null,
  }));
  const found = (ids: ResolvedIds, referentialId: string) =>
    promised(ids.get(referentialId), `the document id of ${referentialId}`);
  const valueAt = (row: CheckedRow, slot: number, ids: ResolvedIds): StoredValue => {
    const descriptor = row.descriptors[slot];
    return descriptor === undefined ? (row.values[slot] ?? null) : found(ids, descriptor);
  };
  const produced = (source: RowSource, row: CheckedRow, documentId: string, ids: ResolvedIds): StoredValue => {
    switch (source.kind) {
      case 'document':
        return documentId;
      case 'ordinal':
        return String(promised(row.ordinals[source.depth], 'the position of an element'));
      case 'scalar':
      case 'descriptor':
        return valueAt(row, source.slot, ids);
      case 'reference': {
        const referentialId = row.references[source.index];
        return referentialId === undefined ? null : found(ids, referentialId);
      }
      case 'canonical': {
        // all that are there are equal: the check has seen to it
        const slot = source.slots.find((each) => row.values[each] !== undefined);
        return slot === undefined ? null : valueAt(row, slot, ids);
      }
      case 'presence':
        return row.values[source.slot] === undefined ? null : true;
    }
  };
  return {
    plan,
    documentColumn: promised(documentKey, `the key of ${plan.tableModel.table.name}`).name,
    hasParentRows: otherKeys.some(({ kind }) => kind === 'ParentKeyPart') || shape.parent !== null,
    rowOf: (row, documentId, ids) => sources.map((source) => produced(source, row, documentId, ids)),
    storedRow: (row) =>
      stored.map(({ key, scalarType }) => {
        const value = row[key];
        if (value === null || value === undefined) return null;
        return scalarType ? valueFromDatabase(value, scalarType) : String(value);
      }),
  };
}

/** Targets of foreign keys first, ties in list order: the list of the plan is not in that order (design 08 §6.10). */
function insertOrder(plans: readonly TableWritePlan[]): number[] {
  const positions = new Map(plans.map(({ tableModel }, index) => [qualified(tableModel.table), index]));
  const ordered: number[] = [];
  const visiting = new Set<number>();
  const visit = (index: number) => {
    if (visiting.has(index)) return;
    visiting.add(index);
    for (const constraint of plans[index]?.tableModel.constraints ?? []) {
      const target = constraint.kind === 'ForeignKey' ? positions.get(qualified(constraint.targetTable)) : undefined;
      if (target !== undefined) visit(target);
    }
    ordered.push(index);
  };
  plans.forEach((_, index) => {
    visit(index);
  });
  return ordered;
}

/** The tables of a resource as documents fill them. */
export interface ResourceWriter {
  /** In the order of the plan. */
  readonly tables: readonly TableWriter[];
  /** Indexes of the tables in the order of their foreign keys; the root is first. */
  readonly insertOrder: readonly number[];
}

/** The writer of a resource, made once. */
export const resourceWriter = oncePerResource((plans): ResourceWriter => {
  const { tablePlansInDependencyOrder } = plans.write;
  return {
    tables: tablePlansInDependencyOrder.map((plan, index) =>
      tableWriter(plan, promised(plans.shape.tables[index], 'the shape of a table'), plans),
    ),
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
    (document.rows[index] ?? []).map((row) => writer.rowOf(row, documentId, ids)),
  );
}

import type { Row } from '@dms/databases';
import { mustExist } from '@dms/model';
import type { Moments, TableWritePlan, WriteColumnBinding } from '@dms/plans';
import type { CheckedRow } from '../checking/checked-document.ts';
import type { ResourcePlans } from '../resource-plans.ts';
import type { DocumentTableShape } from '../resource-shape.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import { tableColumnKeys } from '../statements/statements-by-dialect.ts';
import { type StoredValue, valueFromDatabase } from '../values/stored-value.ts';

/** Document ids by referential id. */
export type ResolvedIds = ReadonlyMap<string, string>;

/** The columns that a generation fills, which determine the place of a row. */
export type StructuralSource<Structural> = (
  binding: WriteColumnBinding,
  shape: DocumentTableShape,
) => Structural | null;

type ValueSource =
  | { readonly kind: 'scalar' | 'descriptor'; readonly slot: number }
  | { readonly kind: 'reference'; readonly index: number }
  | { readonly kind: 'canonical'; readonly slots: readonly number[] }
  | { readonly kind: 'presence'; readonly slot: number };

type RowSource<Structural> = ValueSource | { readonly kind: 'structural'; readonly part: Structural };

/** Builds and reads the rows of one table. */
export interface TableWriter<Structural> {
  readonly plan: TableWritePlan;
  /** The values of a row, in the order of the bindings (design 08 §6.10). */
  rowOf(row: CheckedRow, ids: ResolvedIds, structural: (part: Structural) => StoredValue): StoredRow;
  /** A row of the database in the same form. */
  storedRow(row: Row): StoredRow;
}

/** A table of a resource. */
export interface PlannedTable {
  /** Its position in the plan. */
  readonly index: number;
  readonly plan: TableWritePlan;
  readonly shape: DocumentTableShape;
}

/** The tables of a resource, in the order of the plan. */
export const plannedTables = ({ write, shape }: ResourcePlans): readonly PlannedTable[] =>
  write.tablePlansInDependencyOrder.map((plan, index) => ({
    index,
    plan,
    shape: mustExist(shape.tables[index], 'the shape of a table'),
  }));

/** The source of the value of each binding: the structural columns first, then the document. */
export function rowSources<Structural>(
  { plan, shape }: PlannedTable,
  plans: ResourcePlans,
  structural: StructuralSource<Structural>,
): RowSource<Structural>[] {
  const slots = new Map<string, number>();
  for (const { columns, slot } of shape.leaves) for (const { name } of columns) slots.set(name, slot);
  const slotOf = (column: string) =>
    mustExist(slots.get(column), `the value of ${plan.tableModel.table.name}.${column}`);
  const sourceOf = (binding: WriteColumnBinding): RowSource<Structural> | null => {
    const { column, source } = binding;
    const part = structural(binding, shape);
    if (part !== null) return { kind: 'structural', part };
    switch (source.kind) {
      case 'scalar':
      case 'reference_derived':
        return { kind: 'scalar', slot: slotOf(column.name) };
      case 'descriptor_reference':
        return { kind: 'descriptor', slot: slotOf(column.name) };
      case 'document_reference': {
        const { fkColumn } = mustExist(
          plans.write.model.documentReferenceBindings[source.bindingIndex],
          `the reference of ${column.name}`,
        );
        const reference = shape.references.find((each) => each.binding.fkColumn === fkColumn);
        return { kind: 'reference', index: mustExist(reference, `the reference of ${column.name}`).index };
      }
      default:
        return null;
    }
  };
  const sources = plan.columnBindings.map(sourceOf);
  for (const { canonicalBindingIndex, membersInOrder } of plan.keyUnificationPlans) {
    const slotsInOrder = membersInOrder.map(({ memberPathColumn }) => slotOf(memberPathColumn));
    sources[canonicalBindingIndex] = { kind: 'canonical', slots: slotsInOrder };
    membersInOrder.forEach(({ presenceIsSynthetic, presenceBindingIndex }, index) => {
      const slot = mustExist(slotsInOrder[index], 'the slot of a member');
      if (presenceIsSynthetic && presenceBindingIndex !== null)
        sources[presenceBindingIndex] = { kind: 'presence', slot };
    });
  }
  return sources.map((source, index) => mustExist(source, `what produces ${plan.columnBindings[index]?.column.name}`));
}

/** The writer of a table, from its sources; `ends` are the moments that its columns store in another form. */
export function tableWriter<Structural>(
  { index, plan }: PlannedTable,
  plans: ResourcePlans,
  sources: readonly RowSource<Structural>[],
  ends: Moments,
): TableWriter<Structural> {
  const keys = mustExist(tableColumnKeys(plans)[index], `the columns of ${plan.tableModel.table.name}`);
  const stored = plan.columnBindings.map(({ column: { name, kind, scalarType } }) => ({
    key: mustExist(keys.get(name), `the column ${name} of ${plan.tableModel.table.name}`),
    scalarType: kind === 'Scalar' ? scalarType : null,
  }));
  const endsOf = stored.map(({ scalarType }) => scalarType && ends[scalarType.kind]);
  const found = (ids: ResolvedIds, referentialId: string) =>
    mustExist(ids.get(referentialId), `the document id of ${referentialId}`);
  const valueAt = (row: CheckedRow, slot: number, ids: ResolvedIds): StoredValue => {
    const descriptor = row.descriptors[slot];
    return descriptor === undefined ? (row.values[slot] ?? null) : found(ids, descriptor);
  };
  const produced = (source: ValueSource, row: CheckedRow, ids: ResolvedIds): StoredValue => {
    switch (source.kind) {
      case 'scalar':
      case 'descriptor':
        return valueAt(row, source.slot, ids);
      case 'reference': {
        const referentialId = row.references[source.index];
        return referentialId === undefined ? null : found(ids, referentialId);
      }
      case 'canonical': {
        // all present values are equal, as the check has ensured
        const slot = source.slots.find((each) => row.values[each] !== undefined);
        return slot === undefined ? null : valueAt(row, slot, ids);
      }
      case 'presence':
        return row.values[source.slot] === undefined ? null : true;
    }
  };
  return {
    plan,
    rowOf: (row, ids, structural) =>
      sources.map((source, index) => {
        if (source.kind === 'structural') return structural(source.part);
        const value = produced(source, row, ids);
        const infinite = endsOf[index];
        return infinite && typeof value === 'string' ? (infinite.get(value) ?? value) : value;
      }),
    storedRow: (row) =>
      stored.map(({ key, scalarType }) => {
        const value = row[key];
        if (value === null || value === undefined) return null;
        return scalarType ? valueFromDatabase(value, scalarType) : String(value);
      }),
  };
}

import type { Column, ResourceModel, Table } from '@dms/model';
import type { ReferenceSource, TableWritePlan, WriteColumnBinding, WriteValueSource } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';

/** The further plans of a table whose rows are items of an array. */
export type CollectionPlans = Pick<TableWritePlan, 'collectionMergePlan' | 'collectionKeyPreallocationPlan'>;

/** The rules of a generation for writing (design 08 §6, 17 §3). */
export interface WriteRules {
  /** The structural columns. They are bound even if the model says that plans do not write them. */
  structuralColumns(table: Table): readonly string[];
  /** The source of a column with the place or the id of its row; undefined if the kind of the column decides. */
  structuralSource(table: Table, column: Column): WriteValueSource | undefined;
  /** The columns that take a part of a reference from that reference, by `schema.table.column`. */
  referenceSources(resource: ResourceModel): ReadonlyMap<string, ReferenceSource>;
  /** The columns by which the rows of a parent are deleted; null for a table without such a statement. */
  deleteByParentColumns(table: Table): readonly string[] | null;
  collectionPlans(
    dialect: PlanDialect,
    resource: ResourceModel,
    table: Table,
    bindings: readonly WriteColumnBinding[],
  ): CollectionPlans;
}

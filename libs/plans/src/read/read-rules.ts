import type { DocumentReferenceBinding, Table } from '@dms/model';
import type { DocumentReferenceLookupPlan, ResourceReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import type { ProjectionArm, StoredColumn } from './projection-arms.ts';
import type { Hydration, ReadTable } from './read-table.ts';

/** The rules of a generation for reading (design 08 §7, 17 §4). */
export interface ReadRules {
  hydration(table: Table): Hydration;
  /** Whether every statement has a second text for a single document. */
  readonly readsSingleDocuments: boolean;
  /** How to read the columns that hold descriptors, which are ordered by table and column position. */
  descriptorArms(dialect: PlanDialect, columns: readonly StoredColumn[]): readonly ProjectionArm[];
  documentLookup(
    dialect: PlanDialect,
    tables: readonly ReadTable[],
    references: readonly DocumentReferenceBinding[],
  ): DocumentReferenceLookupPlan | null;
  /**
   * Checks the rules of the generation for a plan and its model, besides the rules that all generations share. Throws
   * `PLAN_SINGLE_DOCUMENT_SQL`, `PLAN_LOOKUP_CONTRACT`.
   */
  checkContract(plan: ResourceReadPlan): void;
}

import type { DocumentReferenceBinding, Table } from '@dms/model';
import type { DocumentReferenceLookupPlan, ResourceReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import type { ProjectionArm, StoredColumn } from './projection-arms.ts';
import type { Hydration, ReadTable } from './read-table.ts';

/** What a generation decides about reading (design 08 §7, 17 §4). */
export interface ReadRules {
  hydration(table: Table): Hydration;
  /** Whether every statement has a second text, for one document. */
  readonly readsSingleDocuments: boolean;
  /** How the columns that hold descriptors are read; they come by table and column position. */
  descriptorArms(dialect: PlanDialect, columns: readonly StoredColumn[]): readonly ProjectionArm[];
  documentLookup(
    dialect: PlanDialect,
    tables: readonly ReadTable[],
    references: readonly DocumentReferenceBinding[],
  ): DocumentReferenceLookupPlan | null;
  /** What of a plan contradicts its model, besides what holds in every generation. Throws `PLAN_SINGLE_DOCUMENT_SQL`, `PLAN_LOOKUP_CONTRACT`. */
  checkContract(plan: ResourceReadPlan): void;
}

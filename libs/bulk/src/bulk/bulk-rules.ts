import type { CheckedDocument, ResolvedIds, ResourcePlans, StoredRow } from '@dms/documents';
import type { DbTrigger } from '@dms/inventory';
import type { TableWritePlan } from '@dms/plans';

/** How `load --bulk` writes the documents of a generation. */
export interface BulkRules {
  /** Kinds of insert triggers that are disabled during the load: the client writes their rows, or they have nothing to do. */
  readonly replacedTriggers: readonly DbTrigger['kind'][];
  /** The tables of a resource in the order of the plan, and their positions in the order of their foreign keys. */
  tables(plans: ResourcePlans): { readonly plans: readonly TableWritePlan[]; readonly insertOrder: readonly number[] };
  /** The rows of a document by table, in plan order. */
  rows(document: CheckedDocument, documentId: string, ids: ResolvedIds): readonly (readonly StoredRow[])[];
}

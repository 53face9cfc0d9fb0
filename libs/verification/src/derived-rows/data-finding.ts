import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';

/** The facts that rows are compared with. All three belong to one schema set and to the dialect of the database. */
export interface DataInput {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
}

/** What can be wrong with the rows of a database (design 09 §7.6), in the order of the report. */
export const dataFindingKinds = [
  'documentWithoutRoot',
  'rootWithoutDocument',
  'discriminator',
  'contentVersion',
  'referentialIdentity',
  'abstractIdentity',
  'hierarchy',
  'sequence',
] as const;

export type DataFindingKind = (typeof dataFindingKinds)[number];

/** One kind of rows that contradict the rows from which they are derived. */
export interface DataFinding {
  readonly kind: DataFindingKind;
  /** The resource, or the table or sequence. */
  readonly object: string;
  /** The number of documents, or of the other objects that the kind counts. */
  readonly count: number;
  /** The first of them: uuids of documents, ids where a document has no uuid, pairs of organizations, the values of a sequence. */
  readonly examples: readonly string[];
}

/** Missing rows cannot be computed from others. */
export const isRepairable = ({ kind }: DataFinding): boolean =>
  kind !== 'documentWithoutRoot' && kind !== 'rootWithoutDocument';

/** The largest number of examples of a finding. */
export const shownExamples = 20;

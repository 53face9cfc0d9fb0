import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { PreparedQuery } from './row-dialect.ts';

/** The facts that rows are compared with. All three belong to one schema set and to the dialect of the database. */
export interface DataInput {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
}

/** What can be wrong with the rows of a database (design 09 §7.6), in the order of the report. The last two are wrong documents. */
export const dataFindingKinds = [
  'documentWithoutRoot',
  'rootWithoutDocument',
  'discriminator',
  'contentVersion',
  'referentialIdentity',
  'abstractIdentity',
  'hierarchy',
  'sequence',
  'equality',
  'arrayUniqueness',
] as const;

export type DataFindingKind = (typeof dataFindingKinds)[number];

/** One kind of rows that contradict the rows from which they are derived, or of documents that break a rule of the schema set. */
export interface DataFinding {
  readonly kind: DataFindingKind;
  /** The resource, or the table or sequence. */
  readonly object: string;
  /** The number of documents, or of the other objects that the kind counts. */
  readonly count: number;
  /** The first of them: uuids of documents, ids where a document has no uuid, pairs of organizations, the values of a sequence. */
  readonly examples: readonly string[];
}

const notDerived: ReadonlySet<DataFindingKind> = new Set([
  'documentWithoutRoot',
  'rootWithoutDocument',
  'equality',
  'arrayUniqueness',
]);

/** Missing rows, and values of documents, cannot be computed from others. */
export const isRepairable = ({ kind }: DataFinding): boolean => !notDerived.has(kind);

/** One rule for rows, and how to correct those that break it. */
export interface RowCheck {
  readonly kind: DataFindingKind;
  readonly object: string;
  /** A query of what differs: a column `example`. */
  readonly find: PreparedQuery;
  /** Statements that recompute the rows; empty where that is impossible. */
  readonly repair: readonly string[];
}

/** The largest number of examples of a finding. */
export const shownExamples = 20;

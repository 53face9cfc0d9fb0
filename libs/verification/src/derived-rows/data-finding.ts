import type { Catalog } from '@dms/catalog';
import type { Connection, Limits } from '@dms/databases';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { PreparedQuery } from './row-dialect.ts';

/** The facts that rows are compared with. All three belong to one schema set and to the dialect of the database. */
export interface DataInput {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
}

/**
 * What can be wrong with the rows of a database (design 09 §7.6), in the order of the report. The last three are wrong
 * documents.
 */
export const dataFindingKinds = [
  'documentWithoutRoot',
  'rootWithoutDocument',
  'foreignKey',
  'orphan',
  'discriminator',
  'descriptorUri',
  'descriptorResource',
  'stamp',
  'contentVersion',
  'journal',
  'cache',
  'queue',
  'referentialIdentity',
  'abstractIdentity',
  'hierarchy',
  'sequence',
  'trackedChange',
  'unifiedValue',
  'unwritableValue',
  'equality',
  'arrayUniqueness',
  'documentSchema',
] as const;

export type DataFindingKind = (typeof dataFindingKinds)[number];

const unreadableKinds: ReadonlySet<DataFindingKind> = new Set([
  'documentWithoutRoot',
  'rootWithoutDocument',
  'foreignKey',
  'orphan',
  'descriptorResource',
]);

/** Whether the rows contradict each other so much that they may make no documents. */
export const isUnreadable = ({ kind }: Pick<DataFinding, 'kind'>): boolean => unreadableKinds.has(kind);

/**
 * What the triggers of the service's own tool do otherwise than ours (design 16 §6.4, §6.7): they hash `infinity`
 * instead of the date that it stands for, hash times without their fraction on SQL Server, and may lose or keep pairs
 * of the hierarchy.
 */
export type ServiceCause = 'infiniteDate' | 'cutTime' | 'hierarchyOfService';

/** One kind of rows that contradict other rows, or of documents that break a rule of the schema set. */
export interface DataFinding {
  readonly kind: DataFindingKind;
  /** The resource, or the table, foreign key or sequence. */
  readonly object: string;
  /** The number of documents, or of the other objects that the kind counts. */
  readonly count: number;
  /**
   * The first of them: uuids of documents, ids where a document has no uuid, pairs of organizations, the values of a
   * sequence.
   */
  readonly examples: readonly string[];
  /** Whether a repair recomputes the rows: they are derived from others, and those agree with each other. */
  readonly repairable: boolean;
  /** What the service's triggers did otherwise, if that explains every case; a hierarchy does not show who wrote it. */
  readonly cause: ServiceCause | null;
}

/** A finding, and the table whose rows it puts in doubt. */
export interface TableFinding extends Omit<DataFinding, 'repairable' | 'cause'> {
  readonly table: string;
}

/** A finding of documents that were looked at one by one. */
export type DocumentFinding = TableFinding & Pick<DataFinding, 'repairable' | 'cause'>;

/**
 * Rules for documents that are looked at one by one, and how to correct those that break them. Both functions throw the
 * `DB_*` codes.
 */
export interface DocumentCheck {
  find(connection: Connection, input: DataInput, limits: Limits): Promise<readonly DocumentFinding[]>;
  /** Rewrites what the other rows decide. */
  repair(connection: Connection, input: DataInput, limits: Limits): Promise<void>;
}

/** One rule for rows, and how to correct those that break it. */
export interface RowCheck {
  readonly kind: DataFindingKind;
  readonly object: string;
  /** The table whose rows a finding puts in doubt. */
  readonly table: string;
  /** A query of what differs: a column `example`. */
  readonly find: PreparedQuery;
  /** Statements that recompute the rows; empty where that is impossible. */
  readonly repair: readonly string[];
  /**
   * Whether a finding that no repair corrects contradicts the rows from which these are derived; then they are not
   * recomputed.
   */
  readonly doubts?: (found: TableFinding) => boolean;
  /** A query of cases in which either side can be the wrong one; while there are any, nothing is recomputed. */
  readonly undecided?: PreparedQuery;
}

/** The largest number of examples of a finding. */
export const shownExamples = 20;

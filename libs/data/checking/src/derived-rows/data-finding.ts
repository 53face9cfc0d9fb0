import type { Connection, Limits } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import type { PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { PreparedQuery } from './row-dialect.ts';

/** The kinds of faults in rows (design 09c §4), in the order of the report; the last three are wrong documents. */
export const dataFindingKinds = [
  'documentWithoutRoot',
  'rootWithoutDocument',
  'foreignKey',
  'orphan',
  'discriminator',
  'descriptorUri',
  'descriptorResource',
  'descriptorFold',
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
  'itemPosition',
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

/** Whether the rows contradict each other so much that documents may not be readable from them. */
export const isUnreadable = ({ kind }: Pick<DataFinding, 'kind'>): boolean => unreadableKinds.has(kind);

/**
 * The ways in which the triggers of the service's own tool differ from ours (design 16 §6.4, §6.7): they hash
 * `infinity` instead of the date that it stands for, hash times without their fraction on SQL Server, and may lose or
 * keep pairs of the hierarchy.
 */
export type ServiceCause = 'infiniteDate' | 'cutTime' | 'hierarchyOfService';

/** Rows that contradict other rows, or documents that break a rule of the schema set, all of the same kind. */
export interface DataFinding {
  readonly kind: DataFindingKind;
  /** The resource, or the table, foreign key or sequence. */
  readonly object: string;
  /** The number of documents, or of the other objects that the kind counts. */
  readonly count: number;
  /** The first of these objects: uuids of documents, or their ids, pairs of organizations, values of a sequence. */
  readonly examples: readonly string[];
  /** Whether a repair recomputes the rows: they are derived from other rows, which agree with each other. */
  readonly repairable: boolean;
  /** The difference of the service's triggers, if it explains every case; a hierarchy does not show who wrote it. */
  readonly cause: ServiceCause | null;
}

/** A finding, and the table whose rows it puts in doubt. */
export interface TableFinding extends Omit<DataFinding, 'repairable' | 'cause'> {
  readonly table: string;
}

/** A finding of documents that were checked one by one. */
export type DocumentFinding = TableFinding & Pick<DataFinding, 'repairable' | 'cause'>;

/** A check of rules for single documents, with a repair of wrong ones. Both functions throw the `DB_*` codes. */
export interface DocumentCheck {
  find(connection: Connection, input: CheckedSet, limits: Limits): Promise<readonly DocumentFinding[]>;
  /** Rewrites the columns that other rows determine. */
  readonly repairColumns?: (connection: Connection, input: CheckedSet, limits: Limits) => Promise<void>;
  /** The documents whose referential ids other rows determine. */
  wrongIds(connection: Connection, input: CheckedSet, limits: Limits): Promise<readonly WrongIdentities[]>;
}

/** A document, and the ids that follow from its values. */
export interface ExpectedIdentities {
  readonly documentId: string;
  /** `id resourceKeyId` of each. */
  readonly expected: readonly string[];
}

/** Calls `onWrong` with documents whose referential ids are wrong, a part of them at a time. */
export type WrongIdentities = (onWrong: (wrong: readonly ExpectedIdentities[]) => Promise<void>) => Promise<void>;

/** One rule for rows, with a repair of rows that break it. */
export interface RowCheck {
  readonly kind: DataFindingKind;
  readonly object: string;
  /** The table whose rows a finding puts in doubt. */
  readonly table: string;
  /** A query of the differences, with a column `example`. */
  readonly find: PreparedQuery;
  /** Statements that recompute the rows; empty if that is impossible. */
  readonly repair: readonly PlainSql[];
  /**
   * Whether a finding that no repair corrects puts the sources of these rows in doubt; then these rows are not
   * repaired.
   */
  readonly doubts?: (found: TableFinding) => boolean;
  /** A query of cases in which either side can be the wrong one; while there are any, nothing is recomputed. */
  readonly undecided?: PreparedQuery;
}

/**
 * The kinds of findings about rows that are derived from others, which a repair recomputes if witnesses decide (design 09c
 * §4).
 */
const derivedKinds: ReadonlySet<DataFindingKind> = new Set([
  'orphan',
  'discriminator',
  'descriptorUri',
  'descriptorResource',
  'descriptorFold',
  'contentVersion',
  'journal',
  'referentialIdentity',
  'abstractIdentity',
  'hierarchy',
  'sequence',
]);

/** Whether a repair recomputes the rows of a finding. */
export const isRepairable = ({ repairable }: DataFinding): boolean => repairable;

/** The noun for the objects that a finding counts, singular and plural. */
const dataWords: Readonly<Record<DataFindingKind, readonly [string, string]>> = {
  documentWithoutRoot: ['document without a root row', 'documents without a root row'],
  rootWithoutDocument: ['root row without a document', 'root rows without a document'],
  foreignKey: [
    'row whose key finds no row, or a row with other values than it repeats',
    'rows whose key finds no row, or a row with other values than it repeats',
  ],
  orphan: ['row without a document', 'rows without a document'],
  discriminator: ['row with the name of another resource', 'rows with the name of another resource'],
  descriptorUri: [
    'row whose Uri is not made of its namespace and code value',
    'rows whose Uri is not made of their namespace and code value',
  ],
  descriptorResource: [
    'row with the key of another resource than its document',
    'rows with the key of another resource than their document',
  ],
  descriptorFold: [
    'descriptor that the index over its URI does not find, or that has the URI of another one',
    'descriptors that the index over their URI does not find, or that have the URI of another one',
  ],
  stamp: [
    'stamp that was not drawn yet, stands twice, or is a time that no clock can have shown',
    'stamps that were not drawn yet, stand twice, or are times that no clock can have shown',
  ],
  contentVersion: [
    'row with another content version than its document',
    'rows with another content version than their document',
  ],
  journal: [
    'document whose first or last change, or last change of identity, is missing, different or ahead of it',
    'documents whose first or last change, or last change of identity, is missing, different or ahead of them',
  ],
  cache: [
    'cached document that is not of its document, has other contents, or is ahead of it',
    'cached documents that are not of their document, have other contents, or are ahead of it',
  ],
  queue: [
    'queued document that is ahead of its document, or has impossible versions or times',
    'queued documents that are ahead of their document, or have impossible versions or times',
  ],
  referentialIdentity: [
    'document with another referential id than its values make',
    'documents with other referential ids than their values make',
  ],
  abstractIdentity: [
    'document whose row is missing, different or too many, or whose identity another member has',
    'documents whose row is missing, different or too many, or whose identity another member has',
  ],
  hierarchy: ['pair that is missing or too many', 'pairs that are missing or too many'],
  sequence: [
    'sequence that is behind a value that it gave out',
    'sequences that are behind a value that they gave out',
  ],
  trackedChange: [
    'recorded change that contradicts itself or its document',
    'recorded changes that contradict themselves or their document',
  ],
  unifiedValue: [
    'row with a unified value and no reference or flag for it, or the other way round',
    'rows with a unified value and no reference or flag for it, or the other way round',
  ],
  itemPosition: [
    'item of an array whose position is negative, taken, or after a gap',
    'items of arrays whose positions are negative, taken, or after a gap',
  ],
  unwritableValue: ['row with a value that no document can hold', 'rows with a value that no document can hold'],
  equality: [
    'document with different values where an equality constraint of the schema requires one',
    'documents with different values where an equality constraint of the schema requires one',
  ],
  arrayUniqueness: ['document with equal items in an array', 'documents with equal items in an array'],
  documentSchema: [
    'document that the JSON schema of the resource refuses',
    'documents that the JSON schema of the resource refuses',
  ],
};

const causeWords: Readonly<Record<ServiceCause, string>> = {
  infiniteDate: "the service's triggers hash infinity instead of the date",
  cutTime: "the service's triggers hash times without their fraction",
  hierarchyOfService: "the service's triggers lose or keep pairs when organizations change together",
};

/**
 * A finding in a database with the service's triggers: a difference of the hierarchy gets the cause
 * `hierarchyOfService`, because the rows show no other cause.
 */
export const leftByService = (finding: DataFinding): DataFinding =>
  finding.kind === 'hierarchy' ? { ...finding, cause: 'hierarchyOfService' } : finding;

/** One line for each finding, with the first documents. */
export function dataLines(data: readonly DataFinding[]): string[] {
  return data.map(({ kind, object, count, examples, repairable, cause }) => {
    const contested =
      !repairable && derivedKinds.has(kind) ? '; not recomputed, because other rows do not say which is right' : '';
    const more = count > examples.length ? `, and ${count - examples.length} more` : '';
    return `  ${object}: ${counted(count, ...dataWords[kind])} (${examples.join(', ')}${more})${cause === null ? '' : `; ${causeWords[cause]}`}${contested}`;
  });
}

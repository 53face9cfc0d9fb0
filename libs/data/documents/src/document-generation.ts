import type { Row, Statement } from '@dms/databases';
import type { Paging, ValueRules } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { TextEquality } from '@dms/values';
import type { CheckedDocument } from './checking/checked-document.ts';
import type { KeyTexts } from './identity/referential-id.ts';
import type { BoundFilter, DocumentFilter } from './reading/page-filters.ts';
import type { DocumentPlans, ResourcePlans } from './resource-plans.ts';
import type { ShapeRules } from './resource-shape.ts';
import type { DescriptorUpdate } from './statements/descriptor-statements.ts';
import type { DescriptorTableColumn } from './statements/document-statements.ts';
import type {
  DescriptorIdentityStatements,
  DocumentRow,
  IdentityStatements,
} from './statements/identity-statements.ts';
import type { ResolvedIds } from './writing/table-rows.ts';

/** The rules of a generation for documents (design 14, 17 §7–8). */
export interface DocumentGeneration {
  readonly shape: ShapeRules;
  readonly reading: ReadingRules;
  readonly writing: WritingRules;
  readonly descriptors: DescriptorRules;
  /** Statements that find documents by their identities. */
  identities(all: DocumentPlans): IdentityStatements;
  readonly texts: KeyTexts;
  /** The texts for comparisons that ask no database; null if `texts` are enough. */
  readonly textsInMemory: Readonly<Record<TextEquality, KeyTexts>> | null;
  readonly values: ValueRules;
  /** Whether databases record deletes and changed identities. */
  readonly tracksChanges: boolean;
}

/** The rows of one table in a page. The rows of a document are adjacent, in the order of their places. */
export interface PlacedRows {
  readonly rows: readonly Row[];
  /** The number of arrays around a row. */
  readonly depth: number;
  /** The document of the row at an index, as read. */
  documentAt(index: number): unknown;
  /** The position of the row at an index in one of the arrays around it, counted from the outermost. */
  ordinalAt(index: number, level: number): number;
}

/** The rules of a generation for reading rows. */
export interface ReadingRules {
  /** The column with the document id, for each table of the resource. */
  documentColumns(plans: ResourcePlans): readonly string[];
  /**
   * Converts filters to predicates of a page query, with parameter names that differ from those of its paging; null if
   * no document can match, unless `refusesImpossible` makes that `DOCUMENT_VALUE_INVALID`.
   */
  boundFilters(
    all: DocumentPlans,
    plans: ResourcePlans,
    filters: readonly DocumentFilter[],
    paging: Paging,
    refusesImpossible: boolean,
  ): readonly BoundFilter[] | null;
  /** Whether a scan reads the root tables, which mirror the content version; otherwise it reads `dms.Document`. */
  readonly scansRoots: boolean;
  /** The rows of all tables of a resource, as returned by its statements. */
  place(plans: ResourcePlans, answers: readonly (readonly Row[])[]): readonly PlacedRows[];
}

/** An id that a statement writes; it may be known only after an earlier statement. */
export interface WrittenId {
  id: string | null;
}

/** The stored rows of a document, by table of its resource. */
export type StoredTables = readonly (readonly Row[])[];

/** An existing document with its new content. */
export interface ReplacedPart {
  readonly found: DocumentRow;
  readonly document: CheckedDocument;
  readonly ids: ResolvedIds;
  readonly stored: StoredTables;
}

/** The rows to write for a batch of documents of one resource. */
export interface RowBatch {
  /** A new document, whose id may not be known yet. */
  insert(document: CheckedDocument, documentId: WrittenId, ids: ResolvedIds): void;
  /** Returns false, with nothing to write, if the stored rows are already equal. */
  replace(replacement: ReplacedPart): boolean;
  /** The ids of rows that must be known before {@link statements} is called. */
  readonly newIds: readonly WrittenId[];
  /** All statements, in their order; with `isMarked`, an INSERT that fails identifies its document. */
  statements(isMarked?: boolean): readonly Statement[];
}

/** The rules of a generation for writing (design 08 §6.10, 17 §7). */
export interface WritingRules {
  /** Throws `PLAN_IDENTITY_EMPTY` if documents of the resource cannot be written. */
  batch(plans: ResourcePlans): RowBatch;
  /** Whether a replacement has another identity than the stored document. */
  changesIdentity(plans: ResourcePlans, replacement: ReplacedPart): boolean;
  /** The statements that remove documents, in their order. */
  removal(all: DocumentPlans, documents: readonly DocumentRow[], uuids: readonly string[]): readonly Statement[];
}

/** The rules of a generation for the rows of descriptors (design 14a §4.3, 17 §7.7). */
export interface DescriptorRules {
  /** The columns for which a new row has values. */
  readonly columns: readonly DescriptorTableColumn[];
  readonly update: DescriptorUpdate;
  /** Statements that find descriptors by their identities. */
  readonly identities: Readonly<Record<SqlDialect, DescriptorIdentityStatements>>;
  /** Whether a row mirrors the resource key and content version of its document. */
  readonly repeatsDocument: boolean;
}

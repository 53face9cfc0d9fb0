import type { Row } from '@dms/databases';
import type { Paging } from '@dms/plans';
import type { DocumentPlans, ResourcePlans } from '../document-plans.ts';
import type { BoundFilter, DocumentFilter } from './page-filters.ts';

/** The rows of one table of a page. Those of one document stand together, in the order of their places. */
export interface PlacedRows {
  readonly rows: readonly Row[];
  /** Number of arrays around a row. */
  readonly depth: number;
  /** The document of the row at that index, as it was read. */
  documentAt(index: number): unknown;
  /** The position of the row at that index in one of the arrays around it, counted from the outermost. */
  ordinalAt(index: number, level: number): number;
}

/** What a generation decides about rows that are read. */
export interface ReadingRules {
  /** By table of the resource, the column that holds the document. */
  documentColumns(plans: ResourcePlans): readonly string[];
  /**
   * Filters as predicates of a page query with names that differ from those of its paging; null where no document can fit. Throws
   * `DOCUMENT_PROPERTY_UNKNOWN`, `DOCUMENT_VALUE_INVALID`, `QUERY_FIELD_UNSUPPORTED`.
   */
  boundFilters(
    all: DocumentPlans,
    plans: ResourcePlans,
    filters: readonly DocumentFilter[],
    paging: Paging,
  ): readonly BoundFilter[] | null;
  /** Whether a walk reads the roots, which repeat the content version; otherwise it reads `dms.Document`. */
  readonly scansRoots: boolean;
  /** The rows of all tables of a resource, as its statements answered. */
  place(plans: ResourcePlans, answers: readonly (readonly Row[])[]): readonly PlacedRows[];
}

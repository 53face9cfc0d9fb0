import type { Row } from '@dms/databases';
import type { Paging } from '@dms/plans';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { BoundFilter, DocumentFilter } from './page-filters.ts';

/** The rows of one table of a page. The rows of a document are adjacent, in the order of their places. */
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
  /** The column that holds the document, by table of the resource. */
  documentColumns(plans: ResourcePlans): readonly string[];
  /**
   * Converts filters to predicates of a page query, with names that differ from those of its paging; null if no
   * document can match.
   */
  boundFilters(
    all: DocumentPlans,
    plans: ResourcePlans,
    filters: readonly DocumentFilter[],
    paging: Paging,
  ): readonly BoundFilter[] | null;
  /** Whether a scan reads the root tables, which mirror the content version; otherwise it reads `dms.Document`. */
  readonly scansRoots: boolean;
  /** The rows of all tables of a resource, as returned by its statements. */
  place(plans: ResourcePlans, answers: readonly (readonly Row[])[]): readonly PlacedRows[];
}

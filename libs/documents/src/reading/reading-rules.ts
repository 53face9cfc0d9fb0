import type { Row } from '@dms/databases';
import type { ResourcePlans } from '../document-plans.ts';

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
  /** The rows of all tables of a resource, as its statements answered. */
  place(plans: ResourcePlans, answers: readonly (readonly Row[])[]): readonly PlacedRows[];
}

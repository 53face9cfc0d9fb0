import { type Diagnostic, type RowPlace, rowText } from '@dms/diagnostics';
import type { JsonObject } from '@dms/values';
import type { RecordedChange } from '../changes/recorded-change.ts';

/** A document that comes from another database, or that was made of others. */
export interface FeedDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
  readonly uuid: string | null;
  /** The number by which the feed finds the document again; diagnostics and rejects have it as their line. */
  readonly line?: number | undefined;
  /** The row that it was made from. */
  readonly row?: (() => RowPlace) | undefined;
}

/**
 * Takes the diagnostics of rows from which no document could be made; the details of each diagnostic have `table` and
 * `key`.
 */
export type OnFeedReject = (diagnostics: readonly Diagnostic[]) => void;

/**
 * Documents that come from another database instead of files. The loader reads {@link descriptors} first, then {@link
 * mixed}, then the documents of each resource after those that it refers to, each of them once and several resources at
 * the same time.
 */
export interface DocumentFeed {
  /** The share of the rows that were read, from 0 to 1. */
  readonly share: number;
  /** Whether documents keep their uuids; otherwise they get new ones. */
  readonly hasUuids: boolean;
  /** The approximate number of rows that {@link documents} reads for a resource; 0 if there are none. */
  rowsOf(resource: string): number;
  descriptors(refuse: OnFeedReject): AsyncIterable<FeedDocument>;
  /** The documents of resources that cannot be read one after another; the loader puts them aside. */
  mixed(refuse: OnFeedReject): AsyncIterable<FeedDocument>;
  documents(resource: string, refuse: OnFeedReject): AsyncIterable<FeedDocument>;
  /**
   * Deletes and changed keys, for a target that has the earlier documents; read after {@link mixed}. Undefined for
   * whole copies.
   */
  changes?(): AsyncIterable<RecordedChange>;
  /**
   * Whether the changes continue a whole copy: documents of earlier runs get their new keys. An increment has to follow,
   * because it replaces the documents that changed together with the keys.
   */
  readonly goesOn?: boolean | undefined;
  /** Called when everything was read and written; an error that it throws ends a bulk load without documents. */
  finish(): void;
}

/** The row that a diagnostic of {@link OnFeedReject} is about. */
export const rowOfDiagnostic = ({ details }: Diagnostic): RowPlace | undefined =>
  isRow(details) ? { table: details.table, key: details.key } : undefined;

const isRow = (value: Diagnostic['details']): value is Diagnostic['details'] & RowPlace =>
  typeof value.table === 'string' && typeof value.key === 'object' && value.key !== null;

/** A diagnostic of a document of a feed, which has a row instead of a place in a file. */
export function diagnosticOfRow<Entry extends Diagnostic>(diagnostic: Entry, row: RowPlace): Entry {
  const { file: _file, line: _line, ...where } = diagnostic.where;
  if (rowOfDiagnostic(diagnostic) !== undefined) return { ...diagnostic, where };
  const details = { ...diagnostic.details, table: row.table, key: row.key };
  return { ...diagnostic, message: `${rowText(row)}: ${diagnostic.message}`, where, details };
}

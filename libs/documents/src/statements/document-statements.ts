import type { Row, Statement } from '@dms/databases';
import type { DbTableName } from '@dms/model';
import type { ResourceReadPlan, RowStatementParts, TableWritePlan } from '@dms/plans';
import type { StoredValue } from '../values/stored-value.ts';
import type { DescriptorColumn, DescriptorRow, NewDocument } from './core-rows.ts';

/** Values in the order of the bindings of a table. */
export type StoredRow = readonly StoredValue[];

/** A row of `dms.Document`. */
export interface PageRow {
  readonly DocumentId: number | bigint | string;
  readonly DocumentUuid: string;
  readonly ResourceKeyId: number;
  readonly ContentVersion: number | bigint | string;
}

/** A row of `dms.Document` with its identity. */
export interface DocumentRow extends PageRow {
  /** Null where the trigger that writes it did not. */
  readonly ReferentialId: string | null;
}

/** Which documents of `dms.Document` a scan takes, in the order of their ids. */
export interface DocumentScan {
  readonly resourceKeyId: number;
  /** The root table, which repeats content versions; null to ask `dms.Document` for them. */
  readonly root: DbTableName | null;
  /** Document id after which it goes on. */
  readonly after: string;
  /** Document id before which it ends; null without one. */
  readonly before: string | null;
  /** Least content version that is not taken. */
  readonly since: string;
  readonly limit: number;
}

/** What is read of documents: the rows of all tables, the URIs of the descriptors that they name. */
export interface HydratedParts {
  readonly tables: boolean;
  readonly uris: boolean;
}

/**
 * The statements of the operations on documents in one dialect. They run the plans over many documents at once: the texts are made
 * from the metadata of the plans (design 08 §6.11), their order is that of design 08 §6.10. Document ids are decimal digits,
 * uuids and referential ids lower-case.
 */
export interface DocumentStatements {
  /** Where a transaction is a statement among others; elsewhere the driver begins and ends it. */
  readonly transaction: { readonly begin: Statement; readonly beginReading: Statement; readonly commit: Statement } | null;
  /** `ReferentialId`, `DocumentId` of what is there. */
  findTargets(referentialIds: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s, locked until the end of the transaction. */
  lockByReferentialId(referentialIds: readonly string[]): readonly Statement[];
  lockByUuid(uuids: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s without a lock. */
  documentsById(documentIds: readonly string[]): readonly Statement[];
  documentsByUuid(uuids: readonly string[]): readonly Statement[];
  /** {@link PageRow}s. */
  scanDocuments(scan: DocumentScan): Statement;
  /** `DescriptorId`, `Uri` of descriptors, at most so many. */
  descriptorUris(limit: number): Statement;
  /** Ids are given in that order. Answers with `DocumentId`, `DocumentUuid`. */
  insertDocuments(documents: readonly NewDocument[]): readonly Statement[];
  /** Rows of `dms.Descriptor` and of their identities, for documents that are there. */
  insertDescriptors(columns: readonly DescriptorColumn[], descriptors: readonly DescriptorRow[]): readonly Statement[];
  insertRows(plan: TableWritePlan, rows: readonly StoredRow[]): readonly Statement[];
  /** Nothing for a table that has only its key. */
  updateRows(plan: TableWritePlan, rows: readonly StoredRow[]): readonly Statement[];
  /** Updates elements of collections by their row identity; `parts` are bindings (design 17 §3.5). */
  updateElements(plan: TableWritePlan, rows: readonly StoredRow[], parts: RowStatementParts): readonly Statement[];
  /** Removes the rows that have one of the ids in `column`. */
  deleteRows(table: DbTableName, column: string, ids: readonly string[]): readonly Statement[];
  /** Takes so many ids for rows of collections; {@link reservedIds} reads the answer (design 17 §7.6). */
  reserveIds(count: number): Statement;
  reservedIds(rows: readonly Row[]): readonly string[];
  /** `DocumentId`, `ContentVersion`. */
  contentVersions(documentIds: readonly string[]): readonly Statement[];
  removeDocuments(uuids: readonly string[]): readonly Statement[];
  /** Whether rows of tables arrive as arrays in the order of the columns of the table. */
  readonly hydratesArrays: boolean;
  /** One answer per table of the plan, then one per descriptor projection, as far as they are asked for. */
  hydrate(plan: ResourceReadPlan, documentIds: readonly string[], parts: HydratedParts): readonly Statement[];
  /** Which of the tables have a row with one of the documents in that column: `Position` of each. */
  referrers(places: readonly { readonly table: DbTableName; readonly column: string }[], uuids: readonly string[]): Statement;
}

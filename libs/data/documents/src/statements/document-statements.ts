import type { Row, Statement } from '@dms/databases';
import type { Column, DbTableName, ScalarType, Table } from '@dms/model';
import type { QueryOperator, ResourceReadPlan, RowStatementParts, TableWritePlan } from '@dms/plans';
import type { PlainSql, Sql } from '@dms/sql';
import type { StoredValue } from '../values/stored-value.ts';
import type { DescriptorContent } from '../writing/descriptor.ts';
import type { ResourceRange } from './statement.ts';

/** Values in the order of the bindings of a table. */
export type StoredRow = readonly StoredValue[];

/** A row of `dms.Document`. */
export interface DocumentPageRow {
  readonly DocumentId: number | bigint | string;
  readonly DocumentUuid: string;
  readonly ResourceKeyId: number;
  readonly ContentVersion: number | bigint | string;
}

/** The documents of `dms.Document` that a scan reads, in the order of their ids. */
interface DocumentScan extends ResourceRange {
  /** The table with a root row of each document; null if the rows are elsewhere. */
  readonly root: DbTableName | null;
  /** Whether the scan reads the root table, which mirrors content versions, or `dms.Document`. */
  readonly readsRoot: boolean;
}

/** The parts of documents to read: the rows of all tables, the URIs of their descriptors. */
interface HydratedParts {
  readonly tables: boolean;
  readonly uris: boolean;
}

/**
 * Statements that find the document of the last row of a marked insert among some documents, and the meaning of their
 * answers.
 */
interface MarkedDocument {
  statements(documentIds: readonly string[]): readonly Statement[];
  /** The document id; null if it is none of the given ones. */
  found(answers: readonly (readonly Row[])[]): string | null;
}

/** A column that refers to documents, and the column with the document of its row. */
interface ReferringColumn {
  readonly table: DbTableName;
  readonly column: string;
  readonly documentColumn: string;
}

/**
 * The statements of the operations on documents in one dialect. They run the plans for many documents at once: the
 * texts are built from the metadata of the plans (design 08 §6.11), in the order of design 08 §6.10. Document ids are
 * decimal digits; uuids and referential ids are in lower case.
 */
export interface DocumentStatements {
  /** The statements that begin and end a transaction; null if the driver does it. */
  readonly transaction: {
    readonly begin: Statement;
    readonly beginReading: Statement;
    readonly commit: Statement;
  } | null;
  /** {@link DocumentPageRow}s. */
  documentsById(documentIds: readonly string[]): readonly Statement[];
  scanDocuments(scan: DocumentScan): Statement;
  /** The condition, order and limit of the next documents `d` of a resource. */
  nextOfResource(range: ResourceRange): Sql;
  /** `DescriptorId` and `Uri` of descriptors, up to a limit. */
  descriptorUris(limit: number): Statement;
  /** Assigns ids in this order, except to documents that have one. Returns `DocumentId`, `DocumentUuid`. */
  insertDocuments(documents: readonly NewDocument[]): readonly Statement[];
  /** Rows of `dms.Descriptor`, for existing documents. */
  insertDescriptors(
    columns: readonly DescriptorTableColumn[],
    descriptors: readonly DescriptorRow[],
  ): readonly Statement[];
  /**
   * `marking`: the binding with the id of the document, if {@link markedDocument} must find the document of a failure.
   */
  insertRows(plan: TableWritePlan, rows: readonly StoredRow[], marking?: number | null): readonly Statement[];
  /** Finds the document of the last row of a marked insert, even after its failure; null if the dialect cannot. */
  readonly markedDocument: MarkedDocument | null;
  /** Returns no statement for a table that has only its key. */
  updateRows(plan: TableWritePlan, rows: readonly StoredRow[]): readonly Statement[];
  /** Updates items of collections by their row identity; `parts` are bindings (design 17 §3.5). */
  updateElements(plan: TableWritePlan, rows: readonly StoredRow[], parts: RowStatementParts): readonly Statement[];
  /** Removes the rows with one of the ids in `column`. */
  deleteRows(table: DbTableName, column: string, ids: readonly string[]): readonly Statement[];
  /** Sets columns to NULL in the root rows of documents. */
  emptyColumns(table: DbTableName, columns: readonly string[], documentIds: readonly string[]): readonly Statement[];
  /** Reserves ids for rows of collections; {@link reservedIds} reads the result (design 17 §7.6). */
  reserveIds(count: number): Statement;
  reservedIds(rows: readonly Row[]): readonly string[];
  /** `DocumentId`, `ContentVersion`. */
  contentVersions(documentIds: readonly string[]): readonly Statement[];
  removeDocuments(uuids: readonly string[]): readonly Statement[];
  /** A column as the client reads it without losing digits. */
  readable(column: PlainSql, type: ScalarType | null): PlainSql;
  /** Whether rows of tables are returned as arrays in the order of the columns of the table. */
  readonly hydratesArrays: boolean;
  /** One result for each table of the plan, then one for each descriptor projection, as requested. */
  hydrate(plan: ResourceReadPlan, documentIds: readonly string[], parts: HydratedParts): readonly Statement[];
  /**
   * The parameter for a comparison with a column of the root table, or with the uuid of the document if the column is
   * null.
   */
  filterParameter(table: Table, column: Column | null, operator: QueryOperator, filter: StoredValue): Sql;
  /** A parameter for an offset, a limit, or the document id at which a page begins or ends. */
  countParameter(count: number | string): Sql;
  /** The `Position` of each place whose column has a row that refers to one of the documents. */
  referrers(
    places: readonly { readonly table: DbTableName; readonly column: string }[],
    uuids: readonly string[],
  ): Statement;
  /** The `DocumentUuid` of the documents with such rows, without duplicates. */
  referringDocuments(places: readonly ReferringColumn[], uuids: readonly string[]): Statement;
}

/** The id of the only document to read, for the statements for one document; null if these cannot be used. */
export function onlyDocument(
  tables: ResourceReadPlan['tablePlansInDependencyOrder'],
  ids: readonly string[],
  uris: boolean,
): string | null {
  const [only] = ids;
  if (only === undefined || ids.length > 1 || uris) return null;
  return tables.every((plan) => plan.selectBySingleDocumentSql !== null) ? String(BigInt(only)) : null;
}

/* Rows of the core tables that are written with documents. */

export interface NewDocument {
  readonly uuid: string;
  readonly resourceKeyId: number;
  /** The id from an earlier attempt; null by default. Only PostgreSQL can use it again. */
  readonly documentId?: string | null | undefined;
}

/** A row of `dms.Descriptor`, with the values for its identity row. */
export interface DescriptorRow extends DescriptorContent {
  readonly documentId: string;
  readonly resourceKeyId: number;
  readonly referentialId: string;
  readonly discriminator: string;
  readonly uri: string;
}

/** A column of `dms.Descriptor` and its value. */
export interface DescriptorTableColumn {
  readonly name: string;
  /** The type on PostgreSQL. */
  readonly type: 'bigint' | 'varchar' | 'date' | 'smallint';
  readonly mssqlType: string;
  of(row: DescriptorRow): string | null;
}

/** The columns of `dms.Descriptor` in every generation, in their order. */
export const descriptorColumns: readonly DescriptorTableColumn[] = [
  { name: 'DocumentId', type: 'bigint', mssqlType: 'bigint', of: ({ documentId }) => documentId },
  { name: 'Namespace', type: 'varchar', mssqlType: 'nvarchar(255)', of: ({ namespace }) => namespace },
  { name: 'CodeValue', type: 'varchar', mssqlType: 'nvarchar(50)', of: ({ codeValue }) => codeValue },
  {
    name: 'ShortDescription',
    type: 'varchar',
    mssqlType: 'nvarchar(75)',
    of: ({ shortDescription }) => shortDescription,
  },
  { name: 'Description', type: 'varchar', mssqlType: 'nvarchar(1024)', of: ({ description }) => description },
  { name: 'EffectiveBeginDate', type: 'date', mssqlType: 'date', of: ({ effectiveBeginDate }) => effectiveBeginDate },
  { name: 'EffectiveEndDate', type: 'date', mssqlType: 'date', of: ({ effectiveEndDate }) => effectiveEndDate },
  { name: 'Discriminator', type: 'varchar', mssqlType: 'nvarchar(128)', of: ({ discriminator }) => discriminator },
  { name: 'Uri', type: 'varchar', mssqlType: 'nvarchar(306)', of: ({ uri }) => uri },
];

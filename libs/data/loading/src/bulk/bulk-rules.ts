import type { Connection } from '@dms/databases';
import type { CheckedDocument, DocumentPlans, ResolvedIds, ResourcePlans, StoredRow } from '@dms/documents';
import type { DbTrigger } from '@dms/inventory';
import { core, type DbTableName, mustExist, referentialIdentityColumns, type Table } from '@dms/model';
import type { TableWritePlan } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { BulkDialect, IdentityRow } from './bulk-dialect.ts';
import { mssqlBulk } from './mssql-bulk.ts';
import { pgsqlBulk } from './pgsql-bulk.ts';

/** The write plans of the tables of a resource. */
interface TableWriters {
  readonly tables: readonly { readonly plan: Pick<TableWritePlan, 'tableModel' | 'columnBindings'> }[];
  readonly insertOrder: readonly number[];
}

/** A table of a resource, with the columns that the client fills. */
export interface BulkTable {
  readonly table: DbTableName;
  readonly columns: readonly string[];
}

/** The tables of a resource in the order of the plan, and their positions in the order of their foreign keys. */
interface BulkTables {
  readonly tables: readonly BulkTable[];
  readonly insertOrder: readonly number[];
}

/** The tables of a writer, each with the columns of its plan and those that `added` returns. */
export const bulkTables = (
  { tables, insertOrder }: TableWriters,
  added: (table: Table) => readonly string[] = () => [],
): BulkTables => ({
  insertOrder,
  tables: tables.map(({ plan: { tableModel, columnBindings } }) => ({
    table: tableModel.table,
    columns: [...columnBindings.map(({ column }) => column.name), ...added(tableModel)],
  })),
});

/** A value that is usually available at once. A promise of each would cost as much as the row of a document. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Takes `count` values of a sequence. */
type TakeNumbers = (sequence: DbTableName, count: number) => MaybePromise<readonly string[]>;

/** The numbers and the time that a new document gets beside its own values. */
export interface NewNumbers {
  readonly take: TakeNumbers;
  /** The time of the documents; null where the defaults of columns give it. */
  readonly time: string | null;
}

/** The rows of a new document. */
export interface BulkRows {
  /** The values of {@link BulkRules.documentColumns}. */
  readonly document: StoredRow;
  /** The rows by table, in plan order. */
  readonly tables: readonly (readonly StoredRow[])[];
}

/**
 * How a generation finds documents by their identities, and the rows that it stores for that beside those of the
 * documents (design 14a §3).
 */
interface BulkIdentities {
  /** The identities of all documents, by their referential ids, some at a time. */
  stored(connection: Connection, plans: DocumentPlans): AsyncIterable<readonly IdentityRow[]>;
  /** The identity tables. */
  readonly tables: readonly BulkTable[];
  /** The rows of a new document in {@link tables}. */
  rows(document: CheckedDocument, documentId: string): readonly (readonly StoredRow[])[];
}

/** How `load --bulk` writes the documents of a generation (design 14a §3). */
export interface BulkRules {
  /**
   * Kinds of insert triggers that are disabled during the load: the client writes their rows, or they have nothing to
   * do.
   */
  readonly replacedTriggers: readonly DbTrigger['kind'][];
  /** The tables of the core that get a row for each document, beside those of {@link identities}. */
  readonly coreTables: readonly DbTableName[];
  /** The columns of `dms.Document` that the client fills, beside the id, the uuid, the resource key and the times. */
  readonly documentColumns: readonly string[];
  readonly identities: BulkIdentities;
  tables(plans: ResourcePlans, numbers: NewNumbers): BulkTables;
  rows(document: CheckedDocument, documentId: string, ids: ResolvedIds, numbers: NewNumbers): MaybePromise<BulkRows>;
}

/**
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, and a second one for a
 * document with a superclass. The client writes the rows itself, in place of their triggers (design 14a §3).
 */
export const storedReferentialIds: BulkIdentities = {
  stored: (connection) =>
    bulkDialects[connection.dialect].readUuids(connection, core.referentialIdentity, 'ReferentialId'),
  tables: [{ table: core.referentialIdentity, columns: referentialIdentityColumns }],
  rows: ({ plans, referentialId, superclass }, documentId) => {
    const own = [referentialId, documentId, String(plans.identity.resourceKeyId)];
    if (superclass === null) return [[own]];
    const block = mustExist(plans.superclassIdentity, `the identity of the superclass of ${plans.label}`);
    return [[own, [superclass.referentialId, documentId, String(block.resourceKeyId)]]];
  },
};

export const bulkDialects: Readonly<Record<SqlDialect, BulkDialect>> = { pgsql: pgsqlBulk, mssql: mssqlBulk };

import type { CatalogTable } from '@dms/catalog';
import { core, type DbTableName, qualified } from '@dms/model';
import { empty, type PlainSql, type QualifiedName, type SqlDialect } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { DataFindingKind, RowCheck, TableFinding } from './data-finding.ts';
import { mssqlRowDialect } from './mssql-row-dialect.ts';
import { pgsqlRowDialect } from './pgsql-row-dialect.ts';
import type { RowDialect } from './row-dialect.ts';

export const rowDialects: Readonly<Record<SqlDialect, RowDialect>> = { pgsql: pgsqlRowDialect, mssql: mssqlRowDialect };

/**
 * A rule for rows, with a query of the cases; `more` has the repair and the object of the finding, if it is not the
 * table.
 */
export const rowCheck = (
  kind: DataFindingKind,
  table: string,
  query: PlainSql,
  more: Partial<RowCheck> = {},
): RowCheck => ({ kind, object: table, table, find: { prepare: empty, query }, repair: [], ...more });

/** The quoted names of a dialect, and texts that identify the document of a row. */
export function namesOf({ rules }: RowDialect) {
  const { sql, literal, id: q } = rules;
  const named = (table: QualifiedName) => sql`${{ schema: table.schema, name: table.name }}`;
  const document = named(core.document);
  /** The uuid of a document; its id if the document is missing. */
  const uuidOf = (documentId: PlainSql) =>
    sql`coalesce((SELECT ${rules.text(sql`u."DocumentUuid"`, 'uuid')} FROM ${document} AS u WHERE u."DocumentId" = ${documentId}), ${rules.text(documentId, 'bigint')})`;
  const joined = rules.concatenated;
  const listOf = (texts: readonly PlainSql[]) =>
    joined(
      texts.flatMap((text, index) => {
        const shown = sql`coalesce(${text}, ${literal('NULL')})`;
        return index === 0 ? [shown] : [literal(', '), shown];
      }),
    );
  /**
   * An example of a case that no witness decides, in the form of `bothValues`: a document, and the texts of both rows.
   */
  const bothOf = (documentText: PlainSql, one: readonly PlainSql[], other: readonly PlainSql[]) =>
    joined([documentText, literal(' ('), listOf(one), literal(' or '), listOf(other), literal(')')]);
  return { sql, literal, q, named, id: q('DocumentId'), document, uuidOf, joined, bothOf };
}

/** Whether a finding is a document without its root row, or a root row without its document. */
export const isIncomplete = ({ kind }: TableFinding): boolean =>
  kind === 'documentWithoutRoot' || kind === 'rootWithoutDocument';

/** Whether a finding puts the rows of one of the tables in doubt. */
export const concernsOneOf = (tables: ReadonlySet<string>) => (found: TableFinding) => tables.has(found.table);

export const tableNameOf = ({ schema, name }: CatalogTable) => ({ schema, name }) as DbTableName;

/** A table of the database, or undefined if the generation does not have it. */
export const tableOf = ({ catalog }: CheckedSet, name: DbTableName): CatalogTable | undefined =>
  catalog.tables.find((table) => qualified(table) === qualified(name));

/** Whether a table exists and has all of these columns. */
export const columnsIn = (table: CatalogTable | undefined, ...names: readonly string[]): boolean =>
  table !== undefined && names.every((name) => table.columns.some((column) => column.name === name));

/**
 * The condition that no clock of a server can have shown a time: it is in the future, or before computers had clocks.
 */
export const isNoTime = (time: PlainSql, { rules, now, epoch }: RowDialect): PlainSql =>
  rules.sql`(${time} > ${now} OR ${time} < ${epoch})`;

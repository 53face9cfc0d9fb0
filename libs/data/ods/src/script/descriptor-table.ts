import type { ViewLayer } from '@dms/databases';
import { type DbTableName, mustExist, type RelationalModelSet } from '@dms/model';
import type { PlainLines, PlainSql } from '@dms/sql';
import { descriptorRows } from '../generations.ts';
import type { OdsTable } from '../mapping/ods-mapping.ts';
import type { ReportingDialect, ReportingOptions } from '../views/reporting-dialect.ts';
import type { ReportingView, ViewColumn } from '../views/view.ts';
import { columnType, viewQuery } from '../views/view-text.ts';

/*
 * The table that may stand in place of the view `Descriptor` of a layer, so that foreign keys can refer to it (design 19
 * §8.1, 21 §3).
 */

/** The descriptors of a model, and the table with their versions and times of change. */
export interface DescriptorDocuments {
  /** Whether the rows of `dms.Descriptor` have the version and time of a change; else those of `dms.Document`. */
  readonly hasOwnVersion: boolean;
  /** The resource keys of all descriptors. */
  readonly resourceKeys: readonly number[];
}

/** A table of all descriptors of an ODS, with the columns and the query of its view. */
interface DescriptorTableRows {
  readonly layer: ViewLayer;
  readonly table: Pick<OdsTable, 'schema' | 'name' | 'pgsqlName' | 'columns'>;
  readonly columns: readonly ViewColumn[];
  readonly query: (options: ReportingOptions) => PlainLines;
}

/** The own table in place of the view of all descriptors; null if the options do not ask for it. */
export function ownDescriptorTable(
  dialect: ReportingDialect,
  views: readonly ReportingView[],
  documents: DescriptorDocuments,
  options: ReportingOptions,
): DescriptorTable | null {
  const own = options.descriptorTable ? descriptorView(views) : undefined;
  if (own === undefined) return null;
  const { table, columns } = own;
  const query = (chosen: ReportingOptions) => viewQuery(dialect, own, chosen);
  return descriptorTable(dialect, { layer: 'own', table, columns, query }, { own, documents }, options);
}

/** The view of all descriptors; undefined if an ODS has none. */
export const descriptorView = (views: readonly ReportingView[]): ReportingView | undefined =>
  views.find(({ table }) => table.kind === 'descriptorBase');

/** @param own the own view of all descriptors, whose columns decide the types; and the documents below it */
export function descriptorTable(
  dialect: ReportingDialect,
  { layer, table, columns, query }: DescriptorTableRows,
  { own, documents }: { readonly own: ReportingView; readonly documents: DescriptorDocuments },
  chosen: ReportingOptions,
): DescriptorTable {
  const options = { ...chosen, exactTypes: chosen.exactTypes || dialect.hasExactKeys };
  const required = new Set(table.columns.filter(({ isNullable }) => !isNullable).map(({ name }) => name));
  const typeOf = (column: ViewColumn) => {
    const selected = own.arms[0]?.columns[own.columns.findIndex(({ name }) => name === column.name)];
    return columnType(dialect, mustExist(selected, `the value of Descriptor.${column.name}`), column, options);
  };
  const tableColumns = columns.map(
    (column): DescriptorColumn => ({
      odsName: column.name,
      name: dialect.columnName(column),
      role: roles[column.name] ?? 'plain',
      type: typeOf(column),
      isNullable: !required.has(column.name),
    }),
  );
  return { layer, name: dialect.viewName(table, options), columns: tableColumns, query: query(options), documents };
}

export function descriptorDocuments({ effectiveSchema, resources }: RelationalModelSet): DescriptorDocuments {
  return {
    hasOwnVersion: descriptorRows[effectiveSchema.relationalMappingVersion].hasOwnVersion,
    resourceKeys: resources
      .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
      .map(({ resourceKey }) => resourceKey.id),
  };
}

/** The default of a column for rows that scripts insert; `plain` columns have none. */
type ColumnRole = 'key' | 'computed' | 'moment' | 'uuid' | 'plain';

const roles: Readonly<Record<string, ColumnRole>> = {
  DescriptorId: 'key',
  Uri: 'computed',
  CreateDate: 'moment',
  LastModifiedDate: 'moment',
  Id: 'uuid',
};

/** A column of the table. */
export interface DescriptorColumn {
  /** Its full name. */
  readonly odsName: string;
  /** Its name in the dialect, without quotes. */
  readonly name: string;
  readonly role: ColumnRole;
  readonly type: PlainSql;
  readonly isNullable: boolean;
}

/** A table of all descriptors: its name and columns, and the query of the rows that it holds for documents. */
export interface DescriptorTable {
  readonly layer: ViewLayer;
  readonly name: DbTableName;
  readonly columns: readonly DescriptorColumn[];
  readonly query: PlainLines;
  readonly documents: DescriptorDocuments;
}

/** The name of a column in the dialect. */
export const columnNamed = ({ columns }: DescriptorTable, wanted: string): string =>
  mustExist(
    columns.find(({ odsName }) => odsName === wanted),
    `Descriptor.${wanted}`,
  ).name;

export const keyColumn = (table: DescriptorTable): string => columnNamed(table, 'DescriptorId');

/** The columns that get values from the rows of documents. */
export const filledColumns = ({ columns }: DescriptorTable): readonly DescriptorColumn[] =>
  columns.filter(({ role }) => role !== 'computed');

import { type DbTableName, mustExist, type RelationalModelSet } from '@dms/model';
import { descriptorRows } from '../generations.ts';
import type { ReportingDialect, ReportingOptions } from '../views/reporting-dialect.ts';
import type { ReportingView } from '../views/view.ts';
import { columnType } from '../views/view-text.ts';

/* The table that may stand in place of the view `Descriptor`, so that foreign keys can refer to it (design 19 §8.1). */

/** The descriptors of a model, and the table with their versions and times of change. */
export interface DescriptorDocuments {
  /** Whether the rows of `dms.Descriptor` have the version and time of a change; else those of `dms.Document`. */
  readonly hasOwnVersion: boolean;
  /** The resource keys of all descriptors. */
  readonly resourceKeys: readonly number[];
}

/** The table in place of the view of all descriptors; null if the options do not ask for it. */
export function descriptorTable(
  dialect: ReportingDialect,
  views: readonly ReportingView[],
  documents: DescriptorDocuments,
  options: ReportingOptions,
): DescriptorTable | null {
  const view = options.descriptorTable ? views.find(({ table }) => table.kind === 'descriptorBase') : undefined;
  if (view === undefined) return null;
  const [arm] = view.arms;
  const required = new Set(view.table.columns.filter(({ isNullable }) => !isNullable).map(({ name }) => name));
  const columns = view.columns.map((column, index): DescriptorColumn => {
    const selected = mustExist(arm?.columns[index], `the value of Descriptor.${column.name}`);
    return {
      odsName: column.name,
      name: dialect.columnName(column),
      role: roles[column.name] ?? 'plain',
      type: columnType(dialect, selected, column, options),
      isNullable: !required.has(column.name),
    };
  });
  return { name: dialect.viewName(view.table, options), view, columns, documents };
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
  readonly type: string;
  readonly isNullable: boolean;
}

/** A view whose rows a table holds, and the name and columns of that table. */
export interface DescriptorTable {
  readonly name: DbTableName;
  readonly view: ReportingView;
  readonly columns: readonly DescriptorColumn[];
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

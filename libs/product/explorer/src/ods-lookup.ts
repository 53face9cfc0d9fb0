import { isWithin, resourceLabel } from '@dms/api-schema';
import type { OdsColumn, OdsSource, OdsTable } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';

/** A table of an ODS as the page has it (design 19 §5.9). */
export type ExploredOdsTable = Omit<OdsTable, 'foreignKeys'>;

/** The names of a table of an ODS. */
type OdsNames = Pick<OdsTable, 'schema' | 'name' | 'pgsqlName'>;

const namesOfDialects: Readonly<Record<SqlDialect, (table: OdsNames) => string>> = {
  pgsql: ({ pgsqlName }) => pgsqlName,
  mssql: ({ name }) => name,
};

/** The name of a table in the ODS of a dialect: PostgreSQL cuts long names. */
export const odsNameIn = (dialect: SqlDialect, table: OdsNames): string => namesOfDialects[dialect](table);

/** A column of an ODS with the document paths that it holds. */
export interface OdsColumnPaths {
  readonly column: OdsColumn;
  readonly isKey: boolean;
  /** Empty for a column that the server fills. */
  readonly paths: readonly string[];
}

/** A table of an ODS with the paths of one resource, or of all subclasses of an abstract resource. */
export interface OdsTableRows {
  readonly table: ExploredOdsTable;
  readonly columns: readonly OdsColumnPaths[];
}

interface OdsPlace {
  readonly table: ExploredOdsTable;
  readonly column: OdsColumn;
}

/** Finds documents in the tables of an ODS. Labels are `Project:Resource`. */
export interface OdsLookup {
  readonly tables: readonly ExploredOdsTable[];
  /**
   * The tables with rows of a resource, for an abstract resource those of all its subclasses together; in the order of
   * the mapping.
   */
  tablesOf(label: string): readonly OdsTableRows[];
  /** The columns that hold a path, in the tables whose rows are nearest to it. */
  placesOf(label: string, path: string): readonly OdsPlace[];
  /**
   * The resource whose documents fill a table, an abstract one if several do; undefined for the table of all
   * descriptors.
   */
  ownerOf(table: ExploredOdsTable): string | undefined;
  /** The table and column of an address. */
  columnAt(address: string): OdsPlace | undefined;
}

/** The address of a table or column in the view of its resource. */
export function odsAddress({ schema, name }: Omit<OdsNames, 'pgsqlName'>, column?: OdsColumn): string {
  return column === undefined ? `${schema}.${name}` : `${schema}.${name}.${column.name}`;
}

function rowsOf(table: ExploredOdsTable, sources: readonly OdsSource[]): OdsTableRows {
  const key = new Set(table.key);
  const columns = table.columns.map((column): OdsColumnPaths => {
    const paths = [...new Set(sources.flatMap(({ paths }) => paths[column.name] ?? []))];
    return { column, isKey: key.has(column.name), paths };
  });
  return { table, columns };
}

/** @param superclassOf the label of the abstract resource of a subclass */
export function lookUpOds(
  tables: readonly ExploredOdsTable[],
  superclassOf: (label: string) => string | undefined,
): OdsLookup {
  const filled = tables.flatMap((table) => table.sources.map((source) => ({ table, source })));
  const byResource = groupBy(filled, ({ source }) => resourceLabel(source.resource));
  const ownerOf = ({ kind, sources: [first, ...others] }: ExploredOdsTable) => {
    const label = first && resourceLabel(first.resource);
    return label !== undefined && (kind === 'base' || others.length > 0) ? superclassOf(label) : label;
  };
  const shared = groupBy(
    tables.filter(({ sources }) => sources.length > 1),
    (table) => ownerOf(table) ?? '',
  );
  const byAddress = new Map(
    tables.flatMap((table) => table.columns.map((column) => [odsAddress(table, column), { table, column }] as const)),
  );
  return {
    tables,
    ownerOf,
    columnAt: (address) => byAddress.get(address),
    tablesOf: (label) => [
      ...(byResource.get(label) ?? []).map(({ table, source }) => rowsOf(table, [source])),
      ...(shared.get(label) ?? []).map((table) => rowsOf(table, table.sources)),
    ],
    placesOf(label, path) {
      const around = (byResource.get(label) ?? []).filter(({ source }) => isWithin(path, source.scope));
      const nearest = Math.max(...around.map(({ source }) => source.scope.length));
      return around
        .filter(({ source }) => source.scope.length === nearest)
        .flatMap(({ table, source }) =>
          table.columns.flatMap((column) => (source.paths[column.name]?.includes(path) ? [{ table, column }] : [])),
        );
    },
  };
}

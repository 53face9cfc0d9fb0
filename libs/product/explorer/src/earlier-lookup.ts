import { columnSources, type EarlierMapping, notGivenBackOf, notGivenBackText, type OdsColumn } from '@dms/ods';

/** A table of the ODS of an earlier version as the page has it (design 21 §3). */
export interface ExploredEarlierTable {
  readonly schema: string;
  readonly name: string;
  readonly pgsqlName: string;
  readonly key: readonly string[];
  readonly columns: readonly EarlierColumn[];
  /** The values that the table does not give back. */
  readonly losses: readonly string[];
}

interface EarlierColumn extends Pick<OdsColumn, 'name' | 'isNullable'> {
  /** Whether no document holds it. */
  readonly isFixed: boolean;
  /** `schema.Table.Column` of each column of the ODS of this set that has its values. */
  readonly sources: readonly string[];
}

/** The tables of an earlier version, with the current columns of their values. */
export const exploredEarlier = (earlier: EarlierMapping): readonly ExploredEarlierTable[] =>
  earlier.tables.map((table) => {
    const { schema, name, pgsqlName, key } = table;
    const columns = columnSources(table).map(({ column, sources }) => ({
      name: column.name,
      isNullable: column.isNullable,
      isFixed: column.content.kind === 'fixed',
      sources,
    }));
    return { schema, name, pgsqlName, key, columns, losses: notGivenBackOf(earlier, table).map(notGivenBackText) };
  });

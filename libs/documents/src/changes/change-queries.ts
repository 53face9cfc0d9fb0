import type { Statement } from '@dms/databases';
import type { TrackedChangeTable } from '@dms/inventory';
import { type Column, mustExist } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { readAsText } from '../statements/mssql-statements.ts';
import { query } from '../statements/statement.ts';

/** The place of a recorded change: the index of its table in the inventory, and its version. */
export interface ChangePlace {
  readonly Table: number;
  readonly ChangeVersion: number | bigint | string;
}

/** The differences between the dialects in reading recorded changes. */
interface ChangeDialect {
  first(select: string, order: string, count: number): string;
  /** Reads a column without losing digits. */
  column(quoted: string, type: Pick<Column, 'scalarType'>): string;
  uuid(quoted: string): string;
  version(quoted: string): string;
}

const changeDialects: Readonly<Record<SqlDialect, ChangeDialect>> = {
  pgsql: {
    first: (select, order, count) => `SELECT ${select} ORDER BY ${order} LIMIT ${count}`,
    column: (quoted) => quoted,
    uuid: (quoted) => `${quoted}::text`,
    version: (quoted) => `${quoted}::text`,
  },
  mssql: {
    first: (select, order, count) => `SELECT TOP (${count}) ${select} ORDER BY ${order}`,
    column: (quoted, type) => readAsText(type, quoted) ?? quoted,
    uuid: (quoted) => `LOWER(CONVERT(nvarchar(36), ${quoted}))`,
    version: (quoted) => `CONVERT(nvarchar(20), ${quoted})`,
  },
};

const systemColumn = ({ systemColumns }: TrackedChangeTable, wanted: 'Id' | 'ChangeVersion' | 'Discriminator') =>
  systemColumns.find(({ role }) => role === wanted)?.column;

const requiredColumn = (tracked: TrackedChangeTable, wanted: 'Id' | 'ChangeVersion') =>
  mustExist(systemColumn(tracked, wanted), `the column ${wanted} of ${tracked.table.name}`);

/** The next changes after a version, from all tables: {@link ChangePlace}s in the order of their versions. */
export function nextChanges(
  dialect: SqlDialect,
  tables: readonly TrackedChangeTable[],
  after: bigint,
  count: number,
): Statement {
  const rules = dialectRules[dialect];
  const { first, version } = changeDialects[dialect];
  const arms = tables.map((each, index) => {
    const column = rules.quote(requiredColumn(each, 'ChangeVersion'));
    const select = `${index} AS ${rules.quote('Table')}, ${column} AS ${rules.quote('Version')} FROM ${qualifiedName(rules, each.table)} WHERE ${column} > ${after}`;
    return `SELECT * FROM (${first(select, column, count)}) a${index}`;
  });
  const found = `u.${rules.quote('Version')}`;
  const columns = `u.${rules.quote('Table')}, ${version(found)} AS ${rules.quote('ChangeVersion')}`;
  return query(first(`${columns} FROM (${arms.join('\nUNION ALL\n')}) u`, found, count));
}

/** The rows of a table with these versions, by column name; `Id` and `ChangeVersion` are texts. */
export function changesOf(dialect: SqlDialect, tracked: TrackedChangeTable, versions: readonly bigint[]): Statement {
  const rules = dialectRules[dialect];
  const { column, uuid, version } = changeDialects[dialect];
  const quoted = (name: string) => rules.quote(name);
  const versionColumn = quoted(requiredColumn(tracked, 'ChangeVersion'));
  const discriminator = systemColumn(tracked, 'Discriminator');
  const items = [
    `${uuid(quoted(requiredColumn(tracked, 'Id')))} AS ${quoted('Id')}`,
    `${version(versionColumn)} AS ${quoted('ChangeVersion')}`,
    ...(discriminator === undefined ? [] : [`${quoted(discriminator)} AS ${quoted('Discriminator')}`]),
    ...tracked.valueColumns.flatMap(({ oldColumn, newColumn, scalarType }) =>
      [oldColumn, newColumn].map((name) => `${column(quoted(name), { scalarType })} AS ${quoted(name)}`),
    ),
  ];
  return query(
    `SELECT ${items.join(', ')} FROM ${qualifiedName(rules, tracked.table)} WHERE ${versionColumn} IN (${versions.join(', ')})`,
  );
}

import { isWithin } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import { modelIndex, mustExist, qualified, type Table, type TableKind } from '@dms/model';
import { dialectOf, join, type PlainSql, type SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { CheckedUpgrade } from '../applying/document-checks.ts';

/** A member that the later set newly requires, and whose absence rows of the earlier set show (design 12a §6.1). */
export interface RequiredMember {
  /** Its resource: `Project:Resource` in the earlier set. */
  readonly resource: string;
  /** Position of its change in the items of the plan. */
  readonly item: number;
  /** Its place in the later set: `Project:Resource.$.path`. */
  readonly place: string;
  /** The table of the earlier set with its column. */
  readonly table: Table;
  /** A condition for the rows `t` of the table whose documents may lack it; null if no document lacks it. */
  readonly condition: PlainSql | null;
}

/**
 * The ids of the documents that may lack one of these members, by their resource: all that lack one are among them. Asks
 * one query for each table.
 */
export async function lackingMembers(
  connection: Connection,
  members: readonly RequiredMember[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const { sql, id } = dialectOf[connection.dialect];
  const lacking = new Map<string, ReadonlySet<number>>();
  for (const [resource, ofResource] of groupBy(members, (member) => member.resource)) {
    const own = new Set<number>();
    lacking.set(resource, own);
    for (const [table, ofTable] of groupBy(ofResource, (member) => member.table)) {
      const conditions = ofTable.flatMap(({ condition }) => (condition === null ? [] : [sql`(${condition})`]));
      if (conditions.length === 0) continue;
      const rows = await rowsOf<{ id: unknown }>(
        connection,
        sql`SELECT DISTINCT t.${id(documentOf(table))} AS id FROM ${table.table} AS t WHERE ${join(conditions, ' OR ')}`,
      );
      for (const row of rows) own.add(Number(row.id));
    }
  }
  return lacking;
}

/** The members that an upgrade newly requires, without those whose absence rows do not show. */
export function requiredMembers({ plan, before }: Pick<CheckedUpgrade, 'plan' | 'before'>): readonly RequiredMember[] {
  const { resources } = modelIndex(before.model);
  return plan.documentChecks.flatMap(({ resource: { before: resource, after }, rules }) => {
    const { tablesInDependencyOrder } = mustExist(resources.get(resource), resource);
    const places = placedTables(tablesInDependencyOrder, (path) => plan.renaming.path(resource, path));
    return rules.flatMap(({ item, rule: { paths } }): readonly RequiredMember[] => {
      if (plan.items[item]?.change !== 'member required') return [];
      const [own, ...others] = places.flatMap(({ columns }) => columns.filter(({ path }) => paths.includes(path)));
      if (own === undefined || others.length > 0 || !isEveryItem[own.table.identity.tableKind]) return [];
      const condition = lackingRows(plan.dialect, places, own);
      return [{ resource, item, place: `${after}.${own.path}`, table: own.table, condition }];
    });
  });
}

/** Whether each object at the scope of a table has a row in it, even if it has no values there. */
const isEveryItem: Readonly<Record<TableKind, boolean>> = {
  Root: true,
  Collection: true,
  ExtensionCollection: true,
  RootExtension: false,
  CollectionExtensionScope: false,
  Unspecified: false,
};

/** A column with a value of documents, under the later names of its paths. */
interface ColumnPlace {
  readonly table: Table;
  readonly column: string;
  readonly path: string;
  /** The scope of its table. */
  readonly scope: string;
}

/** A table with documents, under the later names of its paths. */
interface PlacedTable {
  readonly table: Table;
  readonly scope: string;
  readonly columns: readonly ColumnPlace[];
}

const placedTables = (tables: readonly Table[], later: (path: string) => string): readonly PlacedTable[] =>
  tables.map((table) => {
    const scope = later(table.jsonScope.canonical);
    const columns = table.columns.flatMap(({ name: column, sourcePath }) =>
      sourcePath === null ? [] : [{ table, column, path: later(sourcePath.canonical), scope }],
    );
    return { table, scope, columns };
  });

/**
 * A condition for the rows `t` that have no value at a place, although the object around it may be present; null if
 * nothing else can be in the object, so that it is absent too.
 */
function lackingRows(
  dialect: SqlDialect,
  places: readonly PlacedTable[],
  { table, column, path, scope }: ColumnPlace,
): PlainSql | null {
  const { sql, id } = dialectOf[dialect];
  const isAbsent = sql`t.${id(column)} IS NULL`;
  const container = path.slice(0, path.lastIndexOf('.'));
  // the object is that of the row
  if (container === scope) return isAbsent;
  const isOther = (each: string) => isWithin(each, container) && !isWithin(each, path);
  const isPresent = places.flatMap((each) => {
    const others = each.columns.filter((other) => isOther(other.path));
    if (each.table === table) return others.map((other) => sql`t.${id(other.column)} IS NOT NULL`);
    if (others.length === 0 && !isOther(each.scope)) return [];
    // a row without values may be an object too
    return [
      sql`EXISTS (SELECT 1 FROM ${each.table.table} AS o WHERE o.${id(documentOf(each.table))} = t.${id(documentOf(table))})`,
    ];
  });
  return isPresent.length === 0 ? null : sql`${isAbsent} AND (${join(isPresent, ' OR ')})`;
}

/** The column of a table with the id of the document. */
const documentOf = ({ identity, table }: Table) =>
  mustExist(identity.rootLocator[0], `the column of ${qualified(table)} with its document`);

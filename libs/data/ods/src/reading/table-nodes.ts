import { isBelow } from '@dms/api-schema';
import { type DocumentReferenceBinding, mustExist, type RelationalModelSet } from '@dms/model';
import { empty, join, type PlainSql } from '@dms/sql';
import { groupBy } from '@dms/values';
import {
  allPaths,
  type OdsColumn,
  type OdsMapping,
  type OdsSource,
  type OdsTable,
  tableLabel,
} from '../mapping/ods-mapping.ts';
import { resourceKey } from '../mapping/resource-parts.ts';
import {
  type ReadingDialect,
  type SelectedValue,
  type SourceQuery,
  selectedValue,
  sourceQuery,
} from './reading-dialect.ts';
import type { OpenedOds, SourceTable } from './source-catalog.ts';

/** A column of the mapping at its place in the rows of a query. */
export interface ReadColumn {
  readonly column: OdsColumn;
  readonly index: number;
  /** The index of the person's unique id, for the number of a person that documents repeat. */
  readonly uniqueIdIndex: number | null;
  /** Whether the source keeps fewer decimal places than documents. */
  readonly isRounded: boolean;
}

/** A table of the source, sorted by its key, and the tables whose rows belong to its rows. */
export interface TableNode {
  readonly table: OdsTable;
  readonly query: SourceQuery;
  /** The text after FROM in a query for its rows, without joins and order. */
  readonly selection: PlainSql;
  readonly columns: ReadonlyMap<string, ReadColumn>;
  /** The indexes of the key columns in a row, in the order in which rows are sorted. */
  readonly key: readonly number[];
  /** The indexes of the columns that repeat the key of the table around it, in the order of its `key`. */
  readonly parentKey: readonly number[];
  readonly discriminatorIndex: number | null;
  readonly idIndex: number | null;
  /** The resources with rows in the table, by label. */
  readonly sources: ReadonlyMap<string, OdsSource>;
  readonly subclasses: readonly TableNode[];
  readonly children: readonly TableNode[];
}

/** Whether a path is the scope of a row, or is inside it. */
export const isInRow = (path: string, scope: string) => path === scope || isBelow(path, scope);

/**
 * Whether a column holds the numbers of the persons whose root is the table. Their unique id is another column of the
 * table.
 */
export const isOwnNumber = ({ kind, sources, key }: OdsTable, { name, content }: OdsColumn): boolean =>
  kind === 'root' &&
  content.kind === 'usi' &&
  key.includes(name) &&
  sources.some(({ resource }) => resourceKey(resource) === resourceKey(content.resource));

/**
 * For a column with the number of a person: the table of the person, its number and its unique id; undefined for other
 * columns.
 */
export function findPerson(
  mapping: OdsMapping,
  { content }: OdsColumn,
): { readonly table: OdsTable; readonly number: OdsColumn; readonly uniqueId: OdsColumn } | undefined {
  if (content.kind !== 'usi') return undefined;
  const wanted = resourceKey(content.resource);
  const table = mapping.tables.find(
    ({ kind, sources }) => kind === 'root' && sources.some(({ resource }) => resourceKey(resource) === wanted),
  );
  const number = table?.columns.find((each) => isOwnNumber(table, each));
  if (table === undefined || number === undefined) return undefined;
  const { paths } = mustExist(table.sources[0], `the source of ${tableLabel(table)}`);
  const identity = paths[number.name] ?? [];
  const uniqueId = table.columns.find(
    (each) => each.content.kind === 'value' && (paths[each.name] ?? []).some((path) => identity.includes(path)),
  );
  return uniqueId && { table, number, uniqueId };
}

/** Documents whose roots have changed after a version. */
interface Changed {
  readonly root: SourceTable;
  readonly versionColumn: string;
  readonly since: bigint;
  /** The key of the root, in the order in which the keys of all tables of its tree begin. */
  readonly order: readonly string[];
}

/** A table, and the columns by which its rows are sorted: its key. */
interface Sorted {
  readonly table: OdsTable;
  readonly changed: Changed | null;
  readonly order: readonly string[];
}

/**
 * The tables of documents as trees: a root, or a base with its subclasses, and the tables below it. Tables that the
 * source lacks are left out.
 *
 * @param since only the rows of documents whose roots have a greater `ChangeVersion`; roots without a `ChangeVersion`
 * are read completely
 */
export function tableTrees(source: Omit<OpenedOds, 'connection'>, since: bigint | null = null): readonly TableNode[] {
  const { mapping, catalog } = source;
  const below = groupBy(mapping.tables, ({ parent }) => (parent === null ? '' : tableLabel(parent)));
  const changedOf = (root: SourceTable, order: readonly string[]): Changed | null =>
    since === null || root.versionColumn === null ? null : { root, versionColumn: root.versionColumn, since, order };
  const nodeOf = (table: OdsTable, parent?: Sorted): TableNode[] => {
    const found = catalog.tables.get(tableLabel(table));
    if (found === undefined) return [];
    const repeated = repeatedColumns(table, parent);
    const order = [...repeated, ...table.key.filter((name) => !repeated.includes(name))];
    const changed = parent === undefined ? changedOf(found, order) : parent.changed;
    const query = tableQuery(source, found, order, changed);
    const placeOf = (name: string) =>
      mustExist(query.columns.get(name), `the column ${name} of ${tableLabel(table)}`).index;
    const nodes = (below.get(tableLabel(table)) ?? []).flatMap((each) => nodeOf(each, { table, order, changed }));
    return [
      {
        table,
        ...query,
        key: order.map(placeOf),
        parentKey: repeated.map(placeOf),
        sources: new Map(table.sources.map((each) => [resourceKey(each.resource), each])),
        subclasses: nodes.filter((node) => node.table.kind === 'subclass'),
        children: nodes.filter((node) => node.table.kind !== 'subclass'),
      },
    ];
  };
  const roots = mapping.tables.filter(({ kind, parent }) => parent === null && kind !== 'descriptorBase');
  return roots.flatMap((table) => nodeOf(table));
}

/** The columns of a table that repeat the key of the table around it, in the sort order of that table. */
function repeatedColumns(table: OdsTable, parent: Sorted | undefined): readonly string[] {
  if (parent === undefined) return [];
  const repeated = new Map(parent.table.key.map((name, index) => [name, table.key[index] ?? name]));
  // a subclass has the key of its base under its own names, possibly in another order
  if (table.kind === 'subclass') {
    const toBase = table.foreignKeys.find(({ targetTable }) => tableLabel(targetTable) === tableLabel(parent.table));
    toBase?.targetColumns.forEach((target, index) => {
      repeated.set(target, toBase.columns[index] ?? target);
    });
  }
  return parent.order.map((name) => repeated.get(name) ?? name);
}

interface Query {
  readonly query: SourceQuery;
  readonly selection: PlainSql;
  readonly columns: ReadonlyMap<string, ReadColumn>;
  readonly discriminatorIndex: number | null;
  readonly idIndex: number | null;
}

/**
 * The query of a table: its rows by key, with the unique ids of the persons whose numbers documents repeat (design 19a
 * §3).
 */
function tableQuery(
  source: Omit<OpenedOds, 'connection'>,
  { table, name, columns }: SourceTable,
  order: readonly string[],
  changed: Changed | null,
): Query {
  const { dialect } = source;
  const { sql, id } = dialect.rules;
  const selected: SelectedValue[] = [];
  const joins: PlainSql[] = [];
  const places = new Map<string, ReadColumn>();
  let discriminatorIndex: number | null = null;
  let idIndex: number | null = null;
  const expressionOf = (column: string) => sql`"t".${id(column)}`;
  for (const column of table.columns) {
    const found = columns.get(column.name);
    if (found === undefined) continue;
    const index = selected.length;
    const kind = column.type.kind;
    if (column.content.kind === 'fixed' && column.content.column !== 'Discriminator' && column.content.column !== 'Id')
      continue;
    selected.push(selectedValue(dialect, expressionOf(found.name), kind, found.type));
    if (column.content.kind === 'fixed') {
      if (column.content.column === 'Id') idIndex = index;
      else discriminatorIndex = index;
      continue;
    }
    const isWritten =
      !isOwnNumber(table, column) &&
      table.sources.some((each) => allPaths(each, column.name).some((path) => isInRow(path, each.scope)));
    const person = isWritten ? personTable(source, column) : undefined;
    let uniqueIdIndex: number | null = null;
    if (person !== undefined) {
      const alias = id(`p${joins.length}`);
      uniqueIdIndex = selected.length;
      const { uniqueIdColumn } = person;
      selected.push(selectedValue(dialect, sql`${alias}.${id(uniqueIdColumn.name)}`, 'string', uniqueIdColumn.type));
      joins.push(
        sql` LEFT JOIN ${dialect.from(person.name)} ${alias} ON ${alias}.${id(person.numberName)} = ${expressionOf(found.name)}`,
      );
    }
    const isRounded = dialect.roundedTypes.includes(found.type);
    places.set(column.name, { column, index, uniqueIdIndex, isRounded });
  }
  const sortKeys = order.flatMap((each) => {
    const found = columns.get(each);
    const kind = places.get(each)?.column.type.kind;
    return found === undefined || kind === undefined ? [] : [dialect.sortKey(expressionOf(found.name), kind, found)];
  });
  const from = sql`${dialect.from(name)} "t"`;
  const ownKey = (key: string, index: number) => {
    const own = order[index] ?? key;
    return expressionOf(columns.get(own)?.name ?? own);
  };
  const condition = changed === null ? empty : sql` WHERE ${changedText(dialect, changed, ownKey)}`;
  const rest = sql`FROM ${from}${join(joins, '')}${condition} ORDER BY ${join(sortKeys)}`;
  return {
    query: sourceQuery(dialect, selected, rest),
    selection: sql`${from}${condition}`,
    columns: places,
    discriminatorIndex,
    idIndex,
  };
}

/** The table and columns that give the unique id for the number of a person; undefined if the source lacks them. */
function personTable({ mapping, catalog }: Pick<OpenedOds, 'mapping' | 'catalog'>, column: OdsColumn) {
  const person = findPerson(mapping, column);
  if (person === undefined) return undefined;
  const source = catalog.tables.get(tableLabel(person.table));
  const number = source?.columns.get(person.number.name);
  const uniqueIdColumn = source?.columns.get(person.uniqueId.name);
  return source && number && uniqueIdColumn && { name: source.name, numberName: number.name, uniqueIdColumn };
}

/** The condition that a row belongs to a changed document; `own` is the row's column for a column of the root's key. */
function changedText(
  dialect: ReadingDialect,
  { root, versionColumn, since, order }: Changed,
  own: (key: string, index: number) => PlainSql,
): PlainSql {
  const { sql, id, literal } = dialect.rules;
  const keys = order.map((key, index) => sql`"changed".${id(root.columns.get(key)?.name ?? key)} = ${own(key, index)}`);
  const conditions = [...keys, sql`"changed".${id(versionColumn)} > ${literal(since)}`];
  return sql`EXISTS (SELECT 1 FROM ${dialect.from(root.name)} "changed" WHERE ${join(conditions, ' AND ')})`;
}

/** The references of the documents of each resource, by label. */
export function referencesOf(model: RelationalModelSet): ReadonlyMap<string, readonly DocumentReferenceBinding[]> {
  return new Map(
    model.resources.map(({ resourceKey: key, documentReferenceBindings }) => [
      resourceKey(key),
      documentReferenceBindings,
    ]),
  );
}

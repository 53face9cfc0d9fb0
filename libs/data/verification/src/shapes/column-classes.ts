import type { Catalog, CatalogColumn, CatalogTable } from '@dms/catalog';
import {
  type Column,
  core,
  type DbTableName,
  type ModelIndex,
  modelIndex,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import { classesOf } from './table-roles.ts';

/*
 * Classes of columns, keys and checks (design 09b §2.6): each is tried in two tables, whose other columns, keys and
 * checks stand for those of its class.
 */

/** Whether a table can hold every trial of a check. */
export type IsAble = (table: string) => boolean;

/** A table with the classes of its columns, keys and checks (design 09b §2.6). */
interface ColumnMember {
  readonly name: string;
  readonly classes: ReadonlySet<string>;
}

/** The tables of resources with their classes, in the order of the model; the catalog is that of their database. */
export function columnMembers(model: RelationalModelSet, { tables: live }: Catalog): readonly ColumnMember[] {
  const index = modelIndex(model);
  const byName = new Map(live.map((each) => [qualified(each), each]));
  return index.tables.map(({ table }) => columnMember(index, table, byName.get(qualified(table.table))));
}

function columnMember(index: ModelIndex, table: Table, live: CatalogTable | undefined): ColumnMember {
  const name = qualified(table.table);
  // a table that the database does not have is tried
  if (!live) return { name, classes: new Set([name]) };
  const columns = new Map<string, CatalogColumn>(live.columns.map((column) => [column.name, column]));
  const keys = index.foreignKeysOf(table);
  const inKeys = new Set<string>(keys.flatMap((each) => each.columns));
  const cascading = new Set<string>(keys.flatMap((each) => (each.onUpdate === 'Cascade' ? each.columns : [])));
  const uniques = table.constraints.flatMap((each) => (each.kind === 'Unique' ? [each.columns] : []));
  const primary = new Set<string>(table.key.columns.map((each) => each.name));
  const shared = new Map<string, string>();
  for (const { storage } of table.columns)
    if (storage.kind === 'UnifiedAlias') {
      shared.set(storage.canonicalColumn, 'shared');
      if (storage.presenceColumn !== null && !shared.has(storage.presenceColumn))
        shared.set(storage.presenceColumn, 'presence');
    }
  const textIn = (text: string, names: readonly string[]) =>
    text.replace(/"(?:[^"]|"")*"/g, (each) => {
      const at = names.indexOf(each.slice(1, -1).replaceAll('""', '"'));
      return at < 0 ? each : `#${at}`;
    });
  const classesOfColumn = (column: Column): readonly string[] => {
    const found = columns.get(column.name);
    const { storage } = column;
    const names = storage.kind === 'Stored' ? [] : [storage.canonicalColumn, storage.presenceColumn ?? ''];
    return [
      [
        'type',
        ...classesOf(column),
        found?.type.replace(/\d+/g, '') ?? '',
        found?.collation ?? '',
        found?.identity ?? '',
        found?.default ?? '',
        found?.generated ? textIn(found.generated.expression, names) : '',
      ].join(' '),
      [
        'part of',
        primary.has(column.name) ? 'key' : '',
        inKeys.has(column.name) ? 'reference' : '',
        cascading.has(column.name) ? 'copied' : '',
        uniques.some((each) => each.includes(column.name)) ? 'unique' : '',
        shared.get(column.name) ?? '',
      ].join(' '),
    ];
  };
  const hasSome = (some: readonly string[], is: (column: Column) => boolean) =>
    some.some((each) => {
      const column = index.columnOf(table, each);
      return column !== undefined && is(column);
    });
  const formOfColumns = (some: readonly string[]) =>
    [
      some.length > 1 ? 'several' : 'one',
      hasSome(some, ({ isNullable }) => isNullable) ? 'nullable' : '',
      hasSome(some, ({ storage }) => storage.kind !== 'Stored') ? 'alias' : '',
      hasSome(some, ({ kind }) => kind === 'Ordinal') ? 'position' : '',
      some.some((each) => primary.has(each)) ? 'key' : '',
    ].join(' ');
  const targetOf = (target: DbTableName) => {
    if (target.schema === core.document.schema) return target.name;
    const indexed = index.table(target);
    if (indexed && !indexed.resource) return 'abstract';
    return qualified(target) === name ? 'self' : 'resource';
  };
  const checks = new Map(live.checks.map((each) => [each.name, each]));
  const classes = [
    ...table.columns.flatMap(classesOfColumn),
    ...uniques.map((each) => `unique ${formOfColumns(each)}`),
    ...keys.map((each) =>
      [
        'reference',
        formOfColumns(each.columns),
        each.columns.some((column) => keys.some((other) => other !== each && other.columns.includes(column)))
          ? 'shared'
          : '',
        targetOf(each.targetTable),
        each.onDelete,
        each.onUpdate,
        String(each.deferrable),
      ].join(' '),
    ),
    ...table.constraints.flatMap((each) => {
      const check = checks.get(each.name);
      if (!check) return [];
      const members =
        each.kind === 'AllOrNoneNullability'
          ? [each.fkColumn, ...each.dependentColumns]
          : each.kind === 'NullOrTrue'
            ? [each.column]
            : [];
      return [`check ${textIn(check.expression, members)} ${JSON.stringify([check.validated, check.options ?? []])}`];
    }),
  ];
  return { name, classes: new Set(classes) };
}

/** Tables that have each class twice, where two able tables do; a class that no able table has is tried where it is. */
export function coveringTwice(members: readonly ColumnMember[], isAble: IsAble): ReadonlySet<string> {
  const able = members.filter(({ name }) => isAble(name));
  const counts = new Map<string, number>();
  for (const { classes } of able)
    for (const each of classes) counts.set(each, Math.min(2, (counts.get(each) ?? 0) + 1));
  const chosen = new Set<string>();
  for (const { name, classes } of members)
    if (!isAble(name) && [...classes].some((each) => !counts.has(each))) chosen.add(name);
  for (;;) {
    let best: ColumnMember | undefined;
    let most = 0;
    for (const member of able) {
      if (chosen.has(member.name)) continue;
      const gain = [...member.classes].filter((each) => (counts.get(each) ?? 0) > 0).length;
      if (gain > most) [best, most] = [member, gain];
    }
    if (!best) return chosen;
    chosen.add(best.name);
    for (const each of best.classes) counts.set(each, Math.max(0, (counts.get(each) ?? 0) - 1));
  }
}

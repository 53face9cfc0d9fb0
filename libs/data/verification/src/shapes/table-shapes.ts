import {
  type Catalog,
  type CatalogColumn,
  type CatalogTable,
  diffCatalogs,
  type Routine,
  type Trigger,
} from '@dms/catalog';
import type { CheckedSet } from '@dms/checking';
import { type Column, core, type DbTableName, modelIndex, qualified, type ScalarType, type Table } from '@dms/model';
import { groupBy } from '@dms/values';
import type { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { type BodyForm, formOf } from './body-form.ts';
import { representativesOf, type ShapeMember } from './representatives.ts';
import { classesOf, rolesOf, type TableRoles } from './table-roles.ts';

/*
 * The shapes of the tables of a schema set (design 24): tables of one shape have triggers with the same text but for
 * names, in the same place and the same surroundings. They are read from the database after the script has run.
 */

/** A table with its triggers, as a member of a shape; without a form it is the only member of a shape of its own. */
export interface ShapeOfTable extends ShapeMember {
  readonly shape: string;
  /** The triggers without a form. */
  readonly formless: readonly string[];
}

/** How many shapes a set has, for a report. */
export interface ShapeCounts {
  readonly tables: number;
  readonly shapes: number;
  /** The tables whose triggers are tried. */
  readonly tried: number;
  /** The tables whose columns, keys and checks are tried. */
  readonly columnsTried: number;
  /** Triggers without a form: their tables are tried. */
  readonly withoutForm: readonly string[];
}

/** Whether a table can hold every trial of a check. */
export type IsAble = (table: string) => boolean;

/** What is tried: representatives of shapes, or everything. */
export interface TriedShapes {
  /** The counts, once tables were chosen; a text says why everything is tried in spite of shapes. */
  counts(): ShapeCounts | string | null;
  /** The tables whose triggers are tried; null for all. */
  triggers(isAble: IsAble): ReadonlySet<string> | null;
  /** The tables whose columns, keys and checks are tried; null for all. */
  columns(isAble: IsAble): ReadonlySet<string> | null;
}

/** Everything is tried, for a reason. */
const triedWhole = (reason: string): TriedShapes => ({
  counts: () => reason,
  triggers: () => null,
  columns: () => null,
});

/** Everything is tried, and there is nothing to say about it. */
export const everyShape: TriedShapes = { ...triedWhole(''), counts: () => null };

/** What a database holds after its script has run. */
export interface LiveObjects {
  readonly catalog: Catalog;
  /** The bodies of functions, by `schema.name`. */
  readonly bodies: ReadonlyMap<string, string>;
}

/** The shapes of the tables of a set, as its database has them. */
export function shapesOf(set: CheckedSet, { catalog, bodies }: LiveObjects): TriedShapes {
  const { tables } = modelIndex(set.model);
  const other = differenceFrom(set, catalog);
  if (other !== null) return triedWhole(other);
  const live = new Map(catalog.tables.map((each) => [qualified(each), each]));
  const shapes = tableShapes(set, { catalog, bodies });
  const groups = [...groupBy(shapes, ({ shape }) => shape).values()];
  const abstracts = new Set(set.model.abstractIdentityTables.map(({ table }) => qualified(table.table)));
  const columns = tables.map(({ table }) => columnMember(table, live.get(qualified(table.table)), abstracts));
  const tried = new Set<string>();
  const columnsTried = new Set<string>();
  const noted = (all: Set<string>, some: ReadonlySet<string>) => {
    for (const each of some) all.add(each);
    return some;
  };
  return {
    counts: () => ({
      tables: tables.length,
      shapes: groups.length,
      tried: tried.size,
      columnsTried: columnsTried.size,
      withoutForm: shapes.flatMap(({ name, formless }) => formless.map((trigger) => `${name}.${trigger}`)),
    }),
    triggers: (isAble) =>
      noted(
        tried,
        new Set(
          groups.flatMap((members) => representativesOf(members, ({ name }) => isAble(name)).map(({ name }) => name)),
        ),
      ),
    columns: (isAble) => noted(columnsTried, coveringTwice(columns, isAble)),
  };
}

/** The shape of each table of a resource, or of one of them, in the order of the model. */
export function tableShapes(set: CheckedSet, { catalog, bodies }: LiveObjects, only?: string): readonly ShapeOfTable[] {
  const tables = modelIndex(set.model).tables.filter(
    ({ table }) => only === undefined || qualified(table.table) === only,
  );
  const live = new Map(catalog.tables.map((each) => [qualified(each), each]));
  const functions = new Map(catalog.functions.map((each) => [qualified(each), each]));
  const users = groupBy(
    catalog.tables.flatMap((each) => each.triggers.map((trigger) => ({ table: qualified(each), trigger }))),
    ({ trigger }) => trigger.function ?? '',
  );
  const isAlone = (trigger: Trigger) =>
    new Set((users.get(trigger.function ?? '') ?? []).map(({ table }) => table)).size === 1;
  return tables.map(({ table, resource }): ShapeOfTable => {
    const roles = rolesOf(set, resource, table);
    const own = live.get(roles.self)?.triggers ?? [];
    return shapeOf(roles, own, (trigger) => {
      const body = bodies.get(trigger.function ?? '');
      const routine = functions.get(trigger.function ?? '');
      return body === undefined || routine === undefined || !isAlone(trigger) ? null : { body, routine };
    });
  });
}

/** What a database has beyond the triggers of resources that is not as the model says; null if there is nothing. */
function differenceFrom({ model, inventory, catalog: desired }: CheckedSet, live: Catalog): string | null {
  const { allTables, table } = modelIndex(model);
  const ofResources = new Set(allTables.flatMap((each) => (each.resource ? [qualified(each.table.table)] : [])));
  const routines = new Set(
    live.tables.flatMap((each) =>
      ofResources.has(qualified(each)) ? each.triggers.map((trigger) => trigger.function ?? '') : [],
    ),
  );
  const found = diffCatalogs(desired, live).differences.find(({ object, path, severity }) => {
    if (severity === 'info') return false;
    if (object === 'trigger') return !ofResources.has(path[0]);
    // a function of a trigger has a form; any other one is a surrounding
    return object === 'function' ? !routines.has(path[0]) : true;
  });
  if (found) return `${found.object} ${found.path.join('.')} is ${found.change}`;
  for (const each of live.tables) {
    const own = table({ schema: each.schema, name: each.name })?.table;
    const wrong = own && wrongColumn(own, each);
    if (wrong) return `the column ${qualified(each)}.${wrong} is not as its model says`;
  }
  const byName = new Map(live.tables.map((each) => [qualified(each), each]));
  for (const { table: name, valueColumns } of inventory.trackedChangeTables) {
    const types = new Map(byName.get(qualified(name))?.columns.map((column) => [column.name, column.type]));
    for (const { oldColumn, newColumn, scalarType } of valueColumns)
      for (const column of [oldColumn, newColumn])
        if (!hasNumbersOf(types.get(column) ?? '0', scalarType))
          return `the column ${qualified(name)}.${column} is not as its inventory says`;
  }
  return null;
}

/** A column whose length, digits or NULL differ from its model, number by number. */
function wrongColumn(table: Table, live: CatalogTable): string | undefined {
  const byName = new Map(live.columns.map((column) => [column.name, column]));
  return table.columns.find((column) => {
    const found = byName.get(column.name);
    if (!found) return true;
    const isNullable = column.isNullable || column.storage.kind !== 'Stored';
    return found.nullable !== isNullable || !hasNumbersOf(found.type, column.scalarType);
  })?.name;
}

function hasNumbersOf(type: string, scalar: ScalarType | null): boolean {
  const numbers = (type.match(/\d+/g) ?? []).map(Number);
  if (scalar?.decimal) return numbers[0] === scalar.decimal.precision && numbers[1] === scalar.decimal.scale;
  return numbers.length === 0 || (scalar?.maxLength != null && numbers[0] === scalar.maxLength);
}

/** The bodies of the triggers of a table, and what they are part of. */
function shapeOf(
  roles: TableRoles,
  triggers: readonly Trigger[],
  functionOf: (trigger: Trigger) => { readonly body: string; readonly routine: Routine } | null,
): ShapeOfTable {
  const transitions = new Map(
    [...groupBy(triggers, (trigger) => trigger.function ?? '')].map(([name, some]) => [
      name,
      new Set(some.flatMap(({ oldTable, newTable }) => [oldTable, newTable].filter((each) => each !== null))),
    ]),
  );
  const texts: string[] = [];
  const facts = new Set<string>();
  const readings: ReadonlySet<string>[] = [];
  const formless: string[] = [];
  /** The triggers of several events often share a function. */
  const forms = new Map<string, BodyForm | null>();
  for (const [at, trigger] of triggers.entries()) {
    const name = trigger.function ?? '';
    const found = functionOf(trigger);
    if (!forms.has(name)) forms.set(name, found && formOf(found.body, roles, transitions.get(name) ?? new Set()));
    const form = forms.get(name);
    const head = headOf(trigger, roles);
    if (!found || !form || head === null) {
      formless.push(trigger.name);
      continue;
    }
    const { name: _name, schema: _schema, body: _body, ...routine } = found.routine;
    texts.push(JSON.stringify([head.text, routine, form.text]));
    for (const fact of form.facts) facts.add(`${at} ${fact}`);
    readings.push(...head.readings, ...form.readings);
  }
  return {
    name: roles.self,
    shape: formless.length > 0 ? roles.self : JSON.stringify([roles.place, roles.surroundings, ...texts]),
    facts,
    readings,
    formless,
  };
}

/** When a trigger fires, with roles in place of columns; null if it has no form. */
function headOf(trigger: Trigger, roles: TableRoles) {
  const { name: _name, function: _function, body: _body, updateOf, when, ...rest } = trigger;
  const lists = roles.lists.filter(({ items }) => {
    const columns = items.map(({ marks }) => [...marks].find(([, mark]) => mark === '#')?.[0]);
    return columns.length === updateOf.length && columns.every((each, at) => each === `${roles.self} ${updateOf[at]}`);
  });
  const condition = when === null ? null : formOf(when, roles, new Set());
  if (when !== null && condition === null) return null;
  const columns =
    updateOf.length > 0 && lists.length > 0
      ? updateOf.length === 1
        ? 'ONE'
        : 'ALL'
      : updateOf.map((column) => roles.column(roles.self, column).text);
  return {
    text: JSON.stringify([rest, columns, condition?.text ?? null]),
    readings: [
      ...(typeof columns === 'string' ? [new Set(lists.map(({ name }) => name))] : []),
      ...(condition?.readings ?? []),
    ],
  };
}

/** A table with the classes of its columns, keys and checks (design 24 §7). */
interface ColumnMember {
  readonly name: string;
  readonly classes: ReadonlySet<string>;
}

function columnMember(table: Table, live: CatalogTable | undefined, abstracts: ReadonlySet<string>): ColumnMember {
  const name = qualified(table.table);
  // a table that the database does not have is tried
  if (!live) return { name, classes: new Set([name]) };
  const columns = new Map<string, CatalogColumn>(live.columns.map((column) => [column.name, column]));
  const keys = table.constraints.flatMap((each) => (each.kind === 'ForeignKey' ? [each] : []));
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
  const byName = new Map<string, Column>(table.columns.map((column) => [column.name, column]));
  const hasSome = (some: readonly string[], is: (column: Column) => boolean) =>
    some.some((each) => {
      const column = byName.get(each);
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
    if (abstracts.has(qualified(target))) return 'abstract';
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
function coveringTwice(members: readonly ColumnMember[], isAble: IsAble): ReadonlySet<string> {
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

/** The shapes of the tables of a set in the database of a session, whose catalog was read after its script had run. */
export async function readShapes(session: BehaviourSession, set: CheckedSet, catalog: Catalog): Promise<TriedShapes> {
  const { triggerFunctions } = session.dialect;
  if (triggerFunctions === null) return triedWhole('bodies of this engine have no forms');
  const rows = await session.query<{ schema: string; name: string; body: string }>(triggerFunctions);
  return shapesOf(set, { catalog, bodies: new Map(rows.map((row) => [qualified(row), row.body])) });
}

import { type Catalog, diffCatalogs, type Routine, type Trigger } from '@dms/catalog';
import type { CheckedSet } from '@dms/checking';
import { modelIndex, qualified } from '@dms/model';
import { unlikeModel } from '@dms/script-checks';
import { groupBy } from '@dms/values';
import type { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { type BodyForm, formOf } from './body-form.ts';
import { columnMembers, coveringTwice, type IsAble } from './column-classes.ts';
import { noKeys, type ShapeKeys } from './known-shapes.ts';
import { representativesOf, type ShapeMember } from './representatives.ts';
import { rolesOf, type TableRoles } from './table-roles.ts';

/*
 * The shapes of the tables of a schema set (design 09b §2.6): the triggers of tables of one shape have the same text
 * with other names, the same place and the same surroundings. They are read from the database after the script has run.
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

/** The shapes of a set, and the tried tables that have failed; they stand for the other `members` of their shape. */
export interface ShapeReport extends ShapeCounts {
  readonly failed: readonly { readonly table: string; readonly members: readonly string[] }[];
}

/** The tables that stand for all, without those that an earlier run has tried. */
export interface ChosenTables {
  /** Those whose triggers are tried. */
  readonly triggers: ReadonlySet<string>;
  /** Those whose columns, keys and checks are tried. */
  readonly columns: ReadonlySet<string>;
  /** Those whose triggers an earlier run has proved. */
  readonly known: ReadonlySet<string>;
  /** The tables that are not tried for their triggers, by each table that stands for them. */
  readonly standsFor: ReadonlyMap<string, readonly string[]>;
  /** How many tables stand for all, also those that an earlier run has tried. */
  readonly counts: ShapeCounts;
  /** The number of shapes of triggers that an earlier run has proved. */
  readonly knownShapes: number;
  /** The keys of all that a run proves if it leaves out no trial. */
  readonly proved: readonly string[];
}

/** Chooses the tables that stand for all, preferably of those that can hold every trial. */
export type TableChoice = (isAble: IsAble) => ChosenTables;

/** What a database holds after its script has run. */
interface LiveObjects {
  readonly catalog: Catalog;
  /** The bodies of functions, by `schema.name`. */
  readonly bodies: ReadonlyMap<string, string>;
}

/** The shapes of the tables of a set, as its database has them; a text says why every table must be tried. */
export function shapesOf(
  set: CheckedSet,
  { catalog, bodies }: LiveObjects,
  keys: ShapeKeys = noKeys,
): TableChoice | string {
  const other = differenceFrom(set, catalog);
  if (other !== null) return other;
  const shapes = tableShapes(set, { catalog, bodies });
  const groups = [...groupBy(shapes, ({ shape }) => shape)].map(([shape, some]) => {
    // what has no form is tried each time
    const key = some.some(({ formless }) => formless.length > 0) ? null : keys.ofTriggers(shape, some);
    return { some, key, isKnown: key !== null && keys.isKnown(key) };
  });
  const members = columnMembers(set.model, catalog);
  const keyOfClass = new Map(
    members.flatMap(({ name, classes }) =>
      [...classes].flatMap((each) => (each === name ? [] : [[each, keys.ofClass(each)] as const])),
    ),
  );
  const isOpen = (each: string) => {
    const key = keyOfClass.get(each);
    return key === undefined || !keys.isKnown(key);
  };
  return (isAble) => {
    const chosen = groups.map(({ some, isKnown }) => {
      const names = representativesOf(some, ({ name }) => isAble(name)).map(({ name }) => name);
      const tried = new Set(names);
      return { isKnown, names, others: some.flatMap(({ name }) => (tried.has(name) ? [] : [name])) };
    });
    const covering = coveringTwice(members, isAble);
    return {
      triggers: new Set(chosen.flatMap(({ names, isKnown }) => (isKnown ? [] : names))),
      // some of the tables that are tried without known classes, and no others
      columns: new Set(
        members.flatMap(({ name, classes }) => (covering.has(name) && [...classes].some(isOpen) ? [name] : [])),
      ),
      standsFor: new Map(chosen.flatMap(({ names, others }) => names.map((name) => [name, others] as const))),
      known: new Set(groups.flatMap(({ some, isKnown }) => (isKnown ? some.map(({ name }) => name) : []))),
      knownShapes: groups.filter(({ isKnown }) => isKnown).length,
      counts: {
        tables: shapes.length,
        shapes: groups.length,
        tried: chosen.reduce((sum, { names }) => sum + names.length, 0),
        columnsTried: covering.size,
        withoutForm: shapes.flatMap(({ name, formless }) => formless.map((trigger) => `${name}.${trigger}`)),
      },
      proved: [...groups.flatMap(({ key }) => key ?? []), ...keyOfClass.values()],
    };
  };
}

/** How many shapes a set has if each table is tried; a text as for {@link shapesOf}. */
export function countsOfAll(choice: TableChoice | string): ShapeReport | string {
  if (typeof choice === 'string') return choice;
  const { counts } = choice(() => true);
  return { ...counts, tried: counts.tables, columnsTried: counts.tables, failed: [] };
}

/** The checks that try the triggers of tables that stand for others. */
const checksByShape: ReadonlySet<string> = new Set(['R6', 'R8', 'R17', 'R18']);

/**
 * The tables that stand for others and whose triggers have failed. The object of a failure begins with the name of its
 * table, or with the label of a resource and what was tried on its root table. A label alone names no table: any table
 * of the resource may have failed.
 *
 * @param failures all failures, not only those that a report lists
 */
export function failedShapes(
  { model }: CheckedSet,
  { standsFor }: ChosenTables,
  failures: readonly { readonly check: string; readonly object: string }[],
): ShapeReport['failed'] {
  const objects = new Set(failures.flatMap(({ check, object }) => (checksByShape.has(check) ? [object] : [])));
  const beginnings = new Set(
    [...objects].flatMap((object) =>
      [...object.matchAll(/(?![\p{L}\p{N}_])./gsu)].map(({ index }) => object.slice(0, index)),
    ),
  );
  return modelIndex(model).tables.flatMap(({ table, label, isRoot }) => {
    const name = qualified(table.table);
    const members = standsFor.get(name) ?? [];
    const isFailed = objects.has(name) || beginnings.has(name) || (isRoot && beginnings.has(label));
    return members.length > 0 && isFailed ? [{ table: name, members }] : [];
  });
}

/** The shape of each table of a resource, or of one of them, in the order of the model. */
export function tableShapes(
  set: CheckedSet,
  { catalog, bodies }: LiveObjects,
  { only, roles: rolesIn = rolesOf }: { readonly only?: string; readonly roles?: typeof rolesOf | undefined } = {},
): readonly ShapeOfTable[] {
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
    const roles = rolesIn(set, resource, table);
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
  const { allTables } = modelIndex(model);
  const ofResources = new Set(allTables.flatMap((each) => (each.resource ? [qualified(each.table.table)] : [])));
  const routines = new Set(
    live.tables.flatMap((each) =>
      ofResources.has(qualified(each)) ? each.triggers.map((trigger) => `${trigger.function}()`) : [],
    ),
  );
  const found = diffCatalogs(desired, live).differences.find(({ object, path, severity }) => {
    if (severity === 'info') return false;
    if (object === 'trigger') return !ofResources.has(path[0]);
    // a function of a trigger has a form; any other one is a surrounding
    return object === 'function' ? !routines.has(path[0]) : true;
  });
  if (found) return `${found.object} ${found.path.join('.')} is ${found.change}`;
  // live and desired objects come from one definition: a mistake that both share shows beside the model
  return unlikeModel({ model, inventory }, live)[0]?.text ?? null;
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

/** The shapes of the tables of a set in the database of a session, whose catalog was read after its script had run. */
export async function readShapes(
  session: BehaviourSession,
  set: CheckedSet,
  catalog: Catalog,
  keys?: ShapeKeys,
): Promise<TableChoice | string> {
  const { triggerFunctions } = session.dialect;
  if (triggerFunctions === null) return 'bodies of this engine have no forms';
  const rows = await session.query<{ schema: string; name: string; body: string }>(triggerFunctions);
  return shapesOf(set, { catalog, bodies: new Map(rows.map((row) => [qualified(row), row.body])) }, keys);
}

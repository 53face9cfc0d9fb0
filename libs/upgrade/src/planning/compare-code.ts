import { resourceLabel } from '@dms/api-schema';
import { compareBy } from '@dms/canonical-json';
import type {
  CatalogTable,
  LogicalTrigger,
  Routine,
  RoutineDefinition,
  TableDefinition,
  Trigger,
  View,
  ViewDefinition,
} from '@dms/catalog';
import type { DbTrigger, Inventory } from '@dms/inventory';
import { qualified } from '@dms/model';
import { coreOwner } from '../matching/table-pairs.ts';
import type { UpgradeSet } from '../upgrade-set.ts';
import type { Change } from './change.ts';
import type { Comparison } from './comparison.ts';
import { expressionColumns, renamedExpression, type TableChange } from './table-change.ts';

/** What happens to functions, triggers and views. Names come from the earlier set if something is removed. */
export interface CodePlan {
  readonly droppedTriggers: readonly { readonly table: string; readonly name: string }[];
  readonly droppedFunctions: readonly { readonly schema: string; readonly name: string }[];
  readonly droppedViews: readonly { readonly schema: string; readonly name: string }[];
  /** Functions that are not the body of a trigger, and are new or changed. */
  readonly routines: readonly RoutineDefinition[];
  readonly triggers: readonly { readonly table: TableDefinition; readonly trigger: LogicalTrigger }[];
  readonly views: readonly ViewDefinition[];
}

const routineName = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

/** A value as a text that does not depend on the order of members: catalogs of files, of models and of databases differ in it. */
const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(compareBy(([name]) => name)))
      : member,
  );

/** What an entry of the inventory says, without the numbers of resources. */
function meaning(entry: DbTrigger | undefined): string {
  const unnumbered: unknown = JSON.parse(JSON.stringify(entry ?? null), (key, value) => (key === 'resourceKeyId' ? 0 : value));
  return text(unnumbered);
}

const entriesByName = ({ triggers }: Inventory) =>
  new Map(triggers.map((entry) => [`${qualified(entry.table)}\n${entry.name}`, entry]));

/** The columns that a trigger names outside its body: those whose update it runs for, and those of its condition. */
const namedColumns = ({ updateOf, when }: Trigger) => [...updateOf, ...(when === null ? [] : expressionColumns(when))];

/** Whether a trigger names a column that is dropped or changes its type; PostgreSQL refuses that while the trigger exists. */
const hindersColumns = ({ touched }: TableChange, trigger: Trigger | undefined) =>
  trigger !== undefined && namedColumns(trigger).some((column) => touched.has(column));

/** A trigger after columns are renamed: what it names outside its body follows the new names, its body does not. */
function renamedTrigger({ kept }: TableChange, trigger: Trigger | undefined): Trigger | undefined {
  if (!trigger) return undefined;
  const updateOf = trigger.updateOf.map((name) => kept.get(name) ?? name);
  return { ...trigger, updateOf, when: trigger.when && renamedExpression(trigger.when, (name) => kept.get(name)) };
}

/**
 * Compares triggers with the functions that hold their bodies. `quiet` tables must have no triggers while rows are written, or
 * while they move to another schema.
 */
function compareTriggers(comparison: Comparison, quiet: ReadonlySet<string>) {
  const { before, after, match, changes } = comparison;
  const found: Change[] = [];
  const droppedTriggers: CodePlan['droppedTriggers'][number][] = [];
  const triggers: CodePlan['triggers'][number][] = [];
  const functionsBefore = new Map(before.catalog.functions.map((routine) => [routineName(routine), routine]));
  const functionsAfter = new Map(after.catalog.functions.map((routine) => [routineName(routine), routine]));
  const [then, now] = [entriesByName(before.inventory), entriesByName(after.inventory)];
  const sameRoutine = (name: string | null) =>
    name === null || text(functionsBefore.get(name)) === text(functionsAfter.get(name));
  for (const change of changes) {
    const { pair } = change;
    const isQuiet = quiet.has(pair.before.key);
    const hinders = (trigger: Trigger | undefined) => hindersColumns(change, trigger);
    const earlier = new Map(pair.before.catalog.triggers.map((trigger) => [trigger.name, trigger]));
    const later = new Map(pair.after.catalog.triggers.map((trigger) => [trigger.name, trigger]));
    const stays = (name: string) => {
      const then = earlier.get(name);
      if (isQuiet || !then || hinders(then)) return false;
      return text(renamedTrigger(change, then)) === text(later.get(name));
    };
    for (const trigger of pair.before.catalog.triggers) {
      const { name, function: routine } = trigger;
      // a trigger that is only replaced is replaced in place
      const isReplaced = later.has(name) && (routine === null || functionsAfter.has(routine));
      if (isQuiet || !isReplaced || hinders(trigger)) droppedTriggers.push({ table: pair.before.key, name });
    }
    for (const trigger of pair.after.definition.triggers) {
      const routine = trigger.function && routineName(trigger.function);
      const isUnchanged = trigger.triggers.every(({ name }) => stays(name)) && sameRoutine(routine);
      if (!isUnchanged) triggers.push({ table: pair.after.definition, trigger });
      compareMeaning(trigger, isUnchanged);
    }

    function compareMeaning(trigger: LogicalTrigger, isKept: boolean): void {
      const entry = { owner: pair.after.owner, path: [pair.after.key, trigger.name] };
      const known = trigger.triggers.some(({ name }) => earlier.has(name));
      if (!known) {
        found.push({ kind: 'trigger added', ...entry });
        return;
      }
      const [was, is] = [then.get(`${pair.before.key}\n${trigger.name}`), now.get(`${pair.after.key}\n${trigger.name}`)];
      const names = trigger.triggers.map(({ name }) => name);
      const isSameForm = names.every(
        (name) => text({ ...earlier.get(name), body: 0 }) === text({ ...later.get(name), body: 0 }),
      );
      if (meaning(was) !== meaning(is) || !isSameForm) found.push({ kind: 'trigger changed', ...entry, isKept });
    }
    const served = new Set(pair.after.definition.triggers.flatMap((trigger) => trigger.triggers.map(({ name }) => name)));
    for (const { name } of pair.before.catalog.triggers)
      if (!served.has(name)) found.push({ kind: 'trigger removed', owner: pair.after.owner, path: [pair.before.key, name] });
  }
  for (const { definition } of match.added)
    for (const trigger of definition.triggers) triggers.push({ table: definition, trigger });
  return { droppedTriggers, triggers, found };
}

/** What the views of a set read: tables and other views (design 16 §9). */
function readByViews({ model, inventory }: UpgradeSet): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...model.abstractUnionViews.map(({ view, unionArms }): [string, readonly string[]] => [
      routineName(view),
      unionArms.map(({ fromTable }) => qualified(fromTable)),
    ]),
    ...inventory.authViews.map(({ view, arms }): [string, readonly string[]] => [
      routineName(view),
      arms.flatMap(({ source, joins }) => [source, ...joins].map(({ table }) => qualified(table))),
    ]),
  ]);
}

/** The depth of a view in the chain of views that read each other: 0 for one that reads tables only. */
function readingLevels(reads: ReadonlyMap<string, readonly string[]>): (view: View) => number {
  const levels = new Map<string, number>();
  const levelOf = (name: string): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    const level = Math.max(0, ...(reads.get(name) ?? []).map((read) => (reads.has(read) ? levelOf(read) + 1 : 0)));
    levels.set(name, level);
    return level;
  };
  return (view) => levelOf(routineName(view));
}

function compareViews({ before, after, definition, changes, match }: Comparison) {
  const found: Change[] = [];
  const reads = readByViews(before);
  const levelOf = readingLevels(reads);
  const ownersOf = (side: typeof before) =>
    new Map(side.model.abstractUnionViews.map(({ view, resourceKey }) => [routineName(view), resourceLabel(resourceKey)]));
  const changed = new Set<string>(match.removed.map(({ key }) => key));
  for (const { pair, kept, touched } of changes) {
    const isRenamed = pair.before.key !== pair.after.key || [...kept].some(([then, now]) => then !== now);
    if (isRenamed || touched.size > 0) changed.add(pair.before.key);
  }
  const later = new Map(after.catalog.views.map((view) => [routineName(view), view]));
  const definitions = new Map(definition.views.map((view) => [routineName(view), view]));
  const droppedViews: View[] = [];
  const kept = new Set<string>();
  const [ownersBefore, ownersAfter] = [ownersOf(before), ownersOf(after)];
  for (const view of [...before.catalog.views].sort((left, right) => levelOf(left) - levelOf(right))) {
    const name = routineName(view);
    const now = later.get(name);
    const isSame = now !== undefined && text(now) === text(view);
    if (isSame && !(reads.get(name) ?? []).some((read) => changed.has(read))) {
      kept.add(name);
      continue;
    }
    // a view that reads this one is dropped with it
    changed.add(name);
    droppedViews.push(view);
    const owner = ownersBefore.get(name) ?? coreOwner;
    if (!now) found.push({ kind: 'view removed', owner, path: [name] });
    else if (!isSame) found.push({ kind: 'view changed', owner, path: [name] });
  }
  const views: ViewDefinition[] = [];
  for (const [name, view] of definitions) {
    if (kept.has(name)) continue;
    views.push(view);
    if (!before.catalog.views.some((each) => routineName(each) === name))
      found.push({ kind: 'view added', owner: ownersAfter.get(name) ?? coreOwner, path: [name] });
  }
  return { droppedViews: droppedViews.sort((left, right) => levelOf(right) - levelOf(left)), views, found };
}

/** What becomes of functions, triggers and views (design 12 §3.2, §5). */
export function compareCode(
  comparison: Comparison,
  quiet: ReadonlySet<string>,
): { readonly code: CodePlan; readonly changes: readonly Change[] } {
  const { before, after, definition } = comparison;
  const later = new Set(after.catalog.functions.map(routineName));
  const named = (functions: readonly Routine[], wanted: RoutineDefinition) =>
    functions.find((routine) => routineName(routine) === routineName(wanted));
  const { droppedTriggers, triggers, found: ofTriggers } = compareTriggers(comparison, quiet);
  const { droppedViews, views, found: ofViews } = compareViews(comparison);
  const ofRemoved = comparison.match.removed.flatMap(
    ({ key, catalog }: { readonly key: string; readonly catalog: CatalogTable }) =>
      catalog.triggers.map(({ name }) => ({ table: key, name })),
  );
  const code: CodePlan = {
    droppedTriggers: [...droppedTriggers, ...ofRemoved],
    droppedFunctions: before.catalog.functions.filter((routine) => !later.has(routineName(routine))),
    droppedViews,
    routines: definition.routines.filter(
      (routine) => text(named(before.catalog.functions, routine)) !== text(named(after.catalog.functions, routine)),
    ),
    triggers,
    views,
  };
  return { code, changes: [...ofTriggers, ...ofViews] };
}

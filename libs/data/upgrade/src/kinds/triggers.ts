import type { LogicalTrigger, Trigger } from '@dms/catalog';
import { compareBy } from '@dms/files';
import type { DbTrigger, Inventory } from '@dms/inventory';
import { qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { effectOn, effectOnNone, type StatementEffect, touched } from '../hazards/statement-effect.ts';
import { expressionColumns, renamedExpression, type TableChange } from '../matching/table-change.ts';
import { type CodePlan, effectOnLater, type ScriptParts, type StatementList } from '../script/script-parts.ts';
import { objectKey, type Place, type RulesOf, type Shown, type Sink } from './change-rules.ts';

export interface TriggerChanges extends Place, Shown {
  readonly kind: 'trigger added' | 'trigger changed' | 'trigger removed';
}

export const triggerRules: RulesOf<TriggerChanges> = {
  'trigger added': { object: 'trigger', class: 'free', made: ['create trigger'] },
  'trigger changed': { object: 'trigger', class: 'free', made: ['create trigger'] },
  'trigger removed': { object: 'trigger', class: 'free', made: ['drop trigger'] },
};

/**
 * Compares triggers with the functions that hold their bodies. `quiet` tables must have no triggers while rows are
 * written, or while they move to another schema.
 */
export function planTriggers(
  comparison: Comparison,
  quiet: ReadonlySet<string>,
  found: Sink<TriggerChanges>,
): Pick<CodePlan, 'droppedTriggers' | 'triggers'> {
  const { before, after, match, changes } = comparison;
  const droppedTriggers: CodePlan['droppedTriggers'][number][] = [];
  const triggers: CodePlan['triggers'][number][] = [];
  const functionsBefore = new Map(before.catalog.functions.map((routine) => [qualified(routine), routine]));
  const functionsAfter = new Map(after.catalog.functions.map((routine) => [qualified(routine), routine]));
  const then = entriesByName(before.inventory);
  const now = entriesByName(after.inventory);
  const sameRoutine = (name: string | null) =>
    name === null || comparableText(functionsBefore.get(name)) === comparableText(functionsAfter.get(name));
  for (const change of changes) {
    const { pair } = change;
    const isQuiet = quiet.has(pair.before.key);
    const hinders = (trigger: Trigger | undefined) => hindersColumns(change, trigger);
    const earlier = new Map(pair.before.catalog.triggers.map((trigger) => [trigger.name, trigger]));
    const later = new Map(pair.after.catalog.triggers.map((trigger) => [trigger.name, trigger]));
    const stays = (name: string) => {
      const then = earlier.get(name);
      if (isQuiet || !then || hinders(then)) return false;
      return comparableText(renamedTrigger(change, then)) === comparableText(later.get(name));
    };
    for (const trigger of pair.before.catalog.triggers) {
      const { name, function: routine } = trigger;
      // a trigger that is only replaced is replaced in place
      const isReplaced = later.has(name) && (routine === null || functionsAfter.has(routine));
      if (isQuiet || !isReplaced || hinders(trigger)) droppedTriggers.push({ table: pair.before.key, name });
    }
    for (const trigger of pair.after.definition.triggers) {
      const routine = trigger.function && qualified(trigger.function);
      const isUnchanged = trigger.triggers.every(({ name }) => stays(name)) && sameRoutine(routine);
      if (!isUnchanged) triggers.push({ table: pair.after.definition, trigger });
      compareMeaning(trigger);
    }

    function compareMeaning(trigger: LogicalTrigger): void {
      const entry = { owner: pair.after.owner, path: [pair.after.key, trigger.name] };
      const known = trigger.triggers.some(({ name }) => earlier.has(name));
      if (!known) {
        found.push({ kind: 'trigger added', ...entry });
        return;
      }
      const was = then.get(`${pair.before.key}\n${trigger.name}`);
      const is = now.get(`${pair.after.key}\n${trigger.name}`);
      const names = trigger.triggers.map(({ name }) => name);
      const isSameForm = names.every(
        (name) => comparableText({ ...earlier.get(name), body: 0 }) === comparableText({ ...later.get(name), body: 0 }),
      );
      if (meaning(was) !== meaning(is) || !isSameForm) found.push({ kind: 'trigger changed', ...entry });
    }
    const served = new Set(
      pair.after.definition.triggers.flatMap((trigger) => trigger.triggers.map(({ name }) => name)),
    );
    for (const { name } of pair.before.catalog.triggers)
      if (!served.has(name))
        found.push({ kind: 'trigger removed', owner: pair.after.owner, path: [pair.before.key, name] });
  }
  for (const { definition } of match.added)
    for (const trigger of definition.triggers) triggers.push({ table: definition, trigger });
  const ofRemoved = match.removed.flatMap(({ key, catalog }) =>
    catalog.triggers.map(({ name }) => ({ table: key, name })),
  );
  return { droppedTriggers: [...droppedTriggers, ...ofRemoved], triggers };
}

const entriesByName = ({ triggers }: Inventory) =>
  new Map(triggers.map((entry) => [`${qualified(entry.table)}\n${entry.name}`, entry]));

/**
 * Whether a trigger names a column that is dropped or changes its type; PostgreSQL refuses that while the trigger
 * exists.
 */
const hindersColumns = ({ touched }: TableChange, trigger: Trigger | undefined) =>
  trigger !== undefined && namedColumns(trigger).some((column) => touched.has(column));

/** The columns that a trigger names outside its body: the columns whose update fires it, and those of its condition. */
const namedColumns = ({ updateOf, when }: Trigger) => [...updateOf, ...(when === null ? [] : expressionColumns(when))];

/** A trigger after columns are renamed: its column list and condition follow the new names, its body does not. */
function renamedTrigger({ kept }: TableChange, trigger: Trigger | undefined): Trigger | undefined {
  if (!trigger) return undefined;
  const updateOf = trigger.updateOf.map((name) => kept.get(name) ?? name);
  return { ...trigger, updateOf, when: trigger.when && renamedExpression(trigger.when, (name) => kept.get(name)) };
}

/** Comparable text of an entry of the inventory, without the numbers of resources. */
function meaning(entry: DbTrigger | undefined): string {
  const unnumbered: unknown = JSON.parse(JSON.stringify(entry ?? null), (key, value) =>
    key === 'resourceKeyId' ? 0 : value,
  );
  return comparableText(unnumbered);
}

export function dropTriggers({ comparison: { dialect }, code }: ScriptParts, out: StatementList): void {
  for (const { table, name } of code.droppedTriggers) {
    const effect = effectOn('drop trigger', table, [objectKey('trigger', table, name)]);
    const touches = [touched('drop', 'trigger', table, name)];
    out.add('drop code', table, { ...effect, touches }, dialect.dropTrigger(unqualified(table), name));
  }
}

export function createTriggers({ comparison, code, statements }: ScriptParts, out: StatementList): void {
  for (const { table, trigger } of code.triggers) {
    const key = qualified(table);
    const effect = effectOnLater(comparison, 'create trigger', key, [objectKey('trigger', key, trigger.name)]);
    out.add('make code', key, effect, statements.trigger(table, trigger));
  }
}

/**
 * Repeats the grants and revokes of provisioning: a login that replaces a function of the owner role may execute it
 * meanwhile (design 16 §2.6).
 */
export function restoreRights({ comparison, code, statements }: ScriptParts, out: StatementList): void {
  const { before, after, definition } = comparison;
  const { ownerRole } = definition;
  if (ownerRole === null) return;
  const isReplaced = code.triggers.some(({ trigger }) => trigger.function !== null && trigger.function.owner !== null);
  if (!isReplaced && comparableText(before.catalog.grants) === comparableText(after.catalog.grants)) return;
  out.add('make code', ownerRole.name, effectOnNone('create function'), statements.rights(ownerRole));
}

/**
 * A value as a text that does not depend on the order of members, in which catalogs of files, models and databases
 * differ.
 */
export const comparableText = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(compareBy(([name]) => name)))
      : member,
  );

/**
 * The functions that are added and dropped. A function with the body of a trigger comes with its trigger (design 12
 * §5).
 */
export function planRoutines({
  before,
  after,
  definition,
}: Comparison): Pick<CodePlan, 'droppedFunctions' | 'routines'> {
  const [earlier, later] = [before, after].map(
    ({ catalog }) => new Map(catalog.functions.map((routine) => [qualified(routine), routine])),
  );
  return {
    droppedFunctions: before.catalog.functions.filter((routine) => !later?.has(qualified(routine))),
    routines: definition.routines.filter(
      (routine) => comparableText(earlier?.get(qualified(routine))) !== comparableText(later?.get(qualified(routine))),
    ),
  };
}

export function dropFunctions({ comparison: { dialect }, code }: ScriptParts, out: StatementList): void {
  for (const routine of code.droppedFunctions) {
    const { schema, name } = routine;
    const touches: StatementEffect['touches'] = [{ how: 'drop', kind: 'function', schema, table: null, name }];
    out.add(
      'drop code',
      qualified(routine),
      { ...effectOnNone('drop function'), touches },
      dialect.dropFunction(routine),
    );
  }
}

export function createRoutines({ code, statements }: ScriptParts, out: StatementList): void {
  for (const routine of code.routines)
    out.add('make code', qualified(routine), effectOnNone('create function'), statements.routine(routine));
}

import type { LogicalTrigger, Trigger } from '@dms/catalog';
import type { DbTrigger, Inventory } from '@dms/inventory';
import { qualified, unqualified } from '@dms/model';
import { comparableText } from '../comparing/comparable-text.ts';
import type { Comparison } from '../comparing/comparison.ts';
import { tablePartKey } from '../comparing/lookup-keys.ts';
import { expressionColumns, renamedExpression, type TableChange } from '../matching/table-change.ts';
import { present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import { type CodePlan, laterTable, type ScriptParts } from '../script/script-parts.ts';
import type { Place, RulesOf, Shown, Sink } from './change-rules.ts';

export interface TriggerChanges extends Place, Shown {
  readonly kind: 'trigger added' | 'trigger changed' | 'trigger removed';
}

export const triggerRules: RulesOf<TriggerChanges> = {
  'trigger added': { object: 'trigger', class: 'free' },
  'trigger changed': { object: 'trigger', class: 'free' },
  'trigger removed': { object: 'trigger', class: 'free' },
};

/**
 * Compares triggers with the functions that hold their bodies. `quiet` tables must have no triggers while rows are
 * written, or while they move to another schema.
 */
export function planTriggers(
  comparison: Comparison,
  quiet: ReadonlySet<string>,
  foundChanges: Sink<TriggerChanges>,
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
        foundChanges.push({ kind: 'trigger added', ...entry });
        return;
      }
      const was = then.get(tablePartKey(pair.before.key, trigger.name));
      const is = now.get(tablePartKey(pair.after.key, trigger.name));
      const names = trigger.triggers.map(({ name }) => name);
      const isSameForm = names.every(
        (name) => comparableText({ ...earlier.get(name), body: 0 }) === comparableText({ ...later.get(name), body: 0 }),
      );
      if (meaning(was) !== meaning(is) || !isSameForm) foundChanges.push({ kind: 'trigger changed', ...entry });
    }
    const served = new Set(
      pair.after.definition.triggers.flatMap((trigger) => trigger.triggers.map(({ name }) => name)),
    );
    for (const { name } of pair.before.catalog.triggers)
      if (!served.has(name))
        foundChanges.push({ kind: 'trigger removed', owner: pair.after.owner, path: [pair.before.key, name] });
  }
  for (const { definition } of match.added)
    for (const trigger of definition.triggers) triggers.push({ table: definition, trigger });
  const ofRemoved = match.removed.flatMap(({ key, catalog }) =>
    catalog.triggers.map(({ name }) => ({ table: key, name })),
  );
  return { droppedTriggers: [...droppedTriggers, ...ofRemoved], triggers };
}

const entriesByName = ({ triggers }: Inventory) =>
  new Map(triggers.map((entry) => [tablePartKey(qualified(entry.table), entry.name), entry]));

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

/**
 * The triggers that are dropped and made. A replaced function of the owner role gets its rights again (design 16 §2.6).
 */
export function triggerOperations({ comparison, code, found }: ScriptParts): readonly UpgradeOperation[] {
  return [
    ...code.droppedTriggers.map(({ table, name }): UpgradeOperation => {
      const made = found.at<TriggerChanges>([table, name], 'trigger removed');
      return { op: 'dropTrigger', subject: table, on: [present(table)], for: made, table: unqualified(table), name };
    }),
    ...code.triggers.map(({ table, trigger }): UpgradeOperation => {
      const key = qualified(table);
      const made = found.at<TriggerChanges>([key, trigger.name], 'trigger added', 'trigger changed');
      return { op: 'createTrigger', subject: key, on: [laterTable(comparison, key)], for: made, table, trigger };
    }),
    ...restoredRights(comparison, code),
  ];
}

/** The grants and revokes of provisioning, where a login replaces a function of the owner role, or they change. */
function restoredRights({ before, after, definition }: Comparison, code: CodePlan): readonly UpgradeOperation[] {
  const { ownerRole: role } = definition;
  if (role === null) return [];
  const isReplaced = code.triggers.some(({ trigger }) => trigger.function !== null && trigger.function.owner !== null);
  if (!isReplaced && comparableText(before.catalog.grants) === comparableText(after.catalog.grants)) return [];
  return [{ op: 'restoreRights', subject: role.name, on: [], for: [], role }];
}

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

/** The functions that are dropped, and those that are made without a trigger. */
export const routineOperations = ({ code }: ScriptParts): readonly UpgradeOperation[] => [
  ...code.droppedFunctions.map(
    (routine): UpgradeOperation => ({ op: 'dropFunction', subject: qualified(routine), on: [], for: [], routine }),
  ),
  ...code.routines.map(
    (routine): UpgradeOperation => ({ op: 'createFunction', subject: qualified(routine), on: [], for: [], routine }),
  ),
];

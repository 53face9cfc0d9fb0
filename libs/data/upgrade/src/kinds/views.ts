import { resourceLabel } from '@dms/api-schema';
import type { View, ViewDefinition } from '@dms/catalog';
import { qualified } from '@dms/model';
import { comparableText } from '../comparing/comparable-text.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { Comparison } from '../comparing/comparison.ts';
import { coreOwner } from '../matching/table-pairs.ts';
import { present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import type { CodePlan, ScriptParts } from '../script/script-parts.ts';
import type { Place, RulesOf, Shown, Sink } from './change-rules.ts';

export interface ViewChanges extends Place, Shown {
  readonly kind: 'view added' | 'view changed' | 'view removed';
}

export const viewRules: RulesOf<ViewChanges> = {
  'view added': { object: 'view', class: 'free' },
  'view changed': { object: 'view', class: 'free' },
  'view removed': { object: 'view', class: 'free' },
};

/**
 * Compares the views. A view that reads a changed table is dropped and created again, and so is a view that reads such
 * a view. Where views hinder no change they are replaced in place, and only those that go are dropped.
 */
export function planViews(
  { before, after, definition, changes, match, dialect }: Comparison,
  foundChanges: Sink<ViewChanges>,
): Pick<CodePlan, 'droppedViews' | 'views'> {
  const reads = readByViews(before);
  const levelOf = readingLevels(reads);
  const ownersOf = (side: typeof before) =>
    new Map(
      side.model.abstractUnionViews.map(({ view, resourceKey }) => [qualified(view), resourceLabel(resourceKey)]),
    );
  const changed = new Set<string>(match.removed.flatMap(({ key }) => (match.emptied.has(key) ? [] : [key])));
  for (const { pair, kept, touched } of changes) {
    const isRenamed = pair.before.key !== pair.after.key || [...kept].some(([then, now]) => then !== now);
    if (isRenamed || touched.size > 0) changed.add(pair.before.key);
  }
  const later = new Map(after.catalog.views.map((view) => [qualified(view), view]));
  const definitions = new Map(definition.views.map((view) => [qualified(view), view]));
  const droppedViews: View[] = [];
  const kept = new Set<string>();
  const ownersBefore = ownersOf(before);
  const ownersAfter = ownersOf(after);
  for (const view of [...before.catalog.views].sort((left, right) => levelOf(left) - levelOf(right))) {
    const name = qualified(view);
    const now = later.get(name);
    const isSame = now !== undefined && comparableText(now) === comparableText(view);
    if (isSame && !(reads.get(name) ?? []).some((read) => changed.has(read))) {
      kept.add(name);
      continue;
    }
    // a view that reads this one is dropped with it
    changed.add(name);
    if (!now || dialect.viewsHinderChanges) droppedViews.push(view);
    const owner = ownersBefore.get(name) ?? coreOwner;
    if (!now) foundChanges.push({ kind: 'view removed', owner, path: [name] });
    else if (!isSame) foundChanges.push({ kind: 'view changed', owner, path: [name] });
  }
  const views: ViewDefinition[] = [];
  for (const [name, view] of definitions) {
    if (kept.has(name)) continue;
    views.push(view);
    if (!before.catalog.views.some((each) => qualified(each) === name))
      foundChanges.push({ kind: 'view added', owner: ownersAfter.get(name) ?? coreOwner, path: [name] });
  }
  return { droppedViews: droppedViews.sort((left, right) => levelOf(right) - levelOf(left)), views };
}

/** The tables and other views that the views of a set read (design 16 §9). */
function readByViews({ model, inventory }: ComparedSet): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...model.abstractUnionViews.map(({ view, unionArms }): [string, readonly string[]] => [
      qualified(view),
      unionArms.map(({ fromTable }) => qualified(fromTable)),
    ]),
    ...inventory.authViews.map(({ view, arms }): [string, readonly string[]] => [
      qualified(view),
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
  return (view) => levelOf(qualified(view));
}

/** The views that are dropped, and those that are made. */
export const viewOperations = ({ code, found }: ScriptParts): readonly UpgradeOperation[] => [
  ...code.droppedViews.map((view): UpgradeOperation => {
    const name = qualified(view);
    const made = found.at<ViewChanges>([name], 'view changed', 'view removed');
    return { op: 'dropView', subject: name, on: [present(name)], for: made, view };
  }),
  ...code.views.map((view): UpgradeOperation => {
    const name = qualified(view);
    const made = found.at<ViewChanges>([name], 'view added', 'view changed');
    return { op: 'createView', subject: name, on: [{ name, isNew: true }], for: made, view };
  }),
];

import { labelledResource } from '@dms/api-schema';
import type { ImpactChange, ImpactClass, SchemaImpact } from '@dms/change';
import { qualified } from '@dms/model';
import type { ModelLookup } from './model-lookup.ts';

/** What happened to an object since the earlier set. */
export type Mark = 'added' | 'removed' | 'changed';

/** The changes of an impact report, by the object that they affect. */
export interface SetChanges {
  /**
   * The changes of a resource by label, including those of its extensions; also of an extension, a project, `(core)` and
   * `(auth)`.
   */
  ofResource(label: string): readonly ImpactChange[];
  /** What happened to a resource or an extension. */
  resourceMark(label: string): Mark | null;
  /** The label of the resource that a removed extension extended; null if the label names anything else. */
  formerlyExtended(label: string): string | null;
  /** The changes of a table and its parts, by `schema.name`. */
  ofTable(table: string): readonly ImpactChange[];
  /** The resource, extension or other owner that the changes of a table are reported for. */
  ownerOf(table: string): string | null;
  /** What happened to a table. */
  tableMark(table: string): Mark | null;
  /** What happened to a part of a table: a column, key, check, index or trigger. */
  partMark(table: string, part: string): Mark | null;
  /** The changes by class, of all owners or of one. */
  byClass(owner: string | null): readonly ChangesOfClass[];
}

export interface ChangesOfClass {
  readonly class: ImpactClass;
  readonly changes: readonly ImpactChange[];
}

/** The effect of a class in words (design 09 §4.4). */
export const classWords: Readonly<Record<ImpactClass, string>> = {
  M: 'Data must be migrated',
  W: 'Breaks writers',
  R: 'Breaks readers',
  A: 'Only adds',
};

/** An addition together with a removal, or several changed parts, count as a change. */
function united(changes: readonly ImpactChange[]): Mark | null {
  const [first] = changes;
  if (!first) return null;
  return changes.every(({ change }) => change === first.change) ? first.change : 'changed';
}

function push<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}

/** The table and the part that a change affects; for a trigger and its function, the entry of the inventory. */
function placeOf({ path, trigger }: ImpactChange): { readonly table: string | undefined; readonly part: string | undefined } {
  const [table, part] = path;
  return trigger ? { table: trigger.table, part: trigger.name } : { table, part };
}

const classes = ['M', 'W', 'R', 'A'] as const satisfies readonly ImpactClass[];

/** Makes the changes of a report available by resource, table and part. */
export function setChanges(impact: SchemaImpact, { resourceByLabel, resources, extensions }: ModelLookup): SetChanges {
  const byTable = new Map<string, ImpactChange[]>();
  const byPart = new Map<string, ImpactChange[]>();
  const byOwner = new Map<string, readonly ImpactChange[]>();
  const owners = new Map<string, string>();
  for (const { resource, changes } of impact.resources) {
    byOwner.set(resource, changes);
    for (const change of changes) {
      const { table, part } = placeOf(change);
      if (table === undefined) continue;
      push(byTable, table, change);
      owners.set(table, resource);
      if (part !== undefined) push(byPart, `${table}\n${part}`, change);
    }
  }
  const extensionsByBase = new Map<string, string[]>();
  for (const { label, base } of extensions.values()) push(extensionsByBase, base.label, label);
  const [added, removed] = [new Set(impact.resourceKeys.added), new Set(impact.resourceKeys.removed)];

  const tableMark = (table: string): Mark | null => {
    const changes = byTable.get(table) ?? [];
    const own = changes.filter(({ object }) => object === 'table' || object === 'view');
    return united(own) ?? (changes.length > 0 ? 'changed' : null);
  };

  // an extension has no resource key; the extended resource has one
  function formerlyExtended(label: string): string | null {
    if (!byOwner.has(label) || !label.includes(':') || removed.has(label)) return null;
    if (resourceByLabel.has(label) || extensions.has(label)) return null;
    const { resourceName } = labelledResource(label);
    return resources.find((entry) => labelledResource(entry.label).resourceName === resourceName)?.label ?? null;
  }
  const gone = [...byOwner.keys()].flatMap((label) => {
    const base = formerlyExtended(label);
    return base === null ? [] : [{ label, base }];
  });
  for (const { label, base } of gone) push(extensionsByBase, base, label);

  const ofResource = (label: string): readonly ImpactChange[] =>
    [label, ...(extensionsByBase.get(label) ?? [])].flatMap((owner) => byOwner.get(owner) ?? []);

  function resourceMark(label: string): Mark | null {
    if (added.has(label)) return 'added';
    if (removed.has(label) || formerlyExtended(label) !== null) return 'removed';
    const tables = extensions.get(label)?.tables ?? [];
    if (tables.length > 0 && tables.every(({ table }) => tableMark(qualified(table.table)) === 'added')) return 'added';
    return ofResource(label).length > 0 ? 'changed' : null;
  }

  return {
    ofResource,
    resourceMark,
    formerlyExtended,
    ofTable: (table) => byTable.get(table) ?? [],
    ownerOf: (table) => owners.get(table) ?? null,
    tableMark,
    partMark: (table, part) => united(byPart.get(`${table}\n${part}`) ?? []),
    byClass(owner) {
      const changes = owner === null ? impact.resources.flatMap((entry) => entry.changes) : ofResource(owner);
      // a change with several classes is listed under the most severe one, which comes first
      return classes
        .map((each) => ({ class: each, changes: changes.filter((change) => change.classes[0] === each) }))
        .filter((entry) => entry.changes.length > 0);
    },
  };
}

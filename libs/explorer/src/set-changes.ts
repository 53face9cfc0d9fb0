import type { ImpactChange, ImpactClass, SchemaImpact } from '@dms/catalog';

/** What became of an object since the earlier set. */
export type Mark = 'added' | 'removed' | 'changed';

/** The changes of an impact report by what they concern. */
export interface SetChanges {
  /** Of a resource, by label; also of the owners `(core)` and `(auth)` and of projects. */
  ofResource(label: string): readonly ImpactChange[];
  /** Of a table and all that it has, by `schema.name`. */
  ofTable(table: string): readonly ImpactChange[];
  /** What became of a table. */
  tableMark(table: string): Mark | null;
  /** What became of a part of a table: a column, key, check, index or trigger. */
  partMark(table: string, part: string): Mark | null;
  readonly byClass: readonly { readonly class: ImpactClass; readonly changes: readonly OwnedChange[] }[];
}

export interface OwnedChange {
  readonly resource: string;
  readonly change: ImpactChange;
}

/** What a class asks for, in words (design 09 §4.4). */
export const classWords: Readonly<Record<ImpactClass, string>> = {
  M: 'Data must be migrated',
  W: 'Breaks writers',
  R: 'Breaks readers',
  A: 'Only adds',
};

/** A change that adds and one that removes, and several parts that change, are together a change. */
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

/** Makes the changes of a report available by resource, table and part. */
export function setChanges(impact: SchemaImpact): SetChanges {
  const byTable = new Map<string, ImpactChange[]>();
  const byPart = new Map<string, ImpactChange[]>();
  const byResource = new Map<string, readonly ImpactChange[]>();
  const owned: OwnedChange[] = [];
  for (const { resource, changes } of impact.resources) {
    byResource.set(resource, changes);
    for (const change of changes) {
      owned.push({ resource, change });
      const [table, part] = change.path;
      if (table === undefined) continue;
      push(byTable, table, change);
      if (part !== undefined) push(byPart, `${table}\n${part}`, change);
    }
  }
  const classes = ['M', 'W', 'R', 'A'] as const satisfies readonly ImpactClass[];
  return {
    ofResource: (label) => byResource.get(label) ?? [],
    ofTable: (table) => byTable.get(table) ?? [],
    tableMark: (table) => {
      const changes = byTable.get(table) ?? [];
      const own = changes.filter(({ object }) => object === 'table' || object === 'view');
      return united(own) ?? (changes.length > 0 ? 'changed' : null);
    },
    partMark: (table, part) => united(byPart.get(`${table}\n${part}`) ?? []),
    // a change with several classes stands under the gravest, which comes first
    byClass: classes
      .map((each) => ({ class: each, changes: owned.filter(({ change }) => change.classes[0] === each) }))
      .filter(({ changes }) => changes.length > 0),
  };
}

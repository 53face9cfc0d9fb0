import { labelledResource, resourceLabel } from '@dms/api-schema';
import type { ChangeClass } from '@dms/catalog';
import { qualified } from '@dms/model';
import type { ImpactChange, SchemaImpact } from '@dms/upgrade';
import type { ModelLookup, ObjectAddress } from './model-lookup.ts';
import { hrefs } from './search/search-entries.ts';

/** The kind of change of an object since the earlier set. */
export type ImpactMark = ImpactChange['mark'];

/** The changes of an impact report, by the object that they affect. */
export interface SetChanges {
  /** The changes of a resource by label, including those of its extensions; also of an extension and of `(core)`. */
  ofResource(label: string): readonly ImpactChange[];
  /** The mark of a resource or an extension. */
  resourceMark(label: string): ImpactMark | null;
  /** The label of the resource that a removed extension extended; null if the label names anything else. */
  formerlyExtended(label: string): string | null;
  /** The changes of a table and its parts, by `schema.name`. */
  ofTable(table: string): readonly ImpactChange[];
  /** The resource, extension or other owner that the changes of a table are reported for. */
  ownerOf(table: string): string | null;
  /** The mark of a table. */
  tableMark(table: string): ImpactMark | null;
  /** The mark of a part of a table: a column, key, check, index or trigger. */
  partMark(table: string, part: string): ImpactMark | null;
  /** The changes by class, the worst first, of all owners or of one. */
  byClass(owner: string | null): readonly ChangesOfClass[];
}

interface ChangesOfClass {
  readonly class: ChangeClass;
  readonly changes: readonly ImpactChange[];
}

/** An addition together with a removal, or several changed parts, count as a change. */
function united(changes: readonly ImpactChange[]): ImpactMark | null {
  const [first] = changes;
  if (!first) return null;
  return changes.every(({ mark }) => mark === first.mark) ? first.mark : 'changed';
}

function push<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}

/** Changes whose path is the name of a resource or a project; all others are about a table or view. */
const isOfTable = ({ path: [place = ''] }: ImpactChange) => place.includes('.') && !place.includes(':');

const worstFirst = ['impossible', 'loss', 'checked', 'rewritten', 'free'] as const satisfies readonly ChangeClass[];

/** Makes the changes of a report available by resource, table and part. */
export function setChanges(impact: SchemaImpact, { resourceByLabel, resources, extensions }: ModelLookup): SetChanges {
  const byTable = new Map<string, ImpactChange[]>();
  const byPart = new Map<string, ImpactChange[]>();
  const byOwner = new Map<string, readonly ImpactChange[]>();
  const owners = new Map<string, string>();
  const resourceMarks = new Map<string, ImpactMark>();
  for (const { owner, changes } of impact.owners) {
    byOwner.set(owner, changes);
    for (const change of changes) {
      const [place = '', part] = change.path;
      if (change.object === 'resource' && change.mark !== 'changed') resourceMarks.set(place, change.mark);
      if (!isOfTable(change)) continue;
      push(byTable, place, change);
      owners.set(place, owner);
      if (part !== undefined) push(byPart, `${place}\n${part}`, change);
    }
  }
  const extensionsByBase = new Map<string, string[]>();
  for (const { label, base } of extensions.values()) push(extensionsByBase, base.label, label);

  const tableMark = (table: string): ImpactMark | null => {
    const changes = byTable.get(table) ?? [];
    const own = changes.filter(({ object }) => object === 'table' || object === 'view');
    return united(own) ?? (changes.length > 0 ? 'changed' : null);
  };

  // an extension is not a resource of its own; the extended resource is
  function formerlyExtended(label: string): string | null {
    if (!byOwner.has(label) || !label.includes(':') || resourceMarks.get(label) === 'removed') return null;
    if (resourceByLabel.has(label) || extensions.has(label)) return null;
    const { resourceName } = labelledResource(label);
    return resources.find((entry) => labelledResource(entry.label).resourceName === resourceName)?.label ?? null;
  }
  for (const label of byOwner.keys()) {
    const base = formerlyExtended(label);
    if (base !== null) push(extensionsByBase, base, label);
  }

  const ofResource = (label: string): readonly ImpactChange[] =>
    [label, ...(extensionsByBase.get(label) ?? [])].flatMap((owner) => byOwner.get(owner) ?? []);

  function resourceMark(label: string): ImpactMark | null {
    const own = resourceMarks.get(label);
    if (own !== undefined) return own;
    if (formerlyExtended(label) !== null) return 'removed';
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
      const changes = owner === null ? impact.owners.flatMap((entry) => entry.changes) : ofResource(owner);
      return worstFirst
        .map((each) => ({ class: each, changes: changes.filter((change) => change.class === each) }))
        .filter((entry) => entry.changes.length > 0);
    },
  };
}

export type ChangedPlace = Pick<ImpactChange, 'object' | 'path'>;

/** The address of a table of either set: by its name before shortening, or by its old name if it was removed. */
function tableAddress(lookup: ModelLookup, text: string): ObjectAddress {
  // schema names contain no dots
  const split = text.indexOf('.');
  const name = { schema: text.slice(0, split), name: text.slice(split + 1) };
  return lookup.table(name)?.address ?? name;
}

/**
 * The address of the view that shows a changed object: the table, at the changed part; for a view its abstract
 * resource; for a project its resources. Null if the page has no such view.
 */
export function changeHref(lookup: ModelLookup, { object, path }: ChangedPlace): string | null {
  const [objectName = '', part] = path;
  switch (object) {
    case 'project':
      return hrefs.start(objectName);
    case 'resource':
    case 'resource key':
    case 'referential ids':
    case 'document rule':
      return hrefs.resource(objectName);
    case 'view': {
      const view = lookup.set.model.abstractUnionViews.find((each) => qualified(each.view) === objectName);
      return view ? hrefs.resource(resourceLabel(view.resourceKey)) : null;
    }
    case 'table':
    case 'hierarchy':
    case 'abstract identities':
    case 'discriminator':
      return hrefs.table(tableAddress(lookup, objectName));
    case 'column':
    case 'constraint':
    case 'index':
    case 'trigger':
      return hrefs.table(tableAddress(lookup, objectName), part);
  }
}

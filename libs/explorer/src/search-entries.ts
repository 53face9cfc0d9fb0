import { labelledResource, resourceLabel } from '@dms/api-schema';
import { qualified } from '@dms/model';
import { type ModelLookup, ownerKey } from './model-lookup.ts';

export type SearchKind = 'resource' | 'table' | 'path' | 'column' | 'constraint' | 'index' | 'trigger';

/** Something with a name that a person may look for. */
export interface SearchEntry {
  readonly kind: SearchKind;
  readonly name: string;
  /** Name before shortening, where that is another one. */
  readonly fullName: string | null;
  /** `Project:Resource` or `schema.table`, for what is called so. */
  readonly qualified: string | null;
  /** What it belongs to, for people. */
  readonly context: string;
  /** Fragment of the address that shows it. */
  readonly href: string;
}

const part = encodeURIComponent;

/** Address of a resource, a table or another view, without the `#`. */
export const hrefs = {
  /** The first view, with the resources whose label has this text. */
  start: (filter: string) => `/?filter=${part(filter)}`,
  /** What changes, of all owners or of one. */
  difference: (owner?: string) => (owner === undefined ? '/difference' : `/difference?of=${part(owner)}`),
  resource: (label: string, path?: string) => {
    const { projectName, resourceName } = labelledResource(label);
    const resource = `/resource/${part(projectName)}/${part(resourceName)}`;
    return path === undefined ? resource : `${resource}?path=${part(path)}`;
  },
  table: ({ schema, name }: { readonly schema: string; readonly name: string }, detail?: string) => {
    const table = `/table/${part(schema)}/${part(name)}`;
    return detail === undefined ? table : `${table}?at=${part(detail)}`;
  },
} as const;

/** Everything of a set that has a name: resources, tables, JSON paths, columns, constraints, indexes and triggers. */
export function searchEntries(lookup: ModelLookup): SearchEntry[] {
  const entries: SearchEntry[] = [];
  const add = (
    kind: SearchKind,
    name: string,
    context: string,
    href: string,
    names: { readonly full?: string; readonly qualified?: string } = {},
  ) => {
    const fullName = names.full === undefined || names.full === name ? null : names.full;
    entries.push({ kind, name, fullName, qualified: names.qualified ?? null, context, href });
  };
  for (const { label, kind } of lookup.resources)
    add(
      'resource',
      labelledResource(label).resourceName,
      kind === 'concrete' ? label : `${label}, ${kind}`,
      hrefs.resource(label),
      { qualified: label },
    );
  for (const owned of lookup.tables) {
    const { table, owner, address, indexes, triggers } = owned;
    const name = qualified(table.table);
    const label = resourceLabel(ownerKey(owned));
    add('table', table.table.name, name, hrefs.table(address), { full: address.name, qualified: name });
    const paths = new Set<string>();
    if (owner.kind === 'resource' && table.jsonScope !== '$') paths.add(table.jsonScope);
    for (const column of table.columns) {
      add('column', column.name, name, hrefs.table(address, column.name), {
        full: lookup.fullNames.column(table.table, column.name),
      });
      if (column.sourcePath !== null && owner.kind === 'resource') paths.add(column.sourcePath);
    }
    for (const path of paths) add('path', path, label, hrefs.resource(label, path));
    for (const constraint of table.constraints)
      if (constraint.kind !== 'Unique') add('constraint', constraint.name, name, hrefs.table(address, constraint.name));
    for (const index of indexes) add('index', index.name, name, hrefs.table(address, index.name));
    for (const trigger of triggers) add('trigger', trigger.name, name, hrefs.table(address, trigger.name));
  }
  for (const table of lookup.coreTables) {
    const name = qualified(table);
    add('table', table.name, name, hrefs.table(table), { qualified: name });
    for (const column of table.columns) add('column', column.name, name, hrefs.table(table, column.name));
  }
  return entries;
}

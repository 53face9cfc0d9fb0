import { definitionOfScope, labelledResource, resourceLabel } from '@dms/api-schema';
import { triggerWords } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { PlainTrigger } from '../explored-set.ts';
import { type ModelLookup, ownerKey } from '../model-lookup.ts';
import { odsAddress, odsNameIn } from '../ods-lookup.ts';
import type { Definitions } from '../page-data.ts';

export type SearchKind =
  | 'resource'
  | 'table'
  | 'path'
  | 'column'
  | 'constraint'
  | 'index'
  | 'trigger'
  | 'odsTable'
  | 'odsColumn'
  | 'earlierTable'
  | 'earlierColumn';

/** A named object that people may search for. */
export interface SearchEntry {
  readonly kind: SearchKind;
  /** The names of its kind, the most specific first, which is shown. */
  readonly kindNames: readonly string[];
  readonly name: string;
  /** The name before shortening, if different. */
  readonly fullName: string | null;
  /** `Project:Resource` or `schema.table`, for resources and tables. */
  readonly qualified: string | null;
  /** Its definition in the standard; empty if there is none. */
  readonly definition: string;
  /** The object that it belongs to, for people. */
  readonly context: string;
  /** The address fragment of its view. */
  readonly href: string;
}

const part = encodeURIComponent;

/** The address of a resource, a table or another view, without the `#`. */
export const hrefs = {
  /** The first view, with the resources of this project. */
  start: (project: string) => `/?project=${part(project)}`,
  /** The changes of all owners or of one. */
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
  /** A table of the ODS of the earlier version. */
  earlier: ({ schema, name }: { readonly schema: string; readonly name: string }, column?: string) => {
    const table = `/earlier/${part(schema)}/${part(name)}`;
    return column === undefined ? table : `${table}?at=${part(column)}`;
  },
} as const;

/** The names of kinds, from the most specific to the most general. */
const kindsOf = {
  concrete: ['resource'],
  descriptor: ['descriptor', 'resource'],
  abstract: ['abstract resource', 'resource'],
  extension: ['extension', 'resource'],
  table: ['table'],
  core: ['core table', 'table'],
  odsTable: ['ODS table'],
  odsColumn: ['ODS column'],
  earlierTable: ['earlier ODS table'],
  earlierColumn: ['earlier ODS column'],
  path: ['JSON path', 'path'],
  column: ['column'],
  alias: ['alias', 'column'],
  ForeignKey: ['foreign key', 'key', 'constraint', 'rule'],
  AllOrNoneNullability: ['check', 'constraint', 'rule'],
  NullOrTrue: ['check', 'constraint', 'rule'],
  PrimaryKey: ['primary key', 'key', 'index', 'constraint', 'rule'],
  UniqueConstraint: ['unique index', 'unique', 'index', 'constraint', 'rule'],
  ForeignKeySupport: ['index'],
  Explicit: ['index'],
  Authorization: ['authorization index', 'index'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The rows of all descriptors. */
const descriptorTable = { schema: 'dms', name: 'Descriptor' };

const kindsOfTrigger = (kind: PlainTrigger['kind']) => ['trigger', triggerWords[kind].name.toLowerCase()];

/** All names of kinds. */
export const searchableKinds: ReadonlySet<string> = new Set([
  ...Object.values(kindsOf).flat(),
  ...(Object.keys(triggerWords) as PlainTrigger['kind'][]).flatMap(kindsOfTrigger),
]);

/**
 * Everything in a set that has a name: resources, tables, JSON paths, columns, constraints, indexes and triggers, and
 * their tables and columns in an ODS.
 */
export function searchEntries(lookup: ModelLookup, definitions: Definitions): SearchEntry[] {
  const entries: SearchEntry[] = [];
  const add = (
    kind: SearchKind,
    kindNames: readonly string[],
    name: string,
    context: string,
    href: string,
    names: { readonly full?: string; readonly qualified?: string; readonly definition?: string | undefined } = {},
  ) => {
    const fullName = names.full === undefined || names.full === name ? null : names.full;
    const { qualified: qualifiedName = null, definition = '' } = names;
    entries.push({ kind, kindNames, name, fullName, qualified: qualifiedName, definition, context, href });
  };
  const addResource = (label: string, kindNames: readonly string[], context: string) =>
    add('resource', kindNames, labelledResource(label).resourceName, context, hrefs.resource(label), {
      qualified: label,
      definition: definitions.get(label)?.get('$'),
    });
  for (const { label, kind } of lookup.resources)
    addResource(label, kindsOf[kind], kind === 'concrete' ? label : `${label}, ${kind}`);
  for (const { label, base } of lookup.extensions.values())
    addResource(label, kindsOf.extension, `${label}, extends ${base.label}`);
  for (const owned of lookup.tables) {
    const { table, owner, address, indexes, triggers } = owned;
    const name = qualified(table.table);
    const label = resourceLabel(ownerKey(owned));
    const ownDefinitions = definitions.get(label) ?? new Map<string, string>();
    add('table', kindsOf.table, table.table.name, name, hrefs.table(address), {
      full: address.name,
      qualified: name,
      definition: definitionOfScope(ownDefinitions, table.jsonScope),
    });
    const paths = new Set<string>();
    if (owner.kind === 'resource' && table.jsonScope !== '$') paths.add(table.jsonScope);
    for (const column of table.columns) {
      const kinds = column.storage.kind === 'UnifiedAlias' ? kindsOf.alias : kindsOf.column;
      add('column', kinds, column.name, name, hrefs.table(address, column.name), {
        full: lookup.fullNames.column(table.table, column.name),
        definition: column.sourcePath === null ? undefined : ownDefinitions.get(column.sourcePath),
      });
      if (column.sourcePath !== null && owner.kind === 'resource') paths.add(column.sourcePath);
    }
    for (const path of paths)
      add('path', kindsOf.path, path, label, hrefs.resource(label, path), {
        definition: definitionOfScope(ownDefinitions, path),
      });
    for (const constraint of table.constraints)
      if (constraint.kind !== 'Unique')
        add('constraint', kindsOf[constraint.kind], constraint.name, name, hrefs.table(address, constraint.name));
    for (const index of indexes) add('index', kindsOf[index.kind], index.name, name, hrefs.table(address, index.name));
    for (const trigger of triggers)
      add('trigger', kindsOfTrigger(trigger.kind), trigger.name, name, hrefs.table(address, trigger.name));
  }
  for (const table of lookup.coreTables) {
    const name = qualified(table);
    add('table', kindsOf.core, table.name, name, hrefs.table(table), { qualified: name });
    for (const column of table.columns)
      add('column', kindsOf.column, column.name, name, hrefs.table(table, column.name));
  }
  for (const table of lookup.ods?.tables ?? []) {
    const owner = lookup.ods?.ownerOf(table);
    const href = (at: string) => (owner === undefined ? hrefs.table(descriptorTable) : hrefs.resource(owner, at));
    const at = odsAddress(table);
    const names = { full: table.name, qualified: at };
    add(
      'odsTable',
      kindsOf.odsTable,
      odsNameIn(lookup.set.dialect, table),
      owner ?? 'all descriptors',
      href(at),
      names,
    );
    // every table has the fixed columns, which hold nothing of a document
    for (const column of table.columns.filter(({ content }) => content.kind !== 'fixed'))
      add('odsColumn', kindsOf.odsColumn, column.name, at, href(odsAddress(table, column)));
  }
  for (const table of lookup.set.earlierTables ?? []) {
    const at = odsAddress(table);
    const name = odsNameIn(lookup.set.dialect, table);
    const names = { full: table.name, qualified: at };
    add('earlierTable', kindsOf.earlierTable, name, 'earlier version', hrefs.earlier(table), names);
    for (const { name: column } of table.columns.filter(({ isFixed }) => !isFixed))
      add('earlierColumn', kindsOf.earlierColumn, column, `${at}, earlier version`, hrefs.earlier(table, column), {
        qualified: `${at}.${column}`,
      });
  }
  return entries;
}

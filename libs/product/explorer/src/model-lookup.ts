import { resourceLabel } from '@dms/api-schema';
import type { CatalogTable } from '@dms/catalog';
import { type DbTableName, type ForeignKeyConstraint, FullNames } from '@dms/model';
import { groupBy } from '@dms/values';
import type {
  ExploredSet,
  PlainColumn,
  PlainIdentityTable,
  PlainIndex,
  PlainReference,
  PlainResource,
  PlainTable,
  PlainTrackedTable,
  PlainTrigger,
  PlainUnionView,
} from './explored-set.ts';
import { lookUpOds, type OdsLookup } from './ods-lookup.ts';

/** The owner of the rows of a table. */
type TableOwner =
  | { readonly kind: 'resource'; readonly resource: PlainResource }
  | { readonly kind: 'abstract'; readonly abstract: PlainIdentityTable };

/** A table of the model with everything related to it. */
export interface ExploredTable {
  readonly table: PlainTable;
  readonly owner: TableOwner;
  /** Whether it is the first table of its resource or an abstract identity table, which references can point at. */
  readonly isRoot: boolean;
  /** Schema and name before shortening: the same in all dialects. */
  readonly address: ObjectAddress;
  readonly columns: ReadonlyMap<string, PlainColumn>;
  readonly foreignKeys: readonly ForeignKeyConstraint[];
  readonly indexes: readonly PlainIndex[];
  readonly triggers: readonly PlainTrigger[];
  /** The keys that refer to it, from any table. */
  readonly incoming: readonly IncomingKey[];
}

export interface ObjectAddress {
  readonly schema: string;
  readonly name: string;
}

interface IncomingKey {
  readonly from: ExploredTable;
  readonly key: ForeignKeyConstraint;
}

/** A reference of a document to another. */
interface ReferringResource {
  readonly resource: PlainResource;
  readonly binding: PlainReference;
}

/** A place where a document names a descriptor. */
interface DescriptorUse {
  readonly resource: PlainResource;
  readonly path: string;
  readonly table: DbTableName;
}

/** A resource of any kind under its label. */
export type ExploredResource =
  | { readonly kind: 'concrete'; readonly label: string; readonly resource: PlainResource }
  | { readonly kind: 'descriptor'; readonly label: string; readonly resource: PlainResource }
  | {
      readonly kind: 'abstract';
      readonly label: string;
      readonly abstract: PlainIdentityTable;
      readonly view: PlainUnionView | null;
    };

/** The additions of an extension project to the documents of a resource of another project. */
export interface ResourceExtension {
  /**
   * `Project:Resource`, with the project of the extension: the owner of these tables in an impact report (design 09a
   * §2.4).
   */
  readonly label: string;
  readonly base: Extract<ExploredResource, { readonly kind: 'concrete' }>;
  readonly tables: readonly ExploredTable[];
}

/** Indexes over everything in a set. */
export interface ModelLookup {
  readonly set: ExploredSet;
  readonly fullNames: FullNames;
  readonly tables: readonly ExploredTable[];
  readonly resources: readonly ExploredResource[];
  readonly resourceByLabel: ReadonlyMap<string, ExploredResource>;
  readonly extensions: ReadonlyMap<string, ResourceExtension>;
  readonly referrers: ReadonlyMap<string, readonly ReferringResource[]>;
  readonly descriptorUses: ReadonlyMap<string, readonly DescriptorUse[]>;
  /** Concrete members of an abstract resource. */
  readonly members: ReadonlyMap<string, readonly PlainResource[]>;
  readonly coreTables: readonly CatalogTable[];
  /** Null if the mapping of an ODS was not derived. */
  readonly ods: OdsLookup | null;
  /** A table of the model by its name in this dialect. */
  table(name: ObjectAddress): ExploredTable | undefined;
  /** A table of the model by its address. */
  tableAt(address: ObjectAddress): ExploredTable | undefined;
  coreTable(name: ObjectAddress): CatalogTable | undefined;
  /** The tracked changes of the table, if it is a table of tracked changes (design 15a §4). */
  trackedTable(name: ObjectAddress): PlainTrackedTable | undefined;
  /** The table that records the changes of a table. */
  trackedTableOf(source: ObjectAddress): PlainTrackedTable | undefined;
  tablesOf(resource: ExploredResource): readonly ExploredTable[];
}

/** Names contain no line feeds. */
const nameKey = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}\n${name}`;

/** The extensions of all resources by label: an extension has its tables in the schema of its project. */
function extensionsOf(
  resources: readonly ExploredResource[],
  tablesOf: ModelLookup['tablesOf'],
  projects: ReadonlyMap<string, string>,
): Map<string, ResourceExtension> {
  const extensions = resources.flatMap((base): ResourceExtension[] => {
    if (base.kind !== 'concrete') return [];
    const { physicalSchema, resourceKey } = base.resource;
    const added = tablesOf(base).filter(({ table }) => table.table.schema !== physicalSchema);
    return [...groupBy(added, ({ table }) => table.table.schema)].map(([schema, tables]) => {
      const projectName = projects.get(schema) ?? schema;
      return { label: resourceLabel({ ...resourceKey, projectName }), base, tables };
    });
  });
  return new Map(extensions.map((extension) => [extension.label, extension]));
}

/** The tables of the model with their owners, keys, indexes and triggers. */
function exploredTables({ model, inventory }: ExploredSet, fullNames: FullNames): ExploredTable[] {
  const indexes = groupBy(inventory.indexes, ({ table }) => nameKey(table));
  const triggers = groupBy(inventory.triggers, ({ table }) => nameKey(table));
  const incoming = new Map<string, IncomingKey[]>();
  const tables: ExploredTable[] = [];
  const add = (table: PlainTable, owner: TableOwner, isRoot: boolean) => {
    const key = nameKey(table.table);
    const received = incoming.get(key) ?? [];
    incoming.set(key, received);
    tables.push({
      table,
      owner,
      isRoot,
      address: { schema: fullNames.schema(table.table.schema), name: fullNames.table(table.table) },
      columns: new Map(table.columns.map((column) => [column.name, column])),
      foreignKeys: table.constraints.filter((constraint) => constraint.kind === 'ForeignKey'),
      indexes: indexes.get(key) ?? [],
      triggers: triggers.get(key) ?? [],
      incoming: received,
    });
  };
  for (const resource of model.resources)
    for (const [index, table] of resource.tablesInDependencyOrder.entries())
      add(table, { kind: 'resource', resource }, index === 0);
  for (const abstract of model.abstractIdentityTables) add(abstract.table, { kind: 'abstract', abstract }, true);
  for (const from of tables)
    for (const key of from.foreignKeys) {
      const target = nameKey(key.targetTable);
      const received = incoming.get(target);
      if (received) received.push({ from, key });
    }
  return tables;
}

/** The resources of the model; the abstract ones come last. */
function exploredResources(model: ExploredSet['model']): ExploredResource[] {
  const views = new Map(model.abstractUnionViews.map((view) => [resourceLabel(view.resourceKey), view]));
  return [
    ...model.resources.map((resource): ExploredResource => {
      const kind = resource.storageKind === 'RelationalTables' ? ('concrete' as const) : ('descriptor' as const);
      return { kind, label: resourceLabel(resource.resourceKey), resource };
    }),
    ...model.abstractIdentityTables.map((abstract) => {
      const label = resourceLabel(abstract.resourceKey);
      return { kind: 'abstract' as const, label, abstract, view: views.get(label) ?? null };
    }),
  ];
}

/** Builds the indexes that a page needs repeatedly, in one pass over the set. */
export function lookUp(set: ExploredSet): ModelLookup {
  const { model, inventory } = set;
  const fullNames = new FullNames(model);
  const tables = exploredTables(set, fullNames);
  const resources = exploredResources(model);
  const byName = new Map(tables.map((entry) => [nameKey(entry.table.table), entry]));
  const byAddress = new Map(tables.map((entry) => [nameKey(entry.address), entry]));
  const core = new Map(set.coreTables.map((table) => [nameKey(table), table]));
  const tracked = new Map(inventory.trackedChangeTables.map((table) => [nameKey(table.table), table]));
  const trackedBySource = new Map(inventory.trackedChangeTables.map((table) => [nameKey(table.sourceTable), table]));
  const resourceByLabel = new Map(resources.map((entry) => [entry.label, entry]));
  const references = model.resources.flatMap((resource) =>
    resource.documentReferenceBindings.map((binding) => ({ resource, binding })),
  );
  const tablesOf = (entry: ExploredResource) => {
    const own = entry.kind === 'abstract' ? [entry.abstract.table] : entry.resource.tablesInDependencyOrder;
    return own.flatMap(({ table }) => byName.get(nameKey(table)) ?? []);
  };
  const projects = new Map(model.projects.map(({ physicalSchema, projectName }) => [`${physicalSchema}`, projectName]));
  const superclassOf = (label: string) => {
    const entry = resourceByLabel.get(label);
    const superclass = entry?.kind === 'concrete' ? entry.resource.superclass : null;
    return superclass ? resourceLabel(superclass.resource) : undefined;
  };
  const uses = model.resources.flatMap((resource) =>
    resource.descriptorEdgeSources.map((source) => ({ resource, source })),
  );
  return {
    set,
    fullNames,
    tables,
    resources,
    resourceByLabel,
    extensions: extensionsOf(resources, tablesOf, projects),
    referrers: groupBy(references, ({ binding }) => resourceLabel(binding.targetResource)),
    descriptorUses: new Map(
      [...groupBy(uses, ({ source }) => resourceLabel(source.descriptorResource))].map(([label, found]) => [
        label,
        found.map(({ resource, source }) => ({ resource, path: source.descriptorValuePath, table: source.table })),
      ]),
    ),
    members: groupBy(
      model.resources.filter(({ superclass }) => superclass !== null),
      ({ superclass }) => (superclass ? resourceLabel(superclass.resource) : ''),
    ),
    coreTables: set.coreTables,
    ods: set.odsTables && lookUpOds(set.odsTables, superclassOf),
    table: (name) => byName.get(nameKey(name)),
    tableAt: (address) => byAddress.get(nameKey(address)),
    coreTable: (name) => core.get(nameKey(name)),
    trackedTable: (name) => tracked.get(nameKey(name)),
    trackedTableOf: (source) => trackedBySource.get(nameKey(source)),
    tablesOf,
  };
}

export function ownerKey({ owner }: ExploredTable) {
  return owner.kind === 'resource' ? owner.resource.resourceKey : owner.abstract.resourceKey;
}

import { resourceLabel } from '@dms/api-schema';
import { once } from '@dms/values';
import { FullNames, type TableNameKey, tableKey } from './full-names.ts';
import type {
  AbstractIdentityTable,
  Column,
  DocumentReferenceBinding,
  ForeignKeyConstraint,
  RelationalModelSet,
  ResourceModel,
  Table,
} from './model.ts';

/** A table of a model with its place. */
export interface IndexedTable {
  readonly key: TableNameKey;
  readonly table: Table;
  /** `Project:Resource` of the resource, or of the abstract resource. */
  readonly label: string;
  /** Undefined for the identity table of an abstract resource. */
  readonly resource: ResourceModel | undefined;
  /** Whether it has one row for each document of its resource. */
  readonly isRoot: boolean;
}

/** A table of a resource, which is not abstract. */
export interface ResourceTable extends IndexedTable {
  readonly resource: ResourceModel;
}

/** A table by its name or its key. */
type IndexedTableName = { readonly schema: string; readonly name: string } | TableNameKey;

/** The lookups in a model that several packages need (design 02 §15). Lists have the order of the model. */
export interface ModelIndex {
  /** The tables of all resources, each root before the other tables of its resource. */
  readonly tables: readonly ResourceTable[];
  /** The same, and then the identity tables of abstract resources. */
  readonly allTables: readonly IndexedTable[];
  /** The root tables of all resources with tables of their own. */
  readonly roots: readonly ResourceTable[];
  /** The resources with tables of their own: all but descriptors. */
  readonly relational: readonly ResourceModel[];
  /** All resources by `Project:Resource`. */
  readonly resources: ReadonlyMap<string, ResourceModel>;
  /** The identity tables of abstract resources by `Project:Resource`. */
  readonly abstracts: ReadonlyMap<string, AbstractIdentityTable>;
  readonly fullNames: FullNames;
  table(name: IndexedTableName): IndexedTable | undefined;
  /** The root table of a resource by `Project:Resource`; undefined for a descriptor and for an unknown resource. */
  rootOf(label: string): Table | undefined;
  columnOf(table: Table, name: string): Column | undefined;
  foreignKeysOf(table: Table): readonly ForeignKeyConstraint[];
  /** The references whose columns are in a table. */
  bindingsOn(table: Table): readonly DocumentReferenceBinding[];
}

/** The parts of a model that are indexed. */
type IndexedModel = Pick<RelationalModelSet, 'resources' | 'abstractIdentityTables' | 'shortenedNames'>;

const indexes = new WeakMap<IndexedModel, ModelIndex>();

/** The index of a model, made once for each model. A model does not change after its index was made. */
export function modelIndex(model: IndexedModel): ModelIndex {
  const known = indexes.get(model) ?? newModelIndex(model);
  indexes.set(model, known);
  return known;
}

/** The index of a model as it is now, for checks of a model that may still change. */
export function newModelIndex(model: IndexedModel): ModelIndex {
  const tables = model.resources.flatMap((resource) => {
    const label = resourceLabel(resource.resourceKey);
    return resource.tablesInDependencyOrder.map(
      (table, index): ResourceTable => ({ key: tableKey(table.table), table, label, resource, isRoot: index === 0 }),
    );
  });
  const ofAbstracts = model.abstractIdentityTables.map(
    ({ resourceKey, table }): IndexedTable => ({
      key: tableKey(table.table),
      table,
      label: resourceLabel(resourceKey),
      resource: undefined,
      isRoot: false,
    }),
  );
  const allTables = [...tables, ...ofAbstracts];
  const roots = tables.filter(({ isRoot }) => isRoot);
  const rootByLabel = new Map(roots.map(({ label, table }) => [label, table]));
  const byKey = new Map(allTables.map((indexed) => [indexed.key, indexed]));
  const find = (name: IndexedTableName) => byKey.get(typeof name === 'string' ? name : tableKey(name));
  const bindings = once(() => bindingsByTable(model, find));
  const columnsOf = ofTables(({ columns }) => new Map<string, Column>(columns.map((column) => [column.name, column])));
  return {
    tables,
    allTables,
    roots,
    relational: model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables'),
    resources: new Map(model.resources.map((resource) => [resourceLabel(resource.resourceKey), resource])),
    abstracts: new Map(model.abstractIdentityTables.map((each) => [resourceLabel(each.resourceKey), each])),
    fullNames: new FullNames(model),
    table: find,
    rootOf: (label) => rootByLabel.get(label),
    columnOf: (table, name) => columnsOf(table).get(name),
    foreignKeysOf: ofTables(({ constraints }) => constraints.filter((constraint) => constraint.kind === 'ForeignKey')),
    bindingsOn: (table) => bindings().get(table) ?? [],
  };
}

/** A value for each table, made when it is first needed. */
function ofTables<Value>(make: (table: Table) => Value): (table: Table) => Value {
  const known = new WeakMap<Table, Value>();
  return (table) => {
    const value = known.get(table) ?? make(table);
    known.set(table, value);
    return value;
  };
}

function bindingsByTable(
  { resources }: IndexedModel,
  find: ModelIndex['table'],
): ReadonlyMap<Table, readonly DocumentReferenceBinding[]> {
  const found = new Map<Table, DocumentReferenceBinding[]>();
  for (const binding of resources.flatMap(({ documentReferenceBindings }) => documentReferenceBindings)) {
    const table = find(binding.table)?.table;
    const known = table && found.get(table);
    if (known) known.push(binding);
    else if (table) found.set(table, [binding]);
  }
  return found;
}

import {
  type Column,
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  noSecurableElements,
  type ResourceModel,
  type Table,
  type TableIdentity,
  unspecifiedIdentity,
} from '../model.ts';
import { isDescriptorRoleNamed, isReferenceRoleNamed } from '../naming/name-forms.ts';
import { tableKindOf } from '../table-facts.ts';

/* Completes a model of the first generation: these members follow from the others, and its packs omit them. */

type FileTable = Omit<Table, 'identity'>;

/**
 * The identity of the rows of a table in the first generation: the document id and the ordinals of the enclosing rows
 * (design 02 §6.6). A companion of a base table has the key of its base row.
 */
export function keyedTableIdentity(table: FileTable): TableIdentity {
  const tableKind = tableKindOf(table.jsonScope);
  const { columns } = table.key;
  const isCollection = tableKind === 'Collection' || tableKind === 'ExtensionCollection';
  const parentLocator = isCollection ? columns.slice(0, -1) : columns;
  return {
    ...unspecifiedIdentity,
    tableKind,
    rowIdentity: columns.map(({ name }) => name),
    rootLocator: columns.slice(0, 1).map(({ name }) => name),
    parentLocator: tableKind === 'Root' ? [] : parentLocator.map(({ name }) => name),
  };
}

type FileBinding = Omit<DocumentReferenceBinding, 'isRequired' | 'isRoleNamed'>;
type FileEdge = Omit<DescriptorEdgeSource, 'isRequired' | 'isRoleNamed'>;

/** A resource in the form of a first-generation file, whose rows are identified by their keys. */
export type KeyedResource = Omit<
  ResourceModel,
  | 'tablesInDependencyOrder'
  | 'documentReferenceBindings'
  | 'descriptorEdgeSources'
  | 'securableElements'
  | 'queryFieldMapping'
  | 'descriptorTexts'
> & {
  readonly tablesInDependencyOrder: readonly FileTable[];
  readonly documentReferenceBindings: readonly FileBinding[];
  readonly descriptorEdgeSources: readonly FileEdge[];
};

export function completeKeyedResource(resource: KeyedResource): ResourceModel {
  const columns = indexColumns(resource.tablesInDependencyOrder);
  const columnOf = ({ table }: Pick<FileBinding, 'table'>, name: string) => `${table.schema}\n${table.name}\n${name}`;
  const isStored = (place: string) => columns.get(place)?.isNullable === false;
  const roles = new Map<string, boolean>();
  const documentReferenceBindings = resource.documentReferenceBindings.map((binding): DocumentReferenceBinding => {
    const isRoleNamed = isReferenceRoleNamed(binding.referenceObjectPath, binding.targetResource.resourceName);
    for (const { column } of binding.identityBindings) roles.set(columnOf(binding, column), isRoleNamed);
    return { ...binding, isRequired: isStored(columnOf(binding, binding.fkColumn)), isRoleNamed };
  });
  return {
    ...resource,
    tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => ({
      ...table,
      identity: keyedTableIdentity(table),
    })),
    documentReferenceBindings,
    descriptorEdgeSources: resource.descriptorEdgeSources.map((edge) => {
      const place = columnOf(edge, edge.fkColumn);
      const own = () => isDescriptorRoleNamed(edge.descriptorValuePath, edge.descriptorResource.resourceName);
      return { ...edge, isRequired: isStored(place), isRoleNamed: roles.get(place) ?? own() };
    }),
    securableElements: noSecurableElements,
    queryFieldMapping: [],
    descriptorTexts: null,
  };
}

/** Columns of a resource by the names of schema, table and column. */
function indexColumns(tables: readonly FileTable[]): ReadonlyMap<string, Column> {
  return new Map(
    tables.flatMap(({ table, columns }) =>
      columns.map((column) => [`${table.schema}\n${table.name}\n${column.name}`, column] as const),
    ),
  );
}

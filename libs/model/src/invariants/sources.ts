import { resourceLabel } from '@dms/api-schema';
import { groupBy } from '@dms/canonical-json';
import type { Column, DocumentReferenceBinding, QualifiedResourceName, ResourceModel, Table } from '../model.ts';
import { type InspectedModel, qualified } from './inspected-model.ts';

/** The tables of one resource by full name. */
const ownTables = ({ tablesInDependencyOrder }: ResourceModel) =>
  new Map(tablesInDependencyOrder.map((table) => [qualified(table.table), table]));

const labelOf = (target: QualifiedResourceName | null) => (target === null ? 'nothing' : resourceLabel(target));

/** How a column that a binding or edge names differs from what that says of it. */
function differences(
  column: Column,
  kind: Column['kind'],
  path: { readonly canonical: string },
  target: QualifiedResourceName,
): string[] {
  return [
    ...(column.kind === kind ? [] : [`is a ${column.kind}, not a ${kind}`]),
    ...(column.sourcePath?.canonical === path.canonical
      ? []
      : [`has the path ${column.sourcePath?.canonical}, not ${path.canonical}`]),
    ...(labelOf(column.targetResource) === labelOf(target)
      ? []
      : [`refers to ${labelOf(column.targetResource)}, not to ${labelOf(target)}`]),
  ];
}

/** The columns of one path of a reference are one stored column, and have the path. */
function fieldDifferences(inspected: InspectedModel, table: Table, binding: DocumentReferenceBinding): string[] {
  if (binding.identityBindings.length === 0) return ['has no identity columns'];
  const fields = groupBy(binding.identityBindings, ({ referenceJsonPath }) => referenceJsonPath.canonical);
  return [...fields].flatMap(([path, members]) => {
    const columns = members.flatMap(({ column }) => inspected.columnOf(table, column) ?? []);
    const storages = new Set(columns.map(({ name, storage }) => (storage.kind === 'Stored' ? name : storage.canonicalColumn)));
    return [
      ...columns.flatMap(({ name, sourcePath }) =>
        sourcePath?.canonical === path ? [] : [`reads ${path} from ${name}, which has the path ${sourcePath?.canonical}`],
      ),
      ...(storages.size > 1 ? [`keeps ${path} in several stored columns: ${[...storages].join(', ')}`] : []),
    ];
  });
}

/** 20: a reference binding and the columns that it names, all in a table of its resource, agree. */
export function referenceSources(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) => {
    const tables = ownTables(resource);
    return resource.documentReferenceBindings.flatMap((binding) => {
      const place = `20 ${resourceLabel(resource.resourceKey)} ${binding.referenceObjectPath.canonical}`;
      const table = tables.get(qualified(binding.table));
      if (!table) return [`${place}: ${qualified(binding.table)} is no table of the resource`];
      const column = inspected.columnOf(table, binding.fkColumn);
      if (!column) return [`${place}: ${qualified(table.table)} has no column ${binding.fkColumn}`];
      return [
        ...differences(column, 'DocumentFk', binding.referenceObjectPath, binding.targetResource),
        ...(column.storage.kind === 'Stored' ? [] : ['is not stored']),
        ...fieldDifferences(inspected, table, binding),
      ].map((difference) => `${place}: ${column.name} ${difference}`);
    });
  });
}

/** 21: every descriptor column with a path has one edge, in a table of its resource, and both agree. */
export function descriptorSources(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) => {
    const place = `21 ${resourceLabel(resource.resourceKey)}`;
    const tables = ownTables(resource);
    const edges = groupBy(resource.descriptorEdgeSources, ({ table, fkColumn }) => `${qualified(table)}.${fkColumn}`);
    const ofEdges = resource.descriptorEdgeSources.flatMap(
      ({ table: name, fkColumn, descriptorValuePath, descriptorResource }) => {
        const table = tables.get(qualified(name));
        const column = table && inspected.columnOf(table, fkColumn);
        if (!column) return [`${place}: the resource has no column ${qualified(name)}.${fkColumn}`];
        return differences(column, 'DescriptorFk', descriptorValuePath, descriptorResource).map(
          (difference) => `${place}: ${qualified(name)}.${fkColumn} ${difference}`,
        );
      },
    );
    const ofColumns = resource.tablesInDependencyOrder.flatMap(({ table, columns }) =>
      columns.flatMap(({ name, kind, sourcePath }) => {
        if (kind !== 'DescriptorFk' || sourcePath === null) return [];
        const count = edges.get(`${qualified(table)}.${name}`)?.length ?? 0;
        return count === 1 ? [] : [`${place}: ${count} edges feed ${qualified(table)}.${name}`];
      }),
    );
    return [...ofEdges, ...ofColumns];
  });
}

import { resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { groupBy, repeated } from '@dms/values';
import { qualified } from '../full-names.ts';
import type {
  Column,
  DbTableName,
  DocumentReferenceBinding,
  QualifiedResourceName,
  ResourceModel,
  Table,
} from '../model.ts';
import type { InspectedModel } from './inspected-model.ts';

/** 20: a reference binding agrees with its columns, all of which are in a table of its resource. */
export function referenceSources(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) => [
    ...repeatedParts(resource),
    ...resource.documentReferenceBindings.flatMap((binding) => {
      const { table: name, fkColumn, isRequired, referenceObjectPath, targetResource } = binding;
      const table = inspected.index.table(name)?.table;
      const column =
        table && inspected.index.table(name)?.resource === resource
          ? inspected.index.columnOf(table, fkColumn)
          : undefined;
      const found =
        table && column
          ? [
              ...differences(column, 'DocumentFk', referenceObjectPath, targetResource),
              ...(column.storage.kind === 'Stored' ? [] : ['is not stored']),
              ...requiredDifferences(column, isRequired),
              ...fieldDifferences(inspected, table, binding),
            ]
          : ['is not a column of the resource'];
      return found.map(
        (text) =>
          `20 ${resourceLabel(resource.resourceKey)} ${referenceObjectPath.canonical}: ${qualified(name)}.${fkColumn} ${text}`,
      );
    }),
  ]);
}

/** A column belongs to at most one part of one reference. */
function repeatedParts({ resourceKey, documentReferenceBindings }: ResourceModel): string[] {
  const columns = documentReferenceBindings.flatMap(({ table, identityBindings }) =>
    identityBindings.map(({ column }) => `${qualified(table)}.${column}`),
  );
  return repeated(columns).map(
    (column) => `20 ${resourceLabel(resourceKey)}: ${column} is the column of several parts of references`,
  );
}

/** The differences of a column from the binding or edge that refers to it. */
function differences(
  { kind, sourcePath, targetResource }: Column,
  expected: Column['kind'],
  path: { readonly canonical: string },
  target: QualifiedResourceName,
): string[] {
  const found: string[] = [];
  if (kind !== expected) found.push(`is a ${kind}, not a ${expected}`);
  if (sourcePath?.canonical !== path.canonical)
    found.push(`has the path ${sourcePath?.canonical}, not ${path.canonical}`);
  if (!sameResource(targetResource, target))
    found.push(`refers to ${labelOf(targetResource)}, not to ${labelOf(target)}`);
  return found;
}

const sameResource = (a: QualifiedResourceName | null, b: QualifiedResourceName) =>
  a !== null && a.resourceName === b.resourceName && a.projectName === b.projectName;

const labelOf = (target: QualifiedResourceName | null) => (target === null ? 'nothing' : resourceLabel(target));

/** A required value is never NULL; an optional value may be NULL (design 15 §5). */
const requiredDifferences = ({ isNullable }: Column, isRequired: boolean): string[] =>
  isNullable === isRequired ? [`is ${isRequired ? 'required, but may be NULL' : 'optional, but NOT NULL'}`] : [];

/** The columns for one path of a reference have the same stored column, and have this path. */
function fieldDifferences(inspected: InspectedModel, table: Table, binding: DocumentReferenceBinding): string[] {
  if (binding.identityBindings.length === 0) return ['has no identity columns'];
  const fields = groupBy(binding.identityBindings, ({ referenceJsonPath }) => referenceJsonPath.canonical);
  return [...fields].flatMap(([path, members]) => {
    const columns = members.flatMap(({ column }) => inspected.index.columnOf(table, column) ?? []);
    const storages = new Set(
      columns.map(({ name, storage }) => (storage.kind === 'Stored' ? name : storage.canonicalColumn)),
    );
    return [
      ...columns.flatMap(({ name, sourcePath }) =>
        sourcePath?.canonical === path
          ? []
          : [`reads ${path} from ${name}, which has the path ${sourcePath?.canonical}`],
      ),
      ...(storages.size > 1 ? [`keeps ${path} in several stored columns: ${[...storages].join(', ')}`] : []),
    ];
  });
}

/**
 * 21: every descriptor column with a path has one edge, which is in a table of its resource and agrees with the column.
 */
export function descriptorSources(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) => {
    const faults: string[] = [];
    const report = (text: string) => faults.push(`21 ${resourceLabel(resource.resourceKey)}: ${text}`);
    const edges = new Map<Column, number>();
    for (const edge of resource.descriptorEdgeSources) {
      const { table: name, fkColumn, isRequired, descriptorValuePath, descriptorResource } = edge;
      const table = inspected.index.table(name)?.table;
      const column =
        table && inspected.index.table(name)?.resource === resource
          ? inspected.index.columnOf(table, fkColumn)
          : undefined;
      if (!column) {
        report(`the resource has no column ${qualified(name)}.${fkColumn}`);
        continue;
      }
      edges.set(column, (edges.get(column) ?? 0) + 1);
      const texts = [
        ...differences(column, 'DescriptorFk', descriptorValuePath, descriptorResource),
        ...requiredDifferences(column, isRequired),
      ];
      for (const text of texts) report(`${qualified(name)}.${fkColumn} ${text}`);
    }
    for (const { table, column } of descriptorColumns(resource)) {
      const count = edges.get(column) ?? 0;
      if (count !== 1) report(`${counted(count, 'edge feeds', 'edges feed')} ${qualified(table)}.${column.name}`);
    }
    return faults;
  });
}

/** The descriptor columns of a resource that hold the value of a path. */
function* descriptorColumns({
  tablesInDependencyOrder,
}: ResourceModel): Generator<{ table: DbTableName; column: Column }> {
  for (const { table, columns } of tablesInDependencyOrder)
    for (const column of columns)
      if (column.kind === 'DescriptorFk' && column.sourcePath !== null) yield { table, column };
}

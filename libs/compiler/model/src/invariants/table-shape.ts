import { isDeepStrictEqual } from 'node:util';
import { isExtensionScoped, isPathPrefix, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { repeated } from '@dms/values';
import { qualified } from '../full-names.ts';
import { generations } from '../generations.ts';
import type { Table } from '../model.ts';
import { isWrittenByTriggers } from '../table-facts.ts';
import { type InspectedModel, sameList, uniques } from './inspected-model.ts';

/** 3: a resource with tables has one root table, which is the first; descriptors have no tables. */
export function rootTables({ model }: InspectedModel): string[] {
  return model.resources.flatMap(({ resourceKey, storageKind, tablesInDependencyOrder: tables }) => {
    const label = resourceLabel(resourceKey);
    if (storageKind === 'SharedDescriptorTable')
      return tables.length === 0 ? [] : [`3 ${label}: a descriptor has tables`];
    const roots = tables.filter(({ jsonScope }) => jsonScope.canonical === '$');
    if (roots.length !== 1) return [`3 ${label}: ${counted(roots.length, 'table has', 'tables have')} the scope $`];
    return roots[0] === tables[0] ? [] : [`3 ${label}: the root is not the first table`];
  });
}

/** 5: the structural columns of every table fit its place, by the rules of the generation. */
export function structuralColumns({ model, index, rows }: InspectedModel): string[] {
  return [
    ...index.tables.flatMap(({ table }) => rows.structuralColumns(table, false)),
    ...model.abstractIdentityTables.flatMap(({ table }) => rows.structuralColumns(table, true)),
  ];
}

/** The findings of invariant 5 in one table of a resource, for tables without the rest of their model. */
export function structureFindings(table: Table, version: MappingVersion): string[] {
  return generations[version].structuralColumns(table, false);
}

/** 23: the rules for the collections of a generation (design 15 §7). */
export function collections({ model, rows }: InspectedModel): string[] {
  return model.resources.flatMap((resource) => rows.collections(resource));
}

/** 6 and the notes of §15: names and scopes that must be unique. */
export function uniqueNames(inspected: InspectedModel): string[] {
  const inTables = inspected.index.allTables.flatMap(({ table }) => [
    ...repeated(table.columns.map(({ name }) => name)).map(
      (name) => `6 ${qualified(table.table)}: two columns ${name}`,
    ),
    ...repeated([table.key.constraintName, ...table.constraints.map(({ name }) => name)]).map(
      (name) => `6 ${qualified(table.table)}: two constraints ${name}`,
    ),
  ]);
  const tables = repeated(inspected.index.allTables.map(({ key }) => key)).map((name) => `6 two tables ${name}`);
  const scopes = inspected.model.resources.flatMap(({ resourceKey, tablesInDependencyOrder }) =>
    repeated(tablesInDependencyOrder.map(({ jsonScope }) => jsonScope.canonical)).map(
      (scope) => `6 ${resourceLabel(resourceKey)}: two tables of the scope ${scope}`,
    ),
  );
  return [...inTables, ...tables, ...scopes];
}

/**
 * 7: a source path lies below the scope of its table and crosses no array there; in a base table, the scope is the
 * deepest one that contains the path.
 */
export function columnScopes(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap(({ tablesInDependencyOrder: tables }) =>
    tables.flatMap((table) => {
      const { jsonScope, columns } = table;
      const isBase = !isExtensionScoped(jsonScope);
      const deeper = isBase
        ? tables.filter(
            (other) =>
              other.jsonScope.segments.length > jsonScope.segments.length && isPathPrefix(jsonScope, other.jsonScope),
          )
        : [];
      return columns.flatMap(({ name, sourcePath }) => {
        if (sourcePath === null) return [];
        const place = () => `7 ${qualified(table.table)}.${name}`;
        if (!isPathPrefix(jsonScope, sourcePath))
          return [`${place()}: ${sourcePath.canonical} is not under the table's scope`];
        if (sourcePath.segments.slice(jsonScope.segments.length).some(({ kind }) => kind === 'anyElement'))
          return [`${place()}: ${sourcePath.canonical} crosses an array below the table's scope`];
        const owner = deeper.find((other) => isPathPrefix(other.jsonScope, sourcePath));
        return owner ? [`${place()}: ${sourcePath.canonical} belongs to ${qualified(owner.table)}`] : [];
      });
    }),
  );
}

/** The field notes of §15: copies agree, and every column has a type. */
export function fieldNotes(inspected: InspectedModel): string[] {
  const columns: string[] = [];
  for (const { table } of inspected.index.allTables) {
    for (const { name, kind, isWritable, storage, scalarType, targetResource } of table.columns) {
      const report = (text: string) => columns.push(`§15 ${qualified(table.table)}.${name}: ${text}`);
      if (isWritable !== (storage.kind === 'Stored' && !isWrittenByTriggers(kind)))
        report('isWritable contradicts its storage');
      if (scalarType === null && kind !== 'ResourceKeyId') report('has no type');
      const isReference = kind === 'DocumentFk' || kind === 'DescriptorFk';
      if (isReference && targetResource === null && storage.kind === 'Stored') report('refers to no resource');
    }
  }
  const naturalKeys = inspected.model.resources.flatMap(
    ({ resourceKey, naturalKey, tablesInDependencyOrder: [root] }) => {
      if (naturalKey.columns.length === 0) return [];
      const isKept = root !== undefined && uniques(root).some((unique) => sameList(unique.columns, naturalKey.columns));
      return isKept
        ? []
        : [`§15 ${resourceLabel(resourceKey)}: its natural key is not a unique constraint of its root`];
    },
  );
  const elements = inspected.model.resources.flatMap(
    ({ resourceKey, identityElements, tablesInDependencyOrder: [root] }) =>
      identityElements.flatMap(({ identityJsonPath: { canonical }, column: name, scalarType, isDescriptor }) => {
        const column = root && inspected.index.columnOf(root, name);
        const isSame =
          !column ||
          (isDescriptor === (column.kind === 'DescriptorFk') && isDeepStrictEqual(scalarType, column.scalarType));
        return isSame
          ? []
          : [`§15 ${resourceLabel(resourceKey)}: the identity ${canonical} differs from the root column ${name}`];
      }),
  );
  return [...columns, ...naturalKeys, ...elements];
}

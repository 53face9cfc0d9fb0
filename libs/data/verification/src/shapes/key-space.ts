import { resourceLabel } from '@dms/api-schema';
import type { CheckedSet } from '@dms/checking';
import { modelIndex, type Table } from '@dms/model';
import { valueCount } from '../behaviour/value-domains.ts';

/**
 * A text of all that decides how many rows the keys of a schema set allow, and so which trials are left out (design 09b
 * §2.6): its tables, keys and references. Columns that are in no key, and whose type has many values, are not in it.
 */
export function keySpaceOf({ model, inventory }: Pick<CheckedSet, 'model' | 'inventory'>): string {
  return JSON.stringify([
    model.resources.map(({ resourceKey, superclass, documentReferenceBindings, descriptorEdgeSources }) => [
      resourceLabel(resourceKey),
      superclass,
      documentReferenceBindings,
      descriptorEdgeSources,
    ]),
    modelIndex(model).allTables.map(({ table }) => withoutFreeColumns(table)),
    model.propagationFallbacks,
    inventory.triggers,
    inventory.authEdOrgHierarchy,
    inventory.trackedChangeTables,
    inventory.authViews,
  ]);
}

function withoutFreeColumns({ columns, ...rest }: Table) {
  const held = JSON.stringify([rest, columns.map(({ storage }) => storage)]);
  const isFree = ({ name, kind, storage, scalarType }: Table['columns'][number]) =>
    kind === 'Scalar' &&
    storage.kind === 'Stored' &&
    scalarType !== null &&
    valueCount(scalarType) === Number.POSITIVE_INFINITY &&
    !held.includes(JSON.stringify(name));
  return { ...rest, columns: columns.filter((column) => !isFree(column)) };
}

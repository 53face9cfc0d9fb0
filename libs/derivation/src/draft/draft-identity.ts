import { identityColumns } from '@dms/model';
import { type DraftColumn, storageOf } from './draft-table.ts';
import type { DraftResource } from './model-draft.ts';

/** The identity columns of a resource in schema order; they may be aliases. */
function draftIdentityColumns(resource: DraftResource): readonly DraftColumn[] {
  const { root, label, input } = resource;
  return identityColumns<DraftColumn>({
    label,
    identityJsonPaths: input.identityJsonPaths,
    rootColumnsAt: (path) => root.columnsAt(path),
    bindingsAt: (path) =>
      (resource.bindingsByReferencePath.get(path) ?? []).map(({ table, isIdentityComponent, identityBindings }) => ({
        isOnRoot: table === root,
        isIdentityComponent,
        column: identityBindings.find(({ referenceJsonPath }) => referenceJsonPath.canonical === path)?.column,
      })),
  }).map(({ column }) => column);
}

/** The stored columns whose change changes the identity, each once (design 05 §4.2). */
export function identityProjection(resource: DraftResource): DraftColumn[] {
  return [...new Set(draftIdentityColumns(resource).map(storageOf))];
}

import type { JsonPath } from '@dms/api-schema';
import { qualified } from '../full-names.ts';
import type { ColumnBinding, DocumentReferenceBinding, ResourceModel, Table } from '../model.ts';
import type { FinalName } from '../naming/name-forms.ts';
import { isStructuralKind } from '../table-facts.ts';

/* The rules of a schema set for whole documents that no table enforces (design 14 §1.2). */

/** A path of a document, and the column with its values. */
export interface DocumentPlace {
  readonly path: JsonPath;
  readonly binding: ColumnBinding;
}

/** Two places whose values must all be equal: an equality constraint between two tables (design 04 §5). */
interface EqualPlaces {
  readonly a: DocumentPlace;
  readonly b: DocumentPlace;
}

/**
 * The equality constraints of a resource that unification leaves to documents, because their ends are in different
 * tables. All other equality constraints hold in every row.
 */
export const equalPlaces = ({
  keyUnificationDiagnostics,
}: Pick<ResourceModel, 'keyUnificationDiagnostics'>): EqualPlaces[] =>
  keyUnificationDiagnostics.ignored.map(({ endpointAPath, endpointABinding, endpointBPath, endpointBBinding }) => ({
    a: { path: endpointAPath, binding: endpointABinding },
    b: { path: endpointBPath, binding: endpointBBinding },
  }));

/**
 * The reference that alone distinguishes the items of an array; null if there is none. No two items of a document
 * reference the same target, even if they belong to different items of an outer array.
 */
export function itemReference(
  { documentReferenceBindings }: Pick<ResourceModel, 'documentReferenceBindings'>,
  { table, jsonScope, columns, constraints }: Table,
): DocumentReferenceBinding | null {
  // the companion of an item is not an item
  if (jsonScope.segments.at(-1)?.kind !== 'anyElement') return null;
  const bindings = documentReferenceBindings.filter((binding) => qualified(binding.table) === qualified(table));
  if (bindings.length === 0) return null;
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const isValue = (name: FinalName) => !isStructuralKind(kinds.get(name) ?? 'Scalar');
  const uniques = constraints.flatMap((constraint) =>
    constraint.kind === 'Unique' ? [constraint.columns.filter(isValue)] : [],
  );
  const values = uniques.filter((names) => names.length > 0);
  const [only] = bindings;
  if (values.length === 0) return bindings.length === 1 && only ? only : null;
  return bindings.find(({ fkColumn }) => values.some((names) => names.every((name) => name === fkColumn))) ?? null;
}

import { isExtensionScoped, type JsonPath } from '@dms/api-schema';
import type { ColumnKind, TableConstraint, TableKind } from './model.ts';
import type { FinalName } from './naming/name-forms.ts';

/** The kind of a table of a resource, by the scope of its rows (design 15 §4.1). */
export function tableKindOf(scope: JsonPath): Exclude<TableKind, 'Unspecified'> {
  const isExtension = isExtensionScoped(scope);
  if (scope.segments.at(-1)?.kind === 'anyElement') return isExtension ? 'ExtensionCollection' : 'Collection';
  if (!isExtension) return 'Root';
  return scope.segments.some(({ kind }) => kind === 'anyElement') ? 'CollectionExtensionScope' : 'RootExtension';
}

const structural: ReadonlySet<ColumnKind> = new Set(['ParentKeyPart', 'Ordinal', 'CollectionKey']);
const mirrored: ReadonlySet<ColumnKind> = new Set(['MirroredContentVersion', 'MirroredContentLastModifiedAt']);

/** Whether a column identifies a row or its place (design 02 §6.6, 15 §4.2). */
export const isStructuralKind = (kind: ColumnKind): boolean => structural.has(kind);

/** Whether a column mirrors a version of the document. Triggers write it, and plans do not (design 15 §4.5). */
export const isMirroredKind = (kind: ColumnKind): boolean => mirrored.has(kind);

/** Whether only triggers write a column: it mirrors a version, or names the resource of a member. */
export const isWrittenByTriggers = (kind: ColumnKind): boolean => isMirroredKind(kind) || kind === 'ResourceKeyId';

/** The columns of a constraint in its own table. */
export function constraintColumns(constraint: TableConstraint): readonly FinalName[] {
  switch (constraint.kind) {
    case 'Unique':
    case 'ForeignKey':
      return constraint.columns;
    case 'AllOrNoneNullability':
      return [constraint.fkColumn, ...constraint.dependentColumns];
    case 'NullOrTrue':
      return [constraint.column];
  }
}

import { isExtensionScoped, type JsonPath } from '@dms/api-schema';
import type { TableKind } from './model.ts';

/** The kind of a table of a resource, by the scope of its rows (design 15 §4.1). */
export function tableKindOf(scope: JsonPath): Exclude<TableKind, 'Unspecified'> {
  const isExtension = isExtensionScoped(scope);
  if (scope.segments.at(-1)?.kind === 'anyElement') return isExtension ? 'ExtensionCollection' : 'Collection';
  if (!isExtension) return 'Root';
  return scope.segments.some(({ kind }) => kind === 'anyElement') ? 'CollectionExtensionScope' : 'RootExtension';
}

import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import type { Faults } from '@dms/diagnostics';
import { isJsonArray, repeated } from '@dms/files';
import { type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

/** The identity paths of a resource as declared, not compiled; `[]` if the member is not an array of texts. */
export function identityTexts(entry: ResourceEntry): readonly string[] {
  const paths = entry.json.get('identityJsonPaths');
  return isJsonArray(paths) && paths.every((path) => typeof path === 'string') ? (paths as readonly string[]) : [];
}

/**
 * The compiled identity paths of a concrete or abstract resource. Codes: `JSONPATH_INVALID`, `IDENTITY_PATH_DUPLICATE`.
 */
export function readIdentityPaths(entry: ResourceEntry, faults: Faults): JsonPath[] {
  const paths = identityTexts(entry).flatMap((text, index) => {
    return faults.attempt(() => compileJsonPath(text, { resource: entry.label }, `identityJsonPaths[${index}]`)) ?? [];
  });
  const twice = repeated(paths.map((path) => path.canonical)).sort();
  if (twice.length === 0) return paths;
  const text = `identityJsonPaths repeats ${twice.join(', ')}`;
  faults.add([resourceDiagnostic('IDENTITY_PATH_DUPLICATE', entry.label, text, twice[0], { paths: twice })]);
  return [...new Map(paths.map((path) => [path.canonical, path])).values()];
}

import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import { isJsonArray, repeated } from '@dms/canonical-json';
import { failResource, type ResourceEntry } from './resource-entry.ts';

/** The identity paths of a resource as declared, not compiled; `[]` if the member is not an array of texts. */
export function identityTexts(entry: ResourceEntry): readonly string[] {
  const paths = entry.json.get('identityJsonPaths');
  return isJsonArray(paths) && paths.every((path) => typeof path === 'string') ? (paths as readonly string[]) : [];
}

/** The compiled identity paths of a concrete or abstract resource. Throws `JSONPATH_INVALID`, `IDENTITY_PATH_DUPLICATE`. */
export function readIdentityPaths(entry: ResourceEntry): JsonPath[] {
  const paths = identityTexts(entry).map((text, index) =>
    compileJsonPath(text, { resource: entry.label }, `identityJsonPaths[${index}]`),
  );
  const twice = repeated(paths.map((path) => path.canonical)).sort();
  if (twice.length > 0) {
    failResource('IDENTITY_PATH_DUPLICATE', entry.label, `identityJsonPaths repeats ${twice.join(', ')}`, twice[0], {
      paths: twice,
    });
  }
  return paths;
}

import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { isJsonArray, isJsonObject } from '@dms/files';
import { failResource, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

/** Two paths of one document that must hold the same value. */
export interface EqualityConstraint {
  readonly source: JsonPath;
  readonly target: JsonPath;
}

/** Reads `equalityConstraints` of a resource (design 04 §4). Codes: `KU_CONSTRAINT*` and `JSONPATH_INVALID`. */
export function readEqualityConstraints(
  { label, json }: ResourceEntry,
  diagnostics: DiagnosticCollector,
): EqualityConstraint[] {
  const value = json.get('equalityConstraints');
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value)) {
    const text = 'equalityConstraints must be an array';
    diagnostics.add([resourceDiagnostic('KU_CONSTRAINTS_NOT_ARRAY', label, text, 'equalityConstraints')]);
    return [];
  }
  return value.flatMap((entry, index) => {
    const member = `equalityConstraints[${index}]`;
    if (!isJsonObject(entry)) {
      diagnostics.add([
        resourceDiagnostic('KU_CONSTRAINT_NOT_OBJECT', label, `${member} must be an object`, member, { index }),
      ]);
      return [];
    }
    const path = (property: string): JsonPath => {
      const text = entry.get(property);
      if (typeof text !== 'string' || text.trim() === '') {
        return failResource(
          'KU_CONSTRAINT_PATH_MISSING',
          label,
          `${member}.${property} must be a JSONPath`,
          `${member}.${property}`,
          { index, property },
        );
      }
      return compileJsonPath(text, { resource: label }, `${member}.${property}`);
    };
    const [source, target] = ['sourceJsonPath', 'targetJsonPath'].map((property) =>
      diagnostics.attempt(() => path(property)),
    );
    return source && target ? [{ source, target }] : [];
  });
}

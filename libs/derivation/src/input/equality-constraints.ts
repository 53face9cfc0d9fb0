import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import { isJsonArray, isJsonObject } from '@dms/canonical-json';
import { failResource, type ResourceEntry } from './resource-entry.ts';

/** Two paths of one document that must hold the same value. */
export interface EqualityConstraint {
  readonly source: JsonPath;
  readonly target: JsonPath;
}

/** Reads `equalityConstraints` of a resource (design 04 §4). Throws the `KU_CONSTRAINT*` codes and `JSONPATH_INVALID`. */
export function readEqualityConstraints({ label, json }: ResourceEntry): EqualityConstraint[] {
  const value = json.get('equalityConstraints');
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value))
    return failResource('KU_CONSTRAINTS_NOT_ARRAY', label, 'equalityConstraints must be an array', 'equalityConstraints');
  return value.map((entry, index) => {
    const member = `equalityConstraints[${index}]`;
    if (!isJsonObject(entry))
      return failResource('KU_CONSTRAINT_NOT_OBJECT', label, `${member} must be an object`, member, { index });
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
    return { source: path('sourceJsonPath'), target: path('targetJsonPath') };
  });
}

import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import { compareBy, isJsonArray, isJsonObject } from '@dms/canonical-json';
import type { DraftResource } from '../../draft/model-draft.ts';
import { failResource } from '../../input/resource-entry.ts';
import type { ResourceInput } from '../../input/resource-input.ts';

/** Two paths of one document that must hold the same value. */
export interface EqualityConstraint {
  readonly source: JsonPath;
  readonly target: JsonPath;
}

function readConstraints(input: ResourceInput): EqualityConstraint[] {
  const { label, equalityConstraints: value } = input;
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

/**
 * The equality constraints of a resource and its extensions as one list in resource order, each undirected pair once, the
 * first occurrence kept (design 04 §4). Throws the `KU_CONSTRAINT*` codes.
 */
export function collectEqualityConstraints(resource: DraftResource): EqualityConstraint[] {
  const inputs = [resource.input, ...resource.extensions].sort(
    compareBy(
      (input) => input.entry.project.projectName,
      (input) => input.entry.resourceName,
    ),
  );
  const seen = new Set<string>();
  return inputs.flatMap(readConstraints).filter(({ source, target }) => {
    const pair = [source.canonical, target.canonical].sort().join('\n');
    if (seen.has(pair)) return false;
    seen.add(pair);
    return true;
  });
}

import { isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt } from './mapping-entry.ts';

const replaceableMembers = new Set(['decimalPropertyValidationInfos', 'relational', 'arrayUniquenessConstraints']);

function invalid(file: string, text: string, path: string): Diagnostic {
  return diagnostic('INPUT_SUPPLEMENT_INVALID', `${file}: ${text}.`, { file, path }, { path });
}

function setIntegerFormats(file: string, endpoint: string, resource: Map<string, JsonValue>, formats: JsonValue): Diagnostic[] {
  if (!isJsonObject(formats))
    return [invalid(file, `${endpoint}.integerFormats must be an object`, `${endpoint}.integerFormats`)];
  const found: Diagnostic[] = [];
  for (const [text, format] of formats) {
    const parsed = parseJsonPath(text);
    const schema = 'path' in parsed ? schemaAt(resource.get('jsonSchemaForInsert'), parsed.path) : undefined;
    if (schema?.get('type') !== 'integer' || typeof format !== 'string') {
      found.push(invalid(file, `${endpoint}.integerFormats names ${text}, which is no integer of the resource`, text));
    } else (schema as Map<string, JsonValue>).set('format', format);
  }
  return found;
}

function deepCopy(value: JsonValue): JsonValue {
  if (isJsonObject(value)) return new Map([...value].map(([name, member]) => [name, deepCopy(member)]));
  return Array.isArray(value) ? value.map(deepCopy) : value;
}

/**
 * Applies a supplement `{ "<endpoint>": { …members…, "integerFormats": { "<JSONPath>": "int64" } } }` to converted projects
 * (design 01 §12.2 step 7). Returns what is wrong with it: unknown endpoints, members or paths.
 */
export function applySupplement(supplement: ApiSchemaDocument, projects: readonly Map<string, JsonValue>[]): Diagnostic[] {
  const { file, root } = supplement;
  if (!isJsonObject(root)) return [invalid(file, 'a supplement must be an object of endpoints', '')];
  const found: Diagnostic[] = [];
  for (const [endpoint, members] of root) {
    const holder = projects.find((project) => (project.get('resourceSchemas') as JsonObject).has(endpoint));
    const resources = holder?.get('resourceSchemas') as Map<string, JsonValue> | undefined;
    const resource = resources?.get(endpoint) as Map<string, JsonValue> | undefined;
    if (!resources || !resource || !isJsonObject(members)) {
      found.push(invalid(file, `${endpoint} is no endpoint of the converted schema, or its value is no object`, endpoint));
      continue;
    }
    for (const [name, value] of members) {
      if (name === 'integerFormats') {
        resource.set('jsonSchemaForInsert', deepCopy(resource.get('jsonSchemaForInsert') ?? null));
        found.push(...setIntegerFormats(file, endpoint, resource, value));
      } else if (replaceableMembers.has(name)) resource.set(name, value);
      else found.push(invalid(file, `${endpoint}.${name} is no member that a supplement can give`, `${endpoint}.${name}`));
    }
  }
  return found;
}

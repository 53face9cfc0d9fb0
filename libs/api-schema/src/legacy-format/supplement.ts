import { alternatives, append, type Diagnostic, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import { isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import { parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt } from './mapping-entry.ts';

const replaceableMembers = new Set(['decimalPropertyValidationInfos', 'relational', 'arrayUniquenessConstraints']);

function invalid(file: string, text: string, path: string): Diagnostic {
  return diagnostic('INPUT_SUPPLEMENT_INVALID', `${file}: ${text}${/[.?]$/.test(text) ? '' : '.'}`, { file, path }, { path });
}

function setIntegerFormats(file: string, endpoint: string, resource: Map<string, JsonValue>, formats: JsonValue): Diagnostic[] {
  if (!isJsonObject(formats))
    return [invalid(file, `${endpoint}.integerFormats must be an object`, `${endpoint}.integerFormats`)];
  const found: Diagnostic[] = [];
  for (const [text, format] of formats) {
    const parsed = parseJsonPath(text);
    const schema = 'path' in parsed ? schemaAt(resource.get('jsonSchemaForInsert'), parsed.path) : undefined;
    if (schema?.get('type') !== 'integer')
      found.push(invalid(file, `${endpoint}.integerFormats names ${text}, which is not an integer of the resource`, text));
    else if (typeof format !== 'string')
      found.push(invalid(file, `${endpoint}.integerFormats gives ${text} a format that is not a text, such as "int64"`, text));
    else (schema as Map<string, JsonValue>).set('format', format);
  }
  return found;
}

function deepCopy(value: JsonValue): JsonValue {
  if (isJsonObject(value)) return new Map([...value].map(([name, member]) => [name, deepCopy(member)]));
  return Array.isArray(value) ? value.map(deepCopy) : value;
}

/** Copies a project deep enough to set members of its resources. */
function copyProject(project: JsonObject): Map<string, JsonValue> {
  const copy = new Map(project);
  const resources = project.get('resourceSchemas');
  if (isJsonObject(resources)) {
    const copies = [...resources].map(([endpoint, resource]): [string, JsonValue] => [
      endpoint,
      isJsonObject(resource) ? new Map(resource) : resource,
    ]);
    copy.set('resourceSchemas', new Map(copies));
  }
  return copy;
}

function resourceAt(projects: readonly Map<string, JsonValue>[], endpoint: string): Map<string, JsonValue> | undefined {
  for (const project of projects) {
    const resources = project.get('resourceSchemas');
    const resource = isJsonObject(resources) ? resources.get(endpoint) : undefined;
    if (isJsonObject(resource)) return resource as Map<string, JsonValue>;
  }
  return undefined;
}

function endpointsOf(projects: readonly JsonObject[]): string[] {
  return projects.flatMap((project) => {
    const resources = project.get('resourceSchemas');
    return isJsonObject(resources) ? [...resources.keys()] : [];
  });
}

/**
 * Projects of the older format with what a supplement
 * `{ "<endpoint>": { …members…, "integerFormats": { "<JSONPath>": "int64" } } }` adds to their resources (design 01 §12.2 step
 * 7), so that its members are not derived. The projects are not changed. Throws `INPUT_SUPPLEMENT_INVALID` for all unknown
 * endpoints, members and paths together.
 */
export function withSupplement(
  supplement: ApiSchemaDocument | undefined,
  projects: readonly JsonObject[],
): readonly JsonObject[] {
  if (!supplement) return projects;
  const { file, root } = supplement;
  if (!isJsonObject(root)) throw new DmsError([invalid(file, 'a supplement must be an object of endpoints', '')]);
  const copies = projects.map(copyProject);
  const found: Diagnostic[] = [];
  for (const [endpoint, members] of root) {
    const resource = resourceAt(copies, endpoint);
    if (!resource || !isJsonObject(members)) {
      const unknown = `is not an endpoint of the file to convert${alternatives(endpoint, endpointsOf(copies))}`;
      found.push(invalid(file, `${endpoint} ${resource ? 'must be an object' : unknown}`, endpoint));
      continue;
    }
    for (const [name, value] of members) {
      if (name === 'integerFormats') {
        resource.set('jsonSchemaForInsert', deepCopy(resource.get('jsonSchemaForInsert') ?? null));
        append(found, setIntegerFormats(file, endpoint, resource, value));
      } else if (replaceableMembers.has(name)) resource.set(name, value);
      else
        found.push(
          invalid(
            file,
            `${endpoint}.${name} is not a member that a supplement can give${alternatives(name, [...replaceableMembers, 'integerFormats'])}`,
            `${endpoint}.${name}`,
          ),
        );
    }
  }
  failIfAny(found);
  return copies;
}

import { alternatives, append, type Diagnostic, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import { type JsonPath, parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt, withSchemaAt } from './mapping-entry.ts';

const replaceableMembers = new Set(['decimalPropertyValidationInfos', 'relational', 'arrayUniquenessConstraints']);

function invalid(file: string, text: string, path: string): Diagnostic {
  return diagnostic(
    'INPUT_SUPPLEMENT_INVALID',
    `${file}: ${text}${/[.?]$/.test(text) ? '' : '.'}`,
    { file, path },
    { path },
  );
}

/** The property at a path that a supplement names, if its schema has that type. */
function propertyAt(resource: JsonObject, text: string, type: string): { readonly path: JsonPath } | undefined {
  const parsed = parseJsonPath(text);
  if (!('path' in parsed)) return undefined;
  return schemaAt(resource.get('jsonSchemaForInsert'), parsed.path)?.get('type') === type ? parsed : undefined;
}

function setProperty(
  resource: Map<string, JsonValue>,
  path: JsonPath,
  change: (schema: JsonObject) => JsonObject,
): void {
  const changed = withSchemaAt(resource.get('jsonSchemaForInsert'), path, change);
  if (changed !== undefined) resource.set('jsonSchemaForInsert', changed);
}

function setIntegerFormats(
  file: string,
  endpoint: string,
  resource: Map<string, JsonValue>,
  formats: JsonValue,
): Diagnostic[] {
  const place = `${endpoint}.integerFormats`;
  if (!isJsonObject(formats)) return [invalid(file, `${place} must be an object`, place)];
  const found: Diagnostic[] = [];
  for (const [text, format] of formats) {
    const property = propertyAt(resource, text, 'integer');
    if (property === undefined)
      found.push(invalid(file, `${place} names ${text}, which is not an integer of the resource`, text));
    else if (typeof format !== 'string')
      found.push(invalid(file, `${place} gives ${text} a format that is not a text, such as "int64"`, text));
    else setProperty(resource, property.path, (schema) => new Map([...schema, ['format', format]]));
  }
  return found;
}

/** The maximum length of an ISO 8601 duration in an ODS and an API. */
const durationLength = new JsonNumber('30');

/** The list without the given path. */
const without = (list: JsonValue | undefined, path: string): JsonValue | undefined =>
  isJsonArray(list) ? list.filter((each) => each !== path) : list;

/** An object in which every member with this path gets the type `string`. */
function withTextAt(members: JsonValue | undefined, path: string): JsonValue | undefined {
  const asText = (each: JsonValue): JsonValue =>
    isJsonObject(each) && each.get('path') === path ? new Map([...each, ['type', 'string']]) : each;
  if (!isJsonObject(members)) return members;
  return new Map([...members].map(([name, each]) => [name, isJsonArray(each) ? each.map(asText) : asText(each)]));
}

/** Turns durations, which the older format declares as numbers, into texts (design 01 §12.2). */
function setDurations(
  file: string,
  endpoint: string,
  resource: Map<string, JsonValue>,
  paths: JsonValue,
): Diagnostic[] {
  const place = `${endpoint}.durations`;
  if (!isJsonArray(paths)) return [invalid(file, `${place} must be an array of JSON paths`, place)];
  return paths.flatMap((each) => {
    const path = String(each);
    const property = propertyAt(resource, path, 'number');
    if (property === undefined)
      return [invalid(file, `${place} names ${path}, which is not a number of the resource`, path)];
    setProperty(
      resource,
      property.path,
      (schema) => new Map<string, JsonValue>([...schema, ['type', 'string'], ['maxLength', durationLength]]),
    );
    const changed = [
      ['numericJsonPaths', without(resource.get('numericJsonPaths'), path)],
      ['documentPathsMapping', withTextAt(resource.get('documentPathsMapping'), path)],
      ['queryFieldMapping', withTextAt(resource.get('queryFieldMapping'), path)],
    ] as const;
    for (const [member, value] of changed) if (value !== undefined) resource.set(member, value);
    return [];
  });
}

/** Members of a supplement that change schemas at given paths, each with its setter. */
const pathSetters: ReadonlyMap<string, typeof setDurations> = new Map([
  ['integerFormats', setIntegerFormats],
  ['durations', setDurations],
]);

/**
 * Projects of the older format with the additions of a supplement `{ "<endpoint>": { …members…, "integerFormats": {
 * "<JSONPath>": "int64" }, "durations": ["<JSONPath>"] } }` to their resources (design 01 §12.2 step 7), so that its
 * members are not derived. The projects are not changed. Throws `INPUT_SUPPLEMENT_INVALID` for all unknown endpoints,
 * members and paths together.
 */
export function withSupplement(
  supplement: ApiSchemaDocument | undefined,
  projects: readonly JsonObject[],
): readonly JsonObject[] {
  if (!supplement) return projects;
  const { file, root } = supplement;
  if (!isJsonObject(root)) throw new DmsError([invalid(file, 'a supplement must be an object of endpoints', '')]);
  const copies = projects.map(copyProject);
  const diagnostics: Diagnostic[] = [];
  for (const [endpoint, members] of root) {
    const resource = resourceAt(copies, endpoint);
    if (!resource || !isJsonObject(members)) {
      const unknown = `is not an endpoint of the file to convert${alternatives(endpoint, endpointsOf(copies))}`;
      diagnostics.push(invalid(file, `${endpoint} ${resource ? 'must be an object' : unknown}`, endpoint));
      continue;
    }
    for (const [name, value] of members) {
      const setter = pathSetters.get(name);
      if (setter) append(diagnostics, setter(file, endpoint, resource, value));
      else if (replaceableMembers.has(name)) resource.set(name, value);
      else
        diagnostics.push(
          invalid(
            file,
            `${endpoint}.${name} is not a member that a supplement can give${alternatives(name, [...replaceableMembers, ...pathSetters.keys()])}`,
            `${endpoint}.${name}`,
          ),
        );
    }
  }
  failIfAny(diagnostics);
  return copies;
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

import { type Diagnostic, diagnostic, fail } from '@dms/diagnostics';
import { compareBy, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { compileJsonPath, parentPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { deriveArrayUniqueness } from './array-uniqueness.ts';
import { ConversionLog } from './conversion-log.ts';
import {
  type MappingEntry,
  ownProperties,
  readMappingEntries,
  requires,
  schemaAt,
  withSchemaAt,
} from './mapping-entry.ts';
import { withSupplement } from './supplement.ts';
import { withWholeIdentities } from './whole-identities.ts';
import { type WideIntegers, wideIntegers } from './wide-integers.ts';

/** One converted project, in today's format. */
interface ConvertedSchema {
  readonly projectEndpointName: string;
  readonly root: JsonObject;
}

/**
 * The report of a conversion: the number of derived members of each kind, and a line per item that was guessed or lost.
 */
interface ConversionReport {
  readonly counts: { readonly [member: string]: number };
  readonly notes: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/**
 * Converts a file of the wrapped older format into one root of today's format per project, with a report (design 01
 * §12.2). Pure: same input, same output. `supplement` provides the data that the old format lost (members per endpoint,
 * `integerFormats`, `durations`). Throws `INPUT_ROOT_NOT_OBJECT`, `INPUT_PROJECT_MISSING`, `CONVERSION_NOT_NEEDED`,
 * `INPUT_SUPPLEMENT_INVALID`.
 */
export function convertLegacySchema(
  document: ApiSchemaDocument,
  supplement?: ApiSchemaDocument,
): { schemas: readonly ConvertedSchema[]; report: ConversionReport } {
  const { file, root } = document;
  if (!isJsonObject(root)) fail('INPUT_ROOT_NOT_OBJECT', `${file}: the document must be an object.`, { file });
  const projects = root.get('projectSchemas');
  if (!isJsonObject(projects) || projects.size === 0) {
    if (root.has('projectSchema'))
      fail('CONVERSION_NOT_NEEDED', `${file} has the current format already; use it as it is.`, { file });
    fail('INPUT_PROJECT_MISSING', `${file} has no projectSchemas, so there is nothing to convert; name another file.`, {
      file,
    });
  }
  const log = new ConversionLog();
  const legacyProjects = [...projects]
    .sort(compareBy(([endpointName]) => endpointName))
    .map(([endpointName, project]) => {
      if (isJsonObject(project)) return { endpointName, project };
      return fail('INPUT_PROJECT_MALFORMED', `${file}: projectSchemas.${endpointName} must be an object.`, { file });
    });
  const warnings = legacyProjects.flatMap(({ endpointName, project }) =>
    nameWarnings(file, root, endpointName, project),
  );
  const supplemented = withWholeIdentities(
    withSupplement(
      supplement,
      legacyProjects.map(({ project }) => project),
    ),
    log,
  );
  const wide = wideIntegers(supplemented);
  const schemas = legacyProjects.map(({ endpointName, project }, index) => ({
    projectEndpointName: endpointName,
    root: new Map<string, JsonValue>([
      ['apiSchemaVersion', root.get('apiSchemaVersion') ?? ''],
      ['projectSchema', convertProject(endpointName, project, supplemented[index] ?? project, wide, log)],
    ]),
  }));
  return { schemas, report: { counts: Object.fromEntries([...log.counts].sort()), notes: log.notes, warnings } };
}

function nameWarnings(file: string, root: JsonObject, endpointName: string, project: JsonObject): Diagnostic[] {
  const mapping = root.get('projectNameMapping');
  const projectName = project.get('projectName');
  const mapped = isJsonObject(mapping) && typeof projectName === 'string' ? mapping.get(projectName) : undefined;
  if (mapped === endpointName) return [];
  const text = `projectNameMapping does not name "${endpointName}" for the project "${String(projectName)}"; the key under projectSchemas is used.`;
  return [diagnostic('CONVERSION_PROJECT_NAME', text, { file, path: `projectSchemas.${endpointName}` })];
}

/** `source` is the project as in the file, `legacy` the project with the supplement applied. */
function convertProject(
  endpointName: string,
  source: JsonObject,
  legacy: JsonObject,
  wide: WideIntegers,
  log: ConversionLog,
): Map<string, JsonValue> {
  const project = new Map(legacy);
  project.set('projectEndpointName', endpointName);
  const resourceNames = new Map<string, JsonValue>();
  const sourceResources = source.get('resourceSchemas');
  const legacyResources = legacy.get('resourceSchemas');
  if (isJsonObject(legacyResources)) {
    const resourceSchemas = new Map<string, JsonValue>(legacyResources);
    for (const [endpoint, resource] of legacyResources) {
      if (!isJsonObject(resource)) continue;
      const name = resource.get('resourceName');
      if (typeof name === 'string' && resource.get('isResourceExtension') !== true) resourceNames.set(name, endpoint);
      const label = `${String(legacy.get('projectName'))}:${String(name)}`;
      const sourceResource = isJsonObject(sourceResources) ? sourceResources.get(endpoint) : undefined;
      const hasPrecisions = isJsonObject(sourceResource) && sourceResource.has('decimalPropertyValidationInfos');
      resourceSchemas.set(endpoint, convertResource(label, resource, !hasPrecisions, wide, log));
    }
    project.set('resourceSchemas', resourceSchemas);
  }
  project.set('resourceNameMapping', resourceNames);
  setIfAbsent(project, 'domains', []);
  setIfAbsent(project, 'educationOrganizationHierarchy', new Map());
  setIfAbsent(project, 'educationOrganizationTypes', []);
  return project;
}

/** `hasLostPrecisions`: whether the file has no precisions of decimals; a supplement may have them. */
function convertResource(
  label: string,
  legacy: JsonObject,
  hasLostPrecisions: boolean,
  wide: WideIntegers,
  log: ConversionLog,
): Map<string, JsonValue> {
  const resource = new Map(legacy);
  const entries = deriveRequiredFlags(label, readMappingEntries(label, legacy), log);
  const mapping = legacy.get('documentPathsMapping');
  if (isJsonObject(mapping)) {
    // an entry that could not be read is kept as it is, so that loading the result reports it
    const readEntries = new Map(entries.map((entry) => [entry.key, entry.members]));
    resource.set(
      'documentPathsMapping',
      new Map([...mapping].map(([key, entry]) => [key, readEntries.get(key) ?? entry])),
    );
  }
  if (!resource.has('arrayUniquenessConstraints'))
    resource.set('arrayUniquenessConstraints', deriveArrayUniqueness(label, entries, log));
  if (hasLostPrecisions) {
    const paths: string[] = [];
    numberPaths(legacy.get('jsonSchemaForInsert'), '$', paths);
    const known = decimalPaths(legacy.get('decimalPropertyValidationInfos'));
    for (const path of paths.filter((path) => !known.has(path)))
      log.note(label, `lost: the precision of ${path}; it falls back to 18 digits, 4 decimal places`);
  }
  setIfAbsent(resource, 'decimalPropertyValidationInfos', []);
  setIfAbsent(resource, 'domains', []);
  setIfAbsent(resource, 'authorizationPathways', []);
  const queryFieldMapping = withoutIdentityFlags(legacy.get('queryFieldMapping'));
  if (queryFieldMapping !== undefined) resource.set('queryFieldMapping', queryFieldMapping);
  const insertSchema = withIntegerFormats(label, legacy.get('jsonSchemaForInsert'), wide(legacy), log);
  if (insertSchema !== undefined) resource.set('jsonSchemaForInsert', insertSchema);
  return resource;
}

/** Adds `isRequired` if the old format lacks it (design 01 §12.2 step 4). */
function deriveRequiredFlags(
  label: string,
  entries: readonly MappingEntry[],
  log: ConversionLog,
): readonly MappingEntry[] {
  for (const entry of entries) {
    if (entry.members.has('isRequired')) continue;
    const required = isRequired(entry);
    entry.members.set('isRequired', required);
    log.count('isRequired');
    if (entry.isReference)
      log.note(
        label,
        `guessed: the reference ${entry.key} (${entry.place.canonical}) is ${required ? 'required' : 'optional'}`,
      );
  }
  return entries;
}

function isRequired(entry: MappingEntry): boolean {
  const last = entry.place.segments.at(-1);
  if (last === undefined || last.kind === 'anyElement') return entry.isPartOfIdentity;
  const parent = schemaAt(entry.insertSchema, parentPath(entry.place));
  const isArrayItem = entry.place.segments.at(-2)?.kind === 'anyElement';
  const properties = ownProperties(parent);
  if (isArrayItem && properties.length === 1 && properties[0] === last.name) return entry.isPartOfIdentity;
  return requires(parent, last.name);
}

/** Lists the paths of all `number` properties of an insert schema: their precision is not in the old format. */
function numberPaths(schema: JsonValue | undefined, path: string, found: string[]): void {
  if (!isJsonObject(schema)) return;
  if (schema.get('type') === 'number') found.push(path);
  const properties = schema.get('properties');
  if (isJsonObject(properties))
    for (const name of [...properties.keys()].sort()) numberPaths(properties.get(name), `${path}.${name}`, found);
  numberPaths(schema.get('items'), `${path}[*]`, found);
}

function decimalPaths(infos: JsonValue | undefined): ReadonlySet<JsonValue | undefined> {
  return new Set(isJsonArray(infos) ? infos.map((info) => (isJsonObject(info) ? info.get('path') : undefined)) : []);
}

function setIfAbsent(object: Map<string, JsonValue>, name: string, value: JsonValue): void {
  if (!object.has(name)) object.set(name, value);
}

function withoutIdentityFlags(queryFieldMapping: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(queryFieldMapping)) return queryFieldMapping;
  const plain = (item: JsonValue) =>
    isJsonObject(item) ? new Map([...item].filter(([name]) => name !== 'identity')) : item;
  return new Map(
    [...queryFieldMapping].map(([field, items]) => [field, Array.isArray(items) ? items.map(plain) : items]),
  );
}

/** The insert schema with the missing `format` of 64-bit integers added (design 01 §12.2). */
function withIntegerFormats(
  label: string,
  insertSchema: JsonValue | undefined,
  paths: readonly string[],
  log: ConversionLog,
): JsonValue | undefined {
  const withFormat = (schema: JsonObject): JsonObject => {
    if (schema.get('type') !== 'integer' || schema.has('format')) return schema;
    log.count('format');
    return new Map([...schema, ['format', 'int64']]);
  };
  return paths.reduce<JsonValue | undefined>(
    (schema, path) => withSchemaAt(schema, compileJsonPath(path, { resource: label }, 'format'), withFormat),
    insertSchema,
  );
}

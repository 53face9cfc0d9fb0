import { isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import type { ApiSchemaDocument } from '../load.ts';
import { deriveArrayUniqueness } from './array-uniqueness.ts';
import { readMappingEntries } from './mapping-entry.ts';
import { deriveRequiredFlags } from './required-flags.ts';
import { applySupplement } from './supplement.ts';

/** One converted project, in today's format. */
export interface ConvertedSchema {
  readonly projectEndpointName: string;
  readonly root: JsonObject;
}

/** What a conversion did: how many members of each kind it derived, and a line per item that was guessed or lost. */
export interface ConversionReport {
  readonly counts: { readonly [member: string]: number };
  readonly notes: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** Collects what a conversion derives. */
export class ConversionLog {
  readonly counts = new Map<string, number>();
  readonly notes: string[] = [];

  count(member: string): void {
    this.counts.set(member, (this.counts.get(member) ?? 0) + 1);
  }

  note(resource: string, text: string): void {
    this.notes.push(`${resource}: ${text}`);
  }
}

function setIfAbsent(object: Map<string, JsonValue>, name: string, value: JsonValue): void {
  if (!object.has(name)) object.set(name, value);
}

function withoutIdentityFlags(queryFieldMapping: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(queryFieldMapping)) return queryFieldMapping;
  const plain = (item: JsonValue) => (isJsonObject(item) ? new Map([...item].filter(([name]) => name !== 'identity')) : item);
  return new Map([...queryFieldMapping].map(([field, items]) => [field, Array.isArray(items) ? items.map(plain) : items]));
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

function convertResource(label: string, legacy: JsonObject, log: ConversionLog): Map<string, JsonValue> {
  const resource = new Map(legacy);
  const entries = deriveRequiredFlags(label, readMappingEntries(label, legacy), log);
  if (entries.length > 0) resource.set('documentPathsMapping', new Map(entries.map((entry) => [entry.key, entry.members])));
  if (!resource.has('arrayUniquenessConstraints'))
    resource.set('arrayUniquenessConstraints', deriveArrayUniqueness(label, entries, log));
  if (!resource.has('decimalPropertyValidationInfos')) {
    const paths: string[] = [];
    numberPaths(legacy.get('jsonSchemaForInsert'), '$', paths);
    for (const path of paths) log.note(label, `lost: the precision of ${path}; it falls back to 18 digits, 4 decimal places`);
    resource.set('decimalPropertyValidationInfos', []);
  }
  setIfAbsent(resource, 'domains', []);
  setIfAbsent(resource, 'authorizationPathways', []);
  const queryFieldMapping = withoutIdentityFlags(legacy.get('queryFieldMapping'));
  if (queryFieldMapping !== undefined) resource.set('queryFieldMapping', queryFieldMapping);
  return resource;
}

function convertProject(endpointName: string, legacy: JsonObject, log: ConversionLog): Map<string, JsonValue> {
  const project = new Map(legacy);
  project.set('projectEndpointName', endpointName);
  const resourceNames = new Map<string, JsonValue>();
  const resourceSchemas = new Map<string, JsonValue>();
  const legacyResources = legacy.get('resourceSchemas');
  if (isJsonObject(legacyResources)) {
    for (const [endpoint, resource] of legacyResources) {
      if (!isJsonObject(resource)) continue;
      const name = resource.get('resourceName');
      if (typeof name === 'string' && resource.get('isResourceExtension') !== true) resourceNames.set(name, endpoint);
      resourceSchemas.set(endpoint, convertResource(`${String(legacy.get('projectName'))}:${String(name)}`, resource, log));
    }
  }
  project.set('resourceSchemas', resourceSchemas);
  project.set('resourceNameMapping', resourceNames);
  setIfAbsent(project, 'domains', []);
  setIfAbsent(project, 'educationOrganizationHierarchy', new Map());
  setIfAbsent(project, 'educationOrganizationTypes', []);
  return project;
}

function nameWarnings(file: string, root: JsonObject, endpointName: string, project: JsonObject): Diagnostic[] {
  const mapping = root.get('projectNameMapping');
  const projectName = project.get('projectName');
  const mapped = isJsonObject(mapping) && typeof projectName === 'string' ? mapping.get(projectName) : undefined;
  if (mapped === endpointName) return [];
  const text = `projectNameMapping does not name "${endpointName}" for the project "${String(projectName)}"; the key under projectSchemas is used.`;
  return [diagnostic('CONVERSION_PROJECT_NAME', text, { file, path: `projectSchemas.${endpointName}` })];
}

/**
 * Converts a file of the wrapped older format into one root of today's format per project, with a report (design 01 §12.2).
 * Pure: same input, same output. `supplement` gives what the old format lost (members per endpoint, `integerFormats`).
 * Throws `INPUT_ROOT_NOT_OBJECT`, `INPUT_PROJECT_MISSING`, `INPUT_SUPPLEMENT_INVALID`.
 */
export function convertLegacySchema(
  document: ApiSchemaDocument,
  supplement?: ApiSchemaDocument,
): { schemas: readonly ConvertedSchema[]; report: ConversionReport } {
  const { file, root } = document;
  if (!isJsonObject(root)) fail('INPUT_ROOT_NOT_OBJECT', `${file}: the document must be an object.`, { file });
  const projects = root.get('projectSchemas');
  if (!isJsonObject(projects) || projects.size === 0) {
    const hint = root.has('projectSchema') ? 'it is in the current format already' : 'it has no projectSchemas';
    fail('INPUT_PROJECT_MISSING', `${file}: there is nothing to convert; ${hint}.`, { file });
  }
  const log = new ConversionLog();
  const warnings: Diagnostic[] = [];
  const converted = new Map<string, Map<string, JsonValue>>();
  for (const endpointName of [...projects.keys()].sort()) {
    const project = projects.get(endpointName);
    if (!isJsonObject(project))
      fail('INPUT_PROJECT_MALFORMED', `${file}: projectSchemas.${endpointName} must be an object.`, { file });
    warnings.push(...nameWarnings(file, root, endpointName, project));
    converted.set(endpointName, convertProject(endpointName, project, log));
  }
  if (supplement) failIfAny(applySupplement(supplement, [...converted.values()]));
  const schemas = [...converted].map(([projectEndpointName, project]) => ({
    projectEndpointName,
    root: new Map<string, JsonValue>([
      ['apiSchemaVersion', root.get('apiSchemaVersion') ?? ''],
      ['projectSchema', project],
    ]),
  }));
  return { schemas, report: { counts: Object.fromEntries([...log.counts].sort()), notes: log.notes, warnings } };
}

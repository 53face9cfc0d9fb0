import {
  compileJsonPath,
  type EffectiveSchemaSet,
  type FormatFinding,
  findingText,
  type JsonPath,
  labelledResource,
  resourceLabel,
} from '@dms/api-schema';
import {
  alternatives,
  type DetailValue,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticCollector,
  DmsError,
  diagnostic,
  nearNames,
} from '@dms/diagnostics';
import { type FullName, type ProjectSchemaInfo, physicalSchemaName } from '@dms/model';
import { compareBy, isJsonArray, isJsonObject, type JsonObject, orderedMembers, repeated } from '@dms/values';

/** A project of the set; the name of its schema may be too long for a dialect. */
interface ProjectEntry extends Omit<ProjectSchemaInfo, 'physicalSchema'> {
  readonly physicalSchema: FullName;
}

/** An entry of `resourceSchemas` or `abstractResources`, not yet read. */
export interface ResourceEntry {
  readonly project: ProjectEntry;
  /** Key of the entry: the endpoint name, or the name of an abstract resource. */
  readonly key: string;
  readonly resourceName: string;
  readonly label: string;
  readonly json: JsonObject;
  readonly isAbstract: boolean;
  readonly isResourceExtension: boolean;
}

/** The entries of a set: all in resource order, and the known resources (without extensions) by label. */
export interface ResourceEntries {
  readonly projects: readonly ProjectEntry[];
  /** `resourceSchemas` of all projects by project name, resource name. */
  readonly concrete: readonly ResourceEntry[];
  readonly abstract: readonly ResourceEntry[];
  readonly known: ReadonlyMap<string, ResourceEntry>;
}

/** Resource order, with the key as a tie-breaker: by project name, resource name, key (design 02 §2). */
export const entryOrder = compareBy<ResourceEntry>(
  ({ project }) => project.projectName,
  ({ resourceName }) => resourceName,
  ({ key }) => key,
);

/** The resources of a set in the order of every pass: by project name, then resource name (design 02 §2). */
export function listResources(set: EffectiveSchemaSet): ResourceEntries {
  const projects = set.projects.map(({ projectSchema, ...facts }) => ({
    ...facts,
    physicalSchema: physicalSchemaName(facts.projectEndpointName),
  }));
  const collect = (member: string, isAbstract: boolean) =>
    set.projects
      .flatMap((project, index) =>
        readEntries(projects[index] as ProjectEntry, project.projectSchema.get(member), isAbstract),
      )
      .sort(entryOrder);
  const concrete = collect('resourceSchemas', false);
  const abstract = collect('abstractResources', true);
  const known = [...concrete.filter((entry) => !entry.isResourceExtension), ...abstract];
  return { projects, concrete, abstract, known: new Map(known.map((entry) => [entry.label, entry])) };
}

function readEntries(project: ProjectEntry, resources: unknown, isAbstract: boolean): ResourceEntry[] {
  if (!(resources instanceof Map)) return [];
  return orderedMembers(resources as JsonObject).flatMap(([key, json]) => {
    if (!isJsonObject(json)) return [];
    const resourceName = nameOf(json, key, isAbstract);
    const label = resourceLabel({ projectName: project.projectName, resourceName });
    const isResourceExtension = !isAbstract && json.get('isResourceExtension') === true;
    return [{ project, key, resourceName, label, json, isAbstract, isResourceExtension }];
  });
}

/** The name of an abstract resource is its key, as in the resource keys (design 01 §7.1). */
function nameOf(json: JsonObject, key: string, isAbstract: boolean): string {
  const name = json.get('resourceName');
  return typeof name === 'string' && !isAbstract ? name : key;
}

/** The superclass that a resource names; a part that is not text is undefined. */
export function superclassName({ json }: ResourceEntry): {
  projectName: string | undefined;
  resourceName: string | undefined;
} {
  const text = (member: string) => {
    const value = json.get(member);
    return typeof value === 'string' ? value : undefined;
  };
  return { projectName: text('superclassProjectName'), resourceName: text('superclassResourceName') };
}

/** A diagnostic about a resource; the message starts with its label. */
export function resourceDiagnostic(
  code: DiagnosticCode,
  label: string,
  text: string,
  path?: string,
  details: { readonly [name: string]: DetailValue } = {},
): Diagnostic {
  return diagnostic(
    code,
    // a text that ends in suggestions already has a full stop
    `${label}: ${text}${/[.?]$/.test(text) ? '' : '.'}`,
    { resource: label, ...(path === undefined ? {} : { path }) },
    { resource: label, ...details },
  );
}

/**
 * The diagnostic for a malformed member of a resource; `member` is its place if the finding is about a part of the
 * resource.
 */
export const malformedMember = (label: string, finding: FormatFinding, member: string = finding.member): Diagnostic =>
  resourceDiagnostic('APISCHEMA_INVALID', label, `${member} ${findingText(finding)}`, member, { field: member });

/** Throws `resourceDiagnostic`. */
export function failResource(
  code: DiagnosticCode,
  label: string,
  text: string,
  path?: string,
  details: { readonly [name: string]: DetailValue } = {},
): never {
  throw new DmsError([resourceDiagnostic(code, label, text, path, details)]);
}

/** The identity paths of a resource as declared, not compiled; `[]` if the member is not an array of texts. */
export function identityTexts(entry: ResourceEntry): readonly string[] {
  const paths = entry.json.get('identityJsonPaths');
  return isJsonArray(paths) && paths.every((path) => typeof path === 'string') ? (paths as readonly string[]) : [];
}

/** The compiled identity paths of a concrete or abstract resource. */
export function readIdentityPaths(entry: ResourceEntry, diagnostics: DiagnosticCollector): JsonPath[] {
  const paths = identityTexts(entry).flatMap((text, index) => {
    return (
      diagnostics.attempt(() => compileJsonPath(text, { resource: entry.label }, `identityJsonPaths[${index}]`)) ?? []
    );
  });
  const twice = repeated(paths.map((path) => path.canonical)).sort();
  if (twice.length === 0) return paths;
  const text = `identityJsonPaths repeats ${twice.join(', ')}`;
  diagnostics.add([resourceDiagnostic('IDENTITY_PATH_DUPLICATE', entry.label, text, twice[0], { paths: twice })]);
  return [...new Map(paths.map((path) => [path.canonical, path])).values()];
}

/**
 * The key under `_ext` that belongs to a project: the first one in ordinal order that equals its endpoint name,
 * otherwise its project name, ignoring case (design 03 §10.2). `keys` are the names in `properties` of `_ext`, in
 * ordinal order.
 */
export function findProjectKey(project: ProjectEntry, keys: Iterable<string>): string | undefined {
  const all = [...keys];
  return (
    all.find((key) => sameIgnoringCase(key, project.projectEndpointName)) ??
    all.find((key) => sameIgnoringCase(key, project.projectName))
  );
}

const sameIgnoringCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The extension project that a key of a base schema belongs to (design 03 §10.7), or the reason why there is none. */
export function resolveProjectKey(
  key: string,
  projects: readonly ProjectEntry[],
): { project: ProjectEntry } | { candidates: string[] } {
  const byEndpoint = projects.filter((project) => sameIgnoringCase(project.projectEndpointName, key));
  const matches =
    byEndpoint.length > 0 ? byEndpoint : projects.filter((project) => sameIgnoringCase(project.projectName, key));
  const [only, ...others] = matches;
  if (key !== '' && only && others.length === 0 && only.isExtensionProject) return { project: only };
  return { candidates: matches.map((project) => project.projectEndpointName).sort() };
}

/** The end of a sentence about a project that the set lacks, including the full stop. */
export function missingProject(name: string, known: readonly string[]): string {
  if (nearNames(name, known).length > 0) return alternatives(name, known);
  return `; if it is an extension, add its ApiSchema file to the set (--schema, or schemas of dms.json).`;
}

/**
 * The end of a sentence about a resource that the set lacks, including the full stop: a resource with a similar name,
 * or the project whose file is missing.
 */
export function missingResource(label: string, { projects, known }: ResourceEntries): string {
  const { projectName } = labelledResource(label);
  if (projects.some((project) => project.projectName === projectName) || nearNames(label, known.keys()).length > 0)
    return alternatives(label, known.keys());
  return `; no project of the set is called ${JSON.stringify(projectName)}: add its ApiSchema file (--schema, or schemas of dms.json).`;
}

import { type EffectiveSchemaSet, resourceLabel } from '@dms/api-schema';
import { type DetailValue, type Diagnostic, type DiagnosticCode, DmsError, diagnostic } from '@dms/diagnostics';
import { compareBy, isJsonObject, type JsonObject, orderedMembers } from '@dms/files';
import { type FullName, type ProjectSchemaInfo, physicalSchemaName } from '@dms/model';

/** A project of the set; the name of its schema may be too long for a dialect. */
export interface ProjectEntry extends Omit<ProjectSchemaInfo, 'physicalSchema'> {
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

/** The name of an abstract resource is its key, as in the resource keys (design 01 §7.1). */
function nameOf(json: JsonObject, key: string, isAbstract: boolean): string {
  const name = json.get('resourceName');
  return typeof name === 'string' && !isAbstract ? name : key;
}

function entriesOf(project: ProjectEntry, resources: unknown, isAbstract: boolean): ResourceEntry[] {
  if (!(resources instanceof Map)) return [];
  return orderedMembers(resources as JsonObject).flatMap(([key, json]) => {
    if (!isJsonObject(json)) return [];
    const resourceName = nameOf(json, key, isAbstract);
    const label = resourceLabel({ projectName: project.projectName, resourceName });
    const isResourceExtension = !isAbstract && json.get('isResourceExtension') === true;
    return [{ project, key, resourceName, label, json, isAbstract, isResourceExtension }];
  });
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
        entriesOf(projects[index] as ProjectEntry, project.projectSchema.get(member), isAbstract),
      )
      .sort(entryOrder);
  const concrete = collect('resourceSchemas', false);
  const abstract = collect('abstractResources', true);
  const known = [...concrete.filter((entry) => !entry.isResourceExtension), ...abstract];
  return { projects, concrete, abstract, known: new Map(known.map((entry) => [entry.label, entry])) };
}

/** The superclass that a resource names, without parts that are not text. */
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

import type { EffectiveProject, EffectiveSchemaSet } from '@dms/api-schema';
import { mustExist, pascalCase, physicalSchemaName, type QualifiedResourceName } from '@dms/model';
import { groupBy, isJsonArray, isJsonObject, type JsonObject, type JsonValue, orderedMembers } from '@dms/values';
import type { EqualPaths } from './columns.ts';
import { equalPaths, isSchoolYears, type Leaf, readLeaves, uniquePaths, withPropertyKeys } from './leaves.ts';
import { inferRoles, type Roles } from './roles.ts';
import { findScopes, type Scope } from './scopes.ts';
import { decimalDigits } from './value-types.ts';

/** The data of one project about a resource: the resource itself, or what an extension adds to it. */
export interface ResourcePart {
  /** The database schema of the project. */
  readonly schema: string;
  readonly isExtension: boolean;
  readonly insertSchema: JsonObject;
  readonly root: Scope;
  readonly roles: Roles;
  readonly leaves: readonly Leaf[];
  readonly unique: ReadonlySet<string>;
  readonly equalities: readonly EqualPaths[];
  readonly digits: ReturnType<typeof decimalDigits>;
  readonly nameOverrides: ReadonlyMap<string, string>;
  /** Whether any resource of the project has `nameOverrides`, as in current files. */
  readonly hasNameOverrides: boolean;
  /** Whether the project was converted from the older format, which carries no roles of references (design 01 §12). */
  readonly isConverted: boolean;
}

/** A concrete resource, with the extensions of other projects (design 02 §12). */
export interface OdsResource {
  readonly name: QualifiedResourceName;
  readonly kind: 'resource' | 'descriptor' | 'schoolYears';
  readonly isCore: boolean;
  readonly own: ResourcePart;
  readonly extensions: readonly ResourcePart[];
  readonly identityPaths: readonly string[];
  readonly superclass: {
    readonly label: string;
    readonly name: QualifiedResourceName;
    readonly identityPath: string | null;
  } | null;
}

/** An abstract resource, with its subclasses by label. */
export interface AbstractResource {
  readonly name: QualifiedResourceName;
  readonly schema: string;
  readonly identityPaths: readonly string[];
  readonly subclasses: readonly OdsResource[];
}

/** The resources of a schema set, as the mapping reads them. */
export interface OdsResources {
  readonly resources: readonly OdsResource[];
  readonly abstractResources: readonly AbstractResource[];
  /** The database schema of the core project. */
  readonly coreSchema: string;
}

/** The key of a resource in maps. */
export const resourceKey = ({ projectName, resourceName }: QualifiedResourceName) => `${projectName}:${resourceName}`;

/** Reads the resources of a set. A model must have been derived from the set: errors are reported there. */
export function readResources(set: EffectiveSchemaSet): OdsResources {
  const entries = entriesOf(set);
  const isAddition = ({ json }: (typeof entries)[number]) => json.get('isResourceExtension') === true;
  const formats = new Map(set.projects.map((project) => [project, formatOf(project)]));
  const partIn = ({ project, json }: (typeof entries)[number]) =>
    partOf(project, json, mustExist(formats.get(project), `the format of ${project.projectName}`));
  const additions = groupBy(entries.filter(isAddition), ({ resourceName }) => resourceName);
  const resources = entries
    .filter((entry) => !isAddition(entry))
    .map((entry): OdsResource => {
      const { project, json, resourceName } = entry;
      const name = { projectName: project.projectName, resourceName };
      const own = project.isExtensionProject ? [] : (additions.get(resourceName) ?? []);
      const kind = json.get('isDescriptor') === true ? 'descriptor' : isSchoolYears(name) ? 'schoolYears' : 'resource';
      return {
        name,
        kind,
        isCore: !project.isExtensionProject,
        own: partIn(entry),
        extensions: own.map(partIn),
        identityPaths: texts(json.get('identityJsonPaths')),
        superclass: superclassOf(json),
      };
    });
  const bySuperclass = groupBy(resources, ({ superclass }) => superclass?.label ?? '');
  const abstractResources = set.projects.flatMap((project) =>
    orderedMembers(objectOf(project.projectSchema.get('abstractResources'))).map(
      ([resourceName, json]): AbstractResource => {
        const name = { projectName: project.projectName, resourceName };
        return {
          name,
          schema: physicalSchemaName(project.projectEndpointName),
          identityPaths: texts(objectOf(json).get('identityJsonPaths')),
          subclasses: bySuperclass.get(resourceKey(name)) ?? [],
        };
      },
    ),
  );
  const core = set.projects.find(({ isExtensionProject }) => !isExtensionProject);
  return {
    resources,
    abstractResources,
    coreSchema: physicalSchemaName(mustExist(core, 'the core project').projectEndpointName),
  };
}

/** The core first, then extensions by endpoint name; entries by resource name. */
function entriesOf(set: EffectiveSchemaSet) {
  const projects = [...set.projects].sort((a, b) => Number(a.isExtensionProject) - Number(b.isExtensionProject));
  return projects.flatMap((project) => {
    const schemas = objectOf(project.projectSchema.get('resourceSchemas'));
    const entries = orderedMembers(schemas).flatMap(([, json]) => {
      if (!isJsonObject(json)) return [];
      return [{ project, json, resourceName: String(json.get('resourceName')) }];
    });
    return entries.sort((a, b) => (a.resourceName < b.resourceName ? -1 : 1));
  });
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : new Map());

/** The format of a project, as its resources show it. */
type ProjectFormat = Pick<ResourcePart, 'hasNameOverrides' | 'isConverted'>;

function formatOf({ projectSchema }: EffectiveProject): ProjectFormat {
  const resources = [...objectOf(projectSchema.get('resourceSchemas')).values()].filter(isJsonObject);
  const hasNameOverrides = resources.some((json) => nameOverridesOf(json).size > 0);
  // every resource of the current format has this member, and none of the older format
  const isConverted = !hasNameOverrides && !resources.some((json) => json.has('securableElements'));
  return { hasNameOverrides, isConverted };
}

function nameOverridesOf(json: JsonObject): ReadonlyMap<string, string> {
  const overrides = objectOf(objectOf(json.get('relational')).get('nameOverrides'));
  return new Map([...overrides].map(([path, name]) => [path, String(name)]));
}

function partOf(project: EffectiveProject, json: JsonObject, format: ProjectFormat): ResourcePart {
  const root = findScopes(withPropertyKeys(readLeaves(json)));
  const below = (scope: Scope): readonly Leaf[] => [...scope.leaves, ...scope.children.flatMap(below)];
  return {
    schema: physicalSchemaName(project.projectEndpointName),
    isExtension: json.get('isResourceExtension') === true,
    insertSchema: objectOf(json.get('jsonSchemaForInsert')),
    root,
    roles: inferRoles(root),
    leaves: below(root),
    unique: new Set(uniquePaths(json.get('arrayUniquenessConstraints'))),
    equalities: equalPaths(json),
    digits: decimalDigits(json),
    nameOverrides: nameOverridesOf(json),
    ...format,
  };
}

const texts = (value: JsonValue | undefined): string[] => (isJsonArray(value) ? value.map(String) : []);

function superclassOf(json: JsonObject): OdsResource['superclass'] {
  if (json.get('isSubclass') !== true) return null;
  const text = (member: string) => String(json.get(member));
  const name = { projectName: text('superclassProjectName'), resourceName: text('superclassResourceName') };
  const identityPath = json.get('superclassIdentityJsonPath');
  return { label: resourceKey(name), name, identityPath: typeof identityPath === 'string' ? identityPath : null };
}

const uniqueIdPath = /^\$\.([^.[\]]+)UniqueId$/;

/**
 * The name of a person (design 19 §1.1): a core resource that is not a subclass and whose only identity path is
 * `$.<x>UniqueId`. Undefined for other resources.
 */
export function personName({ isCore, superclass, identityPaths }: OdsResource): string | undefined {
  const [path, ...others] = identityPaths;
  if (!isCore || superclass !== null || path === undefined || others.length > 0) return undefined;
  const [, name] = uniqueIdPath.exec(path) ?? [];
  return name === undefined ? undefined : pascalCase(name);
}

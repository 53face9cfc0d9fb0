import { isWithin, resourceLabel } from '@dms/api-schema';
import { mustExist, qualified, type RelationalModelSet } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { type TablePartKey, tablePartKey } from '../comparing/lookup-keys.ts';
import { type TableRole, tableRoles } from '../matching/roles.ts';

export type ResourceKind = 'resource' | 'descriptor' | 'abstract resource';

/** The object at a path in the documents of a resource, as far as the tables show it. */
export interface PathObject {
  readonly kind: 'property' | 'descriptor' | 'reference' | 'collection' | 'object';
  readonly path: string;
  /** The JSON scope of the rows that hold it; for a collection, the scope of the enclosing rows. */
  readonly scope: string;
  /** The project whose schema has these rows. */
  readonly project: string;
  /** The resource that it refers to, `Project:Resource`; null if it is not a reference. */
  readonly target: string | null;
  /** The database type of a property; null for other kinds. */
  readonly type: string | null;
}

export interface SchemaObjects {
  readonly projects: ReadonlyMap<string, 'core project' | 'extension'>;
  /** By `Project:Resource`. */
  readonly resources: ReadonlyMap<string, ResourceKind>;
  /** Objects by path, by `Project:Resource`. */
  readonly paths: ReadonlyMap<string, ReadonlyMap<string, PathObject>>;
}

/** The objects of a set that a rename can name. */
export function schemaObjects({ model, catalog }: Pick<ComparedSet, 'model' | 'catalog'>): SchemaObjects {
  const projectOf = new Map(
    model.projects.map(({ physicalSchema, projectName }) => [physicalSchema as string, projectName]),
  );
  const types = new Map(
    catalog.tables.flatMap((table) =>
      table.columns.map(({ name, type }) => [tablePartKey(qualified(table), name), type] as const),
    ),
  );
  const byOwner = new Map<string, TableRole[]>();
  for (const role of tableRoles(model)) byOwner.set(role.owner, [...(byOwner.get(role.owner) ?? []), role]);
  return {
    projects: new Map(
      model.projects.map(({ projectName, isExtensionProject }) => [
        projectName,
        isExtensionProject ? 'extension' : 'core project',
      ]),
    ),
    resources: resourceKinds(model),
    paths: new Map([...byOwner].map(([owner, roles]) => [owner, objectsOfResource(roles, projectOf, types)])),
  };
}

type TypesOfColumns = ReadonlyMap<TablePartKey, string>;

function objectsOfResource(
  roles: readonly TableRole[],
  projectOf: ReadonlyMap<string, string>,
  types: TypesOfColumns,
): ReadonlyMap<string, PathObject> {
  const scopes = roles.map(({ table }) => table.jsonScope.canonical);
  const found = roles.flatMap((role): PathObject[] => {
    const scope = role.table.jsonScope.canonical;
    const project = mustExist(projectOf.get(role.table.table.schema), `the project of ${qualified(role.table.table)}`);
    const objects = objectsOfTable(role, { scope, project }, types);
    if (!scope.endsWith('[*]')) return objects;
    const around = scopes.filter((other) => other !== scope && isWithin(scope, other));
    const holder = around.reduce((best, other) => (other.length > best.length ? other : best), '$');
    return [{ kind: 'collection', path: scope, scope: holder, project, target: null, type: null }, ...objects];
  });
  const known = new Map<string, PathObject>();
  // an object with a table or column of its own is not listed again as an enclosing object
  for (const object of [...found, ...found.flatMap(enclosing)])
    if (!known.has(object.path)) known.set(object.path, object);
  return known;
}

/**
 * The objects of documents that the rows of one table hold. Values that a reference repeats from its target are not
 * objects: they follow the target.
 */
function objectsOfTable(
  { table, references }: TableRole,
  place: Pick<PathObject, 'scope' | 'project'>,
  types: TypesOfColumns,
): PathObject[] {
  const found: PathObject[] = references.map(({ referenceObjectPath, targetResource }) => ({
    ...place,
    kind: 'reference',
    path: referenceObjectPath.canonical,
    type: null,
    target: resourceLabel(targetResource),
  }));
  const repeated = new Set(
    references.flatMap(({ identityBindings }) =>
      identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical),
    ),
  );
  for (const { name, kind, sourcePath, targetResource } of table.columns) {
    const path = sourcePath?.canonical;
    if (path === undefined || repeated.has(path)) continue;
    const type = types.get(tablePartKey(qualified(table.table), name)) ?? null;
    if (kind === 'Scalar') found.push({ ...place, kind: 'property', path, target: null, type });
    if (kind === 'DescriptorFk')
      found.push({ ...place, kind: 'descriptor', path, target: labelOf(targetResource), type: null });
  }
  return found;
}

const labelOf = (target: Parameters<typeof resourceLabel>[0] | null) =>
  target === null ? null : resourceLabel(target);

/** The JSON objects that enclose an object within the same rows. */
function enclosing({ path, scope, project }: PathObject): PathObject[] {
  const names = path.slice(scope.length).split('.').slice(1, -1);
  return names.flatMap((name, index): PathObject[] => {
    const above = names[index - 1];
    if (name === '_ext' || above === '_ext') return [];
    const own = [scope, ...names.slice(0, index + 1)].join('.');
    return [{ kind: 'object', path: own, scope, project, target: null, type: null }];
  });
}

/** The kinds of all resources, abstract ones included, by `Project:Resource`. */
export function resourceKinds({ resources, abstractIdentityTables }: RelationalModelSet): Map<string, ResourceKind> {
  const kinds = new Map<string, ResourceKind>(
    abstractIdentityTables.map(({ resourceKey }) => [resourceLabel(resourceKey), 'abstract resource']),
  );
  for (const { resourceKey, storageKind } of resources)
    kinds.set(resourceLabel(resourceKey), storageKind === 'SharedDescriptorTable' ? 'descriptor' : 'resource');
  return kinds;
}

/** The members of an abstract resource that have its identity under its own name, so that it follows them. */
export const membersWithOwnNames = ({ resources }: Pick<RelationalModelSet, 'resources'>, abstractResource: string) =>
  resources.filter(
    ({ superclass }) =>
      superclass?.identityJsonPath === null && resourceLabel(superclass.resource) === abstractResource,
  );

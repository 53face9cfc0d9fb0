import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import { type DocumentPlans, plansInMemory } from '@dms/documents';
import type { DocumentLeaf, DocumentNode, DocumentReference, RelationalModelSet } from '@dms/model';
import { documentTree } from '@dms/model';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';

/** A place in the documents of a resource. */
export interface Place {
  readonly path: string;
  readonly kind: 'value' | 'descriptor' | 'reference' | 'member' | 'collection' | 'object' | 'extension';
  /** The leaf of a value, or of the items of a collection of values. */
  readonly leaf: DocumentLeaf | null;
  /** The reference itself, or the reference of a member. */
  readonly reference: DocumentReference | null;
  /** The place of the reference of a member. */
  readonly referencePath: string | null;
  /** The target resource of a reference, or the descriptor of a value. */
  readonly target: string | null;
  /** Whether each object around the place has it. */
  readonly isRequired: boolean;
  /** Whether each row of its table has the place, so that the objects between are also present. */
  readonly isInEachRow: boolean;
}

export interface ResourcePlaces {
  readonly label: string;
  readonly project: string;
  readonly kind: 'resource' | 'descriptor' | 'abstract resource';
  /** Places by path, outer places first; none for descriptors, and only the identity for abstract resources. */
  readonly places: ReadonlyMap<string, Place>;
  /** The paths of the identity. */
  readonly identity: readonly string[];
  /** The abstract resource of which it is a member. */
  readonly superclass: string | null;
}

/** The places and names in a schema set that translations can use. */
export interface SetPlaces {
  /** Compares identities as the databases of the set do. */
  readonly plans: DocumentPlans;
  /** Compares all other values, whose letter case is not lost. The uuids of new documents are the same in each dialect. */
  readonly exact: DocumentPlans;
  /** The versions of projects by name. */
  readonly projects: ReadonlyMap<string, string>;
  /** Members of `_ext` by project, and projects by member. */
  readonly extensionKeys: ReadonlyMap<string, string>;
  readonly extensionProjects: ReadonlyMap<string, string>;
  readonly resources: ReadonlyMap<string, ResourcePlaces>;
  /** Resources to which references refer. */
  readonly named: ReadonlySet<string>;
}

/**
 * The places of a schema set, from its model (design 20 §1), with the requirements of the JSON schemas of its
 * resources.
 */
export function setPlaces(ofSet: DocumentPlans, schemas: DocumentSchemas | null = null): SetPlaces {
  // a translation reads files too, so no database decides
  const plans = plansInMemory(ofSet);
  const exact = plansInMemory(ofSet, 'exact');
  const { model } = plans.mappingSet;
  const projects = new Map(model.projects.map((each) => [each.projectName, each.projectVersion]));
  const projectOf = new Map(model.projects.map((each) => [each.physicalSchema as string, each.projectName]));
  const endpoints = new Map(model.projects.map((each) => [each.projectName, each.projectEndpointName]));
  const extensionKeys = new Map<string, string>();
  const resources = new Map<string, ResourcePlaces>();
  const named = new Set<string>();
  for (const { resourceKey } of model.abstractIdentityTables) {
    const label = resourceLabel(resourceKey);
    const identity = plans.identityOf(resourceKey).identityElements.map((each) => each.identityJsonPath.canonical);
    resources.set(label, {
      label,
      project: resourceKey.projectName,
      kind: 'abstract resource',
      places: new Map(identity.map((path) => [path, abstractPart(path)])),
      identity,
      superclass: null,
    });
  }
  for (const resource of model.resources) {
    const label = resourceLabel(resource.resourceKey);
    const isDescriptor = resource.storageKind === 'SharedDescriptorTable';
    resources.set(label, {
      label,
      project: resource.resourceKey.projectName,
      kind: isDescriptor ? 'descriptor' : 'resource',
      places: isDescriptor ? new Map() : placesOf(resource, requiredPaths(schemas?.get(label) ?? [])),
      identity: isDescriptor ? [] : resource.identityElements.map((each) => each.identityJsonPath.canonical),
      superclass: resource.superclass ? resourceLabel(resource.superclass.resource) : null,
    });
    for (const { targetResource } of resource.documentReferenceBindings) named.add(resourceLabel(targetResource));
    for (const { table, jsonScope } of resource.tablesInDependencyOrder) {
      const [, key] = /^.*\._ext\.([^.[]+)/.exec(jsonScope.canonical) ?? [];
      const project = projectOf.get(table.schema);
      if (key !== undefined && project !== undefined) extensionKeys.set(project, key);
    }
  }
  for (const [project, endpoint] of endpoints)
    if (!extensionKeys.has(project)) extensionKeys.set(project, endpoint.replaceAll('-', ''));
  const extensionProjects = new Map([...extensionKeys].map(([project, key]) => [key, project]));
  return { plans, exact, projects, extensionKeys, extensionProjects, resources, named };
}

/** A part of the identity of an abstract resource: no document has a value there, but it has a name. */
const abstractPart = (path: string): Place => ({
  path,
  kind: 'value',
  leaf: null,
  reference: null,
  referencePath: null,
  target: null,
  isRequired: true,
  isInEachRow: true,
});

function placesOf(
  resource: RelationalModelSet['resources'][number],
  required: ReadonlySet<string>,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (place: Omit<Place, 'isRequired'> & { readonly isRequired?: boolean }) =>
    places.set(place.path, {
      ...place,
      isRequired: place.isRequired === true || place.isInEachRow || required.has(place.path),
    });
  const none = { leaf: null, reference: null, referencePath: null, target: null, isInEachRow: false };
  const visit = (node: DocumentNode, reference: DocumentReference | null, referencePath: string | null): void => {
    if (node.kind === 'leaf') {
      const isMember = reference?.parts.some(({ leaf }) => leaf.path === node.path) ?? false;
      add({
        path: node.path,
        kind: isMember ? 'member' : node.value === 'descriptor' ? 'descriptor' : 'value',
        leaf: node,
        reference: isMember ? reference : null,
        referencePath: isMember ? referencePath : null,
        target: node.value === 'descriptor' ? resourceLabel(node.descriptor) : null,
        isRequired: isMember,
        isInEachRow: !isMember && node.columns.some(({ isNullable }) => !isNullable),
      });
    } else if (node.kind === 'array') {
      const { element } = node;
      if (element.kind === 'leaf') {
        const target = element.value === 'descriptor' ? resourceLabel(element.descriptor) : null;
        add({ ...none, path: element.path, kind: 'collection', leaf: element, target });
        return;
      }
      add({ ...none, path: element.path, kind: 'collection' });
      for (const member of element.members.values()) visit(member, null, null);
    } else {
      const own = node.reference;
      if (own)
        add({
          ...none,
          path: node.path,
          kind: 'reference',
          reference: own,
          target: resourceLabel(own.binding.targetResource),
          isInEachRow: own.binding.isRequired,
        });
      else add({ ...none, path: node.path, kind: /\._ext(\.[^.]+)?$/.test(node.path) ? 'extension' : 'object' });
      for (const member of node.members.values()) visit(member, own, own ? node.path : null);
    }
  };
  for (const member of documentTree(resource).root.members.values()) visit(member, null, null);
  return places;
}

/**
 * The paths that JSON schemas require in the objects around them. The model does not know the requirements of an
 * optional object, whose columns may be NULL.
 */
function requiredPaths(schemas: readonly JsonObject[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (schema: JsonValue | undefined, path: string): void => {
    if (schema === undefined || !isJsonObject(schema)) return;
    const [required, properties] = [schema.get('required'), schema.get('properties')];
    for (const name of required !== undefined && isJsonArray(required) ? required : []) found.add(`${path}.${name}`);
    for (const [name, inner] of properties !== undefined && isJsonObject(properties) ? properties : [])
      visit(inner, `${path}.${name}`);
    const items = schema.get('items');
    if (items === undefined) return;
    if (found.has(path)) found.add(`${path}[*]`);
    visit(items, `${path}[*]`);
  };
  for (const schema of schemas) visit(schema, '$');
  return found;
}

import type { Json, JsonRecord } from '../schema-builder.ts';
import { withResources } from './changed-resources.ts';
import { withMembers } from './other-names.ts';

/*
 * Turns resources of a schema set into people of Ed-Fi by replacing names, without the code of the product. Both
 * generations treat people differently (design 15a §2, 19 §1.1).
 */

const kinds = ['Student', 'Contact', 'Staff'] as const;

interface PersonDocument {
  readonly resourceName: string;
  readonly isDescriptor: boolean;
  readonly isSubclass: boolean;
  readonly isResourceExtension: boolean;
  readonly identityJsonPaths: readonly string[];
  readonly jsonSchemaForInsert: { readonly properties: Readonly<Record<string, JsonRecord>> };
  readonly documentPathsMapping: Readonly<Record<string, PersonReference>>;
}

interface PersonReference {
  /** The path of a scalar or of a descriptor. */
  readonly path?: string;
  readonly projectName?: string;
  readonly resourceName?: string;
  readonly isRequired?: boolean;
  readonly referenceJsonPaths?: readonly { readonly identityJsonPath: string; readonly referenceJsonPath: string }[];
}

interface PersonResource {
  readonly label: string;
  readonly document: PersonDocument;
}

const uniqueId = (kind: string) => `${kind.toLowerCase()}UniqueId`;

function resourcesOf(documents: readonly JsonRecord[]): readonly PersonResource[] {
  return documents.flatMap(({ projectSchema }) => {
    const { projectName, resourceSchemas } = projectSchema as JsonRecord;
    return Object.values(resourceSchemas as JsonRecord).map((schema) => {
      const document = schema as unknown as PersonDocument;
      return { label: `${projectName}:${document.resourceName}`, document };
    });
  });
}

/** The name of the only key of a resource that may become a person: a text in the root. */
function keyOf({ isDescriptor, isSubclass, identityJsonPaths, ...document }: PersonDocument) {
  const [path, ...others] = identityJsonPaths;
  const name = path?.slice(2) ?? '';
  const schema = document.jsonSchemaForInsert.properties[name];
  const isMapped = Object.values(document.documentPathsMapping).some((mapping) => mapping.path === path);
  const isText = schema?.type === 'string' && schema.format === undefined && !isMapped;
  return isText && !isDescriptor && !isSubclass && others.length === 0 ? name : null;
}

/** A copy of a value with some texts and names of members replaced. */
function replaced(value: Json, texts: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, texts));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as JsonRecord).map(([name, member]) => [name, replaced(member, texts)] as const);
  return Object.fromEntries(members);
}

/** Whether a path leads through a reference in the root of a document. */
const isInRoot = (path: string) => path.split('.').length === 3 && !path.includes('[*]');

/** The paths of each resource, by its label, that lead to a person through references of identities. */
function pathsTo(kind: string, resources: readonly PersonResource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const own = `$.${uniqueId(kind)}`;
  const paths = new Map(
    resources.map(({ label }) => [label, new Set<string>(label === `Ed-Fi:${kind}` ? [own] : [])] as const),
  );
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const { label, document } of resources)
      for (const { projectName, resourceName, referenceJsonPaths = [] } of Object.values(document.documentPathsMapping))
        for (const { identityJsonPath, referenceJsonPath } of referenceJsonPaths) {
          const known = paths.get(label);
          // no path leads from a person to another one
          if (label === `Ed-Fi:${kind}` || !isInRoot(referenceJsonPath) || known?.has(referenceJsonPath)) continue;
          if (!paths.get(`${projectName}:${resourceName}`)?.has(identityJsonPath)) continue;
          known?.add(referenceJsonPath);
          isGrowing = true;
        }
  }
  return paths;
}

/**
 * A copy of a set whose core is `Ed-Fi`, and whose first core resources with one text as their key are a student, a
 * contact and a staff. Their paths, and optional references, are securable elements, as in the data standard.
 */
export function withPeople(documents: readonly JsonRecord[]): readonly JsonRecord[] {
  const found = resourcesOf(documents).flatMap(({ label, document }) => {
    const key = label.startsWith('Core:') ? keyOf(document) : null;
    return key === null ? [] : [{ name: document.resourceName, key }];
  });
  const people = kinds.flatMap((kind, index) => (found[index] ? [{ kind, ...found[index] }] : []));
  const keys = new Map(people.map(({ kind, key }) => [key, uniqueId(kind)]));
  const names = new Map([
    ['Core', 'Ed-Fi'],
    ['core', 'ed-fi'],
    ...people.flatMap(({ kind, name }) => [
      [name, kind] as const,
      // the only override of the root table of an extension that is possible
      [`${name}Extension`, `${kind}Extension`] as const,
    ]),
  ]);
  const renamed = withMembers(documents, (name) => keys.get(name) ?? name).map((document) =>
    replaced(document as Json, names),
  ) as JsonRecord[];
  const resources = resourcesOf(renamed);
  const pathsByKind = kinds.map((kind) => [kind, pathsTo(kind, resources)] as const);
  const secured = (label: string, document: PersonDocument): JsonRecord => ({
    Namespace: [],
    EducationOrganization: Object.values(document.documentPathsMapping).flatMap(
      ({ isRequired, referenceJsonPaths }) => {
        const path = referenceJsonPaths?.[0]?.referenceJsonPath;
        return path === undefined || isRequired !== false || !isInRoot(path)
          ? []
          : [{ jsonPath: path, metaEdName: 'Optional' }];
      },
    ),
    ...Object.fromEntries(pathsByKind.map(([kind, paths]) => [kind, [...(paths.get(label) ?? [])]])),
  });
  return withResources(renamed, (schema, label) => {
    const document = schema as unknown as PersonDocument;
    const isSecured = !document.isDescriptor && !document.isResourceExtension;
    return isSecured ? { ...schema, securableElements: secured(label, document) } : schema;
  });
}

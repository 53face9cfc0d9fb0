import { integer, type JsonRecord } from '../schema-builder.ts';
import { changedProperty, withResources } from './changed-resources.ts';

/*
 * Turns an abstract resource of a schema set into the education organizations, from whose references a hierarchy
 * follows (design 05 §5), without the code of the product: other names, and an integer as the id.
 */

/** A copy of a set in which the abstract resource with a name is the education organization, whatever its id is. */
export const namedOrganization = (documents: readonly JsonRecord[], name: string): readonly JsonRecord[] =>
  JSON.parse(JSON.stringify(documents).replaceAll(JSON.stringify(name), JSON.stringify('EducationOrganization')));

interface ProjectDocument {
  readonly projectName: string;
  readonly abstractResources?: Readonly<Record<string, { readonly identityJsonPaths: readonly string[] }>>;
  readonly resourceSchemas: Readonly<Record<string, ResourceDocument>>;
}

interface ResourceDocument {
  readonly resourceName: string;
  readonly superclassProjectName?: string;
  readonly superclassResourceName?: string;
  readonly superclassIdentityJsonPath?: string | null;
  readonly identityJsonPaths: readonly string[];
  readonly documentPathsMapping: Readonly<Record<string, OrganizationReference>>;
  readonly equalityConstraints: readonly { readonly sourceJsonPath: string; readonly targetJsonPath: string }[];
}

interface OrganizationReference {
  readonly projectName?: string;
  readonly resourceName?: string;
  readonly referenceJsonPaths?: readonly { readonly identityJsonPath: string; readonly referenceJsonPath: string }[];
}

/** A place of a document: `Project:Resource $.path`. */
const placeOf = (label: string, path: string) => `${label} ${path}`;

/** Pairs of places that have the same value. */
function equalPlaces(projects: readonly ProjectDocument[]): readonly (readonly [string, string])[] {
  return projects.flatMap(({ projectName, resourceSchemas }) =>
    Object.values(resourceSchemas).flatMap((resource) => {
      const label = `${projectName}:${resource.resourceName}`;
      const { superclassResourceName, superclassIdentityJsonPath: abstractPath, identityJsonPaths } = resource;
      const abstract = `${resource.superclassProjectName}:${superclassResourceName}`;
      return [
        ...Object.values(resource.documentPathsMapping).flatMap((reference) =>
          (reference.referenceJsonPaths ?? []).map(
            ({ identityJsonPath, referenceJsonPath }) =>
              [
                placeOf(`${reference.projectName}:${reference.resourceName}`, identityJsonPath),
                placeOf(label, referenceJsonPath),
              ] as const,
          ),
        ),
        ...resource.equalityConstraints.map(
          ({ sourceJsonPath, targetJsonPath }) =>
            [placeOf(label, sourceJsonPath), placeOf(label, targetJsonPath)] as const,
        ),
        ...(superclassResourceName === undefined
          ? []
          : identityJsonPaths.map(
              (path, index) =>
                [placeOf(abstract, index === 0 ? (abstractPath ?? path) : path), placeOf(label, path)] as const,
            )),
      ];
    }),
  );
}

/** All places whose value is that of a place. */
function placesWith(place: string, pairs: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const found = new Set([place]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [one, other] of pairs)
      if (found.has(one) || found.has(other)) {
        found.add(one);
        found.add(other);
      }
  }
  return found;
}

/**
 * A copy of a set with an education organization: its first abstract resource whose identity is one value other than a
 * descriptor. The set itself if it has none.
 */
export function withOrganizations(documents: readonly JsonRecord[]): readonly JsonRecord[] {
  const projects = documents.map(({ projectSchema }) => projectSchema as unknown as ProjectDocument);
  const [first] = projects.flatMap(({ projectName, abstractResources = {} }) =>
    Object.entries(abstractResources).flatMap(([name, { identityJsonPaths }]) => {
      const [path = '', ...others] = identityJsonPaths;
      const isSingle = others.length === 0 && !path.endsWith('Descriptor');
      return isSingle ? [{ name, id: placeOf(`${projectName}:${name}`, path) }] : [];
    }),
  );
  if (first === undefined) return documents;
  const ids = placesWith(first.id, equalPlaces(projects));
  const numbered = withResources(documents, (schema, label) => {
    const paths = [...ids].flatMap((place) => (place.startsWith(`${label} `) ? [place.slice(label.length + 1)] : []));
    return paths.reduce((changed, path) => changedProperty(changed, path, () => integer()), schema);
  });
  return namedOrganization(numbered, first.name);
}

import type { Document } from './derived.ts';

/** A schema set with one change, which may make it invalid. */
export interface SchemaMutant {
  readonly name: string;
  readonly documents: readonly Document[];
}

// biome-ignore lint/suspicious/noExplicitAny: mutations reach into any part of a document
type MutantJson = any;

const securableKinds = ['EducationOrganization', 'Namespace', 'Student', 'Contact', 'Staff'] as const;

type Mutation = readonly [name: string, mutate: (part: MutantJson) => void];

/** Gives a member another value. */
const setting =
  (member: string, value: (part: MutantJson) => unknown) =>
  (part: MutantJson): void => {
    part[member] = value(part);
  };

const securesNothing = setting('securableElements', () => Object.fromEntries(securableKinds.map((kind) => [kind, []])));
const lacksSecurables = (resource: MutantJson): void => {
  delete resource.securableElements;
};

const ofReference = (key: string): Mutation => [
  `${key} not in the identity`,
  (resource) => {
    const reference = resource.documentPathsMapping[key];
    reference.isPartOfIdentity = false;
    const paths = reference.referenceJsonPaths.map(({ referenceJsonPath }: MutantJson) => referenceJsonPath);
    resource.identityJsonPaths = resource.identityJsonPaths.filter((path: string) => !paths.includes(path));
  },
];

function mutationsOf({ documentPathsMapping = {}, securableElements }: MutantJson): Mutation[] {
  const mapping = Object.entries<MutantJson>(documentPathsMapping);
  const identified = mapping.filter(([, entry]) => entry.referenceJsonPaths && entry.isPartOfIdentity);
  const secured = securableKinds.filter((kind) => securableElements?.[kind]?.length > 0);
  const rename = (own: MutantJson) => ({ ...own.relational, rootTableNameOverride: `Other${own.resourceName}` });
  return [
    ['nothing securable', securesNothing],
    ['without securableElements', lacksSecurables],
    ...secured.map(
      (kind): Mutation => [`no securable ${kind}`, (own) => setting(kind, () => [])(own.securableElements)],
    ),
    ['another root table', setting('relational', rename)],
    ['other identity updates', setting('allowIdentityUpdates', ({ allowIdentityUpdates }) => !allowIdentityUpdates)],
    ['identity backwards', setting('identityJsonPaths', ({ identityJsonPaths }) => identityJsonPaths.toReversed())],
    ['without equality constraints', setting('equalityConstraints', () => [])],
    ['without array uniqueness', setting('arrayUniquenessConstraints', () => [])],
    ['no subclass', setting('isSubclass', () => false)],
    ...identified.map(([key]) => ofReference(key)),
  ];
}

/** Applies a mutation to every resource of a project. */
const ofAll =
  (mutate: (resource: MutantJson) => void) =>
  ({ resourceSchemas }: MutantJson): void => {
    for (const resource of Object.values(resourceSchemas)) mutate(resource);
  };

const ofProject: readonly Mutation[] = [
  ['nothing securable', ofAll(securesNothing)],
  ['without securableElements', ofAll(lacksSecurables)],
  ['another endpoint', setting('projectEndpointName', ({ projectEndpointName }) => `${projectEndpointName}-other`)],
  ['another name', setting('projectName', ({ projectName }) => `Other${projectName}`)],
  ['no hierarchy', setting('educationOrganizationHierarchy', () => ({}))],
  ['no organization types', setting('educationOrganizationTypes', () => [])],
  ['no abstract resources', setting('abstractResources', () => ({}))],
];

/** Sets with one change each: to a project or a resource, or the removal of a resource or of the last project. */
export function schemaMutants(documents: readonly Document[]): SchemaMutant[] {
  const mutants: SchemaMutant[] = [];
  const add = (name: string, index: number, mutate: (project: MutantJson) => void) => {
    const copies: MutantJson[] = structuredClone([...documents]);
    mutate(copies[index].projectSchema);
    mutants.push({ name, documents: copies });
  };
  for (const [index, document] of documents.entries()) {
    const { projectName, resourceSchemas } = (document as MutantJson).projectSchema;
    for (const [name, mutate] of ofProject) add(`${projectName}: ${name}`, index, mutate);
    for (const [endpoint, resource] of Object.entries<MutantJson>(resourceSchemas)) {
      const label = `${projectName}:${resource.resourceName}`;
      add(`without ${label}`, index, (project) => {
        delete project.resourceSchemas[endpoint];
        delete project.resourceNameMapping?.[resource.resourceName];
      });
      for (const [name, mutate] of mutationsOf(resource))
        add(`${label}: ${name}`, index, (project) => mutate(project.resourceSchemas[endpoint]));
    }
  }
  if (documents.length > 1) mutants.push({ name: 'without the last project', documents: documents.slice(0, -1) });
  return mutants;
}

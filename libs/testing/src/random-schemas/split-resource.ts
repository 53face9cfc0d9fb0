import type { Json, JsonRecord } from '../schema-builder.ts';

/* Moves a member of a resource of a random set into a separate resource, as later versions of a standard do. */

/** The member that was moved out of a resource. */
export interface TakenPart {
  /** The resource without the member, and the new resource, as `Project:Resource`. */
  readonly before: string;
  readonly after: string;
  /** The path of the member in the resource. */
  readonly path: string;
  /** The identity of both resources. */
  readonly identity: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: changed in place
type EditedJson = any;

const rootOf = (path: string) => path.split('.')[1]?.replace('[*]', '') ?? '';

const mentions = (value: Json | undefined, name: string) =>
  new RegExp(`\\$\\.${name}(?:\\[\\*\\])?[."]`).test(JSON.stringify(value ?? null));

/** The paths of an entry of `documentPathsMapping`. */
const pathsOf = ({ path, referenceJsonPaths }: EditedJson): readonly string[] =>
  path === undefined ? referenceJsonPaths.map((pair: EditedJson) => pair.referenceJsonPath) : [path];

/** The entries whose paths are all wanted. */
const entriesOf = (mapping: EditedJson, isWanted: (path: string) => boolean) =>
  Object.entries<EditedJson>(mapping).filter(([, entry]) => pathsOf(entry).every(isWanted));

/** Restricts a schema to some places; null if anything other than objects encloses them. */
function restricted(schema: EditedJson, place: string, paths: readonly string[]): EditedJson {
  if (paths.includes(place)) return schema;
  const { type, properties = {}, required = [] } = schema ?? {};
  if (type !== 'object') return null;
  const names = Object.keys(properties).filter((name) =>
    paths.some((path) => path === `${place}.${name}` || path.startsWith(`${place}.${name}.`)),
  );
  const members = names.map((name) => [name, restricted(properties[name], `${place}.${name}`, paths)] as const);
  if (members.some(([, member]) => member === null)) return null;
  const own = {
    properties: Object.fromEntries(members),
    required: required.filter((name: string) => names.includes(name)),
  };
  return { ...schema, ...own };
}

interface Splittable {
  readonly schema: EditedJson;
  readonly project: EditedJson;
  /** The schema restricted to the identity. */
  readonly key: EditedJson;
  /** The members of the root that can be moved. */
  readonly members: readonly string[];
}

function splittable(documents: readonly EditedJson[]): Splittable[] {
  const all = documents.flatMap(({ projectSchema }) =>
    Object.values<EditedJson>(projectSchema.resourceSchemas).map((schema) => ({
      project: projectSchema,
      schema,
    })),
  );
  const extended = new Set(all.flatMap(({ schema }) => (schema.isResourceExtension ? [schema.resourceName] : [])));
  return all.flatMap(({ project, schema }) => {
    const { isDescriptor, isSubclass, resourceName, identityJsonPaths, jsonSchemaForInsert, equalityConstraints } =
      schema;
    if (isDescriptor || isSubclass || extended.has(resourceName)) return [];
    const key = restricted(jsonSchemaForInsert, '$', identityJsonPaths);
    if (key === null || Object.keys(key.properties).length === 0) return [];
    const overrides = Object.keys(schema.relational?.nameOverrides ?? {});
    const members = Object.keys(jsonSchemaForInsert.properties).filter(
      (name) =>
        name !== '_ext' &&
        !(name in key.properties) &&
        !mentions(equalityConstraints, name) &&
        !mentions(overrides, name),
    );
    return members.length === 0 ? [] : [{ schema, project, key, members }];
  });
}

/** The later set, and the part moved out of a resource; null if no member of the set can be moved. */
export function withPart(
  documents: readonly JsonRecord[],
  next: () => number,
): { readonly documents: readonly JsonRecord[]; readonly part: TakenPart } | null {
  const copy: EditedJson[] = structuredClone(documents) as EditedJson[];
  const found = splittable(copy);
  const chosen = found[Math.floor(next() * found.length)];
  const name = chosen?.members[Math.floor(next() * chosen.members.length)];
  if (chosen === undefined || name === undefined) return null;
  const { schema, key } = chosen;
  const { projectName, resourceSchemas } = chosen.project;
  const identity: readonly string[] = schema.identityJsonPaths;
  const { properties, required = [] } = schema.jsonSchemaForInsert;
  const isArray = properties[name].type === 'array';
  const path = isArray ? `$.${name}[*]` : `$.${name}`;
  const isTaken = (each: string) => rootOf(each) === name;
  const ofMember = (list: EditedJson): EditedJson[] => (list ?? []).filter((each: EditedJson) => mentions(each, name));
  const endpoint = Object.keys(resourceSchemas).find((each) => resourceSchemas[each] === schema) ?? '';
  const { relational: _, ...own } = schema;
  const part = {
    ...own,
    resourceName: `${schema.resourceName}Part`,
    allowIdentityUpdates: false,
    equalityConstraints: [],
    arrayUniquenessConstraints: ofMember(schema.arrayUniquenessConstraints),
    decimalPropertyValidationInfos: schema.decimalPropertyValidationInfos.filter(
      (each: EditedJson) => mentions(each, name) || identity.includes(each.path),
    ),
    documentPathsMapping: Object.fromEntries(
      entriesOf(schema.documentPathsMapping, (each) => isTaken(each) || identity.includes(each)),
    ),
    jsonSchemaForInsert: {
      ...key,
      properties: { ...key.properties, [name]: properties[name] },
      required: [...key.required, ...required.filter((each: string) => each === name)],
    },
  };
  resourceSchemas[`${endpoint}Parts`] = structuredClone(part);
  for (const [entry] of entriesOf(schema.documentPathsMapping, isTaken)) delete schema.documentPathsMapping[entry];
  for (const list of ['arrayUniquenessConstraints', 'decimalPropertyValidationInfos'])
    schema[list] = schema[list].filter((each: EditedJson) => !mentions(each, name));
  schema.jsonSchemaForInsert.required = required.filter((each: string) => each !== name);
  delete properties[name];
  return {
    documents: copy,
    part: {
      before: `${projectName}:${schema.resourceName}`,
      after: `${projectName}:${part.resourceName}`,
      path,
      identity,
    },
  };
}

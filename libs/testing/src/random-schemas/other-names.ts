import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';

/* Renames members of documents in whole schema sets by replacing text, without the code of the product. */

/** The new name of a member. It keeps its ending, because that shows the kind of the member. */
const otherName = (name: string) => `zz${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export type IsRenamed = (name: string) => boolean;

const later = (isRenamed: IsRenamed, name: string) => (isRenamed(name) ? otherName(name) : name);

type NameOf = (name: string) => string;

const pathWith = (nameOf: NameOf, path: string): string =>
  path
    .split('.')
    .map((step) => (step.endsWith('[*]') ? `${nameOf(step.slice(0, -3))}[*]` : nameOf(step)))
    .join('.');

/** A path with renamed members. */
export const laterPath = (isRenamed: IsRenamed, path: string): string =>
  pathWith((name) => later(isRenamed, name), path);

interface RenamedProject {
  readonly projectSchema: {
    readonly resourceSchemas: Record<string, unknown>;
    readonly abstractResources?: Record<string, { readonly identityJsonPaths: readonly string[] }>;
  };
}

/** Members of abstract identities whose names identify their descriptor (design 02 §4). */
const descriptorNames = (documents: readonly RenamedProject[]) =>
  documents.flatMap(({ projectSchema: { abstractResources } }) =>
    Object.values(abstractResources ?? {}).flatMap(({ identityJsonPaths }) =>
      identityJsonPaths
        .map((path) => path.slice(path.lastIndexOf('.') + 1))
        .filter((name) => name.endsWith('Descriptor')),
    ),
  );

/**
 * The member names of a set's documents that may change. Names of descriptors, of extensions and of descriptors in
 * abstract identities stay.
 */
export function memberNames(documents: readonly unknown[]): readonly string[] {
  const names = new Set<string>();
  const visit = (schema: unknown, isExtension = false): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
    for (const [name, property] of Object.entries(properties ?? {})) {
      if (name !== '_ext' && !isExtension) names.add(name);
      visit(property, name === '_ext');
    }
    visit(items);
  };
  const projects = documents as readonly RenamedProject[];
  for (const { projectSchema } of projects)
    for (const resource of Object.values(projectSchema.resourceSchemas)) {
      const { isDescriptor, jsonSchemaForInsert } = resource as { isDescriptor: boolean; jsonSchemaForInsert: unknown };
      if (!isDescriptor) visit(jsonSchemaForInsert);
    }
  for (const name of descriptorNames(projects)) names.delete(name);
  return [...names].sort();
}

/** A copy of a set with some members of its documents renamed. */
export const withOtherNames = (documents: readonly unknown[], isRenamed: IsRenamed): unknown[] =>
  withMembers(documents, (name) => later(isRenamed, name));

/** A copy of a set with the names that `nameOf` gives to the members of its documents. */
export function withMembers(documents: readonly unknown[], nameOf: NameOf): unknown[] {
  const nameIn = (name: string, holder: string) =>
    holder === 'properties' ? nameOf(name) : name.startsWith('$') ? pathWith(nameOf, name) : name;
  const changed = (value: unknown, holder: string): unknown => {
    if (typeof value === 'string') {
      if (holder === 'required') return nameOf(value);
      return value.startsWith('$') ? pathWith(nameOf, value) : value;
    }
    if (Array.isArray(value)) return value.map((entry) => changed(entry, holder));
    if (typeof value !== 'object' || value === null) return value;
    // members of descriptors have dedicated columns
    if ('isDescriptor' in value && value.isDescriptor === true && 'jsonSchemaForInsert' in value) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [nameIn(name, holder), changed(member, name)]),
    );
  };
  return documents.map((document) => changed(document, ''));
}

/** A document with some members renamed. */
export function laterNames(isRenamed: IsRenamed, document: JsonObject): JsonObject {
  const changed = (value: JsonValue): JsonValue => {
    if (isJsonArray(value)) return value.map(changed);
    if (!isJsonObject(value)) return value;
    return new Map([...value].map(([name, member]) => [later(isRenamed, name), changed(member)]));
  };
  return changed(document) as JsonObject;
}

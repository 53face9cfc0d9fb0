import type { Json, JsonRecord } from '../schema-builder.ts';

/*
 * Turns an abstract resource of a schema set into the education organizations, from whose references a hierarchy
 * follows (design 05 §5), by replacing names, without the code of the product.
 */

const organization = 'EducationOrganization';

/** A copy of a value in which a name is replaced, also as the name of a member. */
function renamed(value: Json, name: string): Json {
  if (value === name) return organization;
  if (Array.isArray(value)) return value.map((item: Json) => renamed(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as JsonRecord).map(
    ([key, member]) => [key === name ? organization : key, renamed(member, name)] as const,
  );
  return Object.fromEntries(members);
}

/** A copy of a set whose first abstract resource is the education organization; the set itself if it has none. */
export function withOrganizations(documents: readonly JsonRecord[]): readonly JsonRecord[] {
  const [first] = documents.flatMap(({ projectSchema }) =>
    Object.keys(((projectSchema as JsonRecord).abstractResources ?? {}) as JsonRecord),
  );
  return first === undefined ? documents : documents.map((document) => renamed(document, first) as JsonRecord);
}

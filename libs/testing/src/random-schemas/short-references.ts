import type { JsonRecord } from '../schema-builder.ts';
import { withResources } from './changed-resources.ts';

interface ResourceDocument {
  readonly jsonSchemaForInsert: JsonRecord;
  readonly documentPathsMapping: Readonly<
    Record<string, { readonly referenceJsonPaths?: readonly { readonly referenceJsonPath: string }[] }>
  >;
  readonly equalityConstraints: readonly { readonly sourceJsonPath: string; readonly targetJsonPath: string }[];
}

/** A copy of a JSON schema in which the property at a path, by its names, is changed. */
function changedAt(
  schema: JsonRecord,
  [name, ...names]: readonly string[],
  change: (property: JsonRecord) => JsonRecord,
): JsonRecord {
  if (name === undefined) return change(schema);
  if (schema.type === 'array')
    return { ...schema, items: changedAt(schema.items as JsonRecord, [name, ...names], change) };
  const properties = schema.properties as Readonly<Record<string, JsonRecord>>;
  const property = properties[name];
  if (property === undefined) return schema;
  return { ...schema, properties: { ...properties, [name]: changedAt(property, names, change) } };
}

const shorter = (property: JsonRecord): JsonRecord =>
  typeof property.maxLength === 'number' && property.format === undefined && property.maxLength > 1
    ? { ...property, maxLength: Math.ceil(property.maxLength / 2) }
    : property;

/**
 * A copy of a set whose references have room for half as many letters as their targets. A part that a constraint makes
 * equal to another property stays, because both must have the same type.
 */
export const withShortReferences = (documents: readonly JsonRecord[]): readonly JsonRecord[] =>
  withResources(documents, (schema) => {
    const { jsonSchemaForInsert, documentPathsMapping, equalityConstraints } = schema as unknown as ResourceDocument;
    const equal = new Set(
      equalityConstraints.flatMap(({ sourceJsonPath, targetJsonPath }) => [sourceJsonPath, targetJsonPath]),
    );
    const parts = Object.values(documentPathsMapping).flatMap(({ referenceJsonPaths = [] }) =>
      referenceJsonPaths.map(({ referenceJsonPath }) => referenceJsonPath),
    );
    let insert = jsonSchemaForInsert;
    for (const part of new Set(parts))
      if (!equal.has(part)) insert = changedAt(insert, part.slice(2).replaceAll('[*]', '').split('.'), shorter);
    return { ...schema, jsonSchemaForInsert: insert };
  });

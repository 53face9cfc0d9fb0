import type { JsonRecord } from '../schema-builder.ts';

/** A copy of a set with the entries of `resourceSchemas` that `change` gives; `label` is `Project:Resource`. */
export const withResources = (
  documents: readonly JsonRecord[],
  change: (schema: JsonRecord, label: string) => JsonRecord,
): readonly JsonRecord[] =>
  documents.map((root) => {
    const projectSchema = root.projectSchema as JsonRecord;
    const schemas = Object.entries(projectSchema.resourceSchemas as Readonly<Record<string, JsonRecord>>);
    const changed = schemas.map(
      ([endpoint, schema]) =>
        [endpoint, change(schema, `${projectSchema.projectName}:${schema.resourceName}`)] as const,
    );
    return { ...root, projectSchema: { ...projectSchema, resourceSchemas: Object.fromEntries(changed) } };
  });

/** A copy of a resource in whose JSON schema the property at a path is changed; `$.list[*].name` is in each item. */
export const changedProperty = (
  resource: JsonRecord,
  path: string,
  change: (property: JsonRecord) => JsonRecord,
): JsonRecord => ({
  ...resource,
  jsonSchemaForInsert: changedAt(
    resource.jsonSchemaForInsert as JsonRecord,
    path.slice(2).replaceAll('[*]', '').split('.'),
    change,
  ),
});

function changedAt(
  schema: JsonRecord,
  names: readonly string[],
  change: (property: JsonRecord) => JsonRecord,
): JsonRecord {
  if (schema.type === 'array') return { ...schema, items: changedAt(schema.items as JsonRecord, names, change) };
  const [name, ...others] = names;
  if (name === undefined) return change(schema);
  const properties = schema.properties as Readonly<Record<string, JsonRecord>>;
  const property = properties[name];
  if (property === undefined) return schema;
  return { ...schema, properties: { ...properties, [name]: changedAt(property, others, change) } };
}

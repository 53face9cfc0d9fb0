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

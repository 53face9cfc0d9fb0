import type { JsonRecord } from '../schema-builder.ts';

/** A copy of a set whose descriptors have room for fewer letters than `dms.Descriptor`. */
export function withShortDescriptors(documents: readonly JsonRecord[]): readonly JsonRecord[] {
  return documents.map((root) => {
    const projectSchema = root.projectSchema as JsonRecord;
    const schemas = Object.entries(projectSchema.resourceSchemas as JsonRecord).map(([endpoint, schema]) => {
      const { isDescriptor, jsonSchemaForInsert } = schema as JsonRecord;
      if (isDescriptor !== true) return [endpoint, schema] as const;
      const insert = jsonSchemaForInsert as JsonRecord;
      const properties = {
        ...(insert.properties as JsonRecord),
        namespace: { type: 'string', maxLength: 60 },
        codeValue: { type: 'string', maxLength: 20 },
      };
      return [endpoint, { ...(schema as JsonRecord), jsonSchemaForInsert: { ...insert, properties } }] as const;
    });
    return { ...root, projectSchema: { ...projectSchema, resourceSchemas: Object.fromEntries(schemas) } };
  });
}

import type { JsonRecord } from '../schema-builder.ts';

/** The numbers of letters that the texts of descriptors may have. */
export interface DescriptorLengths {
  readonly namespace: number;
  readonly codeValue: number;
}

/** A copy of a set whose descriptors have room for fewer letters than `dms.Descriptor`. */
export function withShortDescriptors(
  documents: readonly JsonRecord[],
  { namespace, codeValue }: DescriptorLengths,
): readonly JsonRecord[] {
  return documents.map((root) => {
    const projectSchema = root.projectSchema as JsonRecord;
    const schemas = Object.entries(projectSchema.resourceSchemas as JsonRecord).map(([endpoint, schema]) => {
      const { isDescriptor, jsonSchemaForInsert } = schema as JsonRecord;
      if (isDescriptor !== true) return [endpoint, schema] as const;
      const insert = jsonSchemaForInsert as JsonRecord;
      const properties = {
        ...(insert.properties as JsonRecord),
        namespace: { type: 'string', maxLength: namespace },
        codeValue: { type: 'string', maxLength: codeValue },
      };
      return [endpoint, { ...(schema as JsonRecord), jsonSchemaForInsert: { ...insert, properties } }] as const;
    });
    return { ...root, projectSchema: { ...projectSchema, resourceSchemas: Object.fromEntries(schemas) } };
  });
}

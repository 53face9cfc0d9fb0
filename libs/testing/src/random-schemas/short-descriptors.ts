import { type JsonRecord, string } from '../schema-builder.ts';
import { withResources } from './changed-resources.ts';

/** The numbers of letters that the texts of descriptors may have. */
export interface DescriptorLengths {
  readonly namespace: number;
  readonly codeValue: number;
}

/** A copy of a set whose descriptors have room for fewer letters than `dms.Descriptor`. */
export const withShortDescriptors = (
  documents: readonly JsonRecord[],
  { namespace, codeValue }: DescriptorLengths,
): readonly JsonRecord[] =>
  withResources(documents, (schema) => {
    if (schema.isDescriptor !== true) return schema;
    const insert = schema.jsonSchemaForInsert as JsonRecord;
    const properties = {
      ...(insert.properties as JsonRecord),
      namespace: string(namespace),
      codeValue: string(codeValue),
    };
    return { ...schema, jsonSchemaForInsert: { ...insert, properties } };
  });

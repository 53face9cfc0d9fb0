import { type ApiSchemaDocument, loadApiSchemaFiles } from '@dms/api-schema';

/** An ApiSchema text that is in memory already; messages call it by its name. */
export interface SchemaText {
  readonly name: string;
  /** Bytes are UTF-8. */
  readonly content: string | Uint8Array;
}

/** Where an ApiSchema is: in a file, by its path, or in memory. */
export type SchemaInput = string | SchemaText;

/** Reads ApiSchemas and reports what is wrong with all of them together, in the given order. Throws `INPUT_*`. */
export function loadSchemas(inputs: readonly SchemaInput[]): Promise<ApiSchemaDocument[]> {
  return loadApiSchemaFiles(
    inputs.map((input) =>
      typeof input === 'string' ? { file: input } : { file: input.name, bytes: Buffer.from(input.content) },
    ),
  );
}

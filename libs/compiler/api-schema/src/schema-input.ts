import { diagnostic, failIfAny } from '@dms/diagnostics';
import { realName } from '@dms/files';
import { type ApiSchemaDocument, type ReadApiSchemas, readApiSchemaFiles } from './load.ts';

/** An ApiSchema text in memory, with a name for messages. */
export interface SchemaText {
  readonly name: string;
  /** Bytes are UTF-8. */
  readonly content: string | Uint8Array;
}

/** An ApiSchema: the path of its file, or a text in memory. */
export type SchemaInput = string | SchemaText;

/**
 * Refuses a file that is given twice, by the same name or by different names. Otherwise the error would be about two
 * projects with the same name.
 */
async function checkDistinct(inputs: readonly SchemaInput[]): Promise<void> {
  const files = inputs.filter((input) => typeof input === 'string');
  const named = await Promise.all(files.map(async (file) => [await realName(file), file] as const));
  const known = new Map<string, string>();
  failIfAny(
    named.flatMap(([name, file]) => {
      const first = known.get(name);
      if (first === undefined) {
        known.set(name, file);
        return [];
      }
      const text =
        first === file ? `${file} is given twice` : `${file} is the same file as ${first}, which is given already`;
      return [diagnostic('CONFIG_SCHEMA_DUPLICATE', `${text}; leave one of them out.`, { file }, { file, first })];
    }),
  );
}

/**
 * Reads ApiSchemas in the given order; derivation continues with the readable ones. Throws `CONFIG_SCHEMA_DUPLICATE`
 * for a file that is given twice; codes: `INPUT_*`.
 */
export async function readSchemas(inputs: readonly SchemaInput[]): Promise<ReadApiSchemas> {
  await checkDistinct(inputs);
  return readApiSchemaFiles(
    inputs.map((input) =>
      typeof input === 'string' ? { file: input } : { file: input.name, bytes: Buffer.from(input.content) },
    ),
  );
}

/** Reads ApiSchemas like `readSchemas`; throws the errors of all files together. */
export async function loadSchemas(inputs: readonly SchemaInput[]): Promise<ApiSchemaDocument[]> {
  const { documents, unread } = await readSchemas(inputs);
  failIfAny(unread);
  return documents;
}

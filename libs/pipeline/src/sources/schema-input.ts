import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type ApiSchemaDocument, loadApiSchemaFiles } from '@dms/api-schema';
import { diagnostic, failIfAny } from '@dms/diagnostics';

/** An ApiSchema text that is in memory already; messages call it by its name. */
export interface SchemaText {
  readonly name: string;
  /** Bytes are UTF-8. */
  readonly content: string | Uint8Array;
}

/** Where an ApiSchema is: in a file, by its path, or in memory. */
export type SchemaInput = string | SchemaText;

/** A file has one name here, whatever it is called where it was given; one that is not there is found missing later. */
const realName = (file: string) => realpath(file).catch(() => path.resolve(file));

/** Refuses a file that is given twice, by one name or two, before anybody wonders about two projects of one name. */
async function checkDistinct(inputs: readonly SchemaInput[]): Promise<void> {
  const files = inputs.filter((input) => typeof input === 'string');
  const names = await Promise.all(files.map(realName));
  failIfAny(
    files.flatMap((file, index) => {
      const first = files[names.indexOf(names[index] ?? '')];
      if (first === undefined || names.indexOf(names[index] ?? '') === index) return [];
      const text = first === file ? `${file} is given twice` : `${file} is the same file as ${first}, which is given already`;
      return [diagnostic('CONFIG_SCHEMA_DUPLICATE', `${text}; leave one of them out.`, { file }, { file, first })];
    }),
  );
}

/**
 * Reads ApiSchemas and reports what is wrong with all of them together, in the given order. Throws `INPUT_*`, and
 * `CONFIG_SCHEMA_DUPLICATE` for a file that is given twice.
 */
export async function loadSchemas(inputs: readonly SchemaInput[]): Promise<ApiSchemaDocument[]> {
  await checkDistinct(inputs);
  return loadApiSchemaFiles(
    inputs.map((input) =>
      typeof input === 'string' ? { file: input } : { file: input.name, bytes: Buffer.from(input.content) },
    ),
  );
}

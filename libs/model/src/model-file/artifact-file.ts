import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import english from 'zod/v4/locales/en.js';

const { localeError: inWords } = english();

/** Reads what is already JSON by its shape; of something else says where it differs first, and how. */
export function readShape<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): { readonly value: z.output<Schema> } | { readonly found: string } {
  // code made for each shape, as zod does otherwise, costs more than one file gives back
  const { success, data, error } = schema.safeParse(value, { jitless: true, error: inWords });
  if (success) return { value: data };
  const [issue] = error.issues;
  return { found: `${issue?.path.join('.') || 'the root'}: ${issue?.message}` };
}

/** Refuses an artifact file: `MODEL_FILE_INVALID`. */
export function invalidArtifact(file: string, expected: string, found: string): never {
  const text = `${file} is not a valid ${expected}: ${found}; run the step that writes it again.`;
  fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
}

/**
 * Reads an artifact of one dialect back by its shape; `expected` says in messages what the file should be. Throws
 * `MODEL_FILE_INVALID` for another format or dialect, or anything that is no such file.
 */
export function readArtifact<Schema extends z.ZodMiniType<{ dialect: SqlDialect }>>(
  schema: Schema,
  text: string,
  file: string,
  dialect: SqlDialect,
  kind: string,
): z.output<Schema> {
  const expected = `${kind} for ${dialect}`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalidArtifact(file, expected, 'it is not JSON');
  }
  const read = readShape(schema, json);
  if ('found' in read) return invalidArtifact(file, expected, read.found);
  if (read.value.dialect !== dialect) invalidArtifact(file, expected, `its dialect is ${read.value.dialect}`);
  return read.value;
}

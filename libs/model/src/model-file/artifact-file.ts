import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import english from 'zod/v4/locales/en.js';

const { localeError: inWords } = english();

/** Reads JSON by its shape; for another shape, returns the first place that differs and why. */
export function readShape<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): { readonly value: z.output<Schema> } | { readonly found: string } {
  // without the code that zod generates for each shape, which costs more than it saves for one file
  const { success, data, error } = schema.safeParse(value, { jitless: true, error: inWords });
  if (success) return { value: data };
  const [issue] = error.issues;
  return { found: `${issue?.path.join('.') || 'the root'}: ${issue?.message}` };
}

/** A kind of artifact file, and how it says which version of its format it has. */
export interface ArtifactKind {
  /** `model file`. */
  readonly name: string;
  /** The member with the number of the format. */
  readonly member: string;
  /** The numbers that can be read. */
  readonly formats: readonly number[];
}

/** Refuses an artifact file: `MODEL_FILE_INVALID`. */
export function invalidArtifact(file: string, expected: string, found: string): never {
  const text = `${file} is not a valid ${expected}: ${found}; emit the artifacts again.`;
  fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
}

/**
 * Reads an artifact of one dialect by its shape. Throws `MODEL_FILE_INVALID` for another format or dialect, or any
 * other file; a file of another format must be made again.
 */
export function readArtifact<Schema extends z.ZodMiniType<{ dialect: SqlDialect }>>(
  schema: Schema,
  text: string,
  file: string,
  dialect: SqlDialect,
  { name, member, formats }: ArtifactKind,
): z.output<Schema> {
  const expected = `${name} of format ${formats.join(' or ')} for ${dialect}`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalidArtifact(file, expected, 'it is not JSON');
  }
  const found = (json as { readonly [name: string]: unknown } | null)?.[member];
  if (typeof found === 'number' && !formats.includes(found)) {
    const age = formats.every((format) => found < format) ? 'an earlier' : 'another';
    const text = `${file} has the format ${found} of ${age} version of dms; this version reads a ${expected}. Emit the artifacts again.`;
    fail('MODEL_FILE_INVALID', text, { file }, { expected, found: `${member} ${found}` });
  }
  const read = readShape(schema, json);
  if ('found' in read) return invalidArtifact(file, expected, read.found);
  if (read.value.dialect !== dialect) invalidArtifact(file, expected, `its dialect is ${read.value.dialect}`);
  return read.value;
}

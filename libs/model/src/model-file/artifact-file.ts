import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { z } from 'zod';

/** Refuses an artifact file: `MODEL_FILE_INVALID`. */
export function invalidArtifact(file: string, expected: string, found: string): never {
  const text = `${file} is no ${expected}: ${found}; run the step that writes it again.`;
  fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
}

/**
 * Reads an artifact of one dialect back by its shape; `expected` says in messages what the file should be. Throws
 * `MODEL_FILE_INVALID` for another format or dialect, or anything that is no such file.
 */
export function readArtifact<Schema extends z.ZodType<{ dialect: SqlDialect }>>(
  schema: Schema,
  text: string,
  file: string,
  dialect: SqlDialect,
  kind: string,
): z.output<Schema> {
  const expected = `${kind} for ${dialect}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalidArtifact(file, expected, 'it is no JSON');
  }
  // code made for each shape, as zod does otherwise, costs more than one file gives back
  const result = schema.safeParse(value, { jitless: true });
  if (!result.success) {
    const [issue] = result.error.issues;
    return invalidArtifact(file, expected, `${issue?.path.join('.') || 'the root'}: ${issue?.message}`);
  }
  if (result.data.dialect !== dialect) invalidArtifact(file, expected, `its dialect is ${result.data.dialect}`);
  return result.data;
}

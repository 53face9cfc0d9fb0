import { failIfAny } from '@dms/diagnostics';
import { canonicalText, type JsonValue } from '@dms/files';
import type { ApiSchemaDocument } from './load.ts';
import { stripOpenApi } from './strip-open-api.ts';
import { checkShape, checkValues } from './validate.ts';

/**
 * The text of `schema.normalized.json`: the canonical form of version and stripped project, then one LF (design 01
 * §5.5). It holds exactly what is hashed. Checks this document alone; throws the `INPUT_*` codes of design 01 §4.1 and
 * of rules 6 and 7 of §4.2.
 */
export function normalizedSchemaText(document: ApiSchemaDocument): string {
  const { found, schema } = checkShape(document, document.file);
  failIfAny([...found, ...(schema ? checkValues(schema) : [])]);
  if (!schema) throw new Error('unreachable');
  const normalized = new Map<string, JsonValue>([
    ['apiSchemaVersion', schema.apiSchemaVersion],
    ['projectSchema', stripOpenApi(schema.projectSchema)],
  ]);
  return `${canonicalText(normalized)}\n`;
}

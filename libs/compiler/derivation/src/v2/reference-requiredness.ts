import { alternatives } from '@dms/diagnostics';
import type { DeclaredReference } from '../draft/draft-rules.ts';
import { requiredInSchema } from '../input/required-in-schema.ts';
import { failResource } from '../input/resource-entry.ts';

/** Whether the JSON schema requires a reference (design 15 §5). */
export function isReferenceRequired(reference: DeclaredReference): boolean {
  const { entry, mappingKey, referenceObjectPath } = reference;
  const { canonical } = referenceObjectPath;
  const schema = reference.insertSchema();
  const required = requiredInSchema(referenceObjectPath, schema);
  if (required === 'absent') {
    const text = `jsonSchemaForInsert has no ${canonical}${alternatives(canonical, schema.nodes.keys())}`;
    return failResource('REFERENCE_PATH_NOT_IN_SCHEMA', entry.label, text, canonical);
  }
  if (required === 'no object') {
    const text = `the reference ${mappingKey} names ${canonical}, which is not an object of jsonSchemaForInsert`;
    return failResource('REFERENCE_OBJECT_INVALID', entry.label, text, canonical, { mappingKey });
  }
  return required;
}

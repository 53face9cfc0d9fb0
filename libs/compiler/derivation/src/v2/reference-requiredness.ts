import { type JsonPath, pathOf } from '@dms/api-schema';
import { alternatives } from '@dms/diagnostics';
import type { DeclaredReference } from '../draft/draft-rules.ts';
import type { InsertSchema, SchemaNode } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';

/**
 * Whether the JSON schema requires a reference: it is listed as required, and not nullable, at every step from the
 * object that owns it (design 15 §5). Objects above the owner do not count.
 */
export function isReferenceRequired(reference: DeclaredReference): boolean {
  const { entry, mappingKey, referenceObjectPath } = reference;
  const schema = reference.insertSchema();
  const { segments, canonical } = referenceObjectPath;
  const depth = owningDepth(referenceObjectPath);
  let node: SchemaNode | undefined = schema.nodes.get(pathOf(segments.slice(0, depth)).canonical);
  let isRequired = true;
  for (const segment of segments.slice(depth)) {
    const property =
      node?.kind === 'object' && segment.kind === 'property' ? node.properties.get(segment.name) : undefined;
    if (!property) return notInSchema(reference, schema);
    node = property.node;
    isRequired &&= property.isRequired && !node.isNullable;
  }
  if (!node) return notInSchema(reference, schema);
  if (node.kind !== 'object') {
    const text = `the reference ${mappingKey} names ${canonical}, which is not an object of jsonSchemaForInsert`;
    failResource('REFERENCE_OBJECT_INVALID', entry.label, text, canonical, { mappingKey });
  }
  return isRequired;
}

/** The number of path segments of the object that owns the reference: a row, or the extension of a project. */
function owningDepth({ segments }: JsonPath): number {
  for (let depth = segments.length; depth > 0; depth -= 1) {
    const before = segments[depth - 2];
    const last = segments[depth - 1];
    const isItem = last?.kind === 'anyElement';
    const isExtension = before?.kind === 'property' && before.name === '_ext' && last?.kind === 'property';
    if (isItem || isExtension) return depth;
  }
  return 0;
}

function notInSchema({ entry, referenceObjectPath }: DeclaredReference, schema: InsertSchema): never {
  const { canonical } = referenceObjectPath;
  const near = alternatives(canonical, schema.nodes.keys());
  return failResource(
    'REFERENCE_PATH_NOT_IN_SCHEMA',
    entry.label,
    `jsonSchemaForInsert has no ${canonical}${near}`,
    canonical,
  );
}

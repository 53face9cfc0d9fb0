import { type JsonPath, pathOf } from '@dms/api-schema';
import type { InsertSchema, SchemaNode } from './insert-schema.ts';

/**
 * Whether a JSON schema requires a reference: it is listed as required, and not nullable, at every step from the object
 * that owns it (design 15 §5). Objects above the owner do not count.
 *
 * @returns `'absent'` if the schema has no such member, `'no object'` if the member has another type
 */
export function requiredInSchema(reference: JsonPath, schema: InsertSchema): boolean | 'absent' | 'no object' {
  const { segments } = reference;
  const depth = owningDepth(reference);
  let node: SchemaNode | undefined = schema.nodes.get(pathOf(segments.slice(0, depth)).canonical);
  let isRequired = true;
  for (const segment of segments.slice(depth)) {
    const property =
      node?.kind === 'object' && segment.kind === 'property' ? node.properties.get(segment.name) : undefined;
    if (!property) return 'absent';
    node = property.node;
    isRequired &&= property.isRequired && !node.isNullable;
  }
  if (!node) return 'absent';
  return node.kind === 'object' ? isRequired : 'no object';
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

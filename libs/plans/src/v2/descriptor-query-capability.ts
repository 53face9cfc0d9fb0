import type { QueryField, ResourceModel } from '@dms/model';
import { foldedName } from '../parameter-names.ts';
import { type DescriptorQueryCapability, type DescriptorTarget, descriptorTargets } from '../query/query-capability.ts';
import { caseCollisions, inFieldOrder } from './query-capability.ts';

interface DescriptorField {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly target: DescriptorTarget;
}

/** The query fields that every descriptor has, in the order in which texts list them. */
const descriptorFields: readonly DescriptorField[] = [
  { name: 'id', type: 'string', target: 'document_uuid' },
  { name: 'namespace', type: 'string', target: 'namespace' },
  { name: 'codeValue', type: 'string', target: 'code_value' },
  { name: 'shortDescription', type: 'string', target: 'short_description' },
  { name: 'description', type: 'string', target: 'description' },
  { name: 'effectiveBeginDate', type: 'date', target: 'effective_begin_date' },
  { name: 'effectiveEndDate', type: 'date', target: 'effective_end_date' },
];

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** The differences from the fields that a descriptor must have; the manifest contains these texts (design 17a §2). */
function mismatches(fields: readonly QueryField[]): string[] {
  const collisions = caseCollisions(fields);
  if (collisions.length > 0)
    return [`case-insensitive query field name collisions were found: ${collisions.map(quoted).join('; ')}.`];
  const byName = new Map(fields.map((field) => [foldedName(field.field), field]));
  const missing = descriptorFields.filter(({ name }) => !byName.has(foldedName(name)));
  const wrong = descriptorFields.flatMap(({ name, type }) => {
    const found = byName.get(foldedName(name))?.paths;
    const [only, ...others] = found ?? [];
    const isRight = only?.path.canonical === `$.${name}` && foldedName(only.type) === type && others.length === 0;
    if (!found || isRight) return [];
    const list = found.map((each) => `'${each.path.canonical}' (${each.type})`).join(', ');
    return [`field '${name}' must map to exactly one path '$.${name}' with type '${type}' (found: ${list}).`];
  });
  const known = new Set(descriptorFields.map(({ name }) => foldedName(name)));
  const unexpected = inFieldOrder(fields).filter(({ field }) => !known.has(foldedName(field)));
  return [
    ...(missing.length > 0 ? [`missing fields: ${quoted(missing.map(({ name }) => name))}.`] : []),
    ...wrong,
    ...(unexpected.length > 0 ? [`unexpected fields: ${quoted(unexpected.map(({ field }) => field))}.`] : []),
  ];
}

/** Whether a descriptor can be queried by the fields that all descriptors share (design 17a §2). */
export function descriptorQueryCapability({ queryFieldMapping }: ResourceModel): DescriptorQueryCapability {
  const parts = mismatches(queryFieldMapping);
  if (parts.length > 0) {
    const reason = `ApiSchema queryFieldMapping disagrees with the shared descriptor query contract: ${parts.join(' ')}`;
    return { support: { kind: 'omitted', omissionKind: 'api_schema_mismatch', reason }, supportedFields: [] };
  }
  const contract = new Map(descriptorFields.map((each) => [foldedName(each.name), each]));
  return {
    support: { kind: 'supported' },
    supportedFields: inFieldOrder(queryFieldMapping).flatMap(({ field }) => {
      const found = contract.get(foldedName(field));
      return found ? [{ field, target: found.target, column: descriptorTargets[found.target]?.column ?? null }] : [];
    }),
  };
}

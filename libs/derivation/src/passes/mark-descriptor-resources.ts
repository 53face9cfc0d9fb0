import { forEachReported } from '@dms/diagnostics';
import type { DraftResource, ModelDraft } from '../draft/model-draft.ts';
import type { InsertSchema } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';

const texts = ['namespace', 'codeValue', 'shortDescription', 'description'];
const dates = ['effectiveBeginDate', 'effectiveEndDate'];
const requiredMembers = ['namespace', 'codeValue'];

function contractViolations({ root }: InsertSchema): string[] {
  if (!root.declares.properties) return ['"properties" is missing'];
  const violations: string[] = [];
  for (const name of [...texts, ...dates]) {
    const property = root.properties.get(name)?.node;
    if (!property) {
      if (requiredMembers.includes(name)) violations.push(`the property "${name}" is missing`);
      continue;
    }
    const isText = property.kind === 'scalar' && property.type === 'string';
    if (!isText) violations.push(`"${name}" must have the type "string"`);
    else if (dates.includes(name) && property.format !== 'date') violations.push(`"${name}" must have the format "date"`);
  }
  if (!root.declares.required) return [...violations, '"required" is missing'];
  for (const name of requiredMembers)
    if (root.properties.get(name)?.isRequired !== true) violations.push(`"${name}" must be required`);
  for (const [name, { isRequired }] of root.properties) {
    const mayBeRequired = requiredMembers.includes(name) || name === 'shortDescription';
    if (isRequired && !mayBeRequired) violations.push(`"${name}" must not be required`);
  }
  return violations;
}

function markDescriptor(resource: DraftResource): void {
  const { resourceName } = resource.entry;
  if (!resourceName.endsWith('Descriptor')) {
    failResource(
      'DESCRIPTOR_NAME_INVALID',
      resource.label,
      'the name of a descriptor resource must end with "Descriptor"',
      'resourceName',
    );
  }
  const violations = contractViolations(resource.input.insertSchema);
  if (violations.length > 0) {
    const text = `jsonSchemaForInsert does not describe a descriptor: ${violations.join('; ')}`;
    failResource('DESCRIPTOR_CONTRACT_VIOLATION', resource.label, text, 'jsonSchemaForInsert', { violations });
  }
  resource.isSharedDescriptor = true;
  resource.tables = [];
  resource.edgeSources.length = 0;
  resource.decimalPrecisionFallbacks.length = 0;
  resource.descriptorMetadata = {
    columns: {
      namespace: 'Namespace',
      codeValue: 'CodeValue',
      shortDescription: 'ShortDescription',
      description: 'Description',
      effectiveBeginDate: 'EffectiveBeginDate',
      effectiveEndDate: 'EffectiveEndDate',
      discriminator: null,
    },
    discriminatorStrategy: 'resourceKeyId',
  };
}

/**
 * Checks the contract of descriptor resources and drops their tables, because they are stored in `dms.Descriptor` (design 02
 * §11).
 */
export function markDescriptorResources(draft: ModelDraft): void {
  forEachReported(
    [...draft.resources.values()].filter((resource) => resource.input.isDescriptor),
    markDescriptor,
  );
}

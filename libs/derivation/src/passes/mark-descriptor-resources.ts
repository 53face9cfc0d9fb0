import type { DraftRules } from '../draft/draft-rules.ts';
import type { DraftResource, ModelDraft } from '../draft/model-draft.ts';
import { resourceDiagnostic } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';

const texts = ['namespace', 'codeValue', 'shortDescription', 'description'];
const dates = ['effectiveBeginDate', 'effectiveEndDate'];
const requiredMembers = ['namespace', 'codeValue'];

/**
 * Arrays and equality constraints, which would be lost: `dms.Descriptor` has one row per descriptor, with columns of
 * its own.
 */
function lostParts({ insertSchema: { nodes }, equalityConstraints }: ResourceInput): string[] {
  const arrays = [...nodes.values()].flatMap(({ kind, path }) => (kind === 'array' ? [path.canonical] : []));
  const missing = equalityConstraints
    .flatMap(({ source, target }) => [source.canonical, target.canonical])
    .filter((path) => nodes.get(path)?.kind !== 'scalar');
  return [
    ...arrays.sort().map((path) => `${path} is an array; a descriptor has only single values`),
    ...[...new Set(missing)]
      .sort()
      .map((path) => `equalityConstraints names ${path}, which is not a value of the schema`),
  ];
}

function contractFindings(input: ResourceInput, rules: DraftRules): string[] {
  const { root } = input.insertSchema;
  if (!root.declares.properties) return ['"properties" is missing'];
  const findings = rules.refusesLostDescriptorParts ? lostParts(input) : [];
  for (const name of [...texts, ...dates]) {
    const property = root.properties.get(name)?.node;
    if (!property) {
      if (requiredMembers.includes(name)) findings.push(`the property "${name}" is missing`);
      continue;
    }
    const isText = property.kind === 'scalar' && property.type === 'string';
    if (!isText) findings.push(`"${name}" must have the type "string"`);
    else if (dates.includes(name) && property.format !== 'date') findings.push(`"${name}" must have the format "date"`);
  }
  if (!root.declares.required) return [...findings, '"required" is missing'];
  for (const name of requiredMembers)
    if (root.properties.get(name)?.isRequired !== true) findings.push(`"${name}" must be required`);
  for (const [name, { isRequired }] of root.properties) {
    const mayBeRequired = requiredMembers.includes(name) || name === 'shortDescription';
    if (isRequired && !mayBeRequired) findings.push(`"${name}" must not be required`);
  }
  return findings;
}

function markDescriptor({ diagnostics, rules }: ModelDraft, resource: DraftResource): void {
  const { entry, label, input } = resource;
  if (!entry.resourceName.endsWith('Descriptor')) {
    const text = 'the name of a descriptor resource must end with "Descriptor"';
    diagnostics.add([resourceDiagnostic('DESCRIPTOR_NAME_INVALID', label, text, 'resourceName')]);
  }
  // a property with an error was reported, and may be one that the contract asks for
  const findings = input.insertSchema.refused.size > 0 ? [] : contractFindings(input, rules);
  if (findings.length > 0) {
    const text = `jsonSchemaForInsert does not describe a descriptor: ${findings.join('; ')}`;
    diagnostics.add([
      resourceDiagnostic('DESCRIPTOR_CONTRACT_VIOLATION', label, text, 'jsonSchemaForInsert', { violations: findings }),
    ]);
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
 * Checks the contract of descriptor resources and drops their tables, because they are stored in `dms.Descriptor`
 * (design 02 §11).
 */
export function markDescriptorResources(draft: ModelDraft): void {
  draft.diagnostics.forEach(
    [...draft.resources.values()].filter((resource) => resource.input.isDescriptor),
    (resource) => markDescriptor(draft, resource),
  );
}

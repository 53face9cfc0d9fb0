import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { counted, type Diagnostic, diagnostic, nearestName } from '@dms/diagnostics';
import { type Descriptor, dateText, descriptorUri, identityTextsOf, ReferentialIds, whereOf } from '@dms/documents';
import { endpointName, mustExist, type RelationalModelSet } from '@dms/model';
import { groupBy } from '@dms/values';
import type { DescriptorField, RawDescriptor } from './descriptor-files.ts';

/** The outcome for a descriptor of a file. */
type ResolvedDescriptor =
  | { readonly kind: 'descriptor'; readonly descriptor: Descriptor }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] }
  /** The mapping set has no such descriptor. */
  | { readonly kind: 'unknown'; readonly name: string; readonly diagnostic: Diagnostic };

/** Turns the entries of files into descriptors of a mapping set. */
export type ResolveDescriptor = (raw: RawDescriptor) => ResolvedDescriptor;

/** Returns the function that turns the entries of files into descriptors of a mapping set (design 14a §4.2). */
export function descriptorResolver(model: RelationalModelSet): ResolveDescriptor {
  const known = knownDescriptors(model);
  const ids = new ReferentialIds(identityTextsOf(model.effectiveSchema.relationalMappingVersion));
  return (raw) => {
    const key = findResource(known, raw);
    if ('code' in key) {
      if (key.code !== 'SEED_UNKNOWN_DESCRIPTOR') return { kind: 'invalid', diagnostics: [key] };
      return { kind: 'unknown', name: nameOf(raw), diagnostic: key };
    }
    const values = readValues(raw, key);
    if ('kind' in values) return values;
    const referentialId = ids.ofDescriptor(key, descriptorUri(values));
    return { kind: 'descriptor', descriptor: { ...values, referentialId } };
  };
}

/** The descriptors of a mapping set, by the names that files have for them. */
interface KnownDescriptors {
  readonly byName: ReadonlyMap<string, readonly ResourceKeyEntry[]>;
  readonly names: readonly string[];
  readonly coreProjects: ReadonlySet<string>;
}

function knownDescriptors({ resources, projects }: RelationalModelSet): KnownDescriptors {
  const keys = resources
    .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
    .map(({ resourceKey }) => resourceKey);
  const named = keys.flatMap((key) =>
    [key.resourceName, endpointName(key.resourceName).toLowerCase()].map((name) => ({ name, key })),
  );
  const byName = [...groupBy(named, ({ name }) => name)].map(
    ([name, own]) => [name, own.map(({ key }) => key)] as const,
  );
  return {
    byName: new Map(byName),
    names: keys.map(({ resourceName }) => resourceName),
    coreProjects: new Set(
      projects.filter(({ isExtensionProject }) => !isExtensionProject).map(({ projectName }) => projectName),
    ),
  };
}

/** The resource of a descriptor; if several projects have one, that of the only core project among them. */
function findResource(
  { byName, names, coreProjects }: KnownDescriptors,
  raw: RawDescriptor,
): ResourceKeyEntry | Diagnostic {
  const { projectName, resourceName } = raw;
  const all = byName.get(resourceName) ?? byName.get(resourceName.toLowerCase()) ?? [];
  const found = projectName === null ? all : all.filter((key) => key.projectName === projectName);
  const core = found.filter((key) => coreProjects.has(key.projectName));
  const chosen = found.length === 1 ? found[0] : core.length === 1 ? core[0] : undefined;
  if (chosen) return chosen;
  const name = nameOf(raw);
  if (found.length > 1) {
    const projects = found.map((key) => key.projectName).sort();
    const text = `${name} is a descriptor of ${projects.join(' and ')}; name its project.`;
    return diagnostic('SEED_AMBIGUOUS', text, whereOf(raw), { name, projects });
  }
  const { nearest, hint } = nearestName(resourceName, names);
  const text = `The mapping set has no descriptor ${name}${hint}`;
  return diagnostic('SEED_UNKNOWN_DESCRIPTOR', text, whereOf(raw), { name, nearest });
}

/** The name of a descriptor as its file has it. */
const nameOf = ({ projectName, resourceName }: Pick<RawDescriptor, 'projectName' | 'resourceName'>): string =>
  projectName === null ? resourceName : `${projectName}:${resourceName}`;

/** The values of a descriptor, or their diagnostics. */
function readValues(
  raw: RawDescriptor,
  resourceKey: ResourceKeyEntry,
): Omit<Descriptor, 'referentialId'> | Extract<ResolvedDescriptor, { readonly kind: 'invalid' }> {
  const diagnostics: Diagnostic[] = [];
  const value = (field: DescriptorField) => readText(raw, resourceKey, field, diagnostics);
  const namespace = value('namespace');
  const codeValue = value('codeValue');
  for (const [field, text] of Object.entries({ namespace, codeValue })) {
    if (text === null && raw.fields[field as DescriptorField] === undefined)
      diagnostics.push(invalidField(raw, resourceKey, field, 'is missing'));
  }
  const shortDescription = value('shortDescription');
  const description = value('description');
  const effectiveBeginDate = readDate(raw, resourceKey, 'effectiveBeginDate', diagnostics);
  const effectiveEndDate = readDate(raw, resourceKey, 'effectiveEndDate', diagnostics);
  const [first, ...further] = diagnostics;
  if (first) return { kind: 'invalid', diagnostics: [first, ...further] };
  const code = mustExist(codeValue, 'the code value of a descriptor');
  return {
    resourceKey,
    namespace: mustExist(namespace, 'the namespace of a descriptor'),
    codeValue: code,
    // a code value always fits: it has at most 50 characters, a short description may have 75
    shortDescription: shortDescription ?? code,
    description,
    effectiveBeginDate,
    effectiveEndDate,
    file: raw.file,
    line: raw.line,
  };
}

/** The text of a field; null if it is absent. */
function readText(
  raw: RawDescriptor,
  key: ResourceKeyEntry,
  field: DescriptorField,
  diagnostics: Diagnostic[],
): string | null {
  const value = raw.fields[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') {
    diagnostics.push(invalidField(raw, key, field, 'is not text'));
    return null;
  }
  const text = value.trim();
  const entry = invalidText(raw, key, field, text);
  if (entry !== null) diagnostics.push(entry);
  return text === '' ? null : text;
}

function invalidField(
  raw: RawDescriptor,
  key: ResourceKeyEntry,
  field: string,
  reason: string,
  details = {},
): Diagnostic {
  const resource = resourceLabel(key);
  const text = `${field} of a ${resource} ${reason}.`;
  return diagnostic('SEED_VALUE', text, { ...whereOf(raw), resource, path: `$.${field}` }, { field, ...details });
}

/** The longest texts, in UTF-16 units. */
const lengths: Readonly<Partial<Record<DescriptorField, number>>> = {
  namespace: 255,
  codeValue: 50,
  shortDescription: 75,
  description: 1024,
};

/** The diagnostic for the text of a field, without the white space around it; null if the text is valid. */
function invalidText(
  raw: RawDescriptor,
  key: ResourceKeyEntry,
  field: DescriptorField,
  text: string,
): Diagnostic | null {
  const limit = lengths[field];
  if (limit !== undefined && text.length > limit) {
    const reason = `has ${counted(text.length, 'character')}, more than ${limit}`;
    return invalidField(raw, key, field, reason, { length: text.length, limit });
  }
  if (text.includes('\u0000')) return invalidField(raw, key, field, 'holds the character U+0000');
  const isNeeded = field === 'namespace' || field === 'codeValue';
  return text === '' && isNeeded ? invalidField(raw, key, field, 'is empty') : null;
}

function readDate(
  raw: RawDescriptor,
  key: ResourceKeyEntry,
  field: DescriptorField,
  diagnostics: Diagnostic[],
): string | null {
  const text = readText(raw, key, field, diagnostics);
  if (text === null || dateText(text) !== undefined) return text;
  diagnostics.push(invalidField(raw, key, field, `is ${JSON.stringify(text.slice(0, 40))}, not a date YYYY-MM-DD`));
  return null;
}

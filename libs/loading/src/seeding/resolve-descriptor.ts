import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { counted, type Diagnostic, diagnostic, nearestName } from '@dms/diagnostics';
import { type Descriptor, dateText, descriptorUri, ReferentialIds, whereOf } from '@dms/documents';
import { mustExist, type RelationalModelSet } from '@dms/model';
import { endpointName } from '../files/endpoint-names.ts';
import type { DescriptorField, RawDescriptor } from './descriptor-entry.ts';

/** The outcome for a descriptor of a file. */
export type ResolvedDescriptor =
  | { readonly kind: 'descriptor'; readonly descriptor: Descriptor }
  | { readonly kind: 'problems'; readonly problems: readonly [Diagnostic, ...Diagnostic[]] }
  /** The mapping set has no such descriptor. */
  | { readonly kind: 'unknown'; readonly name: string; readonly problem: Diagnostic };

/** The longest texts, in UTF-16 units. */
const lengths: Readonly<Partial<Record<DescriptorField, number>>> = {
  namespace: 255,
  codeValue: 50,
  shortDescription: 75,
  description: 1024,
};

/** OrderedWork the entries of files into descriptors of a mapping set (design 09 §8.2). */
export class DescriptorResolver {
  private readonly byName = new Map<string, ResourceKeyEntry[]>();
  private readonly coreProjects: ReadonlySet<string>;
  private readonly names: readonly string[];
  private readonly ids = new ReferentialIds();

  constructor(model: RelationalModelSet) {
    const keys = model.resources
      .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
      .map(({ resourceKey }) => resourceKey);
    for (const key of keys) {
      for (const name of [key.resourceName, endpointName(key.resourceName).toLowerCase()])
        this.byName.set(name, [...(this.byName.get(name) ?? []), key]);
    }
    this.names = keys.map(({ resourceName }) => resourceName);
    this.coreProjects = new Set(
      model.projects.filter(({ isExtensionProject }) => !isExtensionProject).map(({ projectName }) => projectName),
    );
  }

  resolve(raw: RawDescriptor): ResolvedDescriptor {
    const key = this.resourceOf(raw);
    if ('code' in key) {
      const { projectName, resourceName } = raw;
      if (key.code !== 'SEED_UNKNOWN_DESCRIPTOR') return { kind: 'problems', problems: [key] };
      return {
        kind: 'unknown',
        name: projectName === null ? resourceName : `${projectName}:${resourceName}`,
        problem: key,
      };
    }
    const problems: Diagnostic[] = [];
    const value = (field: DescriptorField) => this.textOf(raw, key, field, problems);
    const namespace = value('namespace');
    const codeValue = value('codeValue');
    for (const [field, text] of Object.entries({ namespace, codeValue })) {
      if (text === null && raw.fields[field as DescriptorField] === undefined)
        problems.push(this.problem(raw, key, field, 'is missing'));
    }
    const shortDescription = value('shortDescription');
    const others = {
      description: value('description'),
      effectiveBeginDate: this.dateOf(raw, key, 'effectiveBeginDate', problems),
      effectiveEndDate: this.dateOf(raw, key, 'effectiveEndDate', problems),
    };
    const [first, ...further] = problems;
    if (first) return { kind: 'problems', problems: [first, ...further] };
    const given = {
      namespace: mustExist(namespace, 'the namespace of a descriptor'),
      codeValue: mustExist(codeValue, 'the code value of a descriptor'),
    };
    const descriptor = {
      resourceKey: key,
      ...given,
      // a code value always fits: it has at most 50 characters, a short description may have 75
      shortDescription: shortDescription ?? given.codeValue,
      ...others,
      file: raw.file,
      line: raw.line,
    };
    return {
      kind: 'descriptor',
      descriptor: { ...descriptor, referentialId: this.ids.ofDescriptor(key, descriptorUri(descriptor)) },
    };
  }

  private resourceOf({ projectName, resourceName, ...place }: RawDescriptor): ResourceKeyEntry | Diagnostic {
    const all = this.byName.get(resourceName) ?? this.byName.get(resourceName.toLowerCase()) ?? [];
    const found = projectName === null ? all : all.filter((key) => key.projectName === projectName);
    const [first] = found;
    const core = found.filter((key) => this.coreProjects.has(key.projectName));
    const chosen = found.length === 1 ? first : core.length === 1 ? core[0] : undefined;
    if (chosen) return chosen;
    const name = projectName === null ? resourceName : `${projectName}:${resourceName}`;
    if (found.length > 1) {
      const projects = found.map((key) => key.projectName).sort();
      const text = `${name} is a descriptor of ${projects.join(' and ')}; name its project.`;
      return diagnostic('SEED_AMBIGUOUS', text, whereOf(place), { name, projects });
    }
    const { nearest, hint } = nearestName(resourceName, this.names);
    const text = `The mapping set has no descriptor ${name}${hint}`;
    return diagnostic('SEED_UNKNOWN_DESCRIPTOR', text, whereOf(place), { name, nearest });
  }

  private problem(raw: RawDescriptor, key: ResourceKeyEntry, field: string, fault: string, details = {}): Diagnostic {
    const resource = resourceLabel(key);
    const text = `${field} of a ${resource} ${fault}.`;
    return diagnostic('SEED_VALUE', text, { ...whereOf(raw), resource, path: `$.${field}` }, { field, ...details });
  }

  /** The text of a field; null if it is absent. */
  private textOf(
    raw: RawDescriptor,
    key: ResourceKeyEntry,
    field: DescriptorField,
    problems: Diagnostic[],
  ): string | null {
    const value = raw.fields[field];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') {
      problems.push(this.problem(raw, key, field, 'is not text'));
      return null;
    }
    const text = value.trim();
    const limit = lengths[field];
    if (limit !== undefined && text.length > limit)
      problems.push(
        this.problem(raw, key, field, `has ${counted(text.length, 'character')}, more than ${limit}`, {
          length: text.length,
          limit,
        }),
      );
    else if (text.includes('\u0000')) problems.push(this.problem(raw, key, field, 'holds the character U+0000'));
    else if (text === '' && (field === 'namespace' || field === 'codeValue'))
      problems.push(this.problem(raw, key, field, 'is empty'));
    return text === '' ? null : text;
  }

  private dateOf(
    raw: RawDescriptor,
    key: ResourceKeyEntry,
    field: DescriptorField,
    problems: Diagnostic[],
  ): string | null {
    const text = this.textOf(raw, key, field, problems);
    if (text === null || dateText(text) !== undefined) return text;
    problems.push(this.problem(raw, key, field, `is ${JSON.stringify(text.slice(0, 40))}, not a date YYYY-MM-DD`));
    return null;
  }
}

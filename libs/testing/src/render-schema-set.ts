import type { BuiltResource, JsonRecord } from './schema-builder.ts';
import * as builder from './schema-builder.ts';
import {
  booleanType,
  dateTimeType,
  dateType,
  decimalType,
  descriptorType,
  type IdentityPart,
  int32Type,
  int64Type,
  mergedType,
  type ObjectDraft,
  ResourceDraft,
  SchemaDraft,
  stringType,
  type TargetDraft,
  timeType,
  type ValueDraft,
  type ValueType,
  vagueDecimalType,
} from './schema-drafts.ts';
import type {
  CollectionPlan,
  EqualityPlan,
  ExtensionPlan,
  FamilyPlan,
  MembersPlan,
  ReferencePlan,
  ResourcePlan,
  ScalarPlan,
  SchemaSetPlan,
} from './schema-set-plan.ts';

interface ProjectDraft {
  readonly name: string;
  readonly endpoint: string;
  readonly isExtension: boolean;
  readonly resources: BuiltResource[];
  readonly abstractResources: Record<string, JsonRecord>;
}

interface UniquenessEntry {
  readonly scope: string;
  readonly paths: readonly string[];
  readonly isBare: boolean;
  readonly nested: readonly UniquenessEntry[];
}

interface Family {
  readonly plan: FamilyPlan;
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly parents: readonly { readonly number: number; readonly target: TargetDraft; readonly plan: ReferencePlan }[];
}

interface Prepared {
  readonly plan: ResourcePlan;
  readonly schema: SchemaDraft;
  readonly project: ProjectDraft;
  readonly members: JsonRecord;
}

const largestIdentity = 7;
const resourceFillers = [
  '',
  'OfTheRegionalTransportNetworkAndItsConnectedServices',
  'KeptForTheYearlyReviewOfEverythingThatTheCommitteeOnOpenRecordsOverseesTogetherWithTheOfficeOfPublicWorksAndWaterways',
];
const fieldFiller = 'MeasuredDuringTheMostRecentInspection';

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function chosen<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

/** Makes the documents of a plan; see `schemaSets` for what they hold. */
export class SchemaSetRenderer {
  private readonly plan: SchemaSetPlan;
  private readonly hasLongNames: boolean;
  private readonly projects: ProjectDraft[];
  private readonly descriptors: { readonly label: string; readonly project: string }[] = [];
  private readonly targets: TargetDraft[] = [];
  private readonly prepared: Prepared[] = [];
  private last = 0;

  constructor(plan: SchemaSetPlan, hasLongNames: boolean) {
    this.plan = plan;
    this.hasLongNames = hasLongNames;
    const names = [
      ['Core', 'core'],
      ['ExtA', 'ext-a'],
      ['ExtB', 'ext-b'],
    ] as const;
    this.projects = names.slice(0, plan.extensionProjects + 1).map(([name, endpoint], index) => ({
      name,
      endpoint,
      isExtension: index > 0,
      resources: [],
      abstractResources: {},
    }));
  }

  render(): JsonRecord[] {
    this.addDescriptors();
    for (const item of this.plan.items) {
      if (item.kind === 'resource') this.prepare(item, undefined);
      else this.prepareFamily(item);
    }
    for (const prepared of this.prepared) this.finish(prepared);
    for (const plan of this.plan.extensions) this.addExtension(plan);
    return this.projects.map(({ name, endpoint, isExtension, resources, abstractResources }) =>
      builder.project(name, resources, { endpoint, isExtension, abstractResources }),
    );
  }

  private next(): number {
    this.last += 1;
    return this.last;
  }

  private get core(): ProjectDraft {
    return this.projects[0] as ProjectDraft;
  }

  private filler(nameLength: number): string {
    return this.hasLongNames ? (resourceFillers[nameLength] ?? '') : '';
  }

  private fieldName(prefix: string, isLong: boolean): string {
    return `${prefix}${this.next()}${isLong && this.hasLongNames ? fieldFiller : ''}`;
  }

  private addDescriptors(): void {
    for (let index = 0; index < this.plan.descriptorCount; index += 1) {
      const project = (index === 2 ? this.projects[1] : undefined) ?? this.core;
      const name = `Kind${this.next()}Descriptor`;
      project.resources.push(builder.descriptor(name));
      this.descriptors.push({ label: `${project.name}:${name}`, project: project.name });
    }
  }

  private visible<Item extends { readonly project: string }>(items: readonly Item[], project: string): Item[] {
    return items.filter((item) => item.project === 'Core' || item.project === project);
  }

  private valueType(index: number, project: string): ValueType {
    const descriptor = chosen(this.visible(this.descriptors, project), this.last);
    switch (index) {
      case 1:
        return int32Type;
      case 2:
        return stringType(20);
      case 3:
        return dateType;
      case 4:
        return descriptor ? descriptorType(descriptor.label) : stringType(60);
      case 5:
        return int64Type;
      case 6:
        return decimalType(9, 2);
      case 7:
        return booleanType;
      case 8:
        return dateTimeType;
      case 9:
        return timeType;
      case 10:
      case 11:
        return vagueDecimalType(index === 11);
      default:
        return stringType(60);
    }
  }

  /** The type of a key: never a number without precision; at most one key of an identity per descriptor. */
  private keyType(index: number, project: string, taken: readonly ValueType[]): ValueType {
    const type = this.valueType(index % 10, project);
    return type.descriptor !== undefined && taken.some(({ text }) => text === type.text) ? stringType(60) : type;
  }

  /** A descriptor key is called like its descriptor, so that an abstract resource names it right (design 02 §4 step 3). */
  private keyName(type: ValueType, isLong: boolean): string {
    return type.descriptor === undefined ? this.fieldName('key', isLong) : camel(type.descriptor.split(':')[1] ?? '');
  }

  private addValue(schema: SchemaDraft, at: ObjectDraft, name: string, type: ValueType, isRequired: boolean): string {
    at.add(name, type.schema, isRequired);
    return this.mapValue(schema, `${at.path}.${name}`, at.scope, type);
  }

  private mapValue(schema: SchemaDraft, path: string, scope: string, type: ValueType): string {
    schema.mapping[`Value${this.next()}`] =
      type.descriptor === undefined ? builder.scalarPath(path) : builder.descriptorPath(type.descriptor, path);
    this.addDecimalInfo(schema, path, type);
    schema.resource.values.push({ path, scope, type, reference: undefined });
    return path;
  }

  private addDecimalInfo(schema: SchemaDraft, path: string, { digits }: ValueType): void {
    if (digits) schema.decimals.push({ path, totalDigits: digits[0], decimalPlaces: digits[1] });
  }

  /** Adds a reference object with one property per stored part of the target's identity, or per part; returns their paths. */
  private addReference(
    schema: SchemaDraft,
    at: ObjectDraft,
    reference: { number: number; target: TargetDraft; isRequired: boolean; plan: ReferencePlan; canRename: boolean },
  ): string[] {
    const { number, target, isRequired, plan } = reference;
    const object = at.addObject(`ref${number}Reference`, isRequired);
    const storedAs = (path: string) => (plan.spellsOnce ? target.storedAs(path) : path);
    const nameByStored = this.partNames(target, storedAs);
    const pairs = target.identity.map(({ path, type }) => {
      const name = nameByStored.get(storedAs(path)) as string;
      const present = object.has(name);
      const referencePath = `${object.path}.${name}`;
      if (!present) {
        object.add(name, type.schema, true);
        this.addDecimalInfo(schema, referencePath, type);
        schema.resource.values.push({ path: referencePath, scope: at.scope, type, reference: object.path });
      }
      return { identityPath: path, referencePath };
    });
    schema.mapping[`Ref${number}`] = builder.reference(
      target.label,
      pairs.map(({ identityPath, referencePath }) => [identityPath, referencePath] as const),
      isRequired,
    );
    schema.resource.references.push({ target, pairs });
    if (plan.hasExtras) {
      this.addValue(schema, object, this.fieldName('note', false), stringType(60), false);
      object.add('link', builder.object({ rel: builder.string(), href: builder.string(255) }), false);
    }
    const paths = [...new Set(pairs.map(({ referencePath }) => referencePath))];
    if (reference.canRename) {
      if ((plan.rename & 1) === 1) schema.overrides[object.path] = `Via${this.next()}`;
      const [first] = paths;
      const isGrouped = pairs.filter(({ referencePath }) => referencePath === first).length > 1;
      if ((plan.rename & 2) === 2 && first !== undefined && !isGrouped) schema.overrides[first] = `Part${this.next()}`;
    }
    return paths;
  }

  /**
   * A property name for each stored part of an identity: its last one, else one with a number. The names of parts in the root of
   * the target are kept for them, because a part that is spelled for several is named by its whole path (design 02 §8.3 step 2).
   */
  private partNames(target: TargetDraft, storedAs: (path: string) => string): Map<string, string> {
    const isInRoot = ({ path }: IdentityPart) => path.split('.').length === 2;
    const names = new Map<string, string>();
    const taken = new Set<string>();
    const inRoot = target.identity.filter(isInRoot);
    const kept = new Set(inRoot.map(({ path }) => lastName(path)));
    for (const part of [...inRoot, ...target.identity.filter((other) => !isInRoot(other))]) {
      if (names.has(storedAs(part.path))) continue;
      const wanted = lastName(part.path);
      let name = wanted;
      for (let number = 2; taken.has(name) || (kept.has(name) && !isInRoot(part)); number += 1)
        name = `other${number}${pascal(wanted)}`;
      taken.add(name);
      names.set(storedAs(part.path), name);
    }
    return names;
  }

  private addKeys(schema: SchemaDraft, keys: readonly { name: string; type: ValueType; plan: ScalarPlan | undefined }[]): void {
    let inlined: ObjectDraft | undefined;
    for (const { name, type, plan } of keys) {
      if (plan?.isInlined) inlined ??= schema.root.addObject(`id${this.next()}`, true);
      const path = this.addValue(schema, (plan?.isInlined ? inlined : undefined) ?? schema.root, name, type, true);
      schema.resource.identity.push({ path, type });
      if (plan?.isRenamed) schema.overrides[path] = `Renamed${this.next()}`;
    }
  }

  private addParent(schema: SchemaDraft, number: number, target: TargetDraft, plan: ReferencePlan): void {
    const at = schema.root;
    const paths = this.addReference(schema, at, { number, target, isRequired: true, plan, canRename: true });
    const typeOf = new Map(schema.resource.values.map(({ path, type }) => [path, type]));
    for (const path of paths) schema.resource.identity.push({ path, type: typeOf.get(path) as ValueType });
  }

  private prepareFamily(plan: FamilyPlan): void {
    const name = `Abs${this.next()}${this.filler(plan.nameLength)}`;
    const types: ValueType[] = [];
    for (const index of plan.keys) types.push(this.keyType(index, 'Core', types));
    const keyNames = types.map((type) => this.keyName(type, false));
    const parents = plan.parents.flatMap((parent) => {
      const candidates = this.targets.filter(
        ({ project, identity }) =>
          project === 'Core' && identity.length + types.length <= largestIdentity && this.namesDescriptors(identity),
      );
      const target = chosen(candidates, parent.target);
      return target ? [{ number: this.next(), target, plan: { ...parent, rename: 0 } }] : [];
    });
    const family: Family = { plan, name, keyNames, parents };
    const members = plan.members.map((member) => this.prepare(member, { family, types }));
    const [first] = members;
    if (!first) return;
    const keyPaths = keyNames.map((key) => `$.${key}`);
    const parentParts = first.identity.filter(({ path }) =>
      parents.some(({ number }) => path.startsWith(`$.ref${number}Reference.`)),
    );
    const identity: IdentityPart[] = [
      ...keyPaths.map((path, index) => ({
        path,
        type: mergedType(members.map((member) => member.keyTypes[index] as ValueType)),
      })),
      ...parentParts,
    ];
    this.core.abstractResources[name] = {
      identityJsonPaths: identity.map(({ path }) => path),
      ...(plan.hasRootOverride ? { relational: { rootTableNameOverride: `Root${this.next()}` } } : {}),
    };
    this.targets.push({ label: `Core:${name}`, project: 'Core', identity, storedAs: (path) => path });
  }

  /** Whether each descriptor of an identity stands once, under its own name: an abstract resource has no mapping to say so. */
  private namesDescriptors(identity: readonly IdentityPart[]): boolean {
    const parts = identity.filter(({ type }) => type.descriptor !== undefined);
    const names = parts.map(({ path }) => lastName(path));
    return parts.every(
      ({ type }, index) =>
        names.indexOf(this.keyName(type, false)) === index && names.lastIndexOf(names[index] ?? '') === index,
    );
  }

  /** The two types that members of a family may give one key. */
  private variants(type: ValueType): readonly [ValueType, ValueType] {
    if (type.text.startsWith('String')) return [stringType(60), stringType(20)];
    if (type.text.startsWith('Int')) return [int32Type, int64Type];
    return type.text.startsWith('Decimal') ? [decimalType(9, 2), decimalType(8, 4)] : [type, type];
  }

  /** First step of a resource: its identity. Members of a family start with what the family says. */
  private prepare(
    plan: ResourcePlan,
    member: { family: Family; types: readonly ValueType[] } | undefined,
  ): { identity: readonly IdentityPart[]; keyTypes: readonly ValueType[] } {
    const project = this.projects[plan.project % this.projects.length] as ProjectDraft;
    const resource = new ResourceDraft(project.name, `Res${this.next()}${this.filler(plan.nameLength)}`);
    const schema = new SchemaDraft(resource);
    const keyTypes = (member?.types ?? []).map(
      (type, index) => this.variants(type)[(plan.keyVariant >> index) & 1] as ValueType,
    );
    const isSimple = member !== undefined && keyTypes.length === 1 && member.family.parents.length === 0;
    const isRenamed = isSimple && plan.renamesIdentity && keyTypes[0]?.descriptor === undefined;
    if (member) {
      const names = isRenamed ? [this.fieldName('key', false)] : member.family.keyNames;
      this.addKeys(
        schema,
        keyTypes.map((type, index) => ({ name: names[index] as string, type, plan: undefined })),
      );
      for (const parent of member.family.parents) this.addParent(schema, parent.number, parent.target, parent.plan);
    }
    if (!isRenamed) {
      for (const parent of plan.parents) {
        const candidates = this.visible(this.targets, project.name).filter(
          ({ identity }) => identity.length + resource.identity.length <= largestIdentity,
        );
        const target = chosen(candidates, parent.target);
        if (target) this.addParent(schema, this.next(), target, parent);
      }
      const keys: { name: string; type: ValueType; plan: ScalarPlan }[] = [];
      const needed = resource.identity.length === 0 && plan.keys.length === 0;
      const plans = needed ? [{ type: 0, isRequired: true } as ScalarPlan] : plan.keys;
      const taken = resource.identity.filter(({ path }) => path.split('.').length === 2).map(({ type }) => type);
      for (const key of plans) {
        const type = this.keyType(key.type, project.name, [...taken, ...keys.map((other) => other.type)]);
        keys.push({ name: this.keyName(type, key.isLong), type, plan: key });
      }
      this.addKeys(schema, keys);
    }
    this.addEqualities(schema, plan.identityEqualities, '$');
    const superclass = member && {
      isSubclass: true,
      superclassProjectName: 'Core',
      superclassResourceName: member.family.name,
      ...(isRenamed ? { superclassIdentityJsonPath: `$.${member.family.keyNames[0]}` } : {}),
    };
    this.prepared.push({ plan, schema, project, members: superclass ?? {} });
    this.targets.push(resource);
    return { identity: resource.identity, keyTypes };
  }

  /** Second step: everything else, now that the identity of every resource is known. */
  private finish({ plan, schema, project, members }: Prepared): void {
    const { resource } = schema;
    const unique = this.addMembers(schema, schema.root, plan.members, { project: project.name, depth: 0, steps: [] });
    this.addUniqueness(schema, unique);
    this.addEqualities(schema, plan.equalities, '$');
    const extensionProject = this.projects[1];
    if (plan.hasSite && extensionProject) {
      const site = builder.ext(
        extensionProject.endpoint,
        builder.object({ [this.fieldName('note', false)]: builder.string() }),
      );
      const place = resource.collections[0]?.item ?? schema.root;
      place.add('_ext', site, false);
    }
    const relational = {
      ...(plan.hasRootOverride ? { rootTableNameOverride: this.rootOverride(resource) } : {}),
      ...(Object.keys(schema.overrides).length > 0 ? { nameOverrides: schema.overrides } : {}),
    };
    project.resources.push(
      builder.resource(resource.name, {
        allowIdentityUpdates: plan.allowIdentityUpdates,
        identityJsonPaths: resource.identity.map(({ path }) => path),
        ...this.schemaMembers(schema),
        ...(Object.keys(relational).length > 0 ? { relational } : {}),
        ...members,
      }),
    );
  }

  private schemaMembers(schema: SchemaDraft): JsonRecord {
    return {
      documentPathsMapping: schema.mapping,
      decimalPropertyValidationInfos: schema.decimals,
      equalityConstraints: schema.equalities,
      arrayUniquenessConstraints: schema.uniqueness,
      jsonSchemaForInsert: schema.root.schema(),
    };
  }

  private rootOverride(resource: ResourceDraft): string {
    return `Root${resource.name.replace(/\D/g, '')}`;
  }

  /** The root base name that the tables of a resource start with. */
  private rootName(resource: ResourceDraft): string {
    const hasOverride = this.prepared.some(({ plan, schema }) => schema.resource === resource && plan.hasRootOverride);
    return hasOverride ? this.rootOverride(resource) : resource.name;
  }

  /** Fills an object; returns what its collections are unique by. */
  private addMembers(
    schema: SchemaDraft,
    at: ObjectDraft,
    plan: MembersPlan,
    context: { project: string; depth: number; steps: readonly string[]; isExtension?: boolean; cannotRename?: boolean },
  ): UniquenessEntry[] {
    let inlined: ObjectDraft | undefined;
    const place = (isInlined: boolean): ObjectDraft => {
      if (!isInlined) return at;
      inlined ??= at.addObject(`obj${this.next()}`, plan.isInlinedObjectRequired);
      return inlined;
    };
    for (const scalar of plan.scalars) {
      const isVague = scalar.type >= 10 && context.isExtension;
      const type = isVague ? decimalType(12, 3) : this.valueType(scalar.type, context.project);
      const declared = scalar.isDeclaredNullable ? { ...type, schema: { ...type.schema, 'x-nullable': true } } : type;
      const name = this.fieldName('fld', scalar.isLong);
      const path = this.addValue(schema, place(scalar.isInlined), name, declared, scalar.isRequired);
      if (scalar.isRenamed && !context.cannotRename) schema.overrides[path] = `Renamed${this.next()}`;
    }
    for (const reference of plan.references) {
      const target = chosen(this.visible(this.targets, context.project), reference.target);
      if (!target) continue;
      this.addReference(schema, place(reference.isInlined), {
        number: this.next(),
        target,
        isRequired: reference.isRequired,
        plan: reference,
        canRename: !context.cannotRename,
      });
    }
    return plan.collections.flatMap((collection) => {
      const object = place(collection.isInlined);
      const steps = object === at ? context.steps : [...context.steps, lastName(object.path)];
      return this.addCollection(schema, object, collection, { ...context, steps });
    });
  }

  private addCollection(
    schema: SchemaDraft,
    at: ObjectDraft,
    plan: CollectionPlan,
    context: Parameters<SchemaSetRenderer['addMembers']>[3],
  ): UniquenessEntry[] {
    const { resource } = schema;
    const number = this.next();
    const rename = (path: string) => {
      if (plan.rename === 0 || context.cannotRename) return;
      const prefix = plan.rename === 1 ? '' : `${this.rootName(resource)}${context.isExtension ? 'Extension' : ''}`;
      schema.overrides[path] = `${prefix}Group${this.next()}`;
    };
    const descriptor = chosen(this.visible(this.descriptors, context.project), number);
    if (plan.isDescriptors && descriptor) {
      const type = descriptorType(descriptor.label);
      at.add(`col${number}s`, builder.array(type.schema), plan.isRequired);
      const path = `${at.path}.col${number}s[*]`;
      this.mapValue(schema, path, path, type);
      rename(path);
      return plan.uniqueBy > 0 ? [{ scope: path, paths: [path], isBare: plan.isBareConstraint, nested: [] }] : [];
    }
    const item = at.addArray(`col${number}s`, plan.isRequired);
    rename(item.path);
    const steps = [...context.steps, `col${number}s`];
    if (!context.isExtension) resource.collections.push({ item, steps, depth: context.depth });
    const nested = this.addMembers(schema, item, plan.members, { ...context, depth: context.depth + 1, steps });
    const paths = this.uniquePaths(resource, item.scope, plan.uniqueBy);
    return paths.length > 0 ? [{ scope: item.scope, paths, isBare: plan.isBareConstraint, nested }] : [];
  }

  /** Paths of at most `count` members of a scope, a reference with all its parts; in order. */
  private uniquePaths(resource: ResourceDraft, scope: string, count: number): string[] {
    const members = new Map<string, string[]>();
    for (const { path, reference } of resource.values.filter((value) => value.scope === scope)) {
      const member = reference ?? path;
      members.set(member, [...(members.get(member) ?? []), path]);
    }
    return [...members.values()].slice(0, count).flat().sort();
  }

  private addUniqueness(schema: SchemaDraft, entries: readonly UniquenessEntry[]): void {
    const relative = (path: string, scope: string) => `$${path.slice(scope.length)}`;
    const render = (entry: UniquenessEntry, base: string | undefined): JsonRecord => ({
      ...(base === undefined ? {} : { basePath: base }),
      paths: base === undefined ? entry.paths : entry.paths.map((path) => relative(path, base)),
      ...(entry.nested.length > 0 ? { nestedConstraints: entry.nested.map((inner) => render(inner, entry.scope)) } : {}),
    });
    for (const entry of entries) {
      schema.uniqueness.push(entry.isBare && entry.nested.length === 0 ? entry.paths : render(entry, undefined));
    }
  }

  /** Equality constraints as planned, as far as they are legal; only pairs with a value below `prefix`. */
  private addEqualities(schema: SchemaDraft, plans: readonly EqualityPlan[], prefix: string): void {
    const { resource } = schema;
    const add = (source: string, target: string) => schema.equalities.push({ sourceJsonPath: source, targetJsonPath: target });
    const pairs = (fits: (a: ValueDraft, b: ValueDraft) => boolean) =>
      resource.values.flatMap((a, index) =>
        resource.values
          .slice(index + 1)
          .filter((b) => (a.path.startsWith(prefix) || b.path.startsWith(prefix)) && fits(a, b))
          .map((b) => [a.path, b.path] as const),
      );
    const isOneRow = (a: ValueDraft, b: ValueDraft) => a.scope === b.scope && a.type.text === b.type.text;
    for (const { kind, pick } of plans) {
      const related = kind < 2 ? pairs((a, b) => isOneRow(a, b) && lastName(a.path) === lastName(b.path)) : [];
      const candidates = kind === 4 ? pairs((a, b) => a.scope !== b.scope) : related.length > 0 ? related : pairs(isOneRow);
      const own = resource.values.filter(({ path }) => path.startsWith(prefix));
      if (kind === 5) add(`$.lost${this.next()}`, own[0]?.path ?? '$.nowhere');
      else if (kind === 6) {
        const value = chosen(own, pick);
        if (value) add(value.path, value.path);
      } else {
        const pair = chosen(candidates, pick);
        if (!pair) continue;
        const [a, b] = pick % 2 === 0 ? pair : [pair[1], pair[0]];
        if (kind === 4 || resource.tryJoin(a, b)) add(a, b);
      }
    }
  }

  private addExtension(plan: ExtensionPlan): void {
    const project = chosen(this.projects.slice(1), plan.project);
    const base = chosen(
      this.prepared.filter((prepared) => prepared.project === this.core),
      plan.base,
    );
    if (!project || !base) return;
    const { resource } = base.schema;
    if (project.resources.some(({ schema }) => schema.resourceName === resource.name)) return;
    const key = [project.endpoint, project.name, project.endpoint.toUpperCase()][plan.keyStyle] as string;
    const schema = new SchemaDraft(resource);
    const context = { project: project.name, isExtension: true };
    const own = schema.root.addScope('_ext').addScope(key);
    const unique = this.addMembers(schema, own, plan.members, { ...context, depth: 1, steps: [] });
    const extended = new Set<ObjectDraft>();
    for (const aligned of plan.aligned) {
      const site = chosen(resource.collections, aligned.collection);
      if (!site || extended.has(site.item)) continue;
      extended.add(site.item);
      const isDirect = aligned.isDirect || site.depth > 0;
      const start = isDirect ? schema.root : own;
      const item = this.mirror(start, site.steps);
      const place = item.addScope('_ext').addScope(key);
      unique.push(
        ...this.addMembers(schema, place, aligned.members, { ...context, depth: 2, steps: [], cannotRename: isDirect }),
      );
      const inherited = this.uniquePaths(resource, site.item.scope, 2);
      if (aligned.constrainsBase && inherited.length > 0) {
        const paths = inherited.map((path) => `$._ext.${key}${path.slice(1)}`);
        unique.push({ scope: `$._ext.${key}${site.item.scope.slice(1)}`, paths, isBare: false, nested: [] });
      }
    }
    this.addUniqueness(schema, unique);
    this.addEqualities(schema, plan.equalities, `$._ext.${key}`);
    const overrides = Object.fromEntries(
      Object.entries(schema.overrides).map(([path, name]) => [
        plan.hasFullOverrideKeys ? path : path.replace(`$._ext.${key}`, '$'),
        name,
      ]),
    );
    const relational = {
      ...(plan.hasRootOverride ? { rootTableNameOverride: `${resource.name}Extension` } : {}),
      ...(Object.keys(overrides).length > 0 ? { nameOverrides: overrides } : {}),
    };
    project.resources.push(
      builder.extensionOf(resource.name, {
        ...this.schemaMembers(schema),
        ...(Object.keys(relational).length > 0 ? { relational } : {}),
      }),
    );
  }

  /** The item that stands at `steps` below `start`, made where it is missing. */
  private mirror(start: ObjectDraft, steps: readonly string[]): ObjectDraft {
    let place = start;
    for (const step of steps) {
      const isArray = step.startsWith('col');
      place = place.child(step) ?? (isArray ? place.addArray(step, false) : place.addObject(step, false));
    }
    return place;
  }
}

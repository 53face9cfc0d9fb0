import * as fc from 'fast-check';

/**
 * The plan of a random schema set: only small integers and booleans, so that a failing set shrinks to few and simple
 * parts. Every `pick` is taken modulo the number of choices; parts that cannot be made are left out.
 */
export interface SchemaSetPlan {
  /** The number of descriptor resources; the third belongs to an extension project if there is one. */
  readonly descriptorCount: number;
  readonly extensionProjects: number;
  readonly items: readonly ItemPlan[];
  readonly extensions: readonly ExtensionPlan[];
  /** Whether keys have few values, or values of unusual kinds. */
  readonly hasOddKeys: boolean;
}

export type ItemPlan = ResourcePlan | FamilyPlan;

export interface ScalarPlan {
  readonly type: number;
  readonly isRequired: boolean;
  /** Whether the value is in the inlined object of its scope. */
  readonly isInlined: boolean;
  readonly isDeclaredNullable: boolean;
  readonly isRenamed: boolean;
  readonly isLong: boolean;
}

export interface ReferencePlan {
  readonly target: number;
  readonly isRequired: boolean;
  readonly isInlined: boolean;
  /**
   * Whether parts that the target stores only once also occur only once in the reference: a grouped reference field.
   */
  readonly spellsOnce: boolean;
  /** Whether the reference object also has a `link`, and a scalar that is not part of the identity. */
  readonly hasExtras: boolean;
  /** Bit 0: the reference has a name override; bit 1: its first part has one. */
  readonly rename: number;
}

export interface CollectionPlan {
  readonly isRequired: boolean;
  readonly isInlined: boolean;
  /** Whether the collection is an array of descriptor strings instead of objects. */
  readonly isDescriptors: boolean;
  /** 0: no override; 1: the bare name; 2: with the name of the root as a prefix. */
  readonly rename: number;
  /** 0: no rule; otherwise the maximum number of members by which the rows are unique. */
  readonly uniqueBy: number;
  readonly isBareConstraint: boolean;
  readonly members: MembersPlan;
}

/** The data of one object: of the document, of a collection item, or of an extension. */
export interface MembersPlan {
  readonly scalars: readonly ScalarPlan[];
  readonly references: readonly ReferencePlan[];
  readonly collections: readonly CollectionPlan[];
  readonly isInlinedObjectRequired: boolean;
}

export interface EqualityPlan {
  /**
   * 0, 1: values with the same name; 2, 3: values with the same type; 4: of different tables; 5: a path that is not
   * stored; 6: the same path twice.
   */
  readonly kind: number;
  readonly pick: number;
}

export interface ResourcePlan {
  readonly kind: 'resource';
  readonly project: number;
  /** 0: a short name; 1, 2: longer ones. */
  readonly nameLength: number;
  readonly allowIdentityUpdates: boolean;
  readonly keys: readonly ScalarPlan[];
  /** References that are part of the identity, to earlier resources. */
  readonly parents: readonly ReferencePlan[];
  readonly members: MembersPlan;
  readonly identityEqualities: readonly EqualityPlan[];
  readonly equalities: readonly EqualityPlan[];
  readonly hasRootOverride: boolean;
  /** Whether the base schema itself has an `_ext` site (if there is an extension project). */
  readonly hasSite: boolean;
  /** Only for members of a family: which of its two types each family key has, bit by bit. */
  readonly keyVariant: number;
  /** Only for members of a family: whether the identity is renamed, if the family has a single scalar key. */
  readonly renamesIdentity: boolean;
}

/** An abstract resource with its members. */
export interface FamilyPlan {
  readonly kind: 'family';
  readonly nameLength: number;
  readonly keys: readonly number[];
  readonly parents: readonly ReferencePlan[];
  readonly hasRootOverride: boolean;
  readonly members: readonly ResourcePlan[];
}

export interface AlignedPlan {
  readonly collection: number;
  /** Whether the path is `$.items[*]._ext.key` instead of `$._ext.key.items[*]._ext.key`. */
  readonly isDirect: boolean;
  /** Whether the extension also declares uniqueness of the base collection. */
  readonly constrainsBase: boolean;
  readonly members: MembersPlan;
}

/** A resource extension of a core resource. */
export interface ExtensionPlan {
  readonly project: number;
  readonly base: number;
  /** 0: the endpoint name as project key; 1: the project name; 2: the endpoint name in capitals. */
  readonly keyStyle: number;
  readonly members: MembersPlan;
  readonly aligned: readonly AlignedPlan[];
  readonly equalities: readonly EqualityPlan[];
  /** Whether override keys start with `$._ext`. */
  readonly hasFullOverrideKeys: boolean;
  readonly hasRootOverride: boolean;
}

export interface SetPlanSize {
  readonly items: number;
  readonly members: number;
}

/** The maximum number of identity parts: usually, and with odd keys. */
export const identityParts = { usual: 7, odd: 12 } as const;

const pick = () => fc.nat({ max: 30 });
/** True about once in `of` times; shrinks to false. */
const seldom = (of: number) => fc.nat({ max: of - 1 }).map((number) => number === of - 1);

/** Mostly 0, sometimes 1, rarely 2. */
const nameLength = () => fc.nat({ max: 9 }).map((number) => (number === 9 ? 2 : Number(number > 5)));

const scalar = (): fc.Arbitrary<ScalarPlan> =>
  fc.record({
    // every third value is the plain string, so that there are values of the same type to unify
    type: fc.nat({ max: 16 }).map((number) => Math.max(0, number - 5)),
    isRequired: fc.boolean(),
    isInlined: fc.boolean(),
    isDeclaredNullable: seldom(8),
    isRenamed: seldom(8),
    isLong: seldom(6),
  });

const reference = (): fc.Arbitrary<ReferencePlan> =>
  fc.record({
    target: pick(),
    isRequired: fc.boolean(),
    isInlined: seldom(3),
    spellsOnce: fc.boolean(),
    hasExtras: seldom(4),
    rename: fc.nat({ max: 8 }).map((number) => Math.max(0, number - 5)),
  });

function collection(size: SetPlanSize, depth: number): fc.Arbitrary<CollectionPlan> {
  return fc.record({
    isRequired: fc.boolean(),
    isInlined: seldom(3),
    isDescriptors: seldom(4),
    rename: fc.nat({ max: 8 }).map((number) => Math.max(0, number - 6)),
    uniqueBy: fc.nat({ max: 2 }),
    isBareConstraint: seldom(4),
    members: members(size, depth + 1),
  });
}

function members(size: SetPlanSize, depth: number): fc.Arbitrary<MembersPlan> {
  const count = Math.max(1, size.members - depth);
  return fc.record({
    scalars: fc.array(scalar(), { maxLength: count }),
    references: fc.array(reference(), { maxLength: depth === 0 ? count : 1 }),
    collections: depth < 3 ? fc.array(collection(size, depth), { maxLength: depth === 0 ? 2 : 1 }) : fc.constant([]),
    isInlinedObjectRequired: fc.boolean(),
  });
}

const equalities = () => fc.array(fc.record({ kind: fc.nat({ max: 6 }), pick: pick() }), { maxLength: 3 });

function resource(size: SetPlanSize): fc.Arbitrary<ResourcePlan> {
  return fc.record({
    kind: fc.constant('resource' as const),
    project: pick(),
    nameLength: nameLength(),
    allowIdentityUpdates: fc.boolean(),
    keys: fc.array(scalar(), { maxLength: 2 }),
    parents: fc.array(reference(), { maxLength: 3 }),
    members: members(size, 0),
    identityEqualities: equalities(),
    equalities: equalities(),
    hasRootOverride: seldom(8),
    hasSite: seldom(5),
    keyVariant: fc.nat({ max: 3 }),
    renamesIdentity: fc.boolean(),
  });
}

function family(size: SetPlanSize): fc.Arbitrary<FamilyPlan> {
  return fc.record({
    kind: fc.constant('family' as const),
    nameLength: nameLength(),
    keys: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 2 }),
    parents: fc.array(reference(), { maxLength: 1 }),
    hasRootOverride: seldom(6),
    members: fc.array(resource(size), { minLength: 1, maxLength: 3 }),
  });
}

function extension(size: SetPlanSize): fc.Arbitrary<ExtensionPlan> {
  return fc.record({
    project: pick(),
    base: pick(),
    keyStyle: fc.nat({ max: 2 }),
    members: members(size, 1),
    aligned: fc.array(
      fc.record({
        collection: pick(),
        isDirect: fc.boolean(),
        constrainsBase: fc.boolean(),
        members: members(size, 2),
      }),
      { maxLength: 2 },
    ),
    equalities: equalities(),
    hasFullOverrideKeys: fc.boolean(),
    hasRootOverride: seldom(4),
  });
}

/**
 * Plans of at most `size.items` resources or families, with at most `size.members` scalars and references per object.
 */
export function schemaSetPlans(size: SetPlanSize): fc.Arbitrary<SchemaSetPlan> {
  return fc.record({
    descriptorCount: fc.nat({ max: 3 }),
    extensionProjects: fc.nat({ max: 2 }),
    items: fc.array(fc.oneof({ arbitrary: resource(size), weight: 3 }, { arbitrary: family(size), weight: 1 }), {
      minLength: 1,
      maxLength: size.items,
    }),
    extensions: fc.array(extension(size), { maxLength: 2 }),
    hasOddKeys: seldom(3),
  });
}

const noMembers: MembersPlan = { scalars: [], references: [], collections: [], isInlinedObjectRequired: false };
const stringKey: ScalarPlan = {
  type: 0,
  isRequired: true,
  isInlined: false,
  isDeclaredNullable: false,
  isRenamed: false,
  isLong: false,
};

/** Plain references: to earlier resources as part of the identity, to any resource otherwise. */
function linkedResource(): fc.Arbitrary<ResourcePlan> {
  const plain = fc.record({
    target: pick(),
    isRequired: fc.boolean(),
    isInlined: fc.constant(false),
    spellsOnce: fc.boolean(),
    hasExtras: fc.constant(false),
    rename: fc.constant(0),
  });
  const equal = fc.array(fc.record({ kind: fc.nat({ max: 2 }), pick: pick() }), { maxLength: 3 });
  return fc
    .record({
      hasKey: fc.boolean(),
      allowIdentityUpdates: fc.boolean(),
      parents: fc.array(plain, { maxLength: 3 }),
      references: fc.array(plain, { maxLength: 2 }),
      inItems: fc.array(plain, { maxLength: 2 }),
      identityEqualities: equal,
      equalities: equal,
      renamesIdentity: fc.boolean(),
    })
    .map(({ hasKey, references, inItems, ...resource }) => ({
      ...resource,
      kind: 'resource',
      project: 0,
      nameLength: 0,
      keys: hasKey ? [stringKey] : [],
      members: {
        ...noMembers,
        references,
        collections:
          inItems.length === 0
            ? []
            : [
                {
                  isRequired: false,
                  isInlined: false,
                  isDescriptors: false,
                  rename: 0,
                  uniqueBy: 0,
                  isBareConstraint: false,
                  members: { ...noMembers, references: inItems },
                },
              ],
      },
      hasRootOverride: false,
      hasSite: false,
      keyVariant: 0,
    }));
}

/** Plans of sets with only keys, references, families and equal values. */
export function referencePlans(size: SetPlanSize): fc.Arbitrary<SchemaSetPlan> {
  const member = linkedResource();
  const linkedFamily: fc.Arbitrary<FamilyPlan> = fc.record({
    kind: fc.constant('family' as const),
    nameLength: fc.constant(0),
    keys: fc.constantFrom([0], [0, 0]),
    parents: fc.constant([]),
    hasRootOverride: fc.constant(false),
    members: fc.array(member, { minLength: 1, maxLength: 2 }),
  });
  return fc.record({
    descriptorCount: fc.constant(0),
    extensionProjects: fc.constant(0),
    items: fc.array(fc.oneof({ arbitrary: member, weight: 4 }, { arbitrary: linkedFamily, weight: 1 }), {
      minLength: 1,
      maxLength: size.items + 1,
    }),
    extensions: fc.constant([]),
    hasOddKeys: fc.constant(false),
  });
}

/**
 * The types of odd keys, which have few values or are dates and times: a flag, one letter, two digits, an enumeration.
 */
const oddTypes = [7, 12, 13, 14, 15, 3, 8, 9];

const oddType = (type: number) => oddTypes[type % oddTypes.length] ?? 0;

/** The maximum number of keys of an identity, for one of eight resources. */
const manyKeys: readonly ScalarPlan[] = Array.from({ length: identityParts.odd }, (_, type) => ({
  ...stringKey,
  type,
}));

const oddResource = (resource: ResourcePlan): ResourcePlan => ({
  ...resource,
  keys: (resource.hasRootOverride ? manyKeys : resource.keys).map((key) => ({ ...key, type: oddType(key.type) })),
});

/** The same plan with odd keys. */
export const withOddKeys = (plan: SchemaSetPlan): SchemaSetPlan => ({
  ...plan,
  hasOddKeys: true,
  items: plan.items.map((item) =>
    item.kind === 'resource'
      ? oddResource(item)
      : { ...item, keys: item.keys.map(oddType), members: item.members.map(oddResource) },
  ),
});

function distinctMembers(plan: MembersPlan): MembersPlan {
  const collections = plan.collections.map((each): CollectionPlan => {
    const inner = distinctMembers(each.members);
    // the references of an item may find no target
    const scalars = inner.scalars.length === 0 ? [stringKey] : inner.scalars;
    return { ...each, uniqueBy: Math.max(1, each.uniqueBy), members: { ...inner, scalars } };
  });
  return { ...plan, collections };
}

const distinctResource = (resource: ResourcePlan): ResourcePlan => ({
  ...resource,
  members: distinctMembers(resource.members),
});

/** The same plan with a rule for each collection that distinguishes its items (design 15 §7.4). */
export const withDistinctItems = (plan: SchemaSetPlan): SchemaSetPlan => ({
  ...plan,
  items: plan.items.map((item) =>
    item.kind === 'resource' ? distinctResource(item) : { ...item, members: item.members.map(distinctResource) },
  ),
  extensions: plan.extensions.map((extension) => ({
    ...extension,
    members: distinctMembers(extension.members),
    aligned: extension.aligned.map((each) => ({ ...each, members: distinctMembers(each.members) })),
  })),
});

import { addEqualities } from './render-equalities.ts';
import { addReference } from './render-references.ts';
import { addValue, keyName, keyType } from './render-values.ts';
import {
  type DraftedIdentityPart,
  type DraftedValueType,
  decimalType,
  int32Type,
  int64Type,
  type ObjectDraft,
  ResourceDraft,
  SchemaDraft,
  stringType,
  type TargetDraft,
} from './schema-drafts.ts';
import { chosen, type ProjectDraft, type SchemaSetDraft, visible } from './schema-set-draft.ts';
import type { FamilyPlan, ReferencePlan, ResourcePlan, ScalarPlan } from './schema-set-plan.ts';

export interface IdentityFamily {
  readonly plan: FamilyPlan;
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly parents: readonly { readonly number: number; readonly target: TargetDraft; readonly plan: ReferencePlan }[];
}

function addKeys(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  keys: readonly { name: string; type: DraftedValueType; plan: ScalarPlan | undefined }[],
): void {
  let inlined: ObjectDraft | undefined;
  for (const { name, type, plan } of keys) {
    if (plan?.isInlined) inlined ??= schema.root.addObject(`id${set.names.next()}`, true);
    const path = addValue(set, schema, (plan?.isInlined ? inlined : undefined) ?? schema.root, name, type, true);
    schema.resource.identity.push({ path, type });
    if (plan?.isRenamed) schema.overrides[path] = `Renamed${set.names.next()}`;
  }
}

function addParent(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  number: number,
  target: TargetDraft,
  plan: ReferencePlan,
): void {
  const at = schema.root;
  const paths = addReference(set, schema, at, { number, target, isRequired: true, plan, canRename: true });
  const typeOf = new Map(schema.resource.values.map(({ path, type }) => [path, type]));
  for (const path of paths) schema.resource.identity.push({ path, type: typeOf.get(path) as DraftedValueType });
}

/** The two types for a key that members of a family may choose from. */
function variants(type: DraftedValueType): readonly [DraftedValueType, DraftedValueType] {
  if (type.text === 'String(1)' || type.text === 'String(2)') return [type, stringType(2)];
  if (type.text === 'Decimal(2,0)' || type.text === 'Decimal(2,1)') return [type, decimalType(3, 1)];
  if (type.text.startsWith('String')) return [stringType(60), stringType(20)];
  if (type.text.startsWith('Int')) return [int32Type, int64Type];
  return type.text.startsWith('Decimal') ? [decimalType(9, 2), decimalType(8, 4)] : [type, type];
}

/** The first step for a resource: its identity. Members of a family start with the keys of the family. */
export function startResource(
  set: SchemaSetDraft,
  plan: ResourcePlan,
  member: { family: IdentityFamily; types: readonly DraftedValueType[] } | undefined,
): { identity: readonly DraftedIdentityPart[]; keyTypes: readonly DraftedValueType[] } {
  const project = set.projects[plan.project % set.projects.length] as ProjectDraft;
  const resource = new ResourceDraft(project.name, `Res${set.names.next()}${set.names.filler(plan.nameLength)}`);
  const schema = new SchemaDraft(resource);
  const keyTypes = (member?.types ?? []).map(
    (type, index) => variants(type)[(plan.keyVariant >> index) & 1] as DraftedValueType,
  );
  const isSimple = member !== undefined && keyTypes.length === 1 && member.family.parents.length === 0;
  const isRenamed = isSimple && plan.renamesIdentity && keyTypes[0]?.descriptor === undefined;
  if (member) {
    const names = isRenamed ? [set.names.field('key', false)] : member.family.keyNames;
    addKeys(
      set,
      schema,
      keyTypes.map((type, index) => ({ name: names[index] as string, type, plan: undefined })),
    );
    for (const parent of member.family.parents) addParent(set, schema, parent.number, parent.target, parent.plan);
  }
  if (!isRenamed) {
    for (const parent of plan.parents) {
      const candidates = visible(set.targets, project.name).filter(
        ({ identity }) => identity.length + resource.identity.length <= set.largestIdentity,
      );
      const target = chosen(candidates, parent.target);
      if (target) addParent(set, schema, set.names.next(), target, parent);
    }
    const keys: { name: string; type: DraftedValueType; plan: ScalarPlan }[] = [];
    const needed = resource.identity.length === 0 && plan.keys.length === 0;
    const plans = needed ? [{ type: 0, isRequired: true } as ScalarPlan] : plan.keys;
    const taken = resource.identity.filter(({ path }) => path.split('.').length === 2).map(({ type }) => type);
    for (const key of plans.slice(0, Math.max(2, set.largestIdentity - resource.identity.length))) {
      const type = keyType(set, key.type, project.name, [...taken, ...keys.map((other) => other.type)]);
      keys.push({ name: keyName(set, type, key.isLong), type, plan: key });
    }
    addKeys(set, schema, keys);
  }
  addEqualities(set, schema, plan.identityEqualities, '$');
  const superclass = member && {
    isSubclass: true,
    superclassProjectName: 'Core',
    superclassResourceName: member.family.name,
    ...(isRenamed ? { superclassIdentityJsonPath: `$.${member.family.keyNames[0]}` } : {}),
  };
  set.resources.push({ plan, schema, project, members: superclass ?? {} });
  set.targets.push(resource);
  return { identity: resource.identity, keyTypes };
}

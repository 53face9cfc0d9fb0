import * as builder from '../schema-builder.ts';
import { lastName } from './numbered-names.ts';
import { addReference } from './render-references.ts';
import { type UniquenessEntry, uniquePaths } from './render-uniqueness.ts';
import { addValue, mapValue, valueType } from './render-values.ts';
import { decimalType, descriptorType, type ObjectDraft, type SchemaDraft } from './schema-drafts.ts';
import { chosen, rootName, type SchemaSetDraft, visible } from './schema-set-draft.ts';
import type { CollectionPlan, MembersPlan } from './schema-set-plan.ts';

interface MembersContext {
  readonly project: string;
  readonly depth: number;
  readonly steps: readonly string[];
  readonly isExtension?: boolean;
  readonly cannotRename?: boolean;
}

/** Fills an object; returns the uniqueness of its collections. */
export function addMembers(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  at: ObjectDraft,
  plan: MembersPlan,
  context: MembersContext,
): UniquenessEntry[] {
  let inlined: ObjectDraft | undefined;
  const place = (isInlined: boolean): ObjectDraft => {
    if (!isInlined) return at;
    inlined ??= at.addObject(`obj${set.names.next()}`, plan.isInlinedObjectRequired);
    return inlined;
  };
  for (const scalar of plan.scalars) {
    const isVague = scalar.type >= 10 && context.isExtension;
    const type = isVague ? decimalType(12, 3) : valueType(set, scalar.type, context.project);
    const declared = scalar.isDeclaredNullable ? { ...type, schema: { ...type.schema, 'x-nullable': true } } : type;
    const name = set.names.field('fld', scalar.isLong);
    const path = addValue(set, schema, place(scalar.isInlined), name, declared, scalar.isRequired);
    if (scalar.isRenamed && !context.cannotRename) schema.overrides[path] = `Renamed${set.names.next()}`;
  }
  for (const reference of plan.references) {
    const target = chosen(visible(set.targets, context.project), reference.target);
    if (!target) continue;
    addReference(set, schema, place(reference.isInlined), {
      number: set.names.next(),
      target,
      isRequired: reference.isRequired,
      plan: reference,
      canRename: !context.cannotRename,
    });
  }
  return plan.collections.flatMap((collection) => {
    const object = place(collection.isInlined);
    const steps = object === at ? context.steps : [...context.steps, lastName(object.path)];
    return addCollection(set, schema, object, collection, { ...context, steps });
  });
}

function addCollection(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  at: ObjectDraft,
  plan: CollectionPlan,
  context: MembersContext,
): UniquenessEntry[] {
  const { resource } = schema;
  const number = set.names.next();
  const rename = (path: string) => {
    if (plan.rename === 0 || context.cannotRename) return;
    const prefix = plan.rename === 1 ? '' : `${rootName(set, resource)}${context.isExtension ? 'Extension' : ''}`;
    schema.overrides[path] = `${prefix}Group${set.names.next()}`;
  };
  const descriptor = chosen(visible(set.descriptors, context.project), number);
  if (plan.isDescriptors && descriptor) {
    const type = descriptorType(descriptor.label);
    at.add(`col${number}s`, builder.array(type.schema), plan.isRequired);
    const path = `${at.path}.col${number}s[*]`;
    mapValue(set, schema, path, path, type);
    rename(path);
    return plan.uniqueBy > 0 ? [{ scope: path, paths: [path], isBare: plan.isBareConstraint, nested: [] }] : [];
  }
  const item = at.addArray(`col${number}s`, plan.isRequired);
  rename(item.path);
  const steps = [...context.steps, `col${number}s`];
  if (!context.isExtension) resource.collections.push({ item, steps, depth: context.depth });
  const nested = addMembers(set, schema, item, plan.members, { ...context, depth: context.depth + 1, steps });
  const paths = uniquePaths(resource, item.scope, plan.uniqueBy);
  return paths.length > 0 ? [{ scope: item.scope, paths, isBare: plan.isBareConstraint, nested }] : [];
}

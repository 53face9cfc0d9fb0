import { lastName } from './numbered-names.ts';
import { type IdentityFamily, startResource } from './render-identity.ts';
import { keyName, keyType } from './render-values.ts';
import { type DraftedIdentityPart, type DraftedValueType, mergedType } from './schema-drafts.ts';
import { chosen, type SchemaSetDraft } from './schema-set-draft.ts';
import type { FamilyPlan } from './schema-set-plan.ts';

export function startFamily(set: SchemaSetDraft, plan: FamilyPlan): void {
  const name = `Abs${set.names.next()}${set.names.filler(plan.nameLength)}`;
  const types: DraftedValueType[] = [];
  for (const index of plan.keys) types.push(keyType(set, index, 'Core', types));
  const keyNames = types.map((type) => keyName(set, type, false));
  const parents = plan.parents.flatMap((parent) => {
    const candidates = set.targets.filter(
      ({ project, identity }) =>
        project === 'Core' && identity.length + types.length <= set.largestIdentity && namesDescriptors(set, identity),
    );
    const target = chosen(candidates, parent.target);
    return target ? [{ number: set.names.next(), target, plan: { ...parent, rename: 0 } }] : [];
  });
  const family: IdentityFamily = { plan, name, keyNames, parents };
  const members = plan.members.map((member) => startResource(set, member, { family, types }));
  const [first] = members;
  if (!first) return;
  const keyPaths = keyNames.map((key) => `$.${key}`);
  const parentParts = first.identity.filter(({ path }) =>
    parents.some(({ number }) => path.startsWith(`$.ref${number}Reference.`)),
  );
  const identity: DraftedIdentityPart[] = [
    ...keyPaths.map((path, index) => ({
      path,
      type: mergedType(members.map((member) => member.keyTypes[index] as DraftedValueType)),
    })),
    ...parentParts,
  ];
  set.core.abstractResources[name] = {
    identityJsonPaths: identity.map(({ path }) => path),
    ...(plan.hasRootOverride ? { relational: { rootTableNameOverride: `Root${set.names.next()}` } } : {}),
  };
  set.targets.push({ label: `Core:${name}`, project: 'Core', identity, storedAs: (path) => path });
}

/**
 * Whether each descriptor of an identity occurs once, under its own name, because an abstract resource has no mapping
 * to name it.
 */
function namesDescriptors(set: SchemaSetDraft, identity: readonly DraftedIdentityPart[]): boolean {
  const parts = identity.filter(({ type }) => type.descriptor !== undefined);
  const names = parts.map(({ path }) => lastName(path));
  return parts.every(
    ({ type }, index) =>
      names.indexOf(keyName(set, type, false)) === index && names.lastIndexOf(names[index] ?? '') === index,
  );
}

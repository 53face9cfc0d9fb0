import * as builder from '../schema-builder.ts';
import { lastName, pascal } from './numbered-names.ts';
import { addDecimalInfo, addValue } from './render-values.ts';
import {
  type DraftedIdentityPart,
  type ObjectDraft,
  type SchemaDraft,
  stringType,
  type TargetDraft,
} from './schema-drafts.ts';
import type { SchemaSetDraft } from './schema-set-draft.ts';
import type { ReferencePlan } from './schema-set-plan.ts';

/**
 * Adds a reference object with one property per stored part of the target's identity, or per part; returns their paths.
 */
export function addReference(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  at: ObjectDraft,
  reference: { number: number; target: TargetDraft; isRequired: boolean; plan: ReferencePlan; canRename: boolean },
): string[] {
  const { number, target, isRequired, plan } = reference;
  const object = at.addObject(`ref${number}Reference`, isRequired);
  const storedAs = (path: string) => (plan.spellsOnce ? target.storedAs(path) : path);
  const nameByStored = partNames(target, storedAs);
  const pairs = target.identity.map(({ path, type }) => {
    const name = nameByStored.get(storedAs(path)) as string;
    const present = object.has(name);
    const referencePath = `${object.path}.${name}`;
    if (!present) {
      object.add(name, type.schema, true);
      addDecimalInfo(schema, referencePath, type);
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
    addValue(set, schema, object, set.names.field('note', false), stringType(60), false);
    object.add('link', builder.object({ rel: builder.string(), href: builder.string(255) }), false);
  }
  const paths = [...new Set(pairs.map(({ referencePath }) => referencePath))];
  if (reference.canRename) {
    if ((plan.rename & 1) === 1) schema.overrides[object.path] = `Via${set.names.next()}`;
    const [first] = paths;
    const isGrouped = pairs.filter(({ referencePath }) => referencePath === first).length > 1;
    if ((plan.rename & 2) === 2 && first !== undefined && !isGrouped)
      schema.overrides[first] = `Part${set.names.next()}`;
  }
  return paths;
}

/**
 * A property name for each stored part of an identity: its last path member, or a name with a number. The names of
 * parts in the root of the target are reserved for them, because a property that stands for several parts is named
 * after its whole path (design 02 §8.3 step 2).
 */
function partNames(target: TargetDraft, storedAs: (path: string) => string): Map<string, string> {
  const isInRoot = ({ path }: DraftedIdentityPart) => path.split('.').length === 2;
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

import type { Problem } from '../file/problem.ts';
import { readTranslation, type TranslationJson } from '../file/read-translation.ts';
import type { SetPlaces } from '../places/set-places.ts';
import { checkComplete, notesOf } from '../rules/check-complete.ts';
import { type CheckedSets, checkRules } from '../rules/check-rules.ts';
import { resourcesWithOneName } from '../rules/one-later-name.ts';
import { RuleIndex } from '../rules/rule-index.ts';
import { type CompiledResource, compileNamed, compileResource } from './compile-resource.ts';
import { IdentityParts } from './identity-parts.ts';
import type { NewIdentity } from './new-identity.ts';

/** A complete translation, ready for documents. */
export interface CompiledTranslation extends CheckedSets {
  readonly resources: ReadonlyMap<string, CompiledResource>;
  /** Resources that are dropped, or lack a part of their identity, as {@link compileNamed} compiles them. */
  readonly named: ReadonlyMap<string, CompiledResource>;
  readonly newIdentities: readonly NewIdentity[];
  /** Later resources whose documents are united by identity. */
  readonly united: ReadonlySet<string>;
  /** Resources in {@link united} whose identities change only in the namespaces of descriptors. */
  readonly renamed: ReadonlySet<string>;
  readonly notes: readonly Problem[];
}

export interface TranslationCheck {
  readonly translation: CompiledTranslation | null;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/**
 * Checks a translation against both sets, without a document (design 20 §4), and compiles it. The problems are those of
 * the first step that finds any.
 */
export function compileTranslation(
  files: readonly TranslationJson[],
  before: SetPlaces,
  after: SetPlaces,
): TranslationCheck {
  const { translation, problems: ofFiles, notes } = readTranslation(files, before, after);
  const rules = new RuleIndex(translation, before, after);
  const problems = [...ofFiles, ...resourcesWithOneName(rules, before)];
  if (problems.length > 0) return { translation: null, problems, notes };
  const identities = new IdentityParts(rules, before, after);
  const sets: CheckedSets = { rules, identities, before, after };
  const checked = checkRules(sets);
  if (checked.problems.length > 0) return { translation: null, problems: checked.problems, notes };
  const compiling = { ...sets, taken: takenPlaces(sets, checked.newIdentities) };
  const resources = new Map(
    [...before.resources].map(([label, places]) => [label, compileResource(places, compiling)] as const),
  );
  const named = new Map(
    [...before.resources].flatMap(([label, places]): [string, CompiledResource][] => {
      const compiled = compileNamed(places, compiling);
      return compiled === null ? [] : [[label, compiled]];
    }),
  );
  const left = checkComplete(sets, [...resources.values()]);
  if (left.length > 0) return { translation: null, problems: left, notes };
  const newIdentities = checked.newIdentities.flatMap((each) => (each ? [each] : []));
  const united = new Set(translation.documents.map((each) => each.after));
  const renamed = new Set<string>();
  for (const label of before.resources.keys()) {
    const change = identityChange(sets, label);
    const { later } = rules.resource(label);
    if (change === 'namespaces' && !united.has(later)) renamed.add(later);
    if (change === 'parts') renamed.delete(later);
    if (change !== null) united.add(later);
  }
  const all = [...notes, ...notesOf(sets, [...resources.values()], newIdentities)];
  return {
    translation: { ...sets, resources, named, newIdentities, united, renamed, notes: all },
    problems: [],
    notes: all,
  };
}

function takenPlaces(sets: CheckedSets, identities: readonly (NewIdentity | null)[]) {
  const taken = new Map<string, Map<string, number[]>>();
  sets.rules.translation.documents.forEach(({ resource }, entry) => {
    const own = taken.get(resource) ?? new Map<string, number[]>();
    taken.set(resource, own);
    const add = (path: string) => own.set(path, [...(own.get(path) ?? []), entry]);
    for (const source of identities[entry]?.sources.values() ?? []) if (source.kind === 'place') add(source.from);
    for (const { where } of identities[entry]?.through ?? []) for (const { here } of where) add(here.path);
  });
  return (resource: string) => taken.get(resource) ?? new Map<string, number[]>();
}

/**
 * How the identity of a resource changes, so that its documents may become one (design 20 §2.3); null if it does not.
 */
function identityChange(
  { identities, before, after, rules }: CheckedSets,
  label: string,
): 'parts' | 'namespaces' | null {
  const places = before.resources.get(label);
  const later = after.resources.get(rules.resource(label).later);
  if (!places || !later || places.kind !== 'resource') return null;
  const found = new Set<string>();
  let hasNamespaces = false;
  for (const path of places.identity) {
    const part = identities.of(label, path);
    if (part.kind !== 'part' || part.conversion.isGiven) return 'parts';
    found.add(part.path);
    if (!part.conversion.changesValues) continue;
    if (part.conversion.does.kind !== 'descriptor') return 'parts';
    hasNamespaces = true;
  }
  if (later.identity.some((path) => !found.has(path))) return 'parts';
  return hasNamespaces ? 'namespaces' : null;
}

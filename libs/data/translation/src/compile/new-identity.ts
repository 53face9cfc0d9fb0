import type { JsonValue } from '@dms/values';
import type { DocumentsRule, Fill, Through } from '../file/translation.ts';
import type { Place, SetPlaces } from '../places/set-places.ts';
import type { RuleIndex } from '../rules/rule-index.ts';
import { conversionOf, type LaterValue } from './conversion.ts';
import type { IdentityParts } from './identity-parts.ts';

/** The source of a part of the identity of a new document (design 20 §2.3). */
type PartSource =
  | { readonly kind: 'place'; readonly from: string; readonly conversion: LaterValue }
  | { readonly kind: 'through' }
  | { readonly kind: 'member' }
  | { readonly kind: 'fill'; readonly value: JsonValue };

/** A list of `through`, with its places. */
export interface ThroughPlaces {
  readonly resource: string;
  /** Places of the resource, and of the earlier document, with equal values. */
  readonly where: readonly { readonly there: Place; readonly here: Place }[];
  readonly identity: readonly { readonly to: string; readonly from: Place; readonly conversion: LaterValue }[];
}

export interface NewIdentity {
  readonly sources: ReadonlyMap<string, PartSource>;
  readonly through: readonly ThroughPlaces[];
  /** Parts with two sources, and parts without a source. */
  readonly twice: readonly string[];
  readonly missing: readonly string[];
  /** Places that do not fit, by name. */
  readonly differs: readonly string[];
}

/** Finds the source of each part of the identity of new documents. */
export function newIdentity(
  documents: DocumentsRule,
  lists: readonly Through[],
  fills: readonly Fill[],
  {
    rules,
    identities,
    before,
    after,
  }: { rules: RuleIndex; identities: IdentityParts; before: SetPlaces; after: SetPlaces },
): NewIdentity {
  const here = before.resources.get(documents.resource)?.places ?? new Map<string, Place>();
  const laterResource = after.resources.get(documents.after);
  const later = laterResource?.places ?? new Map<string, Place>();
  const sources = new Map<string, PartSource>();
  const twice: string[] = [];
  const differs: string[] = [];
  const conversion = (from: Place, to: Place, resource: string): LaterValue | undefined => {
    if (!from.leaf || !to.leaf) return undefined;
    if (from.kind === 'member' && from.reference && from.referencePath !== null) {
      const target = before.resources.get(resource)?.places.get(from.referencePath)?.target;
      const part = from.reference.parts.find(({ leaf }) => leaf.path === from.path);
      for (const path of part?.identityPaths ?? []) {
        const found = target ? identities.of(target, path) : undefined;
        if (found?.kind === 'part' && found.conversion.changesValues) return found.conversion;
      }
    }
    return conversionOf(null, {
      from: from.leaf,
      to: to.leaf,
      plans: before.plans,
      namespaces: rules.translation.namespaces,
      areSameDescriptors: from.target === null || rules.resource(from.target).later === to.target,
    });
  };
  const add = (path: string, source: PartSource) => {
    if (sources.has(path)) twice.push(path);
    else sources.set(path, source);
  };
  for (const [toPath, fromPath] of documents.identity) {
    const pairs = pairsOf(here.get(fromPath), later.get(toPath), here, later);
    if (!pairs) {
      differs.push(`${documents.resource}.${fromPath}`);
      continue;
    }
    for (const { from, to } of pairs) {
      const found = conversion(from, to, documents.resource);
      if (found) add(to.path, { kind: 'place', from: from.path, conversion: found });
      else differs.push(`${documents.resource}.${from.path}`);
    }
  }
  const through: ThroughPlaces[] = [];
  const ofThrough = new Set<string>();
  for (const each of lists) {
    const there = before.resources.get(each.resource)?.places ?? new Map<string, Place>();
    const where = [...each.where].flatMap(([thereAt, hereAt]) => {
      const [a, b] = [there.get(thereAt), here.get(hereAt)];
      const fits =
        a?.leaf &&
        b?.leaf &&
        a.leaf.value === b.leaf.value &&
        (a.leaf.value === 'descriptor' ||
          b.leaf.value === 'descriptor' ||
          a.leaf.scalarType.kind === b.leaf.scalarType.kind);
      if (a && b && fits) return [{ there: a, here: b }];
      differs.push(a?.leaf ? `${documents.resource}.${hereAt}` : `${each.resource}.${thereAt}`);
      return [];
    });
    const identity: { to: string; from: Place; conversion: LaterValue }[] = [];
    const own = new Set<string>();
    for (const [toPath, fromPath] of each.identity) {
      const pairs = pairsOf(there.get(fromPath), later.get(toPath), there, later);
      if (!pairs) {
        differs.push(`${each.resource}.${fromPath}`);
        continue;
      }
      for (const { from, to } of pairs) {
        const found = conversion(from, to, each.resource);
        if (!found) differs.push(`${each.resource}.${from.path}`);
        else if (own.has(to.path)) twice.push(to.path);
        else {
          own.add(to.path);
          ofThrough.add(to.path);
          identity.push({ to: to.path, from, conversion: found });
        }
      }
    }
    through.push({ resource: each.resource, where, identity });
  }
  for (const path of ofThrough) add(path, { kind: 'through' });
  const missing: string[] = [];
  for (const path of laterResource?.identity ?? []) {
    const place = later.get(path);
    const carried = carriedTo(documents, path, here, rules);
    if (carried) {
      add(path, { kind: 'member' });
      continue;
    }
    if (sources.has(path)) continue;
    const same = here.get(path);
    const found = same && place && conversion(same, place, documents.resource);
    const fill = fills.find((each) => each.after.resource === documents.after && each.after.path === path);
    if (found) sources.set(path, { kind: 'place', from: path, conversion: found });
    else if (fill?.value !== undefined) sources.set(path, { kind: 'fill', value: fill.value });
    else missing.push(path);
  }
  return { sources, through, twice, missing, differs };
}

/** Whether `members`, or the item, carry a value to a path. */
function carriedTo(
  documents: DocumentsRule,
  path: string,
  here: ReadonlyMap<string, Place>,
  rules: RuleIndex,
): boolean {
  const index = rules.translation.documents.indexOf(documents);
  for (const place of here.values()) {
    if (!place.leaf) continue;
    const to = rules.laterPath(documents.resource, place.referencePath ?? place.path);
    if (to?.entry !== index) continue;
    const own =
      place.referencePath === null ? to.path : `${to.path}.${place.path.slice(place.path.lastIndexOf('.') + 1)}`;
    if (own === path) return true;
  }
  return false;
}

/** Pairs of an earlier and a later place: the members of a reference, or the place itself. */
export function pairsOf(
  from: Place | undefined,
  to: Place | undefined,
  fromPlaces: ReadonlyMap<string, Place>,
  toPlaces: ReadonlyMap<string, Place>,
): readonly { readonly from: Place; readonly to: Place }[] | undefined {
  if (!from || !to) return undefined;
  if (from.kind === 'reference' || to.kind === 'reference') {
    if (from.kind !== to.kind || !from.reference || !to.reference) return undefined;
    const found: { from: Place; to: Place }[] = [];
    for (const { name, identityPaths, leaf } of to.reference.parts) {
      const same =
        from.reference.parts.find((part) => part.name === name) ??
        from.reference.parts.find((part) => part.identityPaths.some((path) => identityPaths.includes(path)));
      const source = same && fromPlaces.get(same.leaf.path);
      const target = toPlaces.get(leaf.path);
      if (!source || !target) return undefined;
      found.push({ from: source, to: target });
    }
    return found;
  }
  return from.leaf && to.leaf ? [{ from, to }] : undefined;
}

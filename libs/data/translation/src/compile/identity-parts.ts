import type { DocumentReference } from '@dms/model';
import type { SetPlaces } from '../places/set-places.ts';
import type { PlaceRule, RuleIndex } from '../rules/rule-index.ts';
import { conversionOf, type LaterValue, unchanged } from './conversion.ts';

/** The later state of a part of an identity. */
type LaterPart =
  | { readonly kind: 'part'; readonly path: string; readonly conversion: LaterValue }
  | { readonly kind: 'dropped'; readonly rule: string }
  /** No later place is known: nothing fits its own place; `path` is given if only the type does not fit there. */
  | { readonly kind: 'unknown'; readonly path?: string };

/**
 * The later parts of identities, through any number of references (design 20 §2.1). They follow from the rules of the
 * parts; an abstract resource has parts without rules.
 */
export class IdentityParts {
  private readonly rules: RuleIndex;
  private readonly before: SetPlaces;
  private readonly after: SetPlaces;
  private readonly known = new Map<string, LaterPart>();

  constructor(rules: RuleIndex, before: SetPlaces, after: SetPlaces) {
    this.rules = rules;
    this.before = before;
    this.after = after;
  }

  /** The later part of the identity of a resource; `path` is a path of its identity. */
  of(resource: string, path: string): LaterPart {
    const key = `${resource} ${path}`;
    const known = this.known.get(key);
    if (known) return known;
    // sets whose identities contain each other are refused earlier
    this.known.set(key, { kind: 'unknown' });
    const found = this.find(resource, path);
    this.known.set(key, found);
    return found;
  }

  private find(resource: string, path: string): LaterPart {
    const { before, after, rules } = this;
    const places = before.resources.get(resource);
    const laterPlaces = after.resources.get(rules.resource(resource).later);
    if (!places || !laterPlaces) return { kind: 'unknown' };
    if (places.kind === 'abstract resource') return this.ofAbstract(resource, path, laterPlaces.identity);
    const place = places.places.get(path);
    if (!place?.leaf) return { kind: 'unknown' };
    if (place.kind === 'member' && place.reference && place.referencePath !== null) {
      const later = this.member(resource, place.referencePath, path);
      if (later.kind !== 'part') return later;
      return (later.entry ?? null) === null && laterPlaces.identity.includes(later.path)
        ? later
        : { kind: 'dropped', rule: this.ruleOf(resource, place.referencePath) };
    }
    const to = rules.laterPath(resource, path);
    if (to === null) return { kind: 'dropped', rule: this.ruleOf(resource, path) };
    if (to.entry !== null || !laterPlaces.identity.includes(to.path))
      return to.rule || laterPlaces.places.has(to.path)
        ? { kind: 'dropped', rule: this.ruleOf(resource, path) }
        : { kind: 'unknown' };
    const leaf = laterPlaces.places.get(to.path)?.leaf;
    if (!leaf) return { kind: 'unknown' };
    const carrying = carryingOf(to.rule, path);
    const conversion = conversionOf(carrying, {
      from: place.leaf,
      to: leaf,
      plans: before.plans,
      namespaces: rules.translation.namespaces,
      areSameDescriptors:
        place.target === null || rules.resource(place.target).later === laterPlaces.places.get(to.path)?.target,
    });
    return conversion ? { kind: 'part', path: to.path, conversion } : { kind: 'unknown', path: to.path };
  }

  /**
   * A part of an abstract identity: it keeps its name, or gets the name from its member resources; its values are
   * converted like theirs.
   */
  private ofAbstract(resource: string, path: string, later: readonly string[]): LaterPart {
    const named = this.rules.laterPath(resource, path)?.path;
    const kept = later.find((each) => each === named);
    let other: LaterPart =
      kept === undefined ? { kind: 'unknown' } : { kind: 'part', path: kept, conversion: unchanged };
    for (const each of this.before.resources.values()) {
      if (each.superclass !== resource) continue;
      const own = each.identity.length === 1 ? each.identity[0] : path;
      if (own === undefined) continue;
      const part: LaterPart = this.of(each.label, own);
      if (part.kind === 'part') {
        const name = kept ?? (later.length === 1 ? later[0] : part.path);
        if (name !== undefined && later.includes(name)) return { ...part, path: name };
      } else if (kept === undefined && (part.kind === 'dropped' || later.includes(part.path ?? ''))) other = part;
    }
    return other;
  }

  ruleOf(resource: string, path: string): string {
    return (
      this.rules.placeRule(resource, path)?.rule ?? this.rules.extensionRule(path) ?? this.rules.resource(resource).rule
    );
  }

  /** The path of the later member for a member of a reference. The rule of its place carries the reference itself. */
  member(resource: string, referencePath: string, memberPath: string): LaterPart & { readonly entry?: number | null } {
    const { before, after, rules } = this;
    const place = before.resources.get(resource)?.places.get(memberPath);
    const to = rules.laterPath(resource, referencePath);
    if (to === null) return { kind: 'dropped', rule: this.ruleOf(resource, referencePath) };
    const later = after.resources.get(rules.laterResource(resource, to.rule))?.places.get(to.path);
    const part = place?.reference?.parts.find(({ leaf }) => leaf.path === memberPath);
    const target = before.resources.get(resource)?.places.get(referencePath)?.target;
    if (!later?.reference || !part || !target) return { kind: 'unknown' };
    const isRetargeted = rules.resource(target).later !== later.target;
    const { entry } = to;
    if (isRetargeted) {
      const same = later.reference.parts.find(({ name }) => name === part.name);
      if (!same || !place?.leaf) return { kind: 'unknown' };
      const conversion = conversionOf(null, {
        from: place.leaf,
        to: same.leaf,
        plans: before.plans,
        namespaces: rules.translation.namespaces,
        areSameDescriptors: true,
      });
      return conversion
        ? { kind: 'part', path: same.leaf.path, conversion, entry }
        : { kind: 'unknown', path: same.leaf.path };
    }
    let dropped: LaterPart = { kind: 'unknown' };
    for (const identityPath of part.identityPaths) {
      const found = this.of(target, identityPath);
      const member = laterMember(later.reference, found);
      if (found.kind !== 'part') dropped = member ? { kind: 'unknown', path: member } : found;
      else if (member) return { kind: 'part', path: member, conversion: found.conversion, entry };
    }
    return dropped;
  }
}

/** The path of the member of a reference that copies a part. */
const laterMember = ({ parts }: DocumentReference, part: LaterPart): string | undefined =>
  part.kind === 'dropped'
    ? undefined
    : parts.find(({ identityPaths }) => part.path !== undefined && identityPaths.includes(part.path))?.leaf.path;

/** The treatment of the values of a place by a rule, if the rule names that place. */
export function carryingOf(rule: PlaceRule | undefined, path: string) {
  if (!rule || rule.from !== path) return null;
  return rule.kind === 'move' ? rule.move : rule.kind === 'documents' ? rule.member : null;
}

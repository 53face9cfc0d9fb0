import { isWithin } from '@dms/api-schema';
import { positionsOf } from '../compile/compile-resource.ts';
import { conversionOf, fitsLeaf, type LaterValue } from '../compile/conversion.ts';
import type { IdentityParts } from '../compile/identity-parts.ts';
import { type NewIdentity, newIdentity } from '../compile/new-identity.ts';
import { type Problem, problem } from '../file/problem.ts';
import type { Carrying, DocumentsRule, Fill, Move, Through } from '../file/translation.ts';
import {
  depthOf,
  mirroredPath,
  objectsAround,
  type PlaceName,
  pathName,
  placeKind,
  placeText,
} from '../places/place-name.ts';
import type { Place, SetPlaces } from '../places/set-places.ts';
import type { PlaceRule, RuleIndex } from './rule-index.ts';

export interface CheckedSets {
  readonly rules: RuleIndex;
  readonly identities: IdentityParts;
  readonly before: SetPlaces;
  readonly after: SetPlaces;
}

/** What the second step of the check finds. */
interface CheckedRules {
  readonly problems: readonly Problem[];
  /** The identities of new documents, by entry; null for a rule with a problem. */
  readonly newIdentities: readonly (NewIdentity | null)[];
}

/** The second step of the check: each rule by itself (design 20 §4). */
export function checkRules(sets: CheckedSets): CheckedRules {
  const { moves, through, documents, fills, drops } = sets.rules.translation;
  const checks = new RuleChecks(sets);
  for (const move of moves) checks.move(move);
  const wrongLists = new Set<string>();
  for (const [name, { rule, entries }] of through)
    for (const entry of entries) if (!checks.list(entry, rule)) wrongLists.add(name);
  const newIdentities = documents.map((entry) => checks.documents(entry, wrongLists));
  for (const fill of fills) checks.fill(fill);
  for (const { rule, before } of drops) checks.earlier(before, rule);
  return { problems: checks.problems, newIdentities };
}

/** The check of each kind of rule, with the problems that it has found. */
class RuleChecks {
  private readonly sets: CheckedSets;
  readonly problems: Problem[] = [];

  constructor(sets: CheckedSets) {
    this.sets = sets;
  }

  private report(code: Problem['code'], rule: string, place: string, text: string): undefined {
    this.problems.push(problem(code, rule, place, text));
    return undefined;
  }

  private find(side: SetPlaces, name: PlaceName, rule: string): Place | undefined {
    const which = side === this.sets.before ? 'earlier' : 'later';
    const place =
      name.resource === null || name.path === null
        ? undefined
        : side.resources.get(name.resource)?.places.get(name.path);
    if (!place || place.kind === 'extension')
      return this.report('TRANSLATION_UNKNOWN', rule, placeText(name), `the ${which} set has no such place`);
    if (place.kind === 'member')
      return this.report(
        'TRANSLATION_DIFFERS',
        rule,
        placeText(name),
        'a member of a reference follows what it repeats; name the reference',
      );
    return place;
  }

  /** Whether a name of a rule exists in the earlier set. */
  earlier(name: PlaceName, rule: string): boolean {
    if (name.path !== null) return this.find(this.sets.before, name, rule) !== undefined;
    return this.has(this.sets.before, name, rule);
  }

  private has(side: SetPlaces, name: PlaceName, rule: string): boolean {
    const which = side === this.sets.before ? 'earlier' : 'later';
    const found = isThere(side, name);
    if (!found) this.report('TRANSLATION_UNKNOWN', rule, placeText(name), `the ${which} set has no such place`);
    return found;
  }

  move(move: Move): void {
    const { rule, before: from, after: to } = move;
    const { before, after, rules } = this.sets;
    const differs = (text: string) => this.report('TRANSLATION_DIFFERS', rule, placeText(from), text);
    if (placeKind(from) !== placeKind(to)) {
      if (this.earlier(from, rule)) differs(`a ${placeKind(from)} cannot become a ${placeKind(to)}`);
      return;
    }
    if (from.path === null || from.resource === null) {
      const both = [this.has(before, from, rule), this.has(after, to, rule)];
      if (both.includes(false) || from.resource === null || to.resource === null) return;
      const [then, now] = [before.resources.get(from.resource)?.kind, after.resources.get(to.resource)?.kind];
      if (then !== now) differs(`a ${then} cannot become a ${now}`);
      return;
    }
    const place = this.find(before, from, rule);
    const target = this.find(after, to, rule);
    if (!place || !target) return;
    const resource = rules.resource(from.resource);
    if (to.resource !== resource.later) {
      const naming = rules.translation.moves.find((each) => each.rule === resource.rule);
      // a wrong name of the resource is reported with the move that gives it
      if (!naming || isThere(after, naming.after))
        differs('a move stays in its resource; documents carries values into others');
      return;
    }
    const text = this.cannotMove(
      { resource: from.resource, place, target },
      move,
      { kind: 'move', rule, from: place.path, to: target.path, move },
      null,
    );
    if (text !== undefined) differs(text);
    else if (!this.keepsIdentity(from.resource, place, to.resource, target))
      differs('references repeat this part of the identity, so it comes from a part of the earlier identity');
  }

  /** The reason why a place cannot become another; undefined if it can. */
  private cannotMove(
    { resource, place, target }: { resource: string; place: Place; target: Place },
    carrying: Carrying,
    rule: PlaceRule,
    items: string | null,
  ): string | undefined {
    const { rules } = this.sets;
    const skip = items === null ? 0 : depthOf(items);
    const change = depthOf(target.path) - (depthOf(place.path) - skip);
    if (Math.abs(change) > 1) return 'there is more than one collection more or less around it';
    if (carrying.take && change !== -1) return 'take needs a collection that becomes one value';
    const expected =
      place.kind === 'collection' && change === -1
        ? ['object', 'reference']
        : place.kind === 'object' && change === 1
          ? ['collection']
          : place.kind === 'value' || place.kind === 'descriptor'
            ? ['value', 'descriptor']
            : [place.kind];
    if (!expected.includes(target.kind)) return `a ${place.kind} cannot become a ${target.kind} here`;
    // the collections around both places must be the same
    const around = collectionsAround(place.path).slice(skip);
    const laterAround = collectionsAround(target.path);
    const { change: shift } = positionsOf(rule, items);
    if (shift?.kind === 'collapse' && place.kind !== 'collection') around.splice(shift.at, 1);
    if (shift?.kind === 'add' && target.kind !== 'collection')
      laterAround.length > 0 && laterAround.splice(shift.at, 1);
    const entry = rule.kind === 'documents' ? rule.entry : null;
    const compared = Math.min(around.length, laterAround.length);
    for (let index = 0; index < compared; index += 1) {
      const [outer, laterOuter] = [around[index], laterAround[index]];
      // a rule may name the collection itself, or the part of it that an extension adds
      const isSame = (['own', 'at'] as const).some((of) => {
        const found = rules.laterPath(resource, outer?.[of] ?? '');
        return found?.path === laterOuter?.[of] && found?.entry === entry;
      });
      if (!isSame) return 'the collections around it are not the same';
    }
    if (place.kind === 'reference') return this.cannotRefer(place, target);
    if (!place.leaf || !target.leaf) return undefined;
    return this.conversion(place, target, carrying) ? undefined : 'its type does not fit';
  }

  private conversion(place: Place, target: Place, carrying: Carrying): LaterValue | undefined {
    const { rules, before } = this.sets;
    if (!place.leaf || !target.leaf) return undefined;
    return conversionOf(carrying, {
      from: place.leaf,
      to: target.leaf,
      plans: before.plans,
      namespaces: rules.translation.namespaces,
      areSameDescriptors: place.target === null || rules.resource(place.target).later === target.target,
    });
  }

  private cannotRefer(place: Place, target: Place): string | undefined {
    const { rules, before } = this.sets;
    if (!place.target || !place.reference || !target.reference) return undefined;
    if (rules.resource(place.target).later === target.target) return undefined;
    const later = new Map(target.reference.parts.map((part) => [part.name, part.leaf]));
    const fits =
      later.size === place.reference.parts.length &&
      place.reference.parts.every(({ name, leaf }) => {
        const other = later.get(name);
        return (
          other !== undefined &&
          conversionOf(null, {
            from: leaf,
            to: other,
            plans: before.plans,
            namespaces: rules.translation.namespaces,
            areSameDescriptors: true,
          }) !== undefined
        );
      });
    return fits ? undefined : `the identity of ${target.target} has not the same members as that of ${place.target}`;
  }

  private keepsIdentity(resource: string, place: Place, later: string | null, target: Place): boolean {
    const { before, after } = this.sets;
    const laterResource = later === null ? undefined : after.resources.get(later);
    if (!laterResource || !this.isNamed(laterResource.label)) return true;
    if (!laterResource.identity.some((path) => isWithin(path, target.path))) return true;
    const change = depthOf(target.path) - depthOf(place.path);
    return (
      change === 0 && (before.resources.get(resource)?.identity.some((path) => isWithin(path, place.path)) ?? false)
    );
  }

  private isNamed(label: string): boolean {
    const { named, resources } = this.sets.after;
    const superclass = resources.get(label)?.superclass;
    return named.has(label) || (superclass !== null && superclass !== undefined && named.has(superclass));
  }

  list({ resource, where, identity }: Through, rule: string): boolean {
    const { before } = this.sets;
    const there = before.resources.get(resource);
    if (!there) {
      this.report('TRANSLATION_UNKNOWN', rule, resource, 'the earlier set has no such resource');
      return false;
    }
    let isWhole = true;
    for (const path of [...where.keys(), ...identity.values()])
      if (!there.places.has(path)) {
        isWhole = false;
        this.report('TRANSLATION_UNKNOWN', rule, pathName(resource, path), 'the earlier set has no such place');
      }
    return isWhole;
  }

  /** `wrongLists` are the lists of `through` with a problem of their own. */
  documents(entry: DocumentsRule, wrongLists: ReadonlySet<string>): NewIdentity | null {
    const { rule, resource, items, after: laterLabel, members, identity, through } = entry;
    const { before, after, rules } = this.sets;
    const here = before.resources.get(resource);
    const later = after.resources.get(laterLabel);
    const count = this.problems.length;
    if (!here) this.report('TRANSLATION_UNKNOWN', rule, resource, 'the earlier set has no such resource');
    if (!later) this.report('TRANSLATION_UNKNOWN', rule, laterLabel, 'the later set has no such resource');
    if (!here || !later) return null;
    if (items !== null && here.places.get(items)?.kind !== 'collection')
      this.report('TRANSLATION_UNKNOWN', rule, pathName(resource, items), 'the earlier set has no such collection');
    const project = (label: string) => label.slice(0, label.indexOf(':'));
    const index = rules.translation.documents.indexOf(entry);
    for (const member of members) {
      const { addedBy } = member;
      const place = this.find(before, { project: project(resource), resource, path: member.before }, rule);
      const target = this.find(after, { project: project(laterLabel), resource: laterLabel, path: member.after }, rule);
      if (!place || !target) continue;
      const own: PlaceRule = {
        kind: 'documents',
        rule: addedBy,
        from: member.before,
        to: member.after,
        entry: index,
        member,
      };
      const text = this.cannotMove({ resource, place, target }, member, own, items);
      if (text !== undefined) this.report('TRANSLATION_DIFFERS', rule, pathName(resource, member.before), text);
    }
    const unknown = (side: SetPlaces, label: string, path: string) => {
      if (side.resources.get(label)?.places.has(path)) return;
      const which = side === before ? 'earlier' : 'later';
      this.report('TRANSLATION_UNKNOWN', rule, pathName(label, path), `the ${which} set has no such place`);
    };
    for (const [to, from] of identity) {
      unknown(after, laterLabel, to);
      unknown(before, resource, from);
    }
    const lists = typeof through === 'string' ? rules.translation.through.get(through)?.entries : (through ?? []);
    if (!lists) this.report('TRANSLATION_UNKNOWN', rule, String(through), 'no list of through has this name');
    for (const list of lists ?? []) {
      if (typeof through !== 'string' && !this.list(list, rule)) continue;
      for (const path of list.where.values()) unknown(before, resource, path);
      for (const path of list.identity.keys()) unknown(after, laterLabel, path);
    }
    // the problems of a list are reported once, not again for each rule that uses it
    if (this.problems.length > count || (typeof through === 'string' && wrongLists.has(through))) return null;
    const found = newIdentity(entry, lists ?? [], rules.translation.fills, this.sets);
    for (const path of found.twice)
      this.report(
        'TRANSLATION_AMBIGUOUS',
        rule,
        pathName(laterLabel, path),
        'the part of the identity has two sources',
      );
    for (const name of found.differs) this.report('TRANSLATION_DIFFERS', rule, name, 'its type does not fit');
    for (const path of found.missing)
      this.report(
        'TRANSLATION_INCOMPLETE',
        rule,
        pathName(laterLabel, path),
        'nothing gives this part of the identity',
      );
    return found;
  }

  fill({ rule, after: name, value, schoolYear }: Fill): void {
    const { before, after, rules } = this.sets;
    const label = name.resource ?? '';
    const later = after.resources.get(label);
    const place = name.path === null ? undefined : later?.places.get(name.path);
    const differs = (text: string) => this.report('TRANSLATION_DIFFERS', rule, placeText(name), text);
    if (!place || !later) {
      this.report('TRANSLATION_UNKNOWN', rule, placeText(name), 'the later set has no such place');
      return;
    }
    const reference = place.referencePath === null ? undefined : later.places.get(place.referencePath);
    const isRequired = place.kind === 'member' ? reference?.isRequired : place.isRequired;
    if (!place.leaf || place.kind === 'collection') differs('a fill gives a single value');
    else if (!isRequired) differs('the later set does not require it');
    else if (value !== undefined && !fitsLeaf(after.plans, place.leaf, value)) differs('the value has another type');
    else if (later.identity.includes(place.path) && this.isNamed(label))
      differs('references repeat this part of the identity, so it comes from a part of the earlier identity');
    if (!schoolYear) return;
    const earlier = [...before.resources.values()].find((each) => rules.resource(each.label).later === label);
    const date = earlier?.places.get(schoolYear.of);
    if (!date?.leaf)
      this.report(
        'TRANSLATION_UNKNOWN',
        rule,
        pathName(earlier?.label ?? label, schoolYear.of),
        'the earlier set has no such place',
      );
    else if (date.leaf.value === 'descriptor' || !['Date', 'DateTime'].includes(date.leaf.scalarType.kind))
      this.report('TRANSLATION_DIFFERS', rule, pathName(earlier?.label ?? label, schoolYear.of), 'it is not a date');
  }
}

/** Whether a set has the project or resource of a name. */
const isThere = ({ projects, resources }: SetPlaces, { project, resource }: PlaceName): boolean =>
  resource === null ? projects.has(project) : resources.has(resource);

/** A collection around a place. If an extension adds to the items of a collection, `own` is that collection. */
interface Around {
  readonly at: string;
  readonly own: string;
}

/** The collections around a place, outermost first, without the place itself. */
function collectionsAround(path: string): Around[] {
  const { extension, own } = mirroredPath(path) ?? { extension: '$', own: '' };
  const inItself = (at: string) => `$${at.slice(extension.length)}`;
  return objectsAround(path)
    .filter((at) => at.endsWith('[*]'))
    .map((at) => ({ at, own: isWithin(own, inItself(at)) ? inItself(at) : at }))
    .reverse();
}

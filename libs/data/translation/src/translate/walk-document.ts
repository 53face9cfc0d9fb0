import { ignoredAtRoot, ignoredInReference } from '@dms/api-schema';
import { compareBy, isJsonArray, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledResource, Positions, Route } from '../compile/compile-resource.ts';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { comparedText, valueText } from '../compile/conversion.ts';
import { pathName } from '../places/place-name.ts';
import type { Place } from '../places/set-places.ts';
import type { EarlierDocument, GivenValue, RejectProblem, RetargetedReference, Tally } from './draft.ts';
import { countValues, GrowingDocument, hasValues, placeAt } from './growing-document.ts';
import { identityText } from './identity-texts.ts';
import { TallyCounts } from './tally-counts.ts';

type Carried = Extract<Route, { kind: 'carry' }>;

/** The state of a later document while its values arrive. */
export interface Growth {
  readonly document: GrowingDocument;
  readonly problems: RejectProblem[];
  readonly given: GivenValue[];
  readonly retargeted: RetargetedReference[];
  hasValues: boolean;
}

/** A value of the earlier document. */
interface ValueAtPlace {
  readonly place: Place;
  readonly positions: readonly number[];
  readonly value: JsonValue;
}

interface CollapsingValue extends ValueAtPlace {
  readonly route: Carried;
  readonly text: string;
}

/** The values of items that are collapsed into one. */
interface Collapsing {
  readonly route: Carried;
  readonly group: string;
  /** The items by position. */
  readonly items: Map<number, { place: string; entries: CollapsingValue[] }>;
}

export interface WalkOptions {
  readonly ignoresUnknown: boolean;
  /** Whether values are also counted by place. */
  readonly countsPlaces?: boolean | undefined;
}

/** The values of an earlier document where its rules put them. */
export interface Walked {
  /** The later documents by group: `own`, or the number of a new document, with the position of its item. */
  readonly growths: ReadonlyMap<string, Growth>;
  readonly tallies: readonly Tally[];
  /** The first problem of a malformed document, of which no later document is made. */
  readonly malformed: RejectProblem | undefined;
}

/** Puts each value of a document where its rule says. */
export function walkDocument(
  all: CompiledTranslation,
  compiled: CompiledResource,
  earlier: EarlierDocument,
  options: WalkOptions,
): Walked {
  return new DocumentWalk(all, compiled, earlier, options).walk();
}

/** Positions of the later place of a value. */
function laterPositions({ skip, change }: Positions, positions: readonly number[]): number[] {
  const own = positions.slice(skip);
  if (change?.kind === 'add') own.splice(change.at, 0, 0);
  if (change?.kind === 'collapse') own.splice(change.at, 1);
  return own;
}

export const newGrowth = (): Growth => ({
  document: new GrowingDocument(),
  problems: [],
  given: [],
  retargeted: [],
  hasValues: false,
});

/** The group of the values of a new document: the number of its rule, and the position of the item if it has one. */
export const groupName = (entry: number, position: number): string =>
  position < 0 ? String(entry) : `${entry}:${position}`;

const groupOf = (part: Carried['part'], positions: readonly number[], skip: number): string =>
  part === 'own' ? 'own' : groupName(part, skip > 0 ? (positions[0] ?? 0) : -1);

class DocumentWalk {
  private readonly all: CompiledTranslation;
  private readonly compiled: CompiledResource;
  private readonly earlier: EarlierDocument;
  private readonly ignoresUnknown: boolean;
  private readonly tallies: TallyCounts;
  private readonly growths = new Map<string, Growth>();
  private readonly collapsing = new Map<string, Collapsing>();
  private readonly malformed: RejectProblem[] = [];
  private readonly retargets: ReadonlyMap<string, CompiledResource['retargeted'][number]>;

  constructor(
    all: CompiledTranslation,
    compiled: CompiledResource,
    earlier: EarlierDocument,
    { ignoresUnknown, countsPlaces = false }: WalkOptions,
  ) {
    this.all = all;
    this.compiled = compiled;
    this.earlier = earlier;
    this.ignoresUnknown = ignoresUnknown;
    this.tallies = new TallyCounts(earlier.resource, countsPlaces);
    this.retargets = new Map(compiled.retargeted.map((each) => [each.path, each]));
  }

  walk(): Walked {
    this.object('$', this.earlier.document, []);
    for (const each of this.collapsing.values()) this.collapse(each);
    const [malformed] = this.malformed.sort(compareBy(({ place }) => place));
    return { growths: this.growths, tallies: this.tallies.all(), malformed };
  }

  private growth(group: string): Growth {
    const known = this.growths.get(group);
    if (known) return known;
    const made = newGrowth();
    this.growths.set(group, made);
    return made;
  }

  private object(path: string, value: JsonObject, positions: readonly number[]): void {
    const { places } = this.compiled.places;
    const ignored =
      path === '$' ? ignoredAtRoot : places.get(path)?.kind === 'reference' ? ignoredInReference : undefined;
    for (const [name, member] of value) {
      if (member === null || ignored?.has(name)) continue;
      const own = `${path}.${name}`;
      const place = places.get(own);
      const collection = places.get(`${own}[*]`);
      if (collection) this.array(collection, member, positions);
      else if (place) this.member(place, member, positions);
      else this.unknownMember(own, positions, member);
    }
  }

  private unknownMember(path: string, positions: readonly number[], value: JsonValue): void {
    const isDropped = this.ignoresUnknown;
    if (!isDropped) this.refuse(path, positions, 'the earlier set has no such member');
    this.tallies.add({
      rule: 'unknown',
      fate: isDropped ? 'dropped' : 'rejected',
      group: null,
      count: countValues(value),
      path,
    });
  }

  private member(place: Place, value: JsonValue, positions: readonly number[]): void {
    if (place.leaf) {
      this.leaf(place, value, positions);
      return;
    }
    if (!(value instanceof Map)) {
      this.misplaced(place, value, positions, 'an object');
      return;
    }
    if (!hasValues(value)) this.emptyContainer(place, positions, 'object');
    const retarget = this.retargets.get(place.path);
    if (retarget) this.retarget(retarget, place, value, positions);
    this.object(place.path, value, positions);
  }

  private retarget(
    { to, part, positions: shift, target }: CompiledResource['retargeted'][number],
    place: Place,
    value: JsonObject,
    positions: readonly number[],
  ): void {
    const texts = new Map<string, string>();
    for (const { name, leaf, identityPaths } of place.reference?.parts ?? []) {
      const own = value.get(name);
      const text = own === undefined || own === null ? undefined : valueText(this.all.before.plans, leaf, own);
      if (text !== undefined) for (const path of identityPaths) texts.set(path, text);
    }
    const group = groupOf(part, positions, shift.skip);
    this.growth(group).retargeted.push({
      place: placeAt(to, laterPositions(shift, positions)),
      earlierTarget: `${target} ${identityText('', texts)}`,
    });
  }

  private array(place: Place, value: JsonValue, positions: readonly number[]): void {
    if (!isJsonArray(value)) {
      this.misplaced(place, value, positions, 'an array');
      return;
    }
    if (value.length === 0) this.emptyContainer(place, positions, 'array');
    value.forEach((item, index) => {
      const own = [...positions, index];
      if (item === null) return;
      if (place.leaf) this.leaf(place, item, own);
      else if (item instanceof Map) {
        if (!hasValues(item)) this.emptyContainer(place, own, 'object');
        this.object(place.path, item, own);
      } else this.misplaced(place, item, own, 'an object');
    });
    if (value.length > 0 && value.every((each) => each === null)) this.emptyContainer(place, positions, 'array');
  }

  /** Keeps an empty object or array in its document. */
  private emptyContainer(place: Place, positions: readonly number[], kind: 'object' | 'array'): void {
    const container = this.compiled.containers.get(place.path);
    if (!container) return;
    const path = kind === 'array' ? container.to.replace(/\[\*\]$/, '') : container.to;
    this.growth('own').document.keep(path, laterPositions(container.positions, positions), kind);
  }

  private refuse(path: string, positions: readonly number[], text: string): void {
    const place = pathName(this.earlier.resource, placeAt(path, positions));
    this.malformed.push({ code: 'TRANSLATION_REFUSED', place, text });
  }

  /** Refuses a document with a value that is not of the kind of its place. */
  private misplaced(place: Place, value: JsonValue, positions: readonly number[], expected: string): void {
    const rule = this.all.identities.ruleOf(this.earlier.resource, place.path);
    this.tallies.add({ rule, fate: 'made', group: 'own', count: countValues(value), path: place.path });
    this.refuse(place.path, positions, `it must be ${expected}, as in the earlier set`);
  }

  private leaf(place: Place, value: JsonValue, positions: readonly number[]): void {
    if (typeof value === 'object' && !(value instanceof JsonNumber)) {
      this.misplaced(place, value, positions, 'a single value');
      return;
    }
    const route = this.compiled.routes.get(place.path) ?? { kind: 'none' };
    const counted = { count: countValues(value), path: place.path };
    switch (route.kind) {
      case 'none':
        // a complete translation has no such place, unless the resource has no own document
        this.tallies.add({ rule: 'unchanged', fate: 'dropped', group: null, ...counted });
        return;
      case 'drop':
        this.tallies.add({ rule: route.rule, fate: 'dropped', group: null, ...counted });
        return;
      case 'identity':
        this.tallies.add({ rule: route.rule, fate: 'made', group: `identity ${route.entries.join()}`, ...counted });
        return;
      case 'carry': {
        const group = groupOf(route.part, positions, route.positions.skip);
        if (route.collapse) this.collect(route, group, { place, value, positions });
        else this.carry(route, group, { place, value, positions });
      }
    }
  }

  /** Keeps a value until all items that are collapsed into one have been seen. */
  private collect(route: Carried, group: string, { place, value, positions }: ValueAtPlace): void {
    const at = route.positions.skip + (route.positions.change?.at ?? 0);
    const key = `${group} ${route.collapse?.from} ${positions.slice(0, at).join()}`;
    const known = this.collapsing.get(key) ?? { route, group, items: new Map() };
    this.collapsing.set(key, known);
    const position = positions[at] ?? 0;
    const item = known.items.get(position) ?? { place: placeAt(route.collapse?.from ?? '', positions), entries: [] };
    const text = `${place.path} ${positions.slice(at + 1).join()} ${comparedText(this.all.before, place, value)}`;
    item.entries.push({ route, place, positions: [...positions], value, text });
    known.items.set(position, item);
  }

  private carry(route: Carried, group: string, { place: from, value, positions }: ValueAtPlace): void {
    this.tallies.add({ rule: route.rule, fate: 'made', group, count: countValues(value), path: from.path });
    const growth = this.growth(group);
    growth.hasValues = true;
    const later = route.conversion.convert(value);
    if (later === undefined) {
      const place = pathName(this.earlier.resource, placeAt(from.path, positions));
      growth.problems.push({ code: 'TRANSLATION_VALUE', place, value, text: 'the value cannot be converted' });
      return;
    }
    if (route.gives !== null) growth.given.push({ resource: route.gives, value: later });
    growth.document.set(route.to, laterPositions(route.positions, positions), later);
  }

  /** Collapses items into one: the first that has a value is taken (design 20 §2.2). */
  private collapse({ route, group, items }: Collapsing): void {
    const sorted = [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
    const textOf = (item: (typeof sorted)[number]) =>
      item.entries
        .map(({ text }) => text)
        .sort()
        .join('\n');
    const [first, ...others] = sorted;
    if (!first) return;
    const different = others.filter((item) => textOf(item) !== textOf(first));
    for (const each of first.entries) this.carry(each.route, group, each);
    const isDropped = route.collapse?.isFirst ?? false;
    for (const item of others) {
      const isOther = different.includes(item);
      const goes = isOther && isDropped;
      for (const { route: own, place, value } of item.entries)
        this.tallies.add({
          rule: own.rule,
          fate: goes ? 'dropped' : 'made',
          group: goes ? null : group,
          count: countValues(value),
          path: place.path,
        });
    }
    const [other] = different;
    if (!other || isDropped) return;
    const known = new Map<string, JsonValue>();
    for (const item of sorted) {
      const [only] = item.entries;
      const value: JsonValue =
        item.entries.length === 1 && only
          ? only.value
          : new Map(item.entries.map((each) => [each.route.to, each.value]));
      if (!known.has(textOf(item))) known.set(textOf(item), value);
    }
    this.growth(group).problems.push({
      code: 'TRANSLATION_SEVERAL',
      place: pathName(this.earlier.resource, other.place),
      value: [...known.values()],
      text: 'the items have several different values',
    });
  }
}

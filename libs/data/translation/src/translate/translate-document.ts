import { ignoredAtRoot, ignoredInReference, valueAt } from '@dms/api-schema';
import { nearestName } from '@dms/diagnostics';
import { lowerCased } from '@dms/documents';
import { compareBy, isJsonArray, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledResource, Positions, Route } from '../compile/compile-resource.ts';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { comparedText, laterNamespace, valueText } from '../compile/conversion.ts';
import { pathName } from '../places/place-name.ts';
import type { Place } from '../places/set-places.ts';
import type { ThroughIndex } from '../through/through-index.ts';
import type {
  Draft,
  EarlierDocument,
  GivenValue,
  RejectProblem,
  RetargetedReference,
  Share,
  Source,
  Tally,
} from './draft.ts';
import { fillDocument } from './fill-document.ts';
import { countValues, GrowingDocument, hasValues, placeAt } from './growing-document.ts';
import { identityText, identityTexts } from './identity-texts.ts';

const descriptorMembers: ReadonlySet<string> = new Set([
  'namespace',
  'codeValue',
  'shortDescription',
  'description',
  'effectiveBeginDate',
  'effectiveEndDate',
]);

type Carried = Extract<Route, { kind: 'carry' }>;

/** The state of a later document while its values arrive. */
interface Growth {
  readonly document: GrowingDocument;
  readonly problems: RejectProblem[];
  readonly given: GivenValue[];
  readonly retargeted: RetargetedReference[];
  hasValues: boolean;
}

interface CollapsingValue {
  readonly route: Carried;
  readonly place: Place;
  readonly positions: number[];
  readonly value: JsonValue;
  readonly text: string;
}

/** The values of items that are collapsed into one. */
interface Collapsing {
  readonly route: Carried;
  readonly group: string;
  /** The items by position. */
  readonly items: Map<number, { place: string; entries: CollapsingValue[] }>;
}

export interface TranslateOptions {
  readonly ignoresUnknown: boolean;
  /** Whether values are also counted by place. */
  readonly countsPlaces?: boolean | undefined;
}

/** A document that is being made, with the values that it shares with others. */
interface OpenDraft extends Draft {
  readonly shares: Share[];
  problem: RejectProblem | null;
}

/**
 * The later documents of an earlier document, and the fate of its values: `made` unless later documents are rejected.
 */
export interface Settled {
  readonly drafts: readonly Draft[];
  readonly tallies: readonly Tally[];
}

/** Positions of the later place of a value. */
export function laterPositions({ skip, change }: Positions, positions: readonly number[]): number[] {
  const own = positions.slice(skip);
  if (change?.kind === 'add') own.splice(change.at, 0, 0);
  if (change?.kind === 'collapse') own.splice(change.at, 1);
  return own;
}

/** Translates one document after another; here no document knows the others (design 20 §2). */
export class DocumentTranslation {
  private readonly all: CompiledTranslation;
  private readonly options: TranslateOptions;
  /** The number of values that each fill gave. */
  readonly filled = new Map<string, number>();

  constructor(all: CompiledTranslation, options: TranslateOptions) {
    this.all = all;
    this.options = options;
  }

  /** Translates a document. Identities that `through` finds are added in {@link Translated.settle}. */
  translate(earlier: EarlierDocument, number: number): Translated {
    return new Translated(this.all, this.options, this.filled, earlier, number);
  }

  /** The tallies of a document that was already translated, with counts by place. */
  tallies(earlier: EarlierDocument): readonly Tally[] {
    const options = { ...this.options, countsPlaces: true };
    return [...new Translated(this.all, options, new Map(), earlier, 0).tallies.values()];
  }
}

/** One earlier document, its later documents, and the fate of its values. */
export class Translated {
  readonly source: Source;
  /** Tallies in the order in which the document has the values. */
  readonly tallies = new Map<string, Tally>();
  private readonly own: OpenDraft | null;
  /** For the identity of a document that is dropped, or loses a part of its identity: others may still name it. */
  readonly identityDocument: { readonly resource: string; readonly document: JsonObject } | null = null;
  private readonly all: CompiledTranslation;
  private readonly options: TranslateOptions;
  private readonly filled: Map<string, number>;
  private readonly earlier: EarlierDocument;
  private readonly compiled: CompiledResource | undefined;
  private readonly groups = new Map<string, readonly OpenDraft[]>();
  private readonly growths = new Map<string, Growth>();
  private readonly collapsing = new Map<string, Collapsing>();
  /** The problems of a malformed document; no later document is made of it. */
  private readonly malformed: RejectProblem[] = [];
  private lastTally: Tally | undefined;
  private readonly retargets: ReadonlyMap<string, CompiledResource['retargeted'][number]>;

  constructor(
    all: CompiledTranslation,
    options: TranslateOptions,
    filled: Map<string, number>,
    earlier: EarlierDocument,
    number: number,
    compiled = all.resources.get(earlier.resource),
  ) {
    this.all = all;
    this.options = options;
    this.filled = filled;
    this.earlier = earlier;
    this.compiled = compiled;
    this.retargets = new Map(compiled?.retargeted.map((each) => [each.path, each]));
    const texts = compiled && identityTexts(all.before.plans, compiled.places, earlier.document);
    const { resource, uuid } = earlier;
    this.source = { number, resource, uuid, identity: texts ? identityText(resource, texts) : '' };
    if (!compiled || compiled.places.kind === 'abstract resource') {
      this.count('unknown', 'rejected', null, countValues(earlier.document), null);
      this.own = this.rejected({
        code: 'TRANSLATION_REFUSED',
        place: earlier.resource,
        text: unknownResource(all, earlier.resource),
      });
      return;
    }
    if (compiled.places.kind === 'descriptor') {
      this.own = this.descriptor(compiled);
      return;
    }
    this.object('$', earlier.document, []);
    for (const each of this.collapsing.values()) this.collapse(each);
    const named = all.named.get(earlier.resource);
    if (named && compiled !== named) {
      const shadow = new Translated(all, options, new Map(), earlier, number, named);
      if (shadow.own) this.identityDocument = { resource: shadow.own.resource, document: shadow.own.document };
    }
    const [first] = [...this.malformed].sort(compareBy(({ place }) => place));
    if (first !== undefined) {
      this.own = this.rejected(first);
      // no later document is made, so this reject has all values
      for (const { group } of this.tallies.values()) if (group !== null) this.groups.set(group, [this.own]);
      return;
    }
    this.own = compiled.hasOwn ? this.finish(compiled.later, 'own', compiled.rule, true, -1, new Map()) : null;
    if (this.own) this.groups.set('own', [this.own]);
  }

  /** Counts values of a place of the earlier document; `path` is null for the whole document. */
  private count(rule: string, fate: Tally['fate'], group: string | null, count: number, path: string | null): void {
    if (count === 0) return;
    const tally = this.tallyOf(rule, fate, group);
    tally.count += count;
    // values for an identity that no new document takes are dropped in the end
    if (fate === 'made' && !group?.startsWith('identity ') && !this.options.countsPlaces) return;
    const { resource } = this.earlier;
    const place = path === null ? resource : pathName(resource, path);
    tally.places.set(place, (tally.places.get(place) ?? 0) + count);
  }

  private tallyOf(rule: string, fate: Tally['fate'], group: string | null): Tally {
    const { lastTally: last } = this;
    // most values have the fate of the one before them
    if (last && last.rule === rule && last.fate === fate && last.group === group) return last;
    const key = `${rule}\n${fate}\n${group}`;
    const tally = this.tallies.get(key) ?? { rule, fate, group, count: 0, places: new Map<string, number>() };
    this.tallies.set(key, tally);
    this.lastTally = tally;
    return tally;
  }

  /** The own document of a document that is refused; its values are kept for its identity. */
  private rejected(problem: RejectProblem): OpenDraft {
    const { compiled } = this;
    return {
      source: this.source,
      resource: compiled?.later ?? this.earlier.resource,
      rule: compiled?.rule ?? 'unchanged',
      isOwn: true,
      position: -1,
      document: this.growths.get('own')?.document.grown() ?? new Map(),
      problem,
      retargeted: [],
      given: [],
      earlierName: null,
      shares: [],
    };
  }

  private growth(group: string): Growth {
    const known = this.growths.get(group);
    if (known) return known;
    const made: Growth = { document: new GrowingDocument(), problems: [], given: [], retargeted: [], hasValues: false };
    this.growths.set(group, made);
    return made;
  }

  private object(path: string, value: JsonObject, positions: readonly number[]): void {
    const { compiled } = this;
    const places = compiled?.places.places;
    if (!compiled || !places) return;
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
    const isDropped = this.options.ignoresUnknown;
    if (!isDropped) this.refuse(path, positions, 'the earlier set has no such member');
    this.count('unknown', isDropped ? 'dropped' : 'rejected', null, countValues(value), path);
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
    const group = this.groupOf(part, positions, shift.skip);
    this.growth(group).retargeted.push({
      place: placeAt(to, laterPositions(shift, positions)),
      earlierTarget: `${target} ${identityText('', texts)}`,
    });
  }

  private groupOf(part: Carried['part'], positions: readonly number[], skip: number): string {
    if (part === 'own') return 'own';
    return skip > 0 ? `${part}:${positions[0] ?? 0}` : String(part);
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
    const container = this.compiled?.containers.get(place.path);
    if (!container) return;
    const path = kind === 'array' ? container.to.replace(/\[\*\]$/, '') : container.to;
    this.growth('own').document.set(path, laterPositions(container.positions, positions), kind, true);
  }

  private refuse(path: string, positions: readonly number[], text: string): void {
    const place = pathName(this.earlier.resource, placeAt(path, positions));
    this.malformed.push({ code: 'TRANSLATION_REFUSED', place, text });
  }

  /** Refuses a document with a value that is not of the kind of its place. */
  private misplaced(place: Place, value: JsonValue, positions: readonly number[], expected: string): void {
    const rule = this.all.identities.ruleOf(this.earlier.resource, place.path);
    this.count(rule, 'made', 'own', countValues(value), place.path);
    this.refuse(place.path, positions, `it must be ${expected}, as in the earlier set`);
  }

  private leaf(place: Place, value: JsonValue, positions: readonly number[]): void {
    const { compiled } = this;
    if (typeof value === 'object' && !(value instanceof JsonNumber)) {
      this.misplaced(place, value, positions, 'a single value');
      return;
    }
    const route = compiled?.routes.get(place.path) ?? { kind: 'none' };
    const count = countValues(value);
    if (route.kind === 'none') {
      // a complete translation has no such place, unless the resource has no own document
      this.count('unchanged', 'dropped', null, count, place.path);
      return;
    }
    if (route.kind === 'drop') {
      this.count(route.rule, 'dropped', null, count, place.path);
      return;
    }
    if (route.kind === 'identity') {
      this.count(route.rule, 'made', `identity ${route.entries.join()}`, count, place.path);
      return;
    }
    const group = this.groupOf(route.part, positions, route.positions.skip);
    if (route.collapse) {
      const key = `${group} ${route.collapse.from} ${positions.slice(0, this.collapsedAt(route)).join()}`;
      const known = this.collapsing.get(key) ?? { route, group, items: new Map() };
      this.collapsing.set(key, known);
      const position = positions[this.collapsedAt(route)] ?? 0;
      const item = known.items.get(position) ?? { place: placeAt(route.collapse.from, positions), entries: [] };
      const inner = positions.slice(this.collapsedAt(route) + 1).join();
      const text = `${place.path} ${inner} ${comparedText(this.all.before, place, value)}`;
      item.entries.push({ route, place, positions: [...positions], value, text });
      known.items.set(position, item);
      return;
    }
    this.carry(route, group, { place, value, positions });
  }

  private collapsedAt({ positions: { skip, change } }: Carried): number {
    return skip + (change?.at ?? 0);
  }

  private carry(
    route: Carried,
    group: string,
    {
      place: from,
      value,
      positions,
    }: Omit<CollapsingValue, 'route' | 'positions' | 'text'> & {
      readonly positions: readonly number[];
    },
  ): void {
    this.count(route.rule, 'made', group, countValues(value), from.path);
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
        this.count(own.rule, goes ? 'dropped' : 'made', goes ? null : group, countValues(value), place.path);
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

  private descriptor(compiled: CompiledResource): OpenDraft | null {
    const { earlier } = this;
    const rule = compiled.rule;
    const document = new Map<string, JsonValue>();
    const unknown: string[] = [];
    const isDropped = compiled.isDropped;
    const namespaces = this.all.rules.translation.namespaces;
    for (const [name, value] of earlier.document) {
      if (value === null || ignoredAtRoot.has(name)) continue;
      if (!descriptorMembers.has(name)) {
        if (!this.options.ignoresUnknown) unknown.push(name);
        this.count(
          'unknown',
          this.options.ignoresUnknown ? 'dropped' : 'rejected',
          null,
          countValues(value),
          `$.${name}`,
        );
        continue;
      }
      const [fate, group] = isDropped ? (['dropped', null] as const) : (['made', 'own'] as const);
      this.count(rule, fate, group, countValues(value), `$.${name}`);
      const later = name === 'namespace' && typeof value === 'string' ? laterNamespace(namespaces, value).text : value;
      document.set(name, later);
    }
    const name = (member: string) => earlier.document.get(member);
    const draft: OpenDraft = {
      ...this.rejected({ code: 'TRANSLATION_REFUSED', place: '', text: '' }),
      document,
      earlierName: `${textOf(name('namespace'))}#${textOf(name('codeValue'))}`,
      problem: null,
    };
    const [first] = unknown.sort();
    if (first !== undefined)
      draft.problem = {
        code: 'TRANSLATION_REFUSED',
        place: pathName(earlier.resource, `$.${first}`),
        text: 'the earlier set has no such member',
      };
    if (!isDropped) {
      this.groups.set('own', [draft]);
      return draft;
    }
    Object.assign(this, { identityDocument: { resource: compiled.later, document } });
    return null;
  }

  private finish(
    resource: string,
    group: string,
    rule: string,
    isOwn: boolean,
    position: number,
    identity: ReadonlyMap<string, JsonValue>,
  ): OpenDraft {
    const growth = this.growth(group);
    for (const [path, value] of identity) growth.document.set(path, [], value);
    const document = growth.document.grown();
    const problems = [...growth.problems];
    const given = [...growth.given];
    fillDocument(this.all, { resource, isOwn, document, given, earlier: this.earlier }, this.filled, problems);
    return {
      source: this.source,
      resource,
      rule,
      isOwn,
      position,
      document,
      problem: problems.sort(compareBy(({ place }) => place))[0] ?? null,
      retargeted: growth.retargeted,
      given,
      earlierName: null,
      shares: [],
    };
  }

  /** The later documents, when all documents that `through` can find have been read. */
  settle(index: ThroughIndex): Settled {
    const drafts = [...(this.own ? [this.own] : []), ...this.parts(index)];
    const settled: Tally[] = [];
    for (const [number, tally] of [...this.tallies.values()].entries()) {
      const { rule, count, group } = tally;
      const own = group === null ? [] : (this.groups.get(group) ?? []);
      if (tally.fate !== 'made') settled.push(tally);
      else if (own.length > 0) {
        const shared = { tally: number, drafts: own.length, rule, count };
        for (const { shares } of own) shares.push(shared);
        settled.push(tally);
      } else settled.push({ ...tally, fate: group?.startsWith('identity ') ? 'dropped' : 'rejected' });
    }
    return { drafts, tallies: settled };
  }

  /** The new documents. */
  private parts(index: ThroughIndex): readonly OpenDraft[] {
    const { compiled, groups } = this;
    if (!compiled || this.malformed.length > 0) return [];
    const made: OpenDraft[] = [];
    for (const { entry, documents } of this.all.rules.entriesOf(this.earlier.resource)) {
      const names =
        documents.items === null
          ? [String(entry)]
          : this.itemsOf(documents.items).map((position) => `${entry}:${position}`);
      const all: OpenDraft[] = [];
      for (const group of names) {
        const drafts = this.partsOf(entry, group, index);
        groups.set(group, drafts);
        all.push(...drafts);
      }
      made.push(...all);
      groups.set(`entry ${entry}`, all);
    }
    for (const { group } of this.tallies.values()) {
      if (!group?.startsWith('identity ')) continue;
      const entries = group.slice('identity '.length).split(',');
      groups.set(
        group,
        entries.flatMap((each) => groups.get(`entry ${each}`) ?? []),
      );
    }
    return made;
  }

  private itemsOf(items: string): readonly number[] {
    const array = valueAt(this.earlier.document, items.replace(/\[\*\]$/, ''));
    return isJsonArray(array) ? array.flatMap((each, position) => (each === null ? [] : [position])) : [];
  }

  private partsOf(entry: number, group: string, index: ThroughIndex): readonly OpenDraft[] {
    const documents = this.all.rules.translation.documents[entry];
    const identity = this.all.newIdentities[entry];
    const growth = this.growths.get(group);
    if (!documents || !identity) return [];
    const hasValues = growth?.hasValues ?? false;
    if (documents.items === null && !documents.isAlways && !hasValues) return [];
    const position = documents.items === null ? -1 : Number(group.slice(group.indexOf(':') + 1));
    const values = new Map<string, JsonValue>();
    const lacking = (place: string, problem: string): readonly OpenDraft[] => {
      if (!hasValues) return [];
      const draft = this.finish(documents.after, group, documents.rule, false, position, values);
      const own: RejectProblem = { code: 'TRANSLATION_NO_IDENTITY', place, text: problem };
      // only the first place is reported
      draft.problem = draft.problem && draft.problem.place < place ? draft.problem : own;
      return [draft];
    };
    for (const [path, source] of identity.sources) {
      if (source.kind !== 'place') continue;
      const value = valueAt(this.earlier.document, source.from);
      const place = pathName(documents.after, path);
      if (value === undefined) return lacking(place, 'the earlier document lacks this part of the identity');
      const later = source.conversion.convert(value);
      if (later === undefined) return lacking(place, 'this part of the identity cannot be converted');
      values.set(path, later);
    }
    if (identity.through.length === 0)
      return [this.finish(documents.after, group, documents.rule, false, position, values)];
    const found = index.find(entry, this.earlier.document);
    if (!found) return lacking(documents.after, 'through finds no document with the rest of its identity');
    return found.map((each) =>
      this.finish(documents.after, group, documents.rule, false, position, new Map([...values, ...each])),
    );
  }
}

/** The reason why the earlier set has no documents of a resource, with the resource that may have been meant. */
function unknownResource({ before }: CompiledTranslation, resource: string): string {
  if (before.resources.has(resource)) return 'it is abstract; name one of its concrete resources';
  const concrete = [...before.resources.values()].filter(({ kind }) => kind !== 'abstract resource');
  const { hint } = nearestName(
    resource,
    concrete.map(({ label }) => label),
  );
  return `the earlier set has no such resource${hint}`;
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** The URI of a descriptor in lower case. */
export function descriptorName(document: JsonObject): string | null {
  const [namespace, codeValue] = [document.get('namespace'), document.get('codeValue')];
  return typeof namespace === 'string' && typeof codeValue === 'string'
    ? lowerCased(`${namespace}#${codeValue}`)
    : null;
}

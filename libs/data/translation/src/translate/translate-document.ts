import { ignoredAtRoot, valueAt } from '@dms/api-schema';
import { nearestName } from '@dms/diagnostics';
import { lowerCased } from '@dms/documents';
import { descriptorMembers } from '@dms/model';
import { compareBy, isJsonArray, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledResource } from '../compile/compile-resource.ts';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { laterNamespace } from '../compile/conversion.ts';
import { pathName } from '../places/place-name.ts';
import type { ThroughIndex } from '../through/through-index.ts';
import type { Draft, EarlierDocument, Share, Source, Tally } from './draft.ts';
import { fillDocument } from './fill-document.ts';
import { countValues } from './growing-document.ts';
import { identityText, identityTexts } from './identity-texts.ts';
import { TallyCounts } from './tally-counts.ts';
import { type Growth, groupName, newGrowth, type Walked, type WalkOptions, walkDocument } from './walk-document.ts';

/** One earlier document, its own later document, and what is known about the new ones before `through` is asked. */
interface TranslatedDocument {
  readonly earlier: EarlierDocument;
  readonly source: Source;
  /** The later document of the same resource; null if there is none. */
  readonly own: Draft | null;
  /** For the identity of a document that is dropped, or loses a part of its identity: others may still name it. */
  readonly identityDocument: Pick<Draft, 'resource' | 'document'> | null;
  /** Tallies in the order in which the document has the values. */
  readonly tallies: readonly Tally[];
  /** What arrives in new documents, by group; null if the earlier document is refused and no new document is made. */
  readonly growths: ReadonlyMap<string, Growth> | null;
}

/**
 * The later documents of an earlier document, and the fate of its values: `made` unless later documents are rejected.
 */
export interface Settled {
  readonly drafts: readonly Draft[];
  readonly tallies: readonly Tally[];
}

/** The earlier document of which a draft is made. */
type OfEarlier = Pick<TranslatedDocument, 'earlier' | 'source'>;

/** A new document that is to be made, or the own one. */
type DraftOrigin = Pick<Draft, 'resource' | 'rule' | 'isOwn' | 'position'>;

/** Translates one document after another; here no document knows the others (design 20 §2). */
export class DocumentTranslation {
  private readonly all: CompiledTranslation;
  private readonly options: WalkOptions;
  /** The number of values that each fill gave. */
  readonly filled = new Map<string, number>();

  constructor(all: CompiledTranslation, options: WalkOptions) {
    this.all = all;
    this.options = options;
  }

  /** Translates a document. Identities that `through` finds are added in {@link settle}. */
  translate(earlier: EarlierDocument, number: number): TranslatedDocument {
    const compiled = this.all.resources.get(earlier.resource);
    const texts = compiled && identityTexts(this.all.before.plans, compiled.places, earlier.document);
    const { resource, uuid } = earlier;
    const source: Source = { number, resource, uuid, identity: texts ? identityText(resource, texts) : '' };
    if (!compiled || compiled.places.kind === 'abstract resource') return this.unknown(compiled, earlier, source);
    if (compiled.places.kind === 'descriptor') return this.descriptor(compiled, earlier, source);
    return this.document(compiled, earlier, source);
  }

  /** The tallies of a document that was already translated, with counts by place. */
  tallies(earlier: EarlierDocument): readonly Tally[] {
    return new DocumentTranslation(this.all, { ...this.options, countsPlaces: true }).translate(earlier, 0).tallies;
  }

  /** The later documents, when all documents that `through` can find have been read. */
  settle(translated: TranslatedDocument, index: ThroughIndex): Settled {
    const { own, tallies, growths } = translated;
    if (growths) {
      const made = this.newDocuments(translated, growths, index);
      return settled(own ? [own, ...made.drafts] : made.drafts, made.groups, tallies);
    }
    // a refused document has all values
    const refused = own ? [own] : [];
    return settled(
      refused,
      new Map(tallies.flatMap(({ group }) => (group === null ? [] : [[group, refused]]))),
      tallies,
    );
  }

  private unknown(
    compiled: CompiledResource | undefined,
    earlier: EarlierDocument,
    source: Source,
  ): TranslatedDocument {
    const { later = earlier.resource, rule = 'unchanged' } = compiled ?? {};
    const { resource } = earlier;
    const tallies = new TallyCounts(resource, false);
    tallies.add({ rule: 'unknown', fate: 'rejected', group: null, count: countValues(earlier.document), path: null });
    const own: Draft = {
      ...newDraft(source, { resource: later, rule, isOwn: true, position: -1 }),
      problem: { code: 'TRANSLATION_REFUSED', place: resource, text: unknownResource(this.all, resource) },
    };
    return { earlier, source, own, identityDocument: null, tallies: tallies.all(), growths: null };
  }

  private document(compiled: CompiledResource, earlier: EarlierDocument, source: Source): TranslatedDocument {
    const { all, options } = this;
    const walked = walkDocument(all, compiled, earlier, options);
    const named = all.named.get(earlier.resource);
    const identity =
      named && this.ownDraft(named, { earlier, source }, walkDocument(all, named, earlier, options), new Map());
    return {
      earlier,
      source,
      own: this.ownDraft(compiled, { earlier, source }, walked, this.filled),
      identityDocument: identity ?? null,
      tallies: walked.tallies,
      growths: walked.malformed ? null : walked.growths,
    };
  }

  /** The later document of the same resource; a malformed document is refused, with the values that it has. */
  private ownDraft(
    { later: resource, rule, hasOwn }: CompiledResource,
    of: OfEarlier,
    { growths, malformed }: Walked,
    filled: Map<string, number>,
  ): Draft | null {
    const making: DraftOrigin = { resource, rule, isOwn: true, position: -1 };
    const growth = growths.get('own') ?? newGrowth();
    if (malformed) return { ...newDraft(of.source, making), document: growth.document.grown(), problem: malformed };
    return hasOwn ? this.draft(making, of, growth, new Map(), filled) : null;
  }

  private descriptor(compiled: CompiledResource, earlier: EarlierDocument, source: Source): TranslatedDocument {
    const { isDropped, rule, later: resource } = compiled;
    const { namespaces } = this.all.rules.translation;
    const tallies = new TallyCounts(earlier.resource, this.options.countsPlaces ?? false);
    const document = new Map<string, JsonValue>();
    const unknown: string[] = [];
    for (const [name, value] of earlier.document) {
      if (value === null || ignoredAtRoot.has(name)) continue;
      const counted = { count: countValues(value), path: `$.${name}` };
      if (!Object.hasOwn(descriptorMembers, name)) {
        const fate = this.options.ignoresUnknown ? 'dropped' : 'rejected';
        if (fate === 'rejected') unknown.push(name);
        tallies.add({ rule: 'unknown', fate, group: null, ...counted });
        continue;
      }
      tallies.add({
        rule,
        ...(isDropped ? { fate: 'dropped', group: null } : { fate: 'made', group: 'own' }),
        ...counted,
      });
      const isNamespace = name === 'namespace' && typeof value === 'string';
      document.set(name, isNamespace ? laterNamespace(namespaces, value).text : value);
    }
    const [first] = unknown.sort();
    const own: Draft = {
      ...newDraft(source, { resource, rule, isOwn: true, position: -1 }),
      document,
      earlierName: `${textOf(earlier.document.get('namespace'))}#${textOf(earlier.document.get('codeValue'))}`,
      problem:
        first === undefined
          ? null
          : {
              code: 'TRANSLATION_REFUSED',
              place: pathName(earlier.resource, `$.${first}`),
              text: 'the earlier set has no such member',
            },
    };
    return {
      earlier,
      source,
      own: isDropped ? null : own,
      identityDocument: isDropped ? { resource, document } : null,
      tallies: tallies.all(),
      growths: new Map(),
    };
  }

  /** A later document of the values that have arrived, its identity and fills, which `filled` counts. */
  private draft(
    making: DraftOrigin,
    { earlier, source }: OfEarlier,
    growth: Growth,
    identity: ReadonlyMap<string, JsonValue>,
    filled: Map<string, number>,
  ): Draft {
    for (const [path, value] of identity) growth.document.set(path, [], value);
    const document = growth.document.grown();
    const problems = [...growth.problems];
    const given = [...growth.given];
    const { resource, isOwn } = making;
    fillDocument(this.all, { resource, isOwn, document, given, earlier }, filled, problems);
    return {
      ...newDraft(source, making),
      document,
      problem: problems.sort(compareBy(({ place }) => place))[0] ?? null,
      retargeted: growth.retargeted,
      given,
    };
  }

  /** The new documents, and the documents that have the values of each group. */
  private newDocuments(
    { earlier, source, own, tallies }: TranslatedDocument,
    growths: ReadonlyMap<string, Growth>,
    index: ThroughIndex,
  ): { readonly drafts: readonly Draft[]; readonly groups: ReadonlyMap<string, readonly Draft[]> } {
    const groups = new Map<string, readonly Draft[]>(own ? [['own', [own]]] : []);
    const byEntry = new Map<string, readonly Draft[]>();
    for (const { entry, documents } of this.all.rules.entriesOf(earlier.resource)) {
      const items = documents.items === null ? [-1] : itemsOf(earlier.document, documents.items);
      const ofItems = items.map((position) => {
        const group = groupName(entry, position);
        const drafts = this.ofEntry(entry, position, { earlier, source }, growths.get(group), index);
        groups.set(group, drafts);
        return drafts;
      });
      byEntry.set(String(entry), ofItems.flat());
    }
    for (const { group } of tallies) {
      if (!group?.startsWith('identity ')) continue;
      const entries = group.slice('identity '.length).split(',');
      groups.set(
        group,
        entries.flatMap((entry) => byEntry.get(entry) ?? []),
      );
    }
    return { drafts: [...byEntry.values()].flat(), groups };
  }

  /** The documents that a rule of `documents` makes of a document, or of one of its items. */
  private ofEntry(
    entry: number,
    position: number,
    of: OfEarlier,
    growth: Growth | undefined,
    index: ThroughIndex,
  ): readonly Draft[] {
    const documents = this.all.rules.translation.documents[entry];
    const identity = this.all.newIdentities[entry];
    if (!documents || !identity) return [];
    const { after: resource, rule } = documents;
    const hasValues = growth?.hasValues ?? false;
    if (documents.items === null && !documents.isAlways && !hasValues) return [];
    const values = new Map<string, JsonValue>();
    const making: DraftOrigin = { resource, rule, isOwn: false, position };
    const made = (parts: ReadonlyMap<string, JsonValue>) =>
      this.draft(making, of, growth ?? newGrowth(), parts, this.filled);
    const lacking = (place: string, text: string): readonly Draft[] => {
      if (!hasValues) return [];
      const draft = made(values);
      // only the first place is reported
      const isFirst = !draft.problem || draft.problem.place >= place;
      return [isFirst ? { ...draft, problem: { code: 'TRANSLATION_NO_IDENTITY', place, text } } : draft];
    };
    for (const [path, part] of identity.sources) {
      if (part.kind !== 'place') continue;
      const value = valueAt(of.earlier.document, part.from);
      const place = pathName(resource, path);
      if (value === undefined) return lacking(place, 'the earlier document lacks this part of the identity');
      const later = part.conversion.convert(value);
      if (later === undefined) return lacking(place, 'this part of the identity cannot be converted');
      values.set(path, later);
    }
    if (identity.through.length === 0) return [made(values)];
    const found = index.find(entry, of.earlier.document);
    if (!found) return lacking(resource, 'through finds no document with the rest of its identity');
    return found.map((rest) => made(new Map([...values, ...rest])));
  }
}

const newDraft = (source: Source, making: DraftOrigin): Draft => ({
  source,
  ...making,
  document: new Map(),
  problem: null,
  retargeted: [],
  given: [],
  earlierName: null,
  shares: [],
});

/** Gives each document its share of the values of its groups. Values that no document has are dropped or rejected. */
function settled(
  drafts: readonly Draft[],
  groups: ReadonlyMap<string, readonly Draft[]>,
  tallies: readonly Tally[],
): Settled {
  const sharesOf = new Map<Draft, Share[]>(drafts.map((draft) => [draft, []]));
  const inTheEnd = tallies.map((tally, number): Tally => {
    const { rule, count, group, fate } = tally;
    if (fate !== 'made') return tally;
    const holders = group === null ? [] : (groups.get(group) ?? []);
    if (holders.length === 0) return { ...tally, fate: group?.startsWith('identity ') ? 'dropped' : 'rejected' };
    for (const draft of holders) sharesOf.get(draft)?.push({ tally: number, drafts: holders.length, rule, count });
    return tally;
  });
  return { drafts: [...sharesOf].map(([draft, shares]) => ({ ...draft, shares })), tallies: inTheEnd };
}

/** The positions of the items of a collection. */
function itemsOf(document: JsonObject, items: string): readonly number[] {
  const array = valueAt(document, items.replace(/\[\*\]$/, ''));
  return isJsonArray(array) ? array.flatMap((each, position) => (each === null ? [] : [position])) : [];
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

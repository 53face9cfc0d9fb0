import { referentialIdOfText } from '@dms/documents';
import {
  canonicalText,
  compareBy,
  compareOrdinal,
  groupBy,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonValue,
} from '@dms/values';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { laterNamespace } from '../compile/conversion.ts';
import { type Problem, problem } from '../file/problem.ts';
import { pathName } from '../places/place-name.ts';
import { Accounts } from '../report/accounts.ts';
import type { ResourceCounts, TranslationReport } from '../report/translation-report.ts';
import { type Contribution, draftOf, draftRecord } from '../store/draft-records.ts';
import { type IdShares, shortId } from '../store/id-shares.ts';
import { Marks } from '../store/marks.ts';
import type { RecordFile } from '../store/record-file.ts';
import { RecordFolder } from '../store/record-folder.ts';
import type { RejectFile, RejectsOfSource } from '../store/reject-file.ts';
import { type Result, resultOf, resultRecord } from '../store/result-records.ts';
import { ThroughIndex } from '../through/through-index.ts';
import { Union } from '../unite/unite-documents.ts';
import type {
  DocumentOrigin,
  Draft,
  EarlierDocument,
  GivenValue,
  LaterDocument,
  RejectProblem,
  Source,
} from './draft.ts';
import {
  type Affected,
  type IdPlace,
  idLists,
  type LostId,
  type PlacedId,
  placeId,
  type RetargetedId,
} from './id-lists.ts';
import { identityText, identityTexts } from './identity-texts.ts';
import { type CheckLater, type LaterCheck, LaterDocuments } from './later-documents.ts';
import { DocumentTranslation } from './translate-document.ts';

/** The outcome of a translation, valid while its files exist. */
export interface TranslatedDocuments {
  /** The rejects by earlier document, in the order of the input. */
  rejects(): Iterable<RejectsOfSource>;
  readonly report: TranslationReport;
  /** The number of documents of each later resource, including descriptor resources. */
  readonly counts: ReadonlyMap<string, number>;
  documents(resource: string): Iterable<LaterDocument>;
  /** The earlier document with a number. */
  earlier(number: number): EarlierDocument;
}

export interface TranslateDocumentsOptions {
  /** Drops members that the earlier set does not know. */
  readonly ignoresUnknown?: boolean | undefined;
  /** A check of documents and descriptors of the later set, in addition to the check against its model. */
  readonly check?: CheckLater | undefined;
  /**
   * The number of bytes that stay in memory before they are written to a file; by default more for files that are read
   * often.
   */
  readonly bufferLimit?: number | undefined;
  /**
   * Called now and then with the current step and the number of documents that are done; it may end the run by an
   * error.
   */
  readonly onTurn?: ((step: 'read' | 'translate' | 'unite' | 'check', documents: number) => Promise<void>) | undefined;
  /** For a run that does not read all documents. */
  readonly rest?: RestOfDocuments | undefined;
}

/** The documents that a run does not read at first, because no rule changes them. */
export interface RestOfDocuments {
  /** Whether documents among them may name documents of a resource. */
  mayName(resource: string): boolean;
  /**
   * The documents among them that may name one of the lost documents, none of them twice; called before each round with
   * the documents that were lost since the last call.
   */
  naming(lost: readonly Pick<EarlierDocument, 'resource' | 'uuid'>[]): AsyncIterable<EarlierDocument>;
  /** The position of a document in the order of the rejects. */
  positionOf(document: EarlierDocument): number;
  /** The numbers of documents that were never read, by earlier resource; they stay as they are. */
  unread(): Iterable<readonly [resource: string, count: number]>;
}

/** The number of documents after which `onTurn` is called. */
const turnLength = 500;

/**
 * The number of bytes that stay in memory before they are written to a file: of the input, of each resource, of each
 * share of united documents, of each list of `through`, of lost values, of rejects.
 */
const bufferLimits = {
  earlier: 1_000_000,
  resource: 100_000,
  united: 50_000,
  through: 1_000_000,
  lost: 1_000_000,
  rejects: 1_000_000,
} as const;

/** The number of shares in which united documents are compared; only one share is in memory. */
const shareCount = 256;

function shareOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return (hash >>> 0) % shareCount;
}

/** A later document and the drafts from which it is made. */
type DraftedDocument = Pick<Result, 'resource' | 'drafts' | 'document'>;

const noCounts = (): ResourceCounts => ({ read: 0, written: 0, made: 0, rejects: 0 });

class Run {
  private readonly all: CompiledTranslation;
  private readonly folder: RecordFolder;
  private readonly options: TranslateDocumentsOptions;
  private readonly later: LaterDocuments;
  private readonly translation: DocumentTranslation;
  private readonly through: ThroughIndex;
  private readonly accounts: Accounts;
  private readonly read: RecordFile;
  /** The ids of later documents, and the ids to which they refer. */
  private readonly own: IdShares<PlacedId>;
  private readonly named: IdShares<PlacedId>;
  /** Drafts that may be united, by share. */
  private readonly waiting = new Map<number, RecordFile>();
  /** Later documents, by resource. */
  private readonly files: { readonly resource: string; readonly records: RecordFile; readonly rejected: Marks }[] = [];
  private readonly fileOf = new Map<string, number>();
  private readonly rejects: RejectFile;
  /** Identities of documents that this run rejects or drops, for the next round. */
  private lost: IdShares<LostId>;
  /** The documents that rules make beside the own one, by their sources. */
  private readonly parts: IdShares<PlacedId>;
  /** Sources whose own documents are rejected, for the next round. */
  private lostSources: IdShares<LostId>;
  /** Earlier documents that were lost since the rest was last asked for documents that name them. */
  private lostDocuments: Pick<EarlierDocument, 'resource' | 'uuid'>[] = [];
  /** For each given descriptor or school year, the number of written documents that have it. */
  private readonly given = new Map<string, { readonly value: GivenValue; documents: number }>();
  private readonly merged: { resource: string; stays: string; goes: string }[] = [];
  private readonly notes: Problem[] = [];
  private readonly resources = new Map<string, ResourceCounts>();
  /** Earlier resources to which references with another later target refer, and the identities of their documents. */
  private readonly earlierTargets: ReadonlySet<string>;
  private readonly earlierIdentities: IdShares<string>;
  private readonly retargeted: IdShares<RetargetedId>;

  constructor(all: CompiledTranslation, folder: RecordFolder, options: TranslateDocumentsOptions) {
    const { ignoresUnknown = false, check = () => [] } = options;
    this.all = all;
    this.folder = folder;
    this.options = options;
    this.later = new LaterDocuments(all, check);
    this.translation = new DocumentTranslation(all, { ignoresUnknown });
    this.through = new ThroughIndex(all, folder, this.limit('through'));
    this.read = folder.records(this.limit('earlier'));
    this.own = folder.ids(idLists.placed);
    this.named = folder.ids(idLists.placed);
    this.lost = folder.ids(idLists.lost);
    this.parts = folder.ids(idLists.placed);
    this.lostSources = folder.ids(idLists.lost);
    this.rejects = folder.rejects(this.limit('rejects'));
    this.accounts = new Accounts(folder.numbers(3, this.limit('lost')));
    this.earlierTargets = new Set(
      [...all.resources.values()].flatMap(({ retargeted }) => retargeted.map(({ target }) => target)),
    );
    this.earlierIdentities = folder.ids(idLists.identity);
    this.retargeted = folder.ids(idLists.byEarlier);
  }

  private limit(of: keyof typeof bufferLimits): number {
    return this.options.bufferLimit ?? bufferLimits[of];
  }

  private async turn(step: 'read' | 'translate' | 'unite' | 'check', documents: number): Promise<void> {
    if (documents % turnLength === 0) await this.options.onTurn?.(step, documents);
  }

  private countsOf(resource: string): ResourceCounts {
    const own = this.resources.get(resource) ?? noCounts();
    this.resources.set(resource, own);
    return own;
  }

  /** Stores an earlier document, and the identities by which others may look it up. Returns its number. */
  private keep({ resource, uuid, document, origin }: EarlierDocument): number {
    const earlier = { resource, uuid, document };
    const number = this.read.add({ facts: [resource, uuid, originValue(origin)], document });
    this.countsOf(resource).read += 1;
    this.through.add(earlier);
    if (this.earlierTargets.size === 0) return number;
    const places = this.all.before.resources.get(resource);
    const general = places?.superclass == null ? undefined : this.all.before.resources.get(places.superclass);
    const isAsked = [places, general].some((each) => each !== undefined && this.earlierTargets.has(each.label));
    const texts = isAsked && places ? identityTexts(this.all.before.plans, places, document) : null;
    if (!texts) return number;
    this.earlierIdentities.add(textId(`${resource} ${identityText('', texts)}`));
    const [path] = general?.identity ?? [];
    if (general && path !== undefined && texts.size === 1)
      this.earlierIdentities.add(
        textId(`${general.label} ${identityText('', new Map([[path, [...texts.values()][0] ?? '']]))}`),
      );
    return number;
  }

  earlier(number: number): EarlierDocument {
    return earlierOf(this.read.at(number));
  }

  private lose(ids: readonly string[], reject: LostId['reject']): void {
    for (const id of ids) this.lost.add({ id: shortId(id), reject });
  }

  /** Remembers that other documents may name a document that is lost. */
  private loseDocument({ resource, uuid }: Source): void {
    if (this.options.rest?.mayName(resource)) this.lostDocuments.push({ resource, uuid });
  }

  /** Rejects a later document; documents that refer to it are rejected in the next round. */
  private rejectResult({ resource, drafts, document }: DraftedDocument, reason: RejectProblem): void {
    const [first] = drafts;
    if (!first) return;
    for (const { source, shares } of drafts) this.accounts.reject(source, shares);
    const others = new Map(
      drafts.map(({ source }) => [source.number, { resource: source.resource, uuid: source.uuid }]),
    );
    others.delete(first.source.number);
    this.countsOf(first.source.resource).rejects += 1;
    const reject = this.rejects.add(
      {
        source: first.source.number,
        rule: first.rule,
        problem: reason,
        part: first.isOwn ? null : resource,
        others: [...others.values()],
      },
      first.source,
    );
    this.lose(this.later.namedIdentities(resource, document), reject);
    for (const { source, isOwn } of drafts) {
      if (!isOwn) continue;
      this.loseDocument(source);
      if (this.makesParts(source)) this.lostSources.add({ id: sourceId(source), reject });
    }
  }

  /** Whether rules make other documents beside the own one of a source. */
  private makesParts({ resource }: Source): boolean {
    const hasOwn = this.all.resources.get(resource)?.hasOwn ?? false;
    return hasOwn && this.all.rules.entriesOf(resource).length > 0;
  }

  private countGiven(drafts: readonly Contribution[], by: number): void {
    for (const value of drafts.flatMap(({ given }) => given)) {
      const key = `${value.resource} ${canonicalText(value.value)}`;
      const own = this.given.get(key) ?? { value, documents: 0 };
      this.given.set(key, own);
      own.documents += by;
    }
  }

  private checked({ resource, document, drafts }: DraftedDocument): LaterCheck {
    const own = drafts.find(({ isOwn }) => isOwn);
    return this.later.check(resource, document, () => (own ? this.earlier(own.source.number) : null));
  }

  /** Stores a later document with all its drafts, if the later set accepts it. */
  private result(result: DraftedDocument & Pick<Result, 'uuid'>): void {
    const { resource, drafts } = result;
    const check = this.checked(result);
    if (check.problem !== null) {
      this.rejectResult(result, check.problem);
      return;
    }
    const { identities } = check;
    const file = this.fileOf.get(resource) ?? this.files.length;
    this.fileOf.set(resource, file);
    this.files[file] ??= { resource, records: this.folder.records(this.limit('resource')), rejected: new Marks() };
    const { records } = this.fileAt(file);
    const index = records.length;
    const place: IdPlace = { file, index, number: records.add(resultRecord({ ...result, identities })) };
    for (const id of identities) this.own.add({ id: shortId(id), place });
    for (const id of new Set(check.targets.map(({ referentialId }) => referentialId)))
      this.named.add({ id: shortId(id), place });
    for (const { source, isOwn } of drafts)
      if (!isOwn && this.makesParts(source)) this.parts.add({ id: sourceId(source), place });
    this.countGiven(drafts, 1);
    for (const { place: at, earlierTarget } of drafts.flatMap(({ retargeted }) => retargeted)) {
      const target = check.targets.find((each) => each.place === at);
      if (target) this.retargeted.add({ earlier: textId(earlierTarget), later: shortId(target.referentialId), place });
    }
    const counts = this.countsOf(resource);
    counts.written += 1;
    if (drafts.every(({ isOwn }) => !isOwn)) counts.made += 1;
  }

  private uuidOf(drafts: readonly Contribution[], resource: string, document: Draft['document']): string | null {
    const own = drafts.find(({ isOwn }) => isOwn);
    return own ? own.source.uuid : this.later.newUuid(resource, document);
  }

  private resultOf(drafts: readonly Draft[], resource: string, document: Draft['document']): void {
    this.result({ resource, document, drafts, uuid: this.uuidOf(drafts, resource, document) });
  }

  /** Takes a draft: as a later document, or to be united with others of the same identity. */
  private take(draft: Draft): void {
    const { resource, document } = draft;
    if (draft.problem) {
      this.rejectResult({ resource, document, drafts: [draft] }, draft.problem);
      return;
    }
    const key =
      this.later.isDescriptor(resource) || this.all.united.has(resource)
        ? this.later.unitingText(resource, document)
        : null;
    if (key === null) {
      this.resultOf([draft], resource, document);
      return;
    }
    const name = `${resource} ${key}`;
    const share = shareOf(name);
    const file = this.waiting.get(share) ?? this.folder.records(this.limit('united'));
    this.waiting.set(share, file);
    file.add(draftRecord(name, draft));
  }

  private uniteDocuments(drafts: readonly Draft[], resource: string): void {
    const sorted = [...drafts].sort(
      (a, b) =>
        Number(b.isOwn) - Number(a.isOwn) ||
        compareOrdinal(a.source.resource, b.source.resource) ||
        compareOrdinal(a.source.identity, b.source.identity) ||
        a.position - b.position ||
        compareOrdinal(canonicalText(a.document), canonicalText(b.document)),
    );
    const [only, other] = sorted;
    if (!only) return;
    if (!other) {
      this.resultOf(sorted, resource, only.document);
      return;
    }
    const union = new Union(this.all, resource);
    for (const { document } of sorted) union.add(document);
    const [first] = [...union.conflicts.values()].sort(compareBy(({ place }) => place));
    if (!first) {
      this.resultOf(sorted, resource, union.document);
      return;
    }
    const text = 'the documents that become one have different values';
    const reason: RejectProblem = { code: 'TRANSLATION_CONFLICT', place: first.place, value: first.values, text };
    this.rejectResult({ resource, document: union.document, drafts: sorted }, reason);
  }

  private mergeDescriptors(drafts: readonly Draft[], resource: string): void {
    const nameOf = ({ earlierName }: Draft) => earlierName ?? '';
    const later = this.all.rules.translation.namespaces;
    const hasLater = (draft: Draft) =>
      nameOf(draft).toLowerCase() === this.later.unitingText(resource, draft.document)?.toLowerCase();
    const sorted = [...drafts].sort(
      (a, b) => Number(hasLater(b)) - Number(hasLater(a)) || compareOrdinal(nameOf(a), nameOf(b)),
    );
    const [stays] = sorted;
    if (!stays) return;
    const members = ({ document }: Draft) =>
      canonicalText(new Map([...document].filter(([name]) => name !== 'namespace' && name !== 'codeValue')));
    const kept = members(stays);
    const byLikeness = groupBy(sorted, (each) => members(each) === kept);
    this.resultOf(byLikeness.get(true) ?? [], resource, stays.document);
    for (const goes of byLikeness.get(false) ?? []) {
      const [namespace = ''] = nameOf(goes).split('#');
      const rule = laterNamespace(later, namespace).rule ?? goes.rule;
      this.accounts.drop(goes.source, goes.shares, rule);
      this.merged.push({ resource, stays: nameOf(stays), goes: nameOf(goes) });
      const text = `${nameOf(goes)} becomes ${nameOf(stays)}`;
      this.notes.push(problem('TRANSLATION_MERGED', rule, resource, text));
    }
  }

  /** Makes one document from all drafts with the same identity. */
  private async unite(): Promise<void> {
    let documents = 0;
    for (const [, file] of [...this.waiting].sort(([a], [b]) => a - b)) {
      const drafts = [...file.all()].map(draftOf);
      for (const own of groupBy(drafts, ({ key }) => key).values()) {
        const [first] = own;
        if (!first) continue;
        const { resource } = first.draft;
        const all = own.map(({ draft }) => draft);
        if (this.later.isDescriptor(resource)) this.mergeDescriptors(all, resource);
        else this.uniteDocuments(all, resource);
        documents += 1;
        await this.turn('unite', documents);
      }
    }
    this.waiting.clear();
  }

  private fileAt(file: number) {
    const own = this.files[file];
    if (!own) throw new Error(`There is no file ${file}.`);
    return own;
  }

  private isRejected({ file, index }: IdPlace): boolean {
    return this.fileAt(file).rejected.has(index);
  }

  /** Finds the results that refer to a lost identity, unless a written document has it. */
  private findNaming(lost: IdShares<LostId>, found: IdShares<Affected>): void {
    for (const share of lost.shares()) {
      const rejects = rejectsOf(lost.of(share));
      for (const { id, place } of this.own.of(share))
        if (rejects.has(id) && !this.isRejected(place)) rejects.delete(id);
      if (rejects.size === 0) continue;
      for (const { id, place } of this.named.of(share)) {
        const reject = rejects.get(id);
        if (reject !== undefined && !this.isRejected(place)) found.add({ place, named: id, earlier: null, reject });
      }
    }
  }

  /** Finds the results that are made of a document whose own later document is rejected. */
  private findParts(lostSources: IdShares<LostId>, found: IdShares<Affected>): void {
    for (const share of lostSources.shares()) {
      const rejects = rejectsOf(lostSources.of(share));
      for (const { id, place } of this.parts.of(share)) {
        const reject = rejects.get(id);
        if (reject !== undefined && !this.isRejected(place)) found.add({ place, named: null, earlier: null, reject });
      }
    }
  }

  /** Finds the results with a reference to another target that is not written, although the earlier one was read. */
  private findRetargeted(found: IdShares<Affected>): void {
    const asked = this.folder.ids(idLists.byLater);
    for (const share of this.retargeted.shares()) {
      const read = new Set(this.earlierIdentities.of(share));
      for (const each of this.retargeted.of(share)) if (read.has(each.earlier)) asked.add(each);
    }
    for (const share of asked.shares()) {
      const written = new Set<string>();
      for (const { id } of this.own.of(share)) written.add(id);
      for (const { earlier, later, place } of asked.of(share))
        if (!written.has(later)) found.add({ place, named: later, earlier, reject: null });
    }
  }

  /** Takes the documents of the rest that may name a lost document. */
  private async takeRest(): Promise<void> {
    const { rest } = this.options;
    while (rest && this.lostDocuments.length > 0) {
      const lost = this.lostDocuments;
      this.lostDocuments = [];
      for await (const each of rest.naming(lost)) {
        const number = this.keep(each);
        this.takeEarlier(each, number);
        await this.turn('translate', number);
      }
      await this.unite();
    }
  }

  /** Rejects documents that refer to rejected ones or are made of them, round by round (design 20 §5.2). */
  private async rounds(): Promise<void> {
    const isLeft = (round: number) =>
      this.lost.length + this.lostSources.length > 0 || (round === 1 && this.retargeted.length > 0);
    for (let round = 1; isLeft(round); round += 1) {
      await this.takeRest();
      const { lost, lostSources } = this;
      this.lost = this.folder.ids(idLists.lost);
      this.lostSources = this.folder.ids(idLists.lost);
      const found = this.folder.ids(idLists.affected);
      this.findNaming(lost, found);
      this.findParts(lostSources, found);
      // one call finds all targets that are not written for another reason
      if (round === 1) this.findRetargeted(found);
      for (const share of found.shares())
        for (const entries of groupBy(found.of(share), ({ place }) => placeId(place)).values())
          this.rejectAffected(entries);
      await this.options.onTurn?.('check', round);
    }
  }

  /** Rejects a result that refers to, or is made of, a document that is not written. */
  private rejectAffected(entries: readonly Affected[]): void {
    const [first] = entries;
    if (first === undefined) return;
    const { file, index, number } = first.place;
    const { resource, records, rejected } = this.fileAt(file);
    const result = resultOf(resource, records.at(number));
    const named = this.firstLost(result, entries);
    const cause = named ?? entries.find((each) => each.named === null);
    if (cause === undefined) return;
    rejected.add(index);
    this.rejectResult(result, {
      code: 'TRANSLATION_TARGET',
      place: named === undefined ? resource : pathName(resource, named.place),
      text:
        named === undefined ? 'it is made of a document that is rejected' : 'it names a document that is not written',
      cause: cause.reject === null ? undefined : this.rejects.causeOf(cause.reject),
    });
    this.countGiven(result.drafts, -1);
    const counts = this.countsOf(resource);
    counts.written -= 1;
    if (result.drafts.every(({ isOwn }) => !isOwn)) counts.made -= 1;
  }

  /**
   * The first place, in ordinal order, at which a document refers to one that is not written, with the number of its
   * reject.
   */
  private firstLost(
    { resource, document, drafts }: Result,
    entries: readonly Affected[],
  ): { readonly place: string; readonly reject: LostId['reject'] } | undefined {
    const lost = new Map<string, LostId['reject']>();
    const missing = new Set<string>();
    for (const { named, earlier, reject } of entries) {
      if (named === null) continue;
      if (earlier === null) lost.set(named, reject);
      else missing.add(`${named}${earlier}`);
    }
    const retargeted = drafts.flatMap((draft) => draft.retargeted);
    const check = this.checked({ resource, document, drafts });
    const found = (check.problem === null ? check.targets : []).flatMap(({ place, referentialId }) => {
      const id = shortId(referentialId);
      const reject = lost.get(id);
      if (reject !== undefined) return [{ place, reject }];
      const isMissing = retargeted.some(
        (each) => each.place === place && missing.has(`${id}${textId(each.earlierTarget)}`),
      );
      return isMissing ? [{ place, reject: null }] : [];
    });
    return found.sort(compareBy(({ place }) => place))[0];
  }

  /** Descriptors and school years that rules gave to written documents (design 20 §2.5). */
  private givenDocuments(): readonly LaterDocument[] {
    const made = new Map<string, LaterDocument>();
    for (const { value, documents } of this.given.values()) {
      const document = documents > 0 ? this.later.given(value) : null;
      if (!document) continue;
      const { resource } = value;
      const identities = this.later.identities(resource, document);
      const [id] = identities;
      if (id === undefined) continue;
      made.set(id, { resource, uuid: this.later.newUuid(resource, document), document, source: null, identities });
    }
    if (made.size === 0) return [];
    const byShare = groupBy(made.keys(), (id) => shortId(id).charCodeAt(0));
    for (const [share, some] of byShare) {
      const short = new Map(some.map((id) => [shortId(id), id]));
      for (const written of this.own.of(share)) {
        const id = short.get(written.id);
        if (id !== undefined && !this.isRejected(written.place)) made.delete(id);
      }
    }
    return [...made].sort(compareBy(([id]) => id)).map(([, each]) => each);
  }

  private *writtenOf(resource: string, given: readonly LaterDocument[]): Generator<LaterDocument> {
    const file = this.fileOf.get(resource);
    const own = file === undefined ? undefined : this.files[file];
    if (own) {
      let index = -1;
      for (const record of own.records.all()) {
        index += 1;
        if (own.rejected.has(index)) continue;
        const { uuid, document, drafts, identities } = resultOf(resource, record);
        yield { resource, uuid, document, source: drafts[0]?.source.number ?? null, identities };
      }
    }
    yield* given.filter((each) => each.resource === resource);
  }

  private async placeLost(): Promise<void> {
    let documents = 0;
    await this.accounts.placeLost(async (number) => {
      documents += 1;
      await this.turn('check', documents);
      return this.translation.tallies(this.earlier(number));
    });
  }

  private report(given: readonly LaterDocument[]): TranslationReport {
    for (const { resource } of given) {
      const counts = this.countsOf(resource);
      counts.written += 1;
      counts.made += 1;
    }
    for (const [resource, count] of this.options.rest?.unread() ?? []) {
      this.countsOf(resource).read += count;
      this.countsOf(this.all.rules.resource(resource).later).written += count;
    }
    const documents = noCounts();
    for (const each of this.resources.values())
      for (const name of ['read', 'written', 'made', 'rejects'] as const) documents[name] += each[name];
    const { values, rules, places } = this.accounts;
    const byName = <Value>(map: ReadonlyMap<string, Value>) => new Map([...map].sort(compareBy(([name]) => name)));
    return {
      values,
      documents,
      resources: byName(this.resources),
      rules: byName(new Map([...rules].filter(([, own]) => own.carried + own.dropped + own.rejected > 0))),
      places: byName(places),
      filled: byName(this.translation.filled),
      descriptorsMerged: [...this.merged].sort(compareBy(({ resource, goes }) => `${resource} ${goes}`)),
      notes: [...this.all.notes, ...this.notes.sort(compareBy(({ place, text }) => `${place} ${text}`))],
    };
  }

  /** Translates an earlier document, and takes what becomes of it. */
  private takeEarlier(earlier: EarlierDocument, number: number): void {
    const translated = this.translation.translate(earlier, number);
    const settled = this.translation.settle(translated, this.through);
    this.accounts.read(settled);
    for (const draft of settled.drafts) this.take(draft);
    const { identityDocument, source } = translated;
    if (!identityDocument) return;
    this.lose(this.later.namedIdentities(identityDocument.resource, identityDocument.document), null);
    this.loseDocument(source);
  }

  async translate(documents: Iterable<EarlierDocument> | AsyncIterable<EarlierDocument>): Promise<TranslatedDocuments> {
    let count = 0;
    for await (const each of documents) {
      this.keep(each);
      count += 1;
      await this.turn('read', count);
    }
    const readAtFirst = this.read.length;
    count = 0;
    for (const record of this.read.all()) {
      this.takeEarlier(earlierOf(record), record.number);
      count += 1;
      await this.turn('translate', count);
    }
    await this.unite();
    await this.rounds();
    const given = this.givenDocuments();
    await this.placeLost();
    const report = this.report(given);
    const { rest } = this.options;
    // documents of the rest were read after others that come later
    const positionOf =
      rest && this.read.length > readAtFirst ? (source: number) => rest.positionOf(this.earlier(source)) : undefined;
    return {
      rejects: () => this.rejects.bySource(positionOf),
      report,
      counts: new Map([...report.resources].flatMap(([name, { written }]) => (written > 0 ? [[name, written]] : []))),
      documents: (resource) => this.writtenOf(resource, given),
      earlier: (number) => this.earlier(number),
    };
  }
}

/** The rejects of lost documents, by id. */
function rejectsOf(lost: Iterable<LostId>): Map<string, LostId['reject']> {
  const rejects = new Map<string, LostId['reject']>();
  for (const { id, reject } of lost) rejects.set(id, reject);
  return rejects;
}

/** An earlier document as an id. */
const sourceId = ({ number }: Source): string => placeId({ file: 0, number });

/** A text as a short id. */
const textId = (text: string): string => shortId(referentialIdOfText(text));

const originValue = (origin: DocumentOrigin | undefined): JsonValue =>
  origin === undefined
    ? null
    : [
        origin.file,
        new JsonNumber(String(origin.line)),
        origin.row === undefined ? null : [origin.row.table, new Map(Object.entries(origin.row.key))],
      ];

function originOf(value: JsonValue | undefined): DocumentOrigin | undefined {
  if (value === undefined || !isJsonArray(value)) return undefined;
  const [file, line, row] = value;
  const [table, key] = row !== undefined && isJsonArray(row) ? row : [];
  const entries = isJsonObject(key) ? [...key].map(([name, each]) => [name, String(each)] as const) : [];
  return {
    file: String(file),
    line: line instanceof JsonNumber ? Number(line.lexeme) : 0,
    row: typeof table === 'string' ? { table, key: Object.fromEntries(entries) } : undefined,
  };
}

function earlierOf({ facts, document }: { readonly facts: JsonValue; readonly document: Draft['document'] }) {
  const [resource, uuid, origin] = isJsonArray(facts) ? facts : [];
  return {
    resource: String(resource),
    uuid: typeof uuid === 'string' ? uuid : null,
    document,
    origin: originOf(origin),
  };
}

/**
 * Translates documents (design 20 §2, §3, §5), and runs `use` with the outcome: the documents to write, the rejects
 * with their reasons, and a count of all values. Documents are stored in a temporary folder until the rejects are
 * known, so memory does not grow with the documents.
 */
export function translateDocuments<Outcome>(
  all: CompiledTranslation,
  documents: Iterable<EarlierDocument> | AsyncIterable<EarlierDocument>,
  options: TranslateDocumentsOptions,
  use: (translated: TranslatedDocuments) => Promise<Outcome>,
): Promise<Outcome> {
  return RecordFolder.use(async (folder) => use(await new Run(all, folder, options).translate(documents)));
}

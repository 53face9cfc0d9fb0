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
} from '@dms/files';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { laterNamespace } from '../compile/conversion.ts';
import { type Problem, problem } from '../file/problem.ts';
import { pathName } from '../places/place-name.ts';
import { Accounts } from '../report/accounts.ts';
import type { ResourceCounts, TranslationReport } from '../report/translation-report.ts';
import { type Contribution, draftOf, draftRecord } from '../store/draft-records.ts';
import { type IdFile, shortId } from '../store/id-file.ts';
import type { RecordFile } from '../store/record-file.ts';
import { RecordFolder } from '../store/record-folder.ts';
import { type Result, resultOf, resultRecord } from '../store/result-records.ts';
import { ThroughIndex } from '../through/through-index.ts';
import { Union } from '../unite/unite-documents.ts';
import type {
  DocumentOrigin,
  Draft,
  EarlierDocument,
  GivenValue,
  LaterDocument,
  RejectCause,
  RejectProblem,
} from './draft.ts';
import { identityText, identityTexts } from './identity-texts.ts';
import { type CheckLater, LaterDocuments } from './later-documents.ts';
import { DocumentTranslation } from './translate-document.ts';

/** A document that is not made. */
export interface TranslationReject {
  /** The first earlier document that it would have been made of, as a number. */
  readonly source: number;
  readonly rule: string;
  readonly problem: RejectProblem;
  /** The later resource, if it is not the own document. */
  readonly part: string | null;
  /** The other sources. */
  readonly others: readonly Pick<EarlierDocument, 'resource' | 'uuid'>[];
}

/** The outcome of a translation, while its files are there. */
export interface TranslatedDocuments {
  /** Those of one earlier document beside each other, in the order of the input. */
  readonly rejects: readonly TranslationReject[];
  readonly report: TranslationReport;
  /** How many documents each later resource has; descriptors are resources too. */
  readonly counts: ReadonlyMap<string, number>;
  documents(resource: string): Iterable<LaterDocument>;
  /** The earlier document with a number. */
  earlier(number: number): EarlierDocument;
}

export interface TranslationOptions {
  /** Drops members that the earlier set does not know. */
  readonly ignoresUnknown?: boolean | undefined;
  /** What is wrong with a document or descriptor of the later set, besides what its model says. */
  readonly check?: CheckLater | undefined;
  /** How many bytes may wait in memory before they go to a file; by default more for files that are read often. */
  readonly bufferLimit?: number | undefined;
  /** Called now and then, with what is being done and how many documents of it are done; it may end the run. */
  readonly onTurn?: ((step: 'read' | 'translate' | 'unite' | 'check', documents: number) => Promise<void>) | undefined;
}

/** After how many documents others have a turn. */
const turnLength = 500;

/**
 * How many bytes wait in memory before they go to a file: of the input, of each resource, of each share of the united, of
 * each list of `through`.
 */
const bufferLimits = {
  earlier: 1_000_000,
  resource: 100_000,
  united: 50_000,
  ids: 1_000_000,
  through: 1_000_000,
} as const;

/** United documents are compared in so many shares, each of them in memory. */
const shareCount = 256;

function shareOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return (hash >>> 0) % shareCount;
}

const noCounts = (): ResourceCounts => ({ read: 0, written: 0, made: 0, rejects: 0 });

/** Where a reject is, for those that follow from it. */
function causeOf({ cause, code, place }: RejectProblem, [first]: readonly Pick<Contribution, 'source'>[]): RejectCause {
  const { resource = '', uuid = null } = first?.source ?? {};
  return cause ?? { code, resource, uuid, place };
}

/** A written document, by its file and its number there. */
interface ResultPlace {
  readonly file: number;
  readonly number: number;
}

class Run {
  private readonly all: CompiledTranslation;
  private readonly folder: RecordFolder;
  private readonly options: TranslationOptions;
  private readonly later: LaterDocuments;
  private readonly translation: DocumentTranslation;
  private readonly through: ThroughIndex;
  private readonly accounts = new Accounts();
  private readonly read: RecordFile;
  private readonly ids: IdFile;
  /** Drafts that may be united, by share. */
  private readonly waiting = new Map<number, RecordFile>();
  /** Later documents, by resource. */
  private readonly files: { readonly resource: string; readonly records: RecordFile }[] = [];
  private readonly fileOf = new Map<string, number>();
  private readonly rejected = new Set<string>();
  private readonly rejects: TranslationReject[] = [];
  /** Identities of documents that this run rejects or drops; null for a dropped one. */
  private lost = new Map<string, RejectCause | null>();
  /** How many written documents a descriptor or school year was given to. */
  private readonly given = new Map<string, { readonly value: GivenValue; documents: number }>();
  private readonly merged: { resource: string; stays: string; goes: string }[] = [];
  private readonly notes: Problem[] = [];
  private readonly resources = new Map<string, ResourceCounts>();
  /** Of earlier resources that references with another target name: identities. */
  private readonly earlierTargets: ReadonlySet<string>;
  private readonly earlierIdentities = new Set<string>();
  /** Of later resources that such references name: identities of written documents. */
  private readonly laterTargets: ReadonlySet<string>;
  private readonly written = new Set<string>();
  private readonly retargeted: ResultPlace[] = [];

  constructor(all: CompiledTranslation, folder: RecordFolder, options: TranslationOptions) {
    const { ignoresUnknown = false, check = () => [] } = options;
    this.all = all;
    this.folder = folder;
    this.options = options;
    this.later = new LaterDocuments(all, check);
    this.translation = new DocumentTranslation(all, { ignoresUnknown });
    this.through = new ThroughIndex(all, folder, this.limit('through'));
    this.read = folder.records(this.limit('earlier'));
    this.ids = folder.ids(this.limit('ids'));
    const retargeted = [...all.resources.values()].flatMap((each) =>
      each.retargeted.map(({ target, to, part }) => {
        const later = part === 'own' ? each.later : all.rules.translation.documents[part]?.after;
        return { target, later: all.after.resources.get(later ?? '')?.places.get(to)?.target };
      }),
    );
    this.earlierTargets = new Set(retargeted.map(({ target }) => target));
    this.laterTargets = new Set(retargeted.flatMap(({ later }) => later ?? []));
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

  /** Keeps an earlier document, and what others may ask of it. */
  private keep({ resource, uuid, document, origin }: EarlierDocument): void {
    const earlier = { resource, uuid, document };
    this.read.add({ facts: [resource, uuid, originValue(origin)], document });
    this.countsOf(resource).read += 1;
    this.through.add(earlier);
    if (this.earlierTargets.size === 0) return;
    const places = this.all.before.resources.get(resource);
    const general = places?.superclass == null ? undefined : this.all.before.resources.get(places.superclass);
    const isAsked = [places, general].some((each) => each !== undefined && this.earlierTargets.has(each.label));
    const texts = isAsked && places ? identityTexts(this.all.before.plans, places, document) : null;
    if (!texts) return;
    this.earlierIdentities.add(textId(`${resource} ${identityText('', texts)}`));
    const [path] = general?.identity ?? [];
    if (general && path !== undefined && texts.size === 1)
      this.earlierIdentities.add(
        textId(`${general.label} ${identityText('', new Map([[path, [...texts.values()][0] ?? '']]))}`),
      );
  }

  earlier(number: number): EarlierDocument {
    return earlierOf(this.read.at(number));
  }

  private lose(ids: readonly string[], cause: RejectCause | null): void {
    for (const id of ids) this.lost.set(shortId(id), cause);
  }

  private rejectResult({ resource, drafts }: Pick<Result, 'resource' | 'drafts'>, reason: RejectProblem): void {
    const [first] = drafts;
    if (!first) return;
    for (const { source, shares } of drafts) this.accounts.reject(source, shares);
    const others = new Map(
      drafts.map(({ source }) => [source.number, { resource: source.resource, uuid: source.uuid }]),
    );
    others.delete(first.source.number);
    this.countsOf(first.source.resource).rejects += 1;
    this.rejects.push({
      source: first.source.number,
      rule: first.rule,
      problem: reason,
      part: first.isOwn ? null : resource,
      others: [...others.values()],
    });
  }

  private countGiven(drafts: readonly Contribution[], by: number): void {
    for (const value of drafts.flatMap(({ given }) => given)) {
      const key = `${value.resource} ${canonicalText(value.value)}`;
      const own = this.given.get(key) ?? { value, documents: 0 };
      this.given.set(key, own);
      own.documents += by;
    }
  }

  /** Takes a later document with all its drafts, if the later set takes it. */
  private result(result: Result): void {
    const { resource, drafts, document } = result;
    const check = this.later.check(resource, document);
    if (check.problem !== null) {
      this.rejectResult(result, check.problem);
      this.lose(this.later.identities(resource, document), causeOf(check.problem, drafts));
      return;
    }
    const file = this.fileOf.get(resource) ?? this.files.length;
    this.fileOf.set(resource, file);
    this.files[file] ??= { resource, records: this.folder.records(this.limit('resource')) };
    const number = this.files[file]?.records.add(resultRecord(result)) ?? 0;
    const named = new Set(check.targets.map(({ referentialId }) => shortId(referentialId)));
    this.ids.add({ file, number, own: check.identities.map(shortId), named: [...named] });
    this.countGiven(drafts, 1);
    const superclass = this.all.after.resources.get(resource)?.superclass ?? '';
    if (this.laterTargets.has(resource) || this.laterTargets.has(superclass))
      for (const id of check.identities) this.written.add(id);
    if (drafts.some(({ retargeted }) => retargeted.length > 0)) this.retargeted.push({ file, number });
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

  /** Takes a draft: a later document, or one that waits for others with its identity. */
  private take(draft: Draft): void {
    const { resource, document } = draft;
    if (draft.problem) {
      this.rejectResult({ resource, drafts: [draft] }, draft.problem);
      this.lose(this.later.identities(resource, document), causeOf(draft.problem, [draft]));
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
    this.rejectResult({ resource, drafts: sorted }, reason);
    this.lose(this.later.identities(resource, union.document), causeOf(reason, sorted));
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

  /** Makes one document of all drafts with the same identity. */
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

  private resultAt({ file, number }: ResultPlace): Result {
    const own = this.files[file];
    if (!own) throw new Error(`There is no file ${file}.`);
    return resultOf(own.resource, own.records.at(number));
  }

  /** The results that name what is lost, and that no written document is. */
  private naming(lost: ReadonlyMap<string, RejectCause | null>): { places: ResultPlace[]; alive: ReadonlySet<string> } {
    const alive = new Set<string>();
    const places: ResultPlace[] = [];
    if (lost.size === 0) return { places, alive };
    for (const { file, number, own } of this.ids.all())
      if (own.some((id) => lost.has(id)) && !this.rejected.has(`${file} ${number}`))
        for (const id of own) alive.add(id);
    for (const { file, number, named } of this.ids.all())
      if (named.some((id) => lost.has(id) && !alive.has(id)) && !this.rejected.has(`${file} ${number}`))
        places.push({ file, number });
    return { places, alive };
  }

  /** Rejects what names a reject, round by round (design 20 §5.2). */
  private async rounds(): Promise<void> {
    let { lost } = this;
    // the first round finds all targets that are not written for another reason
    let retargeted: readonly ResultPlace[] = this.retargeted;
    for (let round = 1; lost.size > 0 || retargeted.length > 0; round += 1) {
      const { places, alive } = this.naming(lost);
      const asked = new Map([...places, ...retargeted].map((each) => [`${each.file} ${each.number}`, each]));
      const next = new Map<string, RejectCause | null>();
      for (const [key, place] of asked) {
        const result = this.resultAt(place);
        const first = this.firstLost(result, retargeted.length > 0, (id) => (alive.has(id) ? undefined : lost.get(id)));
        if (!first) continue;
        const reason: RejectProblem = {
          code: 'TRANSLATION_TARGET',
          place: pathName(result.resource, first.place),
          text: 'it names a document that is not written',
          cause: first.cause ?? undefined,
        };
        this.rejected.add(key);
        this.rejectResult(result, reason);
        this.countGiven(result.drafts, -1);
        const counts = this.countsOf(result.resource);
        counts.written -= 1;
        if (result.drafts.every(({ isOwn }) => !isOwn)) counts.made -= 1;
        for (const id of this.later.identities(result.resource, result.document))
          next.set(shortId(id), causeOf(reason, result.drafts));
      }
      lost = next;
      retargeted = [];
      await this.options.onTurn?.('check', round);
    }
  }

  /** The first place (ordinal) at which a document names one that is not written. */
  private firstLost(
    { resource, document, drafts }: Result,
    asksRetargeted: boolean,
    lost: (id: string) => RejectCause | null | undefined,
  ): { readonly place: string; readonly cause: RejectCause | null } | undefined {
    const check = this.later.check(resource, document);
    const targets = check.problem === null ? check.targets : [];
    const ids = new Map(targets.map(({ place, referentialId }) => [place, referentialId]));
    const missing = new Set(
      (asksRetargeted ? drafts.flatMap(({ retargeted }) => retargeted) : []).flatMap(({ place, earlierTarget }) => {
        const id = ids.get(place);
        return id !== undefined && !this.written.has(id) && this.earlierIdentities.has(textId(earlierTarget))
          ? [place]
          : [];
      }),
    );
    const found = targets.flatMap(({ place, referentialId }) => {
      const cause = lost(shortId(referentialId));
      return cause === undefined && !missing.has(place) ? [] : [{ place, cause: cause ?? null }];
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
      const [id] = this.later.identities(resource, document);
      if (id === undefined) continue;
      made.set(id, { resource, uuid: this.later.newUuid(resource, document), document, source: null });
    }
    if (made.size === 0) return [];
    const short = new Map([...made.keys()].map((id) => [shortId(id), id]));
    for (const { file, number, own } of this.ids.all())
      if (own.some((id) => short.has(id)) && !this.rejected.has(`${file} ${number}`))
        for (const id of own) made.delete(short.get(id) ?? '');
    return [...made].sort(compareBy(([id]) => id)).map(([, each]) => each);
  }

  private *writtenOf(resource: string, given: readonly LaterDocument[]): Generator<LaterDocument> {
    const file = this.fileOf.get(resource);
    const own = file === undefined ? undefined : this.files[file];
    if (own)
      for (const { number, facts, document } of own.records.all()) {
        if (this.rejected.has(`${file} ${number}`)) continue;
        const { uuid, drafts } = resultOf(resource, { facts, document });
        yield { resource, uuid, document, source: drafts[0]?.source.number ?? null };
      }
    yield* given.filter((each) => each.resource === resource);
  }

  private async placeLost(): Promise<void> {
    let documents = 0;
    for (const [number, lost] of this.accounts.lost) {
      this.accounts.placeLost(lost, this.translation.tallies(this.earlier(number)));
      documents += 1;
      await this.turn('check', documents);
    }
  }

  private report(given: readonly LaterDocument[]): TranslationReport {
    for (const { resource } of given) {
      const counts = this.countsOf(resource);
      counts.written += 1;
      counts.made += 1;
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

  async translate(documents: Iterable<EarlierDocument> | AsyncIterable<EarlierDocument>): Promise<TranslatedDocuments> {
    let count = 0;
    for await (const each of documents) {
      this.keep(each);
      count += 1;
      await this.turn('read', count);
    }
    count = 0;
    for (const record of this.read.all()) {
      const translated = this.translation.translate(earlierOf(record), record.number);
      const settled = translated.settle(this.through);
      this.accounts.read(settled);
      for (const draft of settled.drafts) this.take(draft);
      const { identityDocument } = translated;
      if (identityDocument)
        this.lose(this.later.identities(identityDocument.resource, identityDocument.document), null);
      count += 1;
      await this.turn('translate', count);
    }
    await this.unite();
    await this.rounds();
    const given = this.givenDocuments();
    await this.placeLost();
    const report = this.report(given);
    return {
      rejects: this.rejects.sort(
        (a, b) =>
          a.source - b.source || compareOrdinal(a.problem.place, b.problem.place) || compareOrdinal(a.rule, b.rule),
      ),
      report,
      counts: new Map([...report.resources].flatMap(([name, { written }]) => (written > 0 ? [[name, written]] : []))),
      documents: (resource) => this.writtenOf(resource, given),
      earlier: (number) => this.earlier(number),
    };
  }
}

/** A text in the few bytes of an id. */
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
 * Translates documents (design 20 §2, §3, §5), and runs `use` with the outcome: the documents to write, the rejects with
 * their reasons, and a count of all values. What must wait until the rejects are known waits in a temporary folder, so
 * memory does not grow with the documents.
 */
export function translateDocuments<Outcome>(
  all: CompiledTranslation,
  documents: Iterable<EarlierDocument> | AsyncIterable<EarlierDocument>,
  options: TranslationOptions,
  use: (translated: TranslatedDocuments) => Promise<Outcome>,
): Promise<Outcome> {
  return RecordFolder.use(async (folder) => use(await new Run(all, folder, options).translate(documents)));
}

import { labelledResource } from '@dms/api-schema';
import { checkDocument, type DocumentPlans, descriptorReferentialId } from '@dms/documents';
import {
  canonicalText,
  compareBy,
  compareOrdinal,
  groupBy,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from '@dms/files';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { laterNamespace } from '../compile/conversion.ts';
import { type Problem, problem } from '../file/problem.ts';
import { pathName } from '../places/place-name.ts';
import { countedValues, type TranslationReport } from '../report/translation-report.ts';
import { causeOf, rejectRounds } from '../targets/reject-rounds.ts';
import { ThroughIndex } from '../through/through-index.ts';
import { Union } from '../unite/unite-documents.ts';
import type { Draft, EarlierDocument, LaterDocument, RejectCause, RejectProblem, Result } from './draft.ts';
import { identitiesOf, identityText, identityTexts, newUuid } from './identity-texts.ts';
import { DocumentTranslation, descriptorName, type Translated, type TranslateOptions } from './translate-document.ts';

/** A document that is not made, with the earlier document. */
export interface TranslationReject {
  readonly earlier: EarlierDocument;
  readonly rule: string;
  readonly problem: RejectProblem;
  /** The later resource, if it is not the own document. */
  readonly part: string | null;
  readonly others: readonly Pick<EarlierDocument, 'resource' | 'uuid'>[];
}

export interface TranslationOutcome {
  readonly documents: readonly LaterDocument[];
  readonly rejects: readonly TranslationReject[];
  readonly report: TranslationReport;
}

const textOf = (document: JsonObject, name: string): string => {
  const value = document.get(name);
  return typeof value === 'string' ? value : '';
};

class Run {
  readonly results: Result[] = [];
  readonly merged: { resource: string; stays: string; goes: string }[] = [];
  readonly notes: Problem[] = [];
  private readonly all: CompiledTranslation;
  private readonly plans: DocumentPlans;

  constructor(all: CompiledTranslation) {
    this.all = all;
    this.plans = all.after.plans;
  }

  private kind(resource: string) {
    return this.all.after.resources.get(resource)?.kind;
  }

  /** The identities of a document of a later resource, as far as it has one. */
  identities(resource: string, document: JsonObject): readonly string[] {
    const places = this.all.after.resources.get(resource);
    if (!places) return [];
    if (places.kind === 'descriptor') {
      const name = descriptorName(document);
      return name === null ? [] : [descriptorReferentialId(labelledResource(resource), name)];
    }
    const texts = identityTexts(this.plans, places, document);
    return texts ? identitiesOf(this.all.after, places, texts) : [];
  }

  private result(drafts: readonly Draft[], document: JsonObject, problem: RejectProblem | null): void {
    const [first] = drafts;
    if (!first) return;
    const { resource } = first;
    const uuid = drafts.find(({ isOwn }) => isOwn)?.source.earlier.uuid ?? null;
    const made: Result = {
      resource,
      drafts,
      document,
      problem,
      uuid: drafts.some(({ isOwn }) => isOwn) ? uuid : this.uuidOf(resource, document),
      identities: this.identities(resource, document),
      targets: [],
    };
    for (const draft of drafts) draft.result = made;
    if (made.problem === null) this.check(made);
    this.results.push(made);
  }

  uuidOf(resource: string, document: JsonObject): string | null {
    const places = this.all.after.resources.get(resource);
    if (!places) return null;
    if (places.kind === 'descriptor') {
      const texts = new Map(
        ['codeValue', 'namespace'].map((name) => [`$.${name}`, textOf(document, name).toLowerCase()]),
      );
      return newUuid(identityText(resource, texts));
    }
    const texts = identityTexts(this.plans, places, document);
    return texts && newUuid(identityText(resource, texts));
  }

  /** Whether the later set takes a document. */
  private check(result: Result): void {
    const refuse = (place: string, text: string) => {
      result.problem = { code: 'TRANSLATION_REFUSED', place: pathName(result.resource, place), text };
    };
    if (this.kind(result.resource) === 'descriptor') {
      for (const name of ['codeValue', 'namespace', 'shortDescription'])
        if (textOf(result.document, name) === '' && !result.problem) refuse(`$.${name}`, 'is required');
      return;
    }
    const { document, diagnostics } = checkDocument(this.plans, labelledResource(result.resource), result.document);
    const [first] = [...diagnostics].sort(compareBy(({ where }) => where.path ?? ''));
    if (!document) {
      refuse(first?.where.path ?? '$', first?.message ?? 'is refused');
      return;
    }
    result.targets = document.targets.map(({ place, referentialId }) => ({ place, referentialId }));
    result.identities = [document.referentialId, ...(document.superclass ? [document.superclass.referentialId] : [])];
  }

  /** Makes one document of all drafts with the same identity. */
  unite(drafts: readonly Draft[]): void {
    const groups = new Map<string, Draft[]>();
    for (const draft of drafts) {
      if (draft.problem) {
        this.result([draft], draft.document, draft.problem);
        continue;
      }
      const places = this.all.after.resources.get(draft.resource);
      const isDescriptor = places?.kind === 'descriptor';
      const texts = places && !isDescriptor ? identityTexts(this.plans, places, draft.document) : null;
      const key = isDescriptor ? descriptorName(draft.document) : texts && identityText('', texts);
      if (key === null || (!isDescriptor && !this.all.united.has(draft.resource))) {
        this.result([draft], draft.document, null);
        continue;
      }
      const own = groups.get(`${draft.resource} ${key}`) ?? [];
      own.push(draft);
      groups.set(`${draft.resource} ${key}`, own);
    }
    for (const own of groups.values()) {
      if (this.kind(own[0]?.resource ?? '') === 'descriptor') this.mergeDescriptors(own);
      else this.uniteDocuments(own);
    }
  }

  private uniteDocuments(drafts: readonly Draft[]): void {
    const sorted = [...drafts].sort(
      (a, b) =>
        Number(b.isOwn) - Number(a.isOwn) ||
        compareOrdinal(a.source.earlier.resource, b.source.earlier.resource) ||
        compareOrdinal(a.source.identity, b.source.identity) ||
        a.position - b.position ||
        compareOrdinal(canonicalText(a.document), canonicalText(b.document)),
    );
    const union = new Union(this.all, sorted[0]?.resource ?? '');
    if (sorted.length === 1) {
      this.result(sorted, sorted[0]?.document ?? new Map(), null);
      return;
    }
    for (const { document } of sorted) union.add(document);
    const [first] = [...union.conflicts.values()].sort(compareBy(({ place }) => place));
    this.result(
      sorted,
      union.document,
      first
        ? {
            code: 'TRANSLATION_CONFLICT',
            place: first.place,
            value: first.values,
            text: 'the documents that become one have different values',
          }
        : null,
    );
  }

  private mergeDescriptors(drafts: readonly Draft[]): void {
    const nameIn = ({ source }: Draft) =>
      `${textOf(source.earlier.document, 'namespace')}#${textOf(source.earlier.document, 'codeValue')}`;
    const hasLater = (draft: Draft) => nameIn(draft).toLowerCase() === descriptorName(draft.document);
    const sorted = [...drafts].sort(
      (a, b) => Number(hasLater(b)) - Number(hasLater(a)) || compareOrdinal(nameIn(a), nameIn(b)),
    );
    const [stays] = sorted;
    if (!stays) return;
    const members = ({ document }: Draft) =>
      canonicalText(new Map([...document].filter(([name]) => name !== 'namespace' && name !== 'codeValue')));
    const kept = members(stays);
    const byLikeness = groupBy(sorted, (each) => members(each) === kept);
    this.result(byLikeness.get(true) ?? [], stays.document, null);
    for (const goes of byLikeness.get(false) ?? []) {
      const namespace = textOf(goes.source.earlier.document, 'namespace');
      const { rule } = laterNamespace(this.all.rules.translation.namespaces, namespace);
      goes.source.replacedBy = rule ?? goes.rule;
      this.merged.push({ resource: stays.resource, stays: nameIn(stays), goes: nameIn(goes) });
      this.notes.push(
        problem(
          'TRANSLATION_MERGED',
          goes.source.replacedBy,
          stays.resource,
          `${nameIn(goes)} becomes ${nameIn(stays)}`,
        ),
      );
    }
  }

  /** Descriptors and school years that rules gave to written documents (design 20 §2.5). */
  given(): LaterDocument[] {
    const written = new Set(this.results.flatMap((each) => (each.problem ? [] : each.identities)));
    const made = new Map<string, LaterDocument>();
    for (const { drafts, problem: reject } of this.results) {
      if (reject) continue;
      for (const { resource, value } of drafts.flatMap(({ given }) => given)) {
        const document = this.givenDocument(resource, value);
        if (!document) continue;
        const [id] = this.identities(resource, document);
        if (id === undefined || written.has(id)) continue;
        made.set(id, { resource, uuid: this.uuidOf(resource, document), document });
      }
    }
    return [...made].sort(compareBy(([id]) => id)).map(([, each]) => each);
  }

  private givenDocument(resource: string, value: JsonValue): JsonObject | null {
    if (this.kind(resource) === 'descriptor') {
      if (typeof value !== 'string') return null;
      const at = value.indexOf('#');
      const codeValue = value.slice(at + 1);
      return new Map([
        ['namespace', value.slice(0, at)],
        ['codeValue', codeValue],
        ['shortDescription', codeValue],
      ]);
    }
    if (!resource.endsWith(':SchoolYearType') || !(value instanceof JsonNumber)) return null;
    const year = Number(value.lexeme);
    return new Map<string, JsonValue>([
      ['schoolYear', value],
      ['currentSchoolYear', false],
      ['schoolYearDescription', `${year - 1}-${year}`],
    ]);
  }
}

/**
 * Translates documents (design 20 §2, §3, §5). The outcome has the documents to write, the rejects with their reasons, and
 * a count of all values. All documents stay in memory until the rejects are known.
 */
export function translateDocuments(
  all: CompiledTranslation,
  documents: Iterable<EarlierDocument>,
  options: TranslateOptions = { ignoresUnknown: false },
): TranslationOutcome {
  const run = new Run(all);
  const translation = new DocumentTranslation(all, options);
  const through = new ThroughIndex(all);
  const translated: Translated[] = [];
  const earlierIdentities = new Set<string>();
  for (const each of documents) {
    through.add(each);
    const made = translation.translate(each);
    translated.push(made);
    const places = all.before.resources.get(each.resource);
    const texts = places?.kind === 'resource' ? identityTexts(all.before.plans, places, each.document) : null;
    if (!places || !texts) continue;
    earlierIdentities.add(`${each.resource} ${identityText('', texts)}`);
    const general = places.superclass === null ? undefined : all.before.resources.get(places.superclass);
    const [path] = general?.identity ?? [];
    if (general && path !== undefined && texts.size === 1)
      earlierIdentities.add(`${general.label} ${identityText('', new Map([[path, [...texts.values()][0] ?? '']]))}`);
  }
  const drafts: Draft[] = translated.flatMap((each) => [...(each.own ? [each.own] : []), ...each.parts(through)]);
  run.unite(drafts);
  // identities of documents that this run rejects or drops; null for a dropped one
  const lost = new Map<string, RejectCause | null>();
  for (const { identityDocument } of translated)
    if (identityDocument)
      for (const id of run.identities(identityDocument.resource, identityDocument.document)) lost.set(id, null);
  for (const result of run.results) {
    if (!result.problem) continue;
    for (const id of result.identities) lost.set(id, causeOf(result) ?? null);
  }
  rejectRounds(run.results, {
    identities: lost,
    retargeted: (result, written) => {
      const places = new Map(result.targets.map(({ place, referentialId }) => [place, referentialId]));
      return new Set(
        result.drafts.flatMap(({ retargeted }) =>
          retargeted.flatMap(({ place, earlierTarget }) => {
            const id = places.get(place);
            return id !== undefined && !written.has(id) && earlierIdentities.has(earlierTarget) ? [place] : [];
          }),
        ),
      );
    },
  });
  const given = run.given();
  const written = run.results.filter((each) => !each.problem);
  const rejects = run.results.flatMap((result): TranslationReject[] => {
    const [first] = result.drafts;
    if (!result.problem || !first) return [];
    const others = new Map(
      result.drafts.map(({ source }) => [source, { resource: source.earlier.resource, uuid: source.earlier.uuid }]),
    );
    others.delete(first.source);
    return [
      {
        earlier: first.source.earlier,
        rule: first.rule,
        problem: result.problem,
        part: first.isOwn ? null : result.resource,
        others: [...others.values()],
      },
    ];
  });
  const made = written.filter(({ drafts: own }) => own.every(({ isOwn }) => !isOwn)).length + given.length;
  return {
    documents: [...written.map(({ resource, uuid, document }) => ({ resource, uuid, document })), ...given],
    rejects,
    report: {
      ...countedValues(translated.map(({ source }) => source)),
      documents: { read: translated.length, written: written.length + given.length, made, rejects: rejects.length },
      filled: translation.filled,
      descriptorsMerged: run.merged,
      notes: [...all.notes, ...run.notes],
    },
  };
}

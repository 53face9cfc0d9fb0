import { resourceLabel } from '@dms/api-schema';
import { type Connection, expectNotCancelled } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, failIfAny, mostShown } from '@dms/diagnostics';
import { type DocumentPlans, referrersTo } from '@dms/documents';
import { type DatabaseDocument, type DatabaseFeed, databaseFeed, IdentityTable } from '@dms/loading';
import { modelIndex, mustExist } from '@dms/model';
import {
  type CompiledTranslation,
  type EarlierDocument,
  placeName,
  problemText,
  type RejectsOfSource,
  type RestOfDocuments,
  type TranslatedDocuments,
  type TranslationReject,
  translateDocuments,
  unchangedRule,
} from '@dms/translation';
import { chunk } from 'es-toolkit/array';
import type { CheckedUpgrade } from '../applying/document-checks.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { checkLater } from './check-later.ts';
import { lackingMembers, requiredMembers } from './lacking-members.ts';
import { namingDocuments } from './naming-documents.ts';
import { type StoredDescriptor, storedDescriptors } from './stored-descriptors.ts';
import { touchedResources } from './touched-resources.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/* The reading of a translation in place (design 12a §6), before the first change. */

/** Keeps the documents that a translation cannot carry. */
export interface TranslationRejects {
  add(rejects: readonly TranslationReject[], earlier: EarlierDocument): Promise<void>;
  /** Called before anything changes, also without a reject; throws unless all of them are kept. */
  finish(): Promise<void>;
}

export interface ReadingOptions extends CheckedUpgrade {
  readonly signal?: AbortSignal | undefined;
  /** Reads all documents, also those that no rule can touch: for the proof of an upgrade. */
  readonly readsAll?: boolean | undefined;
}

/** The documents of a translation in place; `counts` and `report` include those that were not read. */
export interface DocumentsInPlace extends TranslatedDocuments {
  /** The ids of the documents that were read, by uuid. */
  readonly ids: IdentityTable;
  readonly descriptors: readonly StoredDescriptor[];
  /** How many documents were read. */
  readonly read: number;
}

/**
 * Reads the documents that the translation may change from the session's transaction and translates them, and those that
 * name a document which cannot be carried. The translated documents are kept in files until `use` has ended. Throws the
 * objections of the reader for documents that cannot be read.
 */
export async function readAndTranslate<Outcome>(
  connection: Connection,
  translation: UpgradeTranslation,
  { signal, readsAll = false, ...question }: ReadingOptions,
  use: (translated: DocumentsInPlace) => Promise<Outcome>,
): Promise<Outcome> {
  const { compiled } = translation;
  const unreadable: Diagnostic[] = [];
  // the upgrade's transaction, which has locked the documents that it reads
  const session = { ...connection, isInTransaction: true };
  const descriptors = await storedDescriptors(connection, translation);
  const members = requiredMembers(question);
  const touched = readsAll
    ? new Set(compiled.before.resources.keys())
    : touchedResources(translation, question.plan, descriptors, members);
  const lacking = await lackingMembers(
    connection,
    members.filter(({ resource }) => !touched.has(resource)),
  );
  const feed = await databaseFeed(session, compiled.before.plans, new Set([...touched, ...lacking.keys()]));
  const documents = new EarlierDocuments(session, feed, compiled.before.plans, { touched, lacking }, (found) =>
    unreadable.push(...found),
  );
  return translateDocuments(
    compiled,
    documents.atFirst(),
    {
      check: checkLater(translation, question),
      rest: documents,
      onTurn: async () => {
        // lets signals arrive
        await new Promise(setImmediate);
        expectNotCancelled(signal, 'The upgrade was cancelled. Nothing was changed.');
      },
    },
    async (translated) => {
      failIfAny(unreadable);
      const { ids, read } = documents;
      return use({ ...translated, ids, descriptors, read });
    },
  );
}

/** The documents to read before any is lost. */
interface FirstDocuments {
  /** The resources whose documents are all read. */
  readonly touched: ReadonlySet<string>;
  /** The ids of documents of other resources, by resource. */
  readonly lacking: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * The documents of the earlier set: those of touched resources, and of the others those that may lack a member and those
 * that name lost ones.
 */
class EarlierDocuments implements RestOfDocuments {
  private readonly connection: Connection;
  private readonly feed: DatabaseFeed;
  private readonly plans: DocumentPlans;
  private readonly first: FirstDocuments;
  private readonly refuse: (found: readonly Diagnostic[]) => void;
  readonly ids = new IdentityTable();
  /** The numbers of documents that were read, by resource. */
  private readonly counts = new Map<string, number>();
  /** Documents of other resources that were read, by resource. */
  private readonly reached = new Map<string, Set<number>>();
  /** Whether unread documents may name documents of a resource, by resource. */
  private readonly named = new Map<string, boolean>();
  /** Positions of resources, in the order in which all documents would be read. */
  private readonly order: ReadonlyMap<string, number>;

  constructor(
    connection: Connection,
    feed: DatabaseFeed,
    plans: DocumentPlans,
    first: FirstDocuments,
    refuse: (found: readonly Diagnostic[]) => void,
  ) {
    this.connection = connection;
    this.feed = feed;
    this.plans = plans;
    this.first = first;
    this.refuse = refuse;
    const descriptors = plans.mappingSet.model.resources.flatMap(({ storageKind, resourceKey }) =>
      storageKind === 'SharedDescriptorTable' ? [resourceLabel(resourceKey)] : [],
    );
    this.order = new Map([...descriptors, ...plans.labels].map((label, position) => [label, position]));
  }

  /** How many documents were read. */
  get read(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The numbers of documents that were not read, by resource. */
  *unread(): Generator<readonly [string, number]> {
    for (const label of this.order.keys()) {
      const count = this.first.touched.has(label) ? 0 : this.feed.rowsOf(label) - (this.counts.get(label) ?? 0);
      if (count > 0) yield [label, count];
    }
  }

  private taken({ resource, uuid, documentId, document }: DatabaseDocument): EarlierDocument {
    this.ids.set(uuid, Number(documentId));
    this.counts.set(resource, (this.counts.get(resource) ?? 0) + 1);
    return { resource, uuid, document };
  }

  async *atFirst(): AsyncGenerator<EarlierDocument> {
    const { touched, lacking } = this.first;
    for (const label of this.order.keys()) {
      if (this.feed.rowsOf(label) === 0) continue;
      const ids = lacking.get(label);
      if (touched.has(label)) for await (const each of this.feed.documents(label, this.refuse)) yield this.taken(each);
      else if (ids !== undefined) {
        yield* this.byId(label, ids);
        this.feed.refuseLost(label, this.refuse);
      }
    }
  }

  /** The documents among these that were not read yet. */
  private async *byId(label: string, ids: ReadonlySet<number>): AsyncGenerator<EarlierDocument> {
    const reached = this.reached.get(label) ?? new Set();
    this.reached.set(label, reached);
    const left = [...ids].filter((id) => !reached.has(id)).sort((a, b) => a - b);
    for (const part of chunk(left, mostIds)) {
      for (const id of part) reached.add(id);
      for (const each of await this.feed.byId(label, part.map(String), this.refuse)) yield this.taken(each);
    }
  }

  /** Whether documents of a resource are left unread at first. */
  private readonly isUnread = (label: string) => !this.first.touched.has(label) && this.feed.rowsOf(label) > 0;

  mayName(resource: string): boolean {
    const { model } = this.plans.mappingSet;
    const isNamed =
      this.named.get(resource) ??
      referrersTo(model, new Set([mustExist(modelIndex(model).resources.get(resource), resource).resourceKey.id])).some(
        ({ label }) => this.isUnread(label),
      );
    this.named.set(resource, isNamed);
    return isNamed;
  }

  async *naming(lost: Parameters<RestOfDocuments['naming']>[0]): AsyncGenerator<EarlierDocument> {
    const { model } = this.plans.mappingSet;
    const documents = lost.flatMap(({ resource, uuid }) => {
      const id = this.ids.get(uuid ?? '');
      return id === undefined ? [] : [{ resource, id }];
    });
    for (const [label, ids] of await namingDocuments(this.connection, model, documents, this.isUnread))
      yield* this.byId(label, ids);
  }

  positionOf({ resource, uuid }: EarlierDocument): number {
    return (this.order.get(resource) ?? 0) * mostNumbers + (this.ids.get(uuid ?? '') ?? 0);
  }
}

/** How many documents are read together by their ids. */
const mostIds = 1_000;

/** More than a database has documents. */
const mostNumbers = 2 ** 40;

/**
 * The translation of an upgrade that reads documents: it writes some of them again, or removes those to which its checks
 * object (design 12a §6). Null if no document is read.
 */
export function translationToRead(
  { translation, checks, documentChecks }: Pick<UpgradePlan, 'translation' | 'checks' | 'documentChecks'>,
  rejects: TranslationRejects | undefined,
): UpgradeTranslation | null {
  const isRemoving = rejects !== undefined && checks.length + documentChecks.length > 0;
  return translation !== null && (translation.isRewriting || isRemoving) ? translation : null;
}

/** Whether an upgrade may remove documents that it reads: those that are rejected, or become parts of others. */
export const mayRemove = ({ read, rewritten }: UpgradeTranslation, rejects: TranslationRejects | undefined): boolean =>
  rejects !== undefined || [...read].some((resource) => !rewritten.has(resource));

/** The outcome for the documents that a translation cannot carry. */
export interface SettledRejects {
  /** The errors with which they end the upgrade; empty if they are kept. */
  readonly errors: readonly Diagnostic[];
  /** How many are kept. */
  readonly kept: number;
}

/**
 * Gives the documents that a translation cannot carry to `rejects`; without it, returns errors for them. Throws the
 * errors of `rejects`.
 */
export async function settleRejects(
  { compiled }: UpgradeTranslation,
  translated: TranslatedDocuments,
  rejects: TranslationRejects | undefined,
): Promise<SettledRejects> {
  if (!rejects) return { errors: rejectObjections(compiled, translated), kept: 0 };
  let kept = 0;
  for (const each of translated.rejects()) {
    await rejects.add(each, translated.earlier(each[0].source));
    kept += 1;
  }
  await rejects.finish();
  return { errors: [], kept };
}

/** `UPGRADE_ROWS_OBJECT` for the first documents that a translation cannot carry. */
function rejectObjections(
  compiled: CompiledTranslation,
  { rejects, report, earlier }: TranslatedDocuments,
): readonly Diagnostic[] {
  const objections: Diagnostic[] = [];
  for (const reject of firstOf(rejects(), mostShown)) {
    const { problem } = reject;
    const { resource, uuid } = earlier(reject.source);
    const rule = ruleOfPlace(compiled, reject);
    const why = rule === unchangedRule ? 'It cannot stay as it is' : `The rule ${rule} cannot carry it`;
    const text = `${resource} ${uuid}: ${problemText(problem)} ${why}: correct it and run it again, or keep it in a file with --rejects.`;
    const details = { uuid, code: problem.code, place: problem.place, rule };
    objections.push(diagnostic('UPGRADE_ROWS_OBJECT', text, { resource }, details));
  }
  const left = report.documents.rejects - objections.length;
  const more =
    left > 0 ? [diagnostic('UPGRADE_ROWS_OBJECT', `${counted(left, 'more document')} cannot be carried.`, {}, {})] : [];
  return [...objections, ...more];
}

function* firstOf(lists: Iterable<RejectsOfSource>, most: number): Generator<TranslationReject> {
  let count = 0;
  for (const each of lists)
    for (const reject of each) {
      if (count === most) return;
      count += 1;
      yield reject;
    }
}

/**
 * The rule of the place that a reject names. A member of a reference has the rule of the identity part that it repeats.
 * A place without a rule of its own has the rule of its document.
 */
function ruleOfPlace({ rules, before }: CompiledTranslation, { problem: { place }, rule }: TranslationReject): string {
  const name = placeName(place.replace(/\[\d+\]/g, '[*]'));
  let [resource, path] = [name?.resource, name?.path];
  while (resource && path) {
    const own = rules.placeRule(resource, path);
    if (own) return own.rule;
    const { reference = null, referencePath = null } = before.resources.get(resource)?.places.get(path) ?? {};
    if (reference === null || referencePath === null) return rule;
    const member = path.slice(`${referencePath}.`.length);
    resource = resourceLabel(reference.binding.targetResource);
    path = reference.parts.find((part) => part.name === member)?.identityPaths[0];
  }
  return rule;
}

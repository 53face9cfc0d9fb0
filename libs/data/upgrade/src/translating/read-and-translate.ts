import { resourceLabel } from '@dms/api-schema';
import { type Connection, expectNotCancelled } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, failIfAny, mostShown } from '@dms/diagnostics';
import { databaseFeed } from '@dms/loading';
import {
  type CompiledTranslation,
  type EarlierDocument,
  placeName,
  problemText,
  type RejectsOfSource,
  type TranslatedDocuments,
  type TranslationReject,
  translateDocuments,
  unchangedRule,
} from '@dms/translation';
import type { CheckedUpgrade } from '../applying/document-checks.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { checkLater } from './check-later.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/* The reading of a translation in place (design 12a §6): all documents, before the first change. */

/** Keeps the documents that a translation cannot carry. */
export interface TranslationRejects {
  add(rejects: readonly TranslationReject[], earlier: EarlierDocument): Promise<void>;
  /** Called before anything changes, also without a reject; throws unless all of them are kept. */
  finish(): Promise<void>;
}

export interface ReadingOptions extends CheckedUpgrade {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all documents of the session's transaction and translates them; the translated documents are kept in files
 * until `use` has ended. Throws the objections of the reader for documents that cannot be read.
 */
export async function readAndTranslate<Outcome>(
  connection: Connection,
  translation: UpgradeTranslation,
  { signal, ...question }: ReadingOptions,
  use: (translated: TranslatedDocuments) => Promise<Outcome>,
): Promise<Outcome> {
  const check = checkLater(translation, question);
  const unreadable: Diagnostic[] = [];
  const documents = earlierDocuments(connection, translation, (found) => unreadable.push(...found));
  return translateDocuments(
    translation.compiled,
    documents,
    {
      check,
      onTurn: async () => {
        // lets signals arrive
        await new Promise(setImmediate);
        expectNotCancelled(signal, 'The upgrade was cancelled. Nothing was changed.');
      },
    },
    async (translated) => {
      failIfAny(unreadable);
      return use(translated);
    },
  );
}

async function* earlierDocuments(
  connection: Connection,
  { compiled }: UpgradeTranslation,
  refuse: (found: readonly Diagnostic[]) => void,
): AsyncGenerator<EarlierDocument> {
  const { plans } = compiled.before;
  // the upgrade's transaction, which has locked the documents that it reads
  const feed = await databaseFeed({ ...connection, isInTransaction: true }, plans);
  const onRefused = async (found: readonly Diagnostic[]) => refuse(found);
  for await (const { resource, uuid, document } of feed.descriptors(onRefused))
    yield { resource, uuid: uuid ?? null, document };
  for (const label of plans.labels)
    for await (const { resource, uuid, document } of feed.documents(label, onRefused))
      yield { resource, uuid: uuid ?? null, document };
}

/**
 * The translation of an upgrade that reads all documents: it writes some of them again, or removes those to which its
 * checks object (design 12a §6). Null if no document is read.
 */
export function translationToRead(
  { translation, checks, documentChecks }: Pick<UpgradePlan, 'translation' | 'checks' | 'documentChecks'>,
  rejects: TranslationRejects | undefined,
): UpgradeTranslation | null {
  const isRemoving = rejects !== undefined && checks.length + documentChecks.length > 0;
  return translation?.isRewriting || isRemoving ? translation : null;
}

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

import { counted, megabytesText } from '@dms/diagnostics';
import type { ResourceCounts, TranslationReport } from '@dms/translation';
import { costs, durationText, roughSeconds, type UpgradeEstimate } from '../hazards/estimate.ts';
import { type TranslatedResource, translatedAs } from '../translating/translation-in-place.ts';
import type { UpgradePlan } from './upgrade-plan.ts';

/* What a plan says about a translation (design 12 §15). */

/** What a translation would do with the documents of a database. */
export interface SurveyedTranslation {
  /** By resource, earlier and later ones. */
  readonly resources: ReadonlyMap<string, ResourceCounts>;
  readonly documents: ResourceCounts;
  /** Places of the earlier set with values that rules drop, or that stay in rejects. */
  readonly places: TranslationReport['places'];
  /** How many of the later documents are written again. */
  readonly writtenAgain: number;
  /** How long reading and translating took. */
  readonly seconds: number;
  /** The size of the database. */
  readonly bytes: number;
}

/** How long both ways take, in seconds, and which one is taken. */
export interface TranslationWays {
  readonly inPlace: number;
  readonly copy: number;
  readonly takes: 'in place' | 'copy';
}

/**
 * Estimates both ways from what a database has (design 12 §12): in place, all documents are read and checked, and some
 * are written; a copy reads and writes all.
 */
export function translationWays(
  { dialect }: Pick<UpgradePlan, 'dialect'>,
  estimate: UpgradeEstimate | null,
  { documents, writtenAgain, seconds }: SurveyedTranslation,
): TranslationWays | null {
  const cost = costs[dialect];
  if (cost === null || !estimate?.time) return null;
  const each = (count: number, milliseconds: number) => (count * milliseconds) / 1_000_000_000;
  const inPlace =
    estimate.time.whole +
    seconds +
    each(documents.written, cost.millionDocuments) +
    each(writtenAgain, cost.millionWritten);
  const copy = seconds + each(documents.written, cost.millionWritten);
  return { inPlace, copy, takes: inPlace <= copy ? 'in place' : 'copy' };
}

/** How many resources become what: `21 rewritten, 30 moved`. */
export function resourcesText(resources: readonly TranslatedResource[]): string {
  const counts = translatedAs.flatMap((name) => {
    const count = resources.filter(({ is }) => is === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return `resources: ${counts.join(', ')}`;
}

/** What a translation does with the documents of a database. */
export function documentsText({ documents, places, writtenAgain }: SurveyedTranslation): string {
  const { read, made, rejects } = documents;
  const lost = rejects === 0 ? 'none is rejected' : `${rejects} rejected`;
  const dropped = [...places.values()].reduce((sum, each) => sum + each.dropped, 0);
  const values = dropped === 0 ? 'no value is dropped' : `${counted(dropped, 'value')} dropped`;
  return `${counted(read, 'document')} read, ${writtenAgain} written, ${made} of them new, ${lost}, ${values}`;
}

/** The places at which rules drop values, those with most of them first. */
export const droppedTexts = ({ places }: SurveyedTranslation): readonly string[] =>
  [...places]
    .filter(([, { dropped }]) => dropped > 0)
    .sort(([, one], [, other]) => other.dropped - one.dropped)
    .map(([place, { dropped }]) => `${counted(dropped, 'value')} dropped at ${place}`);

/** Which way is taken, and why. */
export function waysText({ inPlace, copy, takes }: TranslationWays, { bytes }: SurveyedTranslation): string {
  const place = `in place takes ${durationText(inPlace)}, while nobody reads or writes`;
  const other = `a copy with load --from-database ${durationText(copy)}, while the service reads on, and ${megabytesText(bytes)} for a second database`;
  return takes === 'in place'
    ? `in place, because it is not slower: ${place}; ${other}`
    : `a copy, because it is quicker: ${place}; ${other}`;
}

/** Both ways, for machines. */
export const waysValue = ({ inPlace, copy, takes }: TranslationWays, { bytes }: SurveyedTranslation) => ({
  takes,
  in_place: { seconds: roughSeconds(inPlace) },
  copy: { seconds: roughSeconds(copy), bytes },
});

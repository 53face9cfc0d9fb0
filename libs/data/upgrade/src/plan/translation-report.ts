import { counted, megabytesText } from '@dms/diagnostics';
import type { ResourceCounts, TranslationReport } from '@dms/translation';
import { costs, durationText, roughSeconds, type UpgradeEstimate } from '../hazards/estimate.ts';
import { type TranslatedResource, translatedAs } from '../translating/translation-in-place.ts';
import type { UpgradePlan } from './upgrade-plan.ts';

/* The part of plan reports about a translation (design 12a §6). */

/** The effects that a translation would have on the documents of a database. */
export interface SurveyedTranslation {
  /** By resource of the earlier or the later set. */
  readonly resources: ReadonlyMap<string, ResourceCounts>;
  readonly documents: ResourceCounts;
  /** Places of the earlier set with values that rules drop, or that stay in rejects. */
  readonly places: TranslationReport['places'];
  /** How many of the later documents are written again. */
  readonly writtenAgain: number;
  /** How many documents of the database were read and translated. */
  readonly translated: number;
  /** How long reading and translating them took. */
  readonly seconds: number;
  /** The size of the database. */
  readonly bytes: number;
}

/** The seconds that an upgrade in place and a copy take, and the way that is taken. */
export interface TranslationWays {
  readonly inPlace: number;
  readonly copy: number;
  readonly takes: 'in place' | 'copy';
}

/**
 * Estimates both ways from the counts of a database (design 12a §2): in place, some documents are read, checked and
 * written; a copy reads and writes all.
 */
export function translationWays(
  { dialect }: Pick<UpgradePlan, 'dialect'>,
  estimate: UpgradeEstimate | null,
  { documents, writtenAgain, translated, seconds }: SurveyedTranslation,
): TranslationWays | null {
  const cost = costs[dialect];
  if (cost === null || !estimate?.time) return null;
  const each = (count: number, milliseconds: number) => (count * milliseconds) / 1_000_000_000;
  const inPlace =
    estimate.time.whole + seconds + each(translated, cost.millionDocuments) + each(writtenAgain, cost.millionWritten);
  const others = each(documents.read - translated, cost.millionDocuments);
  const copy = seconds + others + each(documents.written, cost.millionWritten);
  return { inPlace, copy, takes: inPlace <= copy ? 'in place' : 'copy' };
}

/** The number of resources by outcome: `21 rewritten, 30 moved`. */
export function resourcesText(resources: readonly TranslatedResource[]): string {
  const counts = translatedAs.flatMap((name) => {
    const count = resources.filter(({ is }) => is === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return `resources: ${counts.join(', ')}`;
}

/** The effects of a translation on the documents of a database, in words. */
export function documentsText({ documents, places, writtenAgain }: SurveyedTranslation): string {
  const { read, made, rejects } = documents;
  const lost = rejects === 0 ? 'none is rejected' : `${rejects} rejected`;
  const dropped = [...places.values()].reduce((sum, each) => sum + each.dropped, 0);
  const values = dropped === 0 ? 'no value is dropped' : `${counted(dropped, 'value')} dropped`;
  return `${counted(read, 'document')} read, ${writtenAgain} written, ${made} of them new, ${lost}, ${values}`;
}

/** The places at which rules drop values, the places with the most values first. */
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

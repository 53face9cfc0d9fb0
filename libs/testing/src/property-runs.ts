/** Whether this is a run of `npm test`: every rule, but a search tries little, on one engine, and repeats no failed seed. */
export const isQuick = process.env.DMS_TEST_TIER === 'quick';

/** Whether this is a run of `npm run test:rest`, which tries what a quick run left. */
const isRest = process.env.DMS_TEST_TIER === 'rest';

/** The part of `items` that this run tries: `quick` in a quick run, the others in a run of the rest, otherwise all. */
export const partOfTier = <Item>(items: readonly Item[], quick: readonly Item[]): readonly Item[] => {
  if (isQuick) return quick;
  return isRest ? items.filter((item) => !quick.includes(item)) : items;
};

/** How much of the usual number of runs a search takes: a tenth in a quick run, half in a run of the rest. */
const usualShare = isQuick ? 0.1 : isRest ? 0.5 : 1;

/** The value of `DMS_PROPERTY_RUNS`, which multiplies the usual number of runs of a property, or the share of this run if not set. */
const factor = Number(process.env.DMS_PROPERTY_RUNS || usualShare);
if (!(factor > 0)) throw new Error(`DMS_PROPERTY_RUNS is ${process.env.DMS_PROPERTY_RUNS}, not a number above 0.`);

/** The number of runs of a property with the usual number `usual`; `DMS_PROPERTY_RUNS` multiplies it for a thorough search. */
export const propertyRuns = (usual: number): number => Math.max(1, Math.round(usual * factor));

/** The timeout in milliseconds of a property that usually stays below `usual`. */
export const propertyTimeout = (usual: number): number => usual * Math.max(1, factor);

/** Seeds for a property that is checked in a loop: the first ones, in the number that {@link propertyRuns} returns. */
export const seeds = (usual: number): readonly number[] => Array.from({ length: propertyRuns(usual) }, (_, index) => index + 1);

/** Whether more than the usual number of runs is requested. */
export const isThorough = factor > 1;

/**
 * All items for a thorough search, otherwise every n-th or the last, of these half in a run of the rest and a quarter in a quick run, so
 * that trying them one by one takes a bounded share of a run.
 */
export function shareOf<Item>(items: readonly Item[], nth: number): readonly Item[] {
  if (isThorough) return items;
  const step = nth * (isQuick ? 4 : isRest ? 2 : 1);
  return items.length < step ? items.slice(-1) : items.filter((_, index) => index % step === step - 1);
}

/** Variants that all go the same way: every n-th, from the first, which a run of the rest does not repeat; all in a thorough search. */
export const someOf = <Item>(items: readonly Item[], nth: number): readonly Item[] =>
  isThorough ? items : items.filter((_, index) => index % nth === 0);

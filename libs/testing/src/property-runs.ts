/** What `DMS_PROPERTY_RUNS` says: how many times the usual number of runs a property gets; 1 when it is not set. */
const factor = Number(process.env.DMS_PROPERTY_RUNS || 1);
if (!(factor > 0)) throw new Error(`DMS_PROPERTY_RUNS is ${process.env.DMS_PROPERTY_RUNS}, not a number above 0.`);

/** The runs of a property that usually has `usual`; `DMS_PROPERTY_RUNS` multiplies them for a thorough search. */
export const propertyRuns = (usual: number): number => Math.max(1, Math.round(usual * factor));

/** Milliseconds that a property may take which usually stays below `usual`. */
export const propertyTimeout = (usual: number): number => usual * Math.max(1, factor);

/** Seeds for a property that is checked in a loop: the first ones, as many as {@link propertyRuns} says. */
export const seeds = (usual: number): readonly number[] => Array.from({ length: propertyRuns(usual) }, (_, index) => index + 1);

/** Whether more than the usual is asked for. */
export const isThorough = factor > 1;

/** All items for a thorough search, else every n-th: what is tried one by one takes a bounded share of a usual run. */
export const shareOf = <Item>(items: readonly Item[], nth: number): readonly Item[] =>
  isThorough ? items : items.filter((_, index) => index % nth === nth - 1);

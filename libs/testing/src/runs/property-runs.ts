import type { MappingVersion } from '@dms/api-schema';

/* The extent of a search. The name of its spec decides, because the name decides when it runs (docs/testing.md). */

let isLongSpec = true;
let isOnceMore = false;

/** Sets up a test file: `.long.spec.ts` files run in `npm run test:rest`, the others in `npm test`. */
export function enterSpec(file: string): void {
  isLongSpec = file.endsWith('.long.spec.ts');
  isOnceMore = file.endsWith('quick-specs.long.spec.ts');
}

/**
 * Whether this is a spec of `npm test`: it tests every rule, but its searches are short, use one engine, and repeat no
 * failed seed.
 */
export const isQuick = (): boolean => !isLongSpec;

/** The value of `DMS_PROPERTY_RUNS`, which multiplies the usual number of runs of a property; null if not set. */
const requested = process.env.DMS_PROPERTY_RUNS ? Number(process.env.DMS_PROPERTY_RUNS) : null;
if (requested !== null && !(requested > 0))
  throw new Error(`DMS_PROPERTY_RUNS is ${process.env.DMS_PROPERTY_RUNS}, not a number above 0.`);

/** Whether more than the usual number of runs is requested. */
export const isThorough = (requested ?? 0) > 1;

/**
 * The share of the usual number of runs that a search takes: a tenth in a quick spec, a quarter in a long one, or the
 * requested factor.
 */
const factor = (): number => requested ?? (isLongSpec ? 0.25 : 0.1);

/**
 * The number of runs of a property with the usual number `usual`; `DMS_PROPERTY_RUNS` multiplies it for a thorough
 * search.
 */
export const propertyRuns = (usual: number): number => Math.max(1, Math.round(usual * factor()));

/**
 * The milliseconds after which a test counts as hanging, by kind of run. A slow machine takes three times as long as
 * usual, and must not reach them. `exhaustive` is for the few tests that try each column or each resource.
 */
export const testLimits = { quick: 120_000, long: 600_000, e2e: 900_000, exhaustive: 1_800_000 } as const;

/** A limit that grows with the number of runs of a property. */
export const propertyTimeout = (usual: number): number => usual * Math.max(1, requested ?? 1);

/** Seeds for a property that is checked in a loop: the first ones, in the number that {@link propertyRuns} returns. */
export const seeds = (usual: number): readonly number[] =>
  Array.from({ length: propertyRuns(usual) }, (_, index) => index + 1);

/**
 * The engines of a spec: a quick spec uses only the server, which is faster, and the embedded engine when it runs once
 * more.
 */
export function enginesOfSpec<Engine>(embedded: Engine, server: Engine): readonly Engine[] {
  if (isOnceMore) return [embedded];
  return isLongSpec ? [embedded, server] : [server];
}

/** The engines of long tests that hardly depend on the engine: only the server, or both in a thorough search. */
export const usualEnginesOfSpec = <Engine>(embedded: Engine, server: Engine): readonly Engine[] =>
  isThorough ? [embedded, server] : [server];

/**
 * The generations of specs that differ in both. The third generation has most rules of the second, so it has specs of
 * its own where it differs.
 */
export const mainGenerations = ['v1', 'v2'] as const;

export type MainGeneration = (typeof mainGenerations)[number];

/**
 * The generations of long tests that work alike in both: only `usual`, or both in a thorough search. Half of the specs
 * use the first generation, so that shared code is tested in each.
 */
export const usualGenerations = (usual: MainGeneration = 'v2'): readonly MainGeneration[] =>
  isThorough ? mainGenerations : [usual];

/** The generations of long tests that differ in all: the third one only in a thorough search. */
export const testedGenerations: readonly MappingVersion[] = isThorough
  ? [...mainGenerations, 'v2-natural']
  : mainGenerations;

/** The generations of long tests that work alike in all: only `usual`, or all of them in a thorough search. */
export const alikeGenerations = (usual: MainGeneration = 'v2'): readonly MappingVersion[] =>
  isThorough ? testedGenerations : [usual];

/**
 * All items in a thorough search; otherwise every (4 × `nth`)-th, or only the last one if there are fewer, so that
 * one-by-one tests take a bounded share of a run.
 */
export function shareOf<Item>(items: readonly Item[], nth: number): readonly Item[] {
  if (isThorough) return items;
  const step = nth * 4;
  return items.length < step ? items.slice(-1) : items.filter((_, index) => index % step === step - 1);
}

/**
 * The cases of a spec whose further cases are too long for a quick run: `quick` in a quick run, `further` when the spec
 * runs once more, and both in a thorough search.
 */
export function casesOfSpec<Case>(quick: readonly Case[], further: readonly Case[]): readonly Case[] {
  if (!isLongSpec) return quick;
  return isThorough ? [...quick, ...further] : further;
}

/**
 * The cases for one of several variants, such as a generation, that all work alike: each case belongs to one variant,
 * in turn; in a thorough search to all.
 */
export const inTurn = <Variant, Case>(
  variants: readonly Variant[],
  variant: Variant,
  cases: readonly Case[],
): readonly Case[] => (isThorough ? cases : cases.filter((_, index) => variants[index % variants.length] === variant));

/** Some of many variants that work alike: every n-th, from the first; all in a thorough search. */
export const someOf = <Item>(items: readonly Item[], nth: number): readonly Item[] =>
  isThorough ? items : items.filter((_, index) => index % nth === 0);

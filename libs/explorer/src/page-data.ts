import type { ExploredSet, TableTexts } from './explored-set.ts';
import { applyDifference, type Difference, type Json, structuralDifference } from './structural-difference.ts';

/** What is embedded of the sets: the first one whole, of each other how it differs. */
export interface PageData {
  readonly pageFormat: 1;
  readonly first: ExploredSet;
  readonly others: readonly (Difference | null)[];
}

/** The texts of one table or view in each dialect, in the order of the sets; null in a dialect that has no such table. */
export interface SharedTexts {
  /** Names before shortening. */
  readonly schema: string;
  readonly name: string;
  readonly texts: readonly (Pick<TableTexts, 'statements' | 'plans'> | null)[];
}

/** What is embedded of the sets; the first is the one that the page shows first. */
export function pageDataOf(sets: readonly [ExploredSet, ...ExploredSet[]]): PageData {
  const [first, ...others] = sets;
  // a set is JSON by its type, but for members that TypeScript cannot see through
  const asJson = (set: ExploredSet) => set as unknown as Json;
  return { pageFormat: 1, first, others: others.map((set) => structuralDifference(asJson(first), asJson(set))) };
}

/** The sets again, each of them made when it is asked for. */
export function setsOf({ first, others }: PageData): readonly [() => ExploredSet, ...(() => ExploredSet)[]] {
  const base = first as unknown as Json;
  return [() => first, ...others.map((difference) => () => applyDifference(base, difference) as unknown as ExploredSet)];
}

import { collectDefinitions, type DocumentSchemas } from '@dms/api-schema';
import type { ExploredSet, TableTexts } from './explored-set.ts';
import { applyDifference, type Difference, type Json, structuralDifference } from './structural-difference.ts';

/** The embedded form of the sets: the first one completely, the others as differences. */
export interface PageData {
  readonly pageFormat: 1;
  readonly first: ExploredSet;
  readonly others: readonly (Difference | null)[];
}

/** The texts of a table or view in each dialect, in the order of the sets; null in a dialect without this table. */
export interface SharedTexts {
  /** Names before shortening. */
  readonly schema: string;
  readonly name: string;
  readonly texts: readonly (Pick<TableTexts, 'statements' | 'plans'> | null)[];
}

/** The definitions of resources by label, and of the places in their documents by path (`$` for the resource). */
export type Definitions = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The embedded form of the definitions. */
export type PageDefinitions = readonly (readonly [string, readonly (readonly [string, string])[]])[];

export const pageDefinitions = (schemas: DocumentSchemas): PageDefinitions =>
  [...schemas].flatMap(([label, own]) => {
    const definitions = [...collectDefinitions(own)];
    return definitions.length === 0 ? [] : [[label, definitions] as const];
  });

export const definitionsIn = (embedded: PageDefinitions): Definitions =>
  new Map(embedded.map(([label, definitions]) => [label, new Map(definitions)]));

/** Embeds the sets; the page starts with the first one. */
export function pageDataOf(sets: readonly [ExploredSet, ...ExploredSet[]]): PageData {
  const [first, ...others] = sets;
  // a set is JSON, except for types that TypeScript cannot resolve
  const asJson = (set: ExploredSet) => set as unknown as Json;
  return { pageFormat: 1, first, others: others.map((set) => structuralDifference(asJson(first), asJson(set))) };
}

/** Restores the sets, each on demand. */
export function setsOf({ first, others }: PageData): readonly [() => ExploredSet, ...(() => ExploredSet)[]] {
  const base = first as unknown as Json;
  return [
    () => first,
    ...others.map((difference) => () => applyDifference(base, difference) as unknown as ExploredSet),
  ];
}

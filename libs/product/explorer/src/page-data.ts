import { collectDefinitions, type DocumentSchemas } from '@dms/api-schema';
import type { ExploredSet, TableTexts } from './explored-set.ts';

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
  const asJson = (set: ExploredSet) => set as unknown as PageJson;
  return { pageFormat: 1, first, others: others.map((set) => structuralDifference(asJson(first), asJson(set))) };
}

/** Restores the sets, each on demand. */
export function restoreSets({ first, others }: PageData): readonly [() => ExploredSet, ...(() => ExploredSet)[]] {
  const base = first as unknown as PageJson;
  return [
    () => first,
    ...others.map((difference) => () => applyDifference(base, difference) as unknown as ExploredSet),
  ];
}

/** A JSON value. */
export type PageJson = string | number | boolean | null | readonly PageJson[] | { readonly [name: string]: PageJson };

/**
 * How to make one value from another: `v` is the value itself; `o` changes and `x` removes members of an object; `l`
 * lists the elements of an array: a position in the first array, several consecutive positions, a changed element, or a
 * new one.
 */
type Difference =
  | { readonly v: PageJson }
  | { readonly o: { readonly [name: string]: Difference }; readonly x?: readonly string[] }
  | { readonly l: readonly ListPart[] };

/** `[position, count]`, `[position, difference]` or `{ v: new }`. */
type ListPart = readonly [number, number] | readonly [number, Difference] | { readonly v: PageJson };

type PageObject = { readonly [name: string]: PageJson };

const isObject = (value: PageJson): value is PageObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: PageJson): value is readonly PageJson[] => Array.isArray(value);

/** The difference from `base` to `other`; null if they are equal. */
export function structuralDifference(base: PageJson, other: PageJson): Difference | null {
  if (base === other) return null;
  if (isObject(base) && isObject(other)) return objectDifference(base, other);
  if (isList(base) && isList(other)) return listDifference(base, other);
  return { v: other };
}

function objectDifference(base: PageObject, other: PageObject): Difference | null {
  const changed: Record<string, Difference> = {};
  for (const [name, value] of Object.entries(other)) {
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    const difference = before === undefined ? { v: value } : structuralDifference(before, value);
    if (difference !== null) changed[name] = difference;
  }
  const removed = Object.keys(base).filter((name) => !Object.hasOwn(other, name));
  if (Object.keys(changed).length === 0 && removed.length === 0) return null;
  return removed.length > 0 ? { o: changed, x: removed } : { o: changed };
}

function listDifference(base: readonly PageJson[], other: readonly PageJson[]): Difference | null {
  const positions = new Map<string, number>();
  for (const [position, value] of base.entries()) {
    const text = JSON.stringify(value);
    if (!positions.has(text)) positions.set(text, position);
  }
  const parts: ListPart[] = [];
  for (const [index, value] of other.entries()) {
    const text = JSON.stringify(value);
    const counterpart = base[index];
    // try the same position first, because it continues a run of repeated elements
    const position = counterpart !== undefined && JSON.stringify(counterpart) === text ? index : positions.get(text);
    const last = parts.at(-1);
    if (position !== undefined) {
      if (Array.isArray(last) && typeof last[1] === 'number' && last[0] + last[1] === position)
        parts[parts.length - 1] = [last[0], last[1] + 1];
      else parts.push([position, 1]);
      continue;
    }
    const difference = counterpart === undefined ? null : structuralDifference(counterpart, value);
    const isSmaller = difference !== null && !('v' in difference) && JSON.stringify(difference).length < text.length;
    parts.push(isSmaller ? [index, difference] : { v: value });
  }
  const isWhole =
    parts.length === 1 && base.length === other.length && JSON.stringify(parts[0]) === `[0,${base.length}]`;
  return isWhole || (base.length === 0 && other.length === 0) ? null : { l: parts };
}

/** Applies a difference to `base`; equal parts are shared. */
export function applyDifference(base: PageJson, difference: Difference | null): PageJson {
  if (difference === null) return base;
  if ('v' in difference) return difference.v;
  if ('l' in difference) {
    if (!isList(base)) throw new Error('a list was expected');
    return difference.l.flatMap((part): readonly PageJson[] => {
      if ('v' in part) return [part.v];
      const [position, what] = part;
      return typeof what === 'number'
        ? base.slice(position, position + what)
        : [applyDifference(base[position] ?? null, what)];
    });
  }
  if (!isObject(base)) throw new Error('an object was expected');
  const removed = new Set(difference.x);
  const made: [string, PageJson][] = Object.entries(base).filter(([name]) => !removed.has(name));
  const result = new Map(made);
  for (const [name, each] of Object.entries(difference.o)) result.set(name, applyDifference(base[name] ?? null, each));
  return Object.fromEntries(result);
}

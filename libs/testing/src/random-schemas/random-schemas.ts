import type * as fc from 'fast-check';
import { shuffledList } from '../models/shuffled-list.ts';
import type { Json, JsonRecord } from '../schema-builder.ts';
import { renderSchemaSet } from './render-schema-set.ts';
import { referencePlans, type SetPlanSize, schemaSetPlans, withDistinctItems, withOddKeys } from './schema-set-plan.ts';

export interface SchemaSetOptions {
  /** The maximum number of resources, and of members of an object; `small` by default. */
  readonly size?: 'small' | 'medium' | 'large';
  /**
   * Whether some names exceed the limit of PostgreSQL (63 bytes) and, more rarely, of SQL Server (128); true by
   * default.
   */
  readonly longNames?: boolean;
  /**
   * Only the parts that propagate identities: string keys, references, families, equal values; a few collections, no
   * extensions.
   */
  readonly focus?: 'references';
  /** Whether every scalar key has few values, or is a date or time; by default in every third set. */
  readonly oddKeys?: boolean;
  /** Whether every collection has a rule that distinguishes its items, as the second generation requires. */
  readonly distinctItems?: boolean;
}

const sizes: Readonly<Record<'small' | 'medium' | 'large', SetPlanSize>> = {
  small: { items: 4, members: 3 },
  medium: { items: 7, members: 4 },
  large: { items: 14, members: 5 },
};

/**
 * Arbitrary sets of ApiSchema documents that are valid by design 01 to 04: plain JSON roots ready for `toJsonValue`,
 * the core first, then up to two extensions. A set is rendered from a plan of small numbers (`SchemaSetPlan`), so it
 * shrinks to few and plain resources. Every name has a unique number (`Res3`, `fld17`, mapping key `Ref5`), so no names
 * can clash.
 *
 * A set may contain:
 * - resources of the core and of extensions, whose identity consists of scalars (in the root or in a required object)
 *   and references to earlier resources, at any depth; `allowIdentityUpdates` on some;
 * - keys with few values: flags, one letter, two digits, enumerations; dates and times; up to twelve parts;
 * - descriptors, also in identities, and arrays of descriptor strings;
 * - abstract resources with one to three members in any project: identities renamed, of types that have to be merged
 *   (Int32/Int64, string lengths, decimals), with a descriptor or a reference;
 * - collections up to three deep, also in inlined objects; scalars of all types, `x-nullable`, numbers without
 *   precision;
 * - references (required or not, in objects, collections and extensions) to concrete and abstract resources, to later
 *   ones and to the resource itself; a stored value that an identity holds twice may occur only once in a reference
 *   (grouped reference fields);
 * - equality constraints between parts of references and scalars of one row, between tables, and on paths that do not
 *   exist;
 * - uniqueness of collections by scalars, descriptors and references, nested with a base path, or as a bare array;
 * - resource extensions with root data, collections of their own and companions of base collections in both spellings,
 *   and uniqueness that they declare for a base collection;
 * - name overrides of root tables, columns, references, reference parts and collections (bare or with the root's name).
 *
 * It never contains anything that makes a set invalid, extensions of descriptors, or `_ext` of a project below another
 * project's extension.
 */
export function schemaSets(options: SchemaSetOptions = {}): fc.Arbitrary<readonly JsonRecord[]> {
  const { size = 'small', longNames = true, focus, oddKeys, distinctItems = false } = options;
  const plans = focus === 'references' ? referencePlans(sizes[size]) : schemaSetPlans(sizes[size]);
  return plans
    .map((plan) => ((oddKeys ?? plan.hasOddKeys) ? withOddKeys(plan) : { ...plan, hasOddKeys: false }))
    .map((plan) => (distinctItems ? withDistinctItems(plan) : plan))
    .map((plan) => renderSchemaSet(plan, longNames));
}

/** Random numbers in [0, 1), reproducible by seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffledValue(value: Json, next: () => number): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffledValue(item, next));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as JsonRecord).map(
    ([name, member]) => [name, shuffledValue(member, next)] as const,
  );
  return Object.fromEntries(shuffledList(members, next));
}

/**
 * A deep copy of a document with the members of every object in another order, reproducible by seed; arrays keep their
 * order.
 */
export function shuffled(document: JsonRecord, seed: number): JsonRecord {
  return shuffledValue(document, random(seed)) as JsonRecord;
}

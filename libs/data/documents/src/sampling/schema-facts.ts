import { isDeepStrictEqual } from 'node:util';
import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet, ScalarType } from '@dms/model';
import { isInteger, narrowerInteger } from '@dms/sql';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';

/** The constraints on a value besides its type. */
export interface ValueBounds {
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly minLength: number;
  /** The values of `enum` or `const` that the column can hold; null if any value is allowed. */
  readonly values: readonly Scalar[] | null;
}

/** The requirements of a resource's JSON schemas that its tables do not have (design 14 §4). */
export interface SampledSchema {
  /** The paths of members that an object must have, if the object itself is present. */
  readonly required: ReadonlySet<string>;
  readonly bounds: ReadonlyMap<string, ValueBounds>;
}

/** The facts of resources without further requirements. */
export const noSchemaFacts: SampledSchema = { required: new Set(), bounds: new Map() };

/**
 * The requirements of the schemas for the documents of each resource, by `Project:Resource`. A part of a reference has
 * the value of its target's identity, so requirements for the part apply to the target too.
 */
export function readSchemaFacts(
  model: RelationalModelSet,
  schemas: DocumentSchemas,
): ReadonlyMap<string, SampledSchema> {
  const labels = model.resources.map(({ resourceKey }) => resourceLabel(resourceKey));
  const facts = new Map(labels.map((label) => [label, schemaFacts(schemas.get(label) ?? [])]));
  const parts = model.resources.flatMap(({ resourceKey, documentReferenceBindings }) =>
    documentReferenceBindings.flatMap(({ targetResource, identityBindings }) => {
      const from = facts.get(resourceLabel(resourceKey));
      const to = facts.get(resourceLabel(targetResource));
      if (!from || !to) return [];
      return identityBindings.map(({ identityJsonPath, referenceJsonPath }) => {
        return {
          from: from.bounds,
          to: to.bounds,
          part: referenceJsonPath.canonical,
          identity: identityJsonPath.canonical,
        };
      });
    }),
  );
  // bounds only become narrower, so this ends
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const { from, to, part, identity } of parts) {
      const before = to.get(identity) ?? null;
      const after = narrowerBounds(before, from.get(part) ?? null);
      if (after === null || isDeepStrictEqual(before, after)) continue;
      to.set(identity, after);
      hasChanged = true;
    }
  }
  return facts;
}

/** Reads the schemas of a resource and of its extensions, which all describe the whole document. */
function schemaFacts(schemas: readonly JsonObject[]): SampledSchema & { readonly bounds: Map<string, ValueBounds> } {
  const required = new Set<string>();
  const bounds = new Map<string, ValueBounds>();
  const read = (schema: JsonValue | undefined, path: string): void => {
    if (!isJsonObject(schema)) return;
    const minimum = numberOf(schema.get('minimum'));
    const maximum = numberOf(schema.get('maximum'));
    const minLength = numberOf(schema.get('minLength')) ?? 0;
    const values = valuesOf(schema);
    if (minimum !== null || maximum !== null || minLength > 0 || values !== null)
      bounds.set(path, { minimum, maximum, minLength, values });
    const names = schema.get('required');
    if (Array.isArray(names)) for (const name of names) required.add(`${path}.${name}`);
    const properties = schema.get('properties');
    if (isJsonObject(properties)) for (const [name, inner] of properties) read(inner, `${path}.${name}`);
    read(schema.get('items'), `${path}[*]`);
  };
  for (const schema of schemas) read(schema, '$');
  return { required, bounds };
}

const numberOf = (value: JsonValue | undefined): number | null =>
  value instanceof JsonNumber ? Number(value.lexeme) : null;

/** The values that a schema lists, without texts that are too long for it; null if it lists none. */
function valuesOf(schema: JsonObject): readonly Scalar[] | null {
  const listed = schema.get('enum');
  const only = schema.get('const');
  const longest = numberOf(schema.get('maxLength')) ?? Number.POSITIVE_INFINITY;
  const found = (only === undefined ? (isJsonArray(listed) ? listed : []) : [only]).flatMap((value): Scalar[] => {
    if (value === null || isJsonArray(value) || isJsonObject(value)) return [];
    return typeof value === 'string' && value.length > longest ? [] : [value];
  });
  return found.length === 0 ? null : found;
}

/** The intersection of two bounds. */
function narrowerBounds(one: ValueBounds | null, other: ValueBounds | null): ValueBounds | null {
  if (!one || !other) return one ?? other;
  const pick = (a: number | null, b: number | null, choose: (...values: number[]) => number) =>
    a === null || b === null ? (a ?? b) : choose(a, b);
  return {
    minimum: pick(one.minimum, other.minimum, Math.max),
    maximum: pick(one.maximum, other.maximum, Math.min),
    minLength: Math.max(one.minLength, other.minLength),
    values: commonValues(one.values, other.values),
  };
}

/** The values that both lists allow; the first list if they have none in common. */
function commonValues(one: readonly Scalar[] | null, other: readonly Scalar[] | null): readonly Scalar[] | null {
  if (one === null || other === null) return one ?? other;
  const allowed = new Set(other.map(scalarText));
  const both = one.filter((value) => allowed.has(scalarText(value)));
  return both.length === 0 ? one : both;
}

/** The constraints on the value of a group. */
export interface GroupFacts {
  readonly type: ScalarType | null;
  /** `Project:Resource` of a descriptor. */
  readonly descriptor: string | null;
  /** Whether copies of the value are part of identities. */
  readonly isPlain: boolean;
  readonly bounds: ValueBounds | null;
}

/** The facts about a value that satisfies both. */
export const narrowerGroup = (one: GroupFacts | undefined, other: GroupFacts): GroupFacts =>
  one === undefined
    ? other
    : {
        type: narrower(one.type, other.type),
        descriptor: other.descriptor ?? one.descriptor,
        isPlain: one.isPlain || other.isPlain,
        bounds: narrowerBounds(one.bounds, other.bounds),
      };

/** The most restrictive type: the value of a class must fit all its members. */
function narrower(one: ScalarType | null, other: ScalarType | null): ScalarType | null {
  if (!one || !other) return one ?? other;
  if (isInteger(one.kind) && isInteger(other.kind))
    return narrowerInteger(one.kind, other.kind) === one.kind ? one : other;
  if (one.decimal && other.decimal) {
    const scale = Math.min(one.decimal.scale, other.decimal.scale);
    const whole = Math.min(one.decimal.precision - one.decimal.scale, other.decimal.precision - other.decimal.scale);
    return { ...one, decimal: { precision: whole + scale, scale } };
  }
  return (other.maxLength ?? Number.MAX_SAFE_INTEGER) < (one.maxLength ?? Number.MAX_SAFE_INTEGER) ? other : one;
}

/** A JSON value without members. */
export type Scalar = string | boolean | JsonNumber;

/**
 * A text for a value; two texts are equal if and only if the values are, because generated numbers have only one form.
 */
export function scalarText(value: Scalar): string {
  return value instanceof JsonNumber ? value.lexeme : JSON.stringify(value);
}

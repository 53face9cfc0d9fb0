import type { ScalarType } from '@dms/model';
import { narrowerBounds, type ValueBounds } from './schema-facts.ts';

/** The constraints on the value of a group. */
export interface GroupFacts {
  readonly type: ScalarType | null;
  /** `Project:Resource` of a descriptor. */
  readonly descriptor: string | null;
  /** Whether copies of the value are part of identities. */
  readonly isPlain: boolean;
  readonly bounds: ValueBounds | null;
}

/** The most restrictive type: the value of a class must fit all its members. */
function narrower(one: ScalarType | null, other: ScalarType | null): ScalarType | null {
  if (!one || !other) return one ?? other;
  if (one.kind === 'Int32' || other.kind === 'Int32') return one.kind === 'Int32' ? one : other;
  if (one.decimal && other.decimal) {
    const scale = Math.min(one.decimal.scale, other.decimal.scale);
    const whole = Math.min(one.decimal.precision - one.decimal.scale, other.decimal.precision - other.decimal.scale);
    return { ...one, decimal: { precision: whole + scale, scale } };
  }
  return (other.maxLength ?? Number.MAX_SAFE_INTEGER) < (one.maxLength ?? Number.MAX_SAFE_INTEGER) ? other : one;
}

/** The facts about a value that fits both. */
export const narrowerGroup = (one: GroupFacts | undefined, other: GroupFacts): GroupFacts =>
  one === undefined
    ? other
    : {
        type: narrower(one.type, other.type),
        descriptor: other.descriptor ?? one.descriptor,
        isPlain: one.isPlain || other.isPlain,
        bounds: narrowerBounds(one.bounds, other.bounds),
      };

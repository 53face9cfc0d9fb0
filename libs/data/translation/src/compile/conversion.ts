import { type DocumentPlans, lowerCased, storedValue, valueRulesOf } from '@dms/documents';
import type { DocumentLeaf, ScalarType } from '@dms/model';
import { formIn, isInteger } from '@dms/sql';
import { JsonNumber, type JsonValue } from '@dms/values';
import type { Carrying, Namespace } from '../file/translation.ts';
import type { Place, SetPlaces } from '../places/set-places.ts';

/** Converts an earlier value to a later one; undefined if that is impossible. */
type Convert = (value: JsonValue) => JsonValue | undefined;

/** The kind of a conversion, for readers that convert later values back. */
export type ConversionKind =
  | { readonly kind: 'same' | 'codeValue' | 'date' }
  /** A descriptor whose namespace gets its later name. */
  | { readonly kind: 'descriptor' }
  /** Later values by the texts of the earlier ones, in the order of the file. */
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, JsonValue> }
  /** Another type, which also has the earlier values, or their texts. */
  | { readonly kind: 'type'; readonly from: ScalarType; readonly to: ScalarType };

export interface LaterValue {
  readonly does: ConversionKind;
  readonly convert: Convert;
  /** Whether different earlier values may become equal, or get different texts. */
  readonly changesValues: boolean;
  /** Whether the later place accepts fewer values. */
  readonly isNarrower: boolean;
  /** Whether a rule gives the value. */
  readonly isGiven: boolean;
}

/** The text of a value with which identities are compared (design 07 §9.2); undefined if the value has another type. */
export function valueText(plans: DocumentPlans, leaf: DocumentLeaf, value: JsonValue): string | undefined {
  const { texts } = plans;
  if (leaf.value === 'descriptor') return typeof value === 'string' ? texts.uri(value) : undefined;
  // a text that is too long is still a value of the type
  const type = leaf.scalarType.kind === 'String' ? { ...leaf.scalarType, maxLength: null } : leaf.scalarType;
  const stored = storedValue(value, type, plans.dialect, valueRulesOf(plans.version));
  return stored.reason === undefined ? texts.scalar(stored.value, leaf.scalarType) : undefined;
}

/** The text of a value in JSON, for keys of `values`. */
export const keyText = (value: JsonValue): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'boolean'
      ? String(value)
      : value instanceof JsonNumber
        ? value.lexeme
        : undefined;

export const unchanged: LaterValue = {
  does: { kind: 'same' },
  convert: (value) => value,
  changesValues: false,
  isNarrower: false,
  isGiven: false,
};

/** The later name of the namespace of a descriptor, and the rule that gave it (design 20 §2.4). */
export function laterNamespace(
  namespaces: readonly Namespace[],
  namespace: string,
): { readonly text: string; readonly rule: string | null } {
  let best: Namespace | undefined;
  for (const each of namespaces)
    if (prefixed(namespace, each) && (!best || each.before.length > best.before.length)) best = each;
  if (!best) return { text: namespace, rule: null };
  return { text: best.after + namespace.slice(best.before.length), rule: best.rule };
}

const prefixed = (text: string, { before }: Namespace): boolean => {
  const rest = text.slice(before.length);
  return lowerCased(text.slice(0, before.length)) === lowerCased(before) && /^(?:[/#]|$)/.test(rest);
};

/** A descriptor value with the later name of its namespace. */
export function laterDescriptor(namespaces: readonly Namespace[], value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  const end = value.indexOf('#');
  const namespace = end < 0 ? value : value.slice(0, end);
  return laterNamespace(namespaces, namespace).text + value.slice(namespace.length);
}

/** The place from which values come, the place to which they go, and the facts about both. */
interface ConvertedEnds {
  readonly from: DocumentLeaf;
  readonly to: DocumentLeaf;
  readonly plans: DocumentPlans;
  readonly namespaces: readonly Namespace[];
  /** Whether the descriptors of both places are of the same resource. */
  readonly areSameDescriptors: boolean;
}

/**
 * The conversion from values of one place to values of another; undefined if their types do not fit (design 20 §2.2).
 */
export function conversionOf(carrying: Carrying | null, ends: ConvertedEnds): LaterValue | undefined {
  const { from, to, plans, namespaces } = ends;
  if (carrying?.values) {
    const isDescriptor = from.value === 'descriptor';
    const keyOf = (key: string) => (isDescriptor ? lowerCased(key) : key);
    const values = new Map([...carrying.values].map(([key, value]) => [keyOf(key), value]));
    for (const value of values.values()) if (!fitsLeaf(plans, to, value)) return undefined;
    return {
      does: { kind: 'values', values: carrying.values },
      convert: (value) => {
        const key = keyText(value);
        return key === undefined ? undefined : values.get(keyOf(key));
      },
      changesValues: true,
      isNarrower: false,
      isGiven: true,
    };
  }
  if (carrying?.as === 'codeValue') {
    if (from.value !== 'descriptor' || to.value === 'descriptor' || to.scalarType.kind !== 'String') return undefined;
    return {
      does: { kind: 'codeValue' },
      convert: (value) =>
        typeof value === 'string' && value.includes('#') ? value.slice(value.indexOf('#') + 1) : undefined,
      changesValues: true,
      isNarrower: false,
      isGiven: false,
    };
  }
  if (carrying?.as === 'date') {
    if (from.value === 'descriptor' || from.scalarType.kind !== 'DateTime') return undefined;
    if (to.value === 'descriptor' || to.scalarType.kind !== 'Date') return undefined;
    return {
      does: { kind: 'date' },
      convert: (value) => valueText(plans, from, value)?.slice(0, 'YYYY-MM-DD'.length),
      changesValues: true,
      isNarrower: false,
      isGiven: false,
    };
  }
  if (from.value === 'descriptor' || to.value === 'descriptor') {
    if (from.value !== to.value || !ends.areSameDescriptors) return undefined;
    return {
      does: { kind: 'descriptor' },
      convert: (value) => laterDescriptor(namespaces, value),
      changesValues: namespaces.length > 0,
      isNarrower: false,
      isGiven: false,
    };
  }
  return scalarConversion(plans, from.scalarType, to.scalarType);
}

function scalarConversion(plans: DocumentPlans, from: ScalarType, to: ScalarType): LaterValue | undefined {
  const stored = (value: JsonValue) => {
    const { value: text, reason } = storedValue(value, from, plans.dialect, valueRulesOf(plans.version));
    return reason === undefined ? String(text) : undefined;
  };
  if (from.kind === to.kind) {
    const isNarrower =
      (to.kind === 'String' && to.maxLength !== null && (from.maxLength === null || from.maxLength > to.maxLength)) ||
      (to.kind === 'Decimal' && to.decimal !== null && decimalIsNarrower(from, to));
    return { ...unchanged, isNarrower };
  }
  const does = { kind: 'type', from, to } as const;
  const form = formIn(from.kind, to.kind);
  if (form === null) return { ...unchanged, does };
  // a whole number stays in a narrower kind if it fits
  if (form === undefined)
    return isInteger(from.kind) && isInteger(to.kind) ? { ...unchanged, does, isNarrower: true } : undefined;
  return {
    does,
    convert: (value) => {
      const text = stored(value);
      return text === undefined ? undefined : form.document(text);
    },
    changesValues: true,
    isNarrower: false,
    isGiven: false,
  };
}

function decimalIsNarrower(from: ScalarType, to: ScalarType): boolean {
  const [a, b] = [from.decimal, to.decimal];
  if (b === null || b === undefined) return false;
  return !a || a.scale > b.scale || a.precision - a.scale > b.precision - b.scale;
}

/** Whether a value of a file is valid at a place. */
export function fitsLeaf(plans: DocumentPlans, leaf: DocumentLeaf, value: JsonValue): boolean {
  if (leaf.value === 'descriptor') return typeof value === 'string' && /^[^#]+#./.test(value);
  return storedValue(value, leaf.scalarType, plans.dialect, valueRulesOf(plans.version)).reason === undefined;
}

/** A value as text, to find out whether two are the same; identities are compared by {@link valueText}. */
export function comparedText(set: SetPlaces, place: Place | undefined, value: JsonValue): string {
  const text = place?.leaf ? valueText(set.exact, place.leaf, value) : undefined;
  return text ?? `${typeof value}:${keyText(value) ?? ''}`;
}

import { type ConversionKind, laterDescriptor, type Place, type SetPlaces } from '@dms/translation';
import { JsonNumber, type JsonValue } from '@dms/values';
import type { OdsColumn } from '../mapping/ods-mapping.ts';
import { isWholeWithin } from '../mapping/value-types.ts';
import type { Derivation } from './derivation.ts';
import type { EarlierExpression, EarlierLiteral } from './earlier-mapping.ts';

/* Conversions of a translation, read backwards (design 21 §2). */

/** The text that distinguishes later values: in lower case, because descriptors compare without case. */
export const laterText = (value: JsonValue): string =>
  typeof value === 'string' ? value.toLowerCase() : value instanceof JsonNumber ? value.lexeme : String(value);

/** Whether two earlier values have one later value. */
export function isOneOfTwo(values: ReadonlyMap<string, JsonValue>): boolean {
  const later = [...values.values()].map(laterText);
  return new Set(later).size < later.length;
}

interface Ends {
  readonly column: OdsColumn;
  /** The column of the later set that has the value. */
  readonly held: OdsColumn;
  /** The earlier place, whose target is the type of its descriptors. */
  readonly earlier: Place | undefined;
  readonly later: Place | undefined;
}

/** Expression for the earlier value of a later one. */
export function earlierValue(
  derivation: Derivation,
  does: ConversionKind,
  of: EarlierExpression,
  { column, held, earlier, later }: Ends,
): EarlierExpression {
  switch (does.kind) {
    case 'same':
    case 'descriptor':
      return of;
    case 'date':
      return { kind: 'cast', of, from: 'other', to: column.type };
    case 'type': {
      // a cast would cost the use of indexes, and what the planner knows of the values
      if (isWholeWithin(held.type, column.type)) return of;
      const isText = does.to.kind === 'String';
      return { kind: 'cast', of, from: isText ? 'text' : 'other', to: column.type };
    }
    case 'codeValue': {
      const target = derivation.rules.resource(earlier?.target ?? '');
      const hasType = !target.isDropped && derivation.later.descriptor(target.later) !== undefined;
      if (!hasType) return { kind: 'null' };
      return { kind: 'codeValue', of, discriminator: derivation.later.discriminator(target.later) };
    }
    case 'values': {
      const known = new Set<string>();
      const cases = [...does.values].flatMap(([key, value]) => {
        const text = laterText(value);
        if (known.has(text)) return [];
        known.add(text);
        return [
          {
            later: laterLiteral(derivation, later, value),
            earlier: earlierLiteral(derivation, column, earlier?.target ?? null, key),
          },
        ];
      });
      return { kind: 'values', of, cases, others: 'null' };
    }
  }
}

/** A value of a file of rules, as a column of the later set stores it. */
function laterLiteral({ later }: Derivation, place: Place | undefined, value: JsonValue): EarlierLiteral {
  if (typeof value === 'boolean') return { kind: 'boolean', is: value };
  if (value instanceof JsonNumber) return { kind: 'number', text: value.lexeme };
  const text = String(value);
  if (place?.leaf?.value !== 'descriptor') return { kind: 'text', text };
  return { kind: 'descriptor', discriminator: later.discriminator(place.target ?? ''), uri: text };
}

const numbers: readonly string[] = ['int', 'bigint', 'smallint', 'money', 'decimal'];

/** A key of `values`, as a column of the earlier set stores it. */
function earlierLiteral(
  { later, rules }: Derivation,
  column: OdsColumn,
  target: string | null,
  key: string,
): EarlierLiteral {
  if (column.content.kind === 'descriptor')
    return {
      kind: 'descriptor',
      discriminator: later.discriminator(rules.resource(target ?? '').later),
      uri: String(laterDescriptor(rules.translation.namespaces, key)),
    };
  if (column.type.kind === 'boolean') return { kind: 'boolean', is: key === 'true' };
  return numbers.includes(column.type.kind) ? { kind: 'number', text: key } : { kind: 'text', text: key };
}

/**
 * Expression that maps `Discriminator` of rows of the later set to its earlier values.
 *
 * @param labels the resources that have these rows
 * @param named the earlier value for a resource
 */
export function earlierDiscriminator(
  derivation: Derivation,
  of: EarlierExpression,
  labels: readonly string[],
  named: (label: string) => string,
): EarlierExpression {
  const { later, rules } = derivation;
  const cases = labels.flatMap((label) => {
    const [before, after] = [named(label), later.discriminator(rules.resource(label).later)];
    if (before === after || !derivation.hasOwn(label)) return [];
    return [{ later: { kind: 'text', text: after }, earlier: { kind: 'text', text: before } } as const];
  });
  return cases.length === 0 ? of : { kind: 'values', of, cases, others: 'stay' };
}

/** A place of a resource. */
export const placeOf = (set: SetPlaces, label: string, path: string): Place | undefined =>
  set.resources.get(label)?.places.get(path);

import { mustExist, type ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { comparesWholeTexts, nearValues, type WorldValues } from './column-values.ts';

/*
 * The number of different values of a type. A key of such columns can have no more rows than that, so checks ask here
 * before they make rows.
 */

/** The number of values above which a type counts as unlimited. */
const fewValues = 5000;

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';

/** All texts with this number of letters. */
const textsOf = (length: number): readonly string[] =>
  length === 0 ? [''] : textsOf(length - 1).flatMap((start) => [...digits].map((last) => `${start}${last}`));

/** A number of units as a decimal. */
function decimalOf(units: number, scale: number): string {
  const text = String(Math.abs(units)).padStart(scale + 1, '0');
  const sign = units < 0 ? '-' : '';
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function listOf({ kind, maxLength, decimal }: ScalarType): readonly string[] | null {
  if (kind === 'Boolean') return ['true', 'false'];
  if (kind === 'String' && maxLength !== null && digits.length ** maxLength < fewValues) return textsOf(maxLength);
  if (kind !== 'Decimal' || decimal === null) return null;
  const largest = 10 ** decimal.precision - 1;
  if (2 * largest + 1 >= fewValues) return null;
  return Array.from({ length: 2 * largest + 1 }, (_, index) => decimalOf(index - largest, decimal.scale));
}

const lists = new Map<string, readonly string[] | null>();

/** All values of a type that has few, each once and in a fixed order; null for other types. */
export function allValues(type: ScalarType): readonly string[] | null {
  const name = `${type.kind} ${type.maxLength} ${type.decimal?.precision} ${type.decimal?.scale}`;
  const known = lists.get(name);
  if (known !== undefined) return known;
  const near = new Set(nearValues(type, false, 'pgsql').map((value) => plainValue(type, value ?? '', 'pgsql')));
  const isNear = (value: string) => near.has(plainValue(type, value, 'pgsql'));
  const some = listOf(type);
  // rows take the near values last, because these are tried one by one
  const list = some && [...some.filter((value) => !isNear(value)), ...some.filter(isNear)];
  lists.set(name, list);
  return list;
}

/** The number of different values of a type; infinity if it does not have few. */
export const valueCount = (type: ScalarType): number => allValues(type)?.length ?? Number.POSITIVE_INFINITY;

const withoutZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A decimal without redundant zeros. */
export function plainDecimal(text: string): string {
  const [, sign = '', number = ''] = /^(-?)0*(.*)$/.exec(text) ?? [];
  const plain = withoutZeros(number.startsWith('.') || number === '' ? `0${number}` : number);
  return plain === '0' ? plain : `${sign}${plain}`;
}

/** The same text for all forms in which a statement or an engine writes one value. */
export function plainValue(type: ScalarType | null, text: string, dialect: SqlDialect): string {
  switch (type?.kind) {
    case 'Boolean':
      return text === 'true' || text === 't' || text === '1' ? 'true' : 'false';
    case 'Decimal':
      return plainDecimal(text);
    case 'DateTime':
      return withoutZeros(text.replace(' ', 'T').replace(/(Z| ?[+-]00(:?00)?)$/, ''));
    case 'Time':
      return withoutZeros(text);
    case 'String':
      return comparesWholeTexts(dialect) ? text : text.toLowerCase().trimEnd();
    default:
      return text;
  }
}

/** The number of values that are offered for a type without a limit: an odd number, so that signs alternate. */
const mostFresh = 3;

/** New values, or all values of a type that has few. */
export function* otherValues(type: ScalarType, values: WorldValues): Iterable<string> {
  const all = allValues(type);
  if (all) yield* all;
  else for (let index = 0; index < mostFresh; index += 1) yield values.next(type);
}

/** A value of a type that differs from all given values; any value if all are given. */
export function otherValue(type: ScalarType, values: WorldValues, taken: ReadonlySet<string | null>): string {
  const plain = (value: string) => plainValue(type, value, 'pgsql');
  const known = new Set([...taken].map((value) => (value === null ? null : plain(value))));
  const all = allValues(type);
  if (all) return mustExist(all.find((value) => !known.has(plain(value))) ?? all[0], `a value of ${type.kind}`);
  let value = values.next(type);
  while (known.has(plain(value))) value = values.next(type);
  return value;
}

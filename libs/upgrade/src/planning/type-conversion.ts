import { typeChange } from '@dms/catalog';

export type TypeConversion =
  | { readonly kind: 'same' }
  /** Every value of the one is a value of the other. */
  | { readonly kind: 'wider' }
  /** Whether a value fits has to be looked up. */
  | { readonly kind: 'narrower'; readonly fits: (value: string, textLength: (value: string) => string) => string }
  | { readonly kind: 'other' };

interface TypeText {
  readonly name: string;
  readonly arguments: readonly string[];
}

function parsed(type: string): TypeText {
  const [, name = type, list] = /^([^(]+?)\((.*)\)$/.exec(type) ?? [];
  return { name, arguments: list === undefined ? [] : list.split(',').map((part) => part.trim()) };
}

/** Decimal digits that a value of an integer type may have. */
const integerDigits: ReadonlyMap<string, number> = new Map([
  ['smallint', 5],
  ['int', 10],
  ['integer', 10],
  ['bigint', 19],
]);

const integerBounds: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['smallint', ['-32768', '32767']],
  ['int', ['-2147483648', '2147483647']],
  ['integer', ['-2147483648', '2147483647']],
]);

const isDecimal = (name: string) => name === 'numeric' || name === 'decimal';

/** The condition under which a value of a type fits into a narrower one. */
function fitsCondition({
  name,
  arguments: [first = '', scale = '0'],
}: TypeText): (TypeConversion & { kind: 'narrower' })['fits'] {
  if (name === 'varchar' || name === 'nvarchar') return (value, textLength) => `${textLength(value)} <= ${first}`;
  const bounds = integerBounds.get(name);
  if (bounds) return (value) => `${value} BETWEEN ${bounds[0]} AND ${bounds[1]}`;
  const whole = Number(first) - Number(scale);
  return (value) => `ABS(${value}) < 1${'0'.repeat(whole)} AND ${value} = ROUND(${value}, ${scale})`;
}

/** How values of one type become values of another, as catalogs spell them (design 12 §3.2). */
export function typeConversion(before: string, after: string): TypeConversion {
  if (before === after) return { kind: 'same' };
  const [from, into] = [parsed(before), parsed(after)];
  const digits = integerDigits.get(from.name);
  if (digits !== undefined && isDecimal(into.name)) {
    const [precision, scale = '0'] = into.arguments;
    const holdsAll = precision === undefined || (Number(precision) - Number(scale) >= digits && Number(scale) > 0);
    return holdsAll ? { kind: 'wider' } : { kind: 'other' };
  }
  const change = typeChange(before, after);
  if (change === 'widened') return { kind: 'wider' };
  // of two types of one family neither may hold the other: more places before the point and fewer behind it
  const isOneFamily = from.name === into.name && isDecimal(from.name) && into.arguments.length > 0;
  if (change === 'narrowed' || isOneFamily) return { kind: 'narrower', fits: fitsCondition(into) };
  return { kind: 'other' };
}

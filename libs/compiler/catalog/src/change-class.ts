import { declaredType, integerBits } from '@dms/sql';

/*
 * The page of a mapping set shows these words too, so they are in a lower layer than upgrades, which depend on
 * databases.
 */

/** The consequences of a change for the existing rows, from harmless to impossible (design 12 §3.1). */
export const changeClasses = ['free', 'rewritten', 'checked', 'loss', 'impossible'] as const;

export type ChangeClass = (typeof changeClasses)[number];

/** The meaning of a class for the owner of a database, in the words of reports. */
export const verdictWords: Readonly<Record<ChangeClass, string>> = {
  free: 'free',
  rewritten: 'rewrites rows',
  checked: 'checks rows first',
  loss: 'needs a permission',
  impossible: 'impossible',
};

/** The worst of the given classes; `free` if there are none. */
export const worstClass = (classes: readonly ChangeClass[]): ChangeClass =>
  changeClasses.findLast((each) => classes.includes(each)) ?? 'free';

/** How a type changed; `other` means that neither type contains all values of the other. */
type TypeChange = 'widened' | 'narrowed' | 'other';

/** A type such as `varchar(60)`: its name, and its arguments. */
export interface ColumnType {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** The name and the arguments of a type as catalogs spell it. */
export function columnType(type: string): ColumnType {
  const [, name = type, list] = /^([^(]+?)\((.*)\)$/.exec(type) ?? [];
  return { name, arguments: list === undefined ? [] : list.split(',').map((part) => part.trim()) };
}

/** The bits of a type of whole numbers; null for another type. Core tables have a type that no kind has. */
export function integerBitsOf(type: ColumnType): number | null {
  if (type.name === 'smallint') return 16;
  const logical = declaredType(type);
  return logical === undefined ? null : integerBits[logical.kind];
}

const isText = ({ name }: ColumnType) => name === 'varchar' || name === 'nvarchar';
const isDecimal = ({ name }: ColumnType) => name === 'numeric' || name === 'decimal';

/** The length of a text type; unbounded for `max` or no length. */
function length({ arguments: [count] }: ColumnType): number {
  return count === undefined || count === 'max' ? Number.POSITIVE_INFINITY : Number(count);
}

/** Digits before and after the point. PostgreSQL's `numeric` without arguments is unbounded. */
function digits({ arguments: [precision, scale = '0'] }: ColumnType): readonly [number, number] {
  if (precision === undefined) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [Number(precision) - Number(scale), Number(scale)];
}

/** Whether every value of type `from` is also a value of type `into`. */
function fits(from: ColumnType, into: ColumnType): boolean {
  const width = integerBitsOf(from);
  const room = integerBitsOf(into);
  if (width !== null && room !== null) return width <= room;
  if (from.name !== into.name) return false;
  if (isText(from)) return length(from) <= length(into);
  if (!isDecimal(from)) return false;
  const [whole, places] = digits(from);
  const [wholeRoom, placesRoom] = digits(into);
  return whole <= wholeRoom && places <= placesRoom;
}

/** Compares two different types, in the spelling of catalogs (design 09a §2.4). */
export function typeChange(before: string, after: string): TypeChange {
  const from = columnType(before);
  const into = columnType(after);
  if (fits(from, into)) return 'widened';
  return fits(into, from) ? 'narrowed' : 'other';
}

import {
  type KindFacts,
  type KindForm,
  kindFacts,
  type LogicalKind,
  type LogicalType,
  type TypeLimits,
} from './logical-kinds.ts';

/* What follows from the facts of kinds: the kind of a schema, of a type of a database, and which kinds fit each other. */

export const logicalKinds = Object.keys(kindFacts) as [LogicalKind, ...LogicalKind[]];

/** A value for each kind. */
export const ofKinds = <Value>(make: (kind: LogicalKind) => Value): Readonly<Record<LogicalKind, Value>> =>
  Object.fromEntries(logicalKinds.map((kind) => [kind, make(kind)])) as Record<LogicalKind, Value>;

/** The JSON schema of each kind, with its optional members. */
const schemas: readonly (readonly [kind: LogicalKind, schema: KindFacts['schema']])[] = logicalKinds.map((kind) => [
  kind,
  kindFacts[kind].schema,
]);

const kindsBySchema: ReadonlyMap<string, LogicalKind> = new Map(
  schemas.map(([kind, { type, format = '' }]) => [`${type} ${format}`, kind]),
);

/** The kind of the values that a JSON schema describes; undefined for a type without a column (design 02 §7.3). */
export const kindOfSchema = (type: unknown, format: unknown): LogicalKind | undefined =>
  kindsBySchema.get(`${type} ${format}`) ?? kindsBySchema.get(`${type} `);

/** The formats that give a text another kind. */
export const textFormats: ReadonlySet<string> = new Set(
  schemas.flatMap(([, { type, format }]) => (type === 'string' && format !== undefined ? [format] : [])),
);

/** All formats that follow from the kind of a column. */
export const kindFormats: ReadonlySet<string> = new Set(
  schemas.flatMap(([, { format, notes = [] }]) => [...(format === undefined ? [] : [format]), ...notes]),
);

/** The bits of the whole numbers of a kind; null for a kind of other values. */
export const integerBits: Readonly<Record<LogicalKind, number | null>> = ofKinds((kind) => kindFacts[kind].integerBits);

export const isInteger = (kind: LogicalKind): boolean => integerBits[kind] !== null;

/** Of two kinds of whole numbers, the one with more bits. */
export const widerInteger = (left: LogicalKind, right: LogicalKind): LogicalKind =>
  (integerBits[left] ?? 0) >= (integerBits[right] ?? 0) ? left : right;

/** Of two kinds of whole numbers, the one with fewer bits. */
export const narrowerInteger = (left: LogicalKind, right: LogicalKind): LogicalKind =>
  widerInteger(left, right) === left ? right : left;

const forms: Readonly<Record<LogicalKind, Readonly<Partial<Record<LogicalKind, KindForm | null>>>>> = ofKinds(
  (kind) => kindFacts[kind].forms,
);

/**
 * The form of the values of a kind in another kind: a conversion, null if the values stay as they are, undefined if
 * they have no such form (design 12 §3.2). A whole number stays in a kind with more bits.
 */
export function formIn(from: LogicalKind, into: LogicalKind): KindForm | null | undefined {
  const [bits, room] = [integerBits[from], integerBits[into]];
  if (bits !== null && room !== null) return bits < room ? null : undefined;
  return forms[from][into];
}

/** A type as a database names it: `varchar`, `numeric`, with its arguments. */
interface DeclaredType {
  readonly name: string;
  readonly arguments: readonly string[];
}

const noLimits: TypeLimits = { maxLength: null, decimal: null };

/** The kinds by the names of their types, in both dialects. */
const kindsByTypeName: ReadonlyMap<string, LogicalKind> = new Map(
  logicalKinds.flatMap((kind) =>
    [kindFacts[kind].pgsql, kindFacts[kind].mssql].map((facts) => [facts.typeName(noLimits).replace(/\(.*/, ''), kind]),
  ),
);

/** The logical type that a database declares in either dialect; undefined for a type that no kind has. */
export function declaredType({ name, arguments: given }: DeclaredType): LogicalType | undefined {
  const kind = kindsByTypeName.get(name);
  if (kind === undefined) return undefined;
  const [first, places = '0'] = given;
  const hasLimit = first !== undefined && first !== 'max';
  return {
    kind,
    maxLength: kind === 'String' && hasLimit ? Number(first) : null,
    decimal: kind === 'Decimal' && hasLimit ? { precision: Number(first), scale: Number(places) } : null,
  };
}

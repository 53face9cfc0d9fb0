/* The form in which PostgreSQL values arrive, the same for every client. */

const oids = { bytea: 17, int8: 20, date: 1082, time: 1083, timestamp: 1114, timestamptz: 1184 } as const;

const asText = (value: string) => value;

function asInteger(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

type Parser = (value: string) => unknown;

/** Parsers by type oid; unlisted types keep the form that both clients agree on. */
export const valueParsers: Readonly<Record<number, Parser>> = {
  [oids.bytea]: asText,
  [oids.int8]: asInteger,
  [oids.date]: asText,
  [oids.time]: asText,
  [oids.timestamp]: asText,
  [oids.timestamptz]: asText,
};

/** Types that arrive as their text. */
export const textOids: readonly number[] = [oids.bytea, oids.date, oids.time, oids.timestamp, oids.timestamptz];
export const integerOids: readonly number[] = [oids.int8];

const asBoolean = (value: string) => value === 't';
const asJson = (value: string): unknown => JSON.parse(value);

/** Parsers of types other than texts: the oid of the type, the oid of its array, and the parser. */
const parsed: readonly (readonly [oid: number, arrayOid: number, parser: Parser])[] = [
  // bool, int2, int4, oid
  [16, 1000, asBoolean],
  [21, 1005, Number],
  [23, 1007, Number],
  [26, 1028, Number],
  [oids.int8, 1016, asInteger],
  // float4, float8
  [700, 1021, Number],
  [701, 1022, Number],
  // json, jsonb
  [114, 199, asJson],
  [3802, 3807, asJson],
];

/** Arrays of texts: `bytea`, `text`, `bpchar`, `varchar`, `uuid`, dates and times. */
const textArrays: readonly number[] = [1001, 1009, 1014, 1015, 2951, 1182, 1183, 1115, 1185];

const allParsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  ...parsed.flatMap(([oid, arrayOid, parser]): (readonly [number, Parser])[] => [
    [oid, parser],
    [arrayOid, (value) => parseArray(value, parser)],
  ]),
  ...textArrays.map((oid): readonly [number, Parser] => [oid, (value) => parseArray(value, asText)]),
]);

/**
 * The parser of a type by its oid; every type that is not listed arrives as its text. The parsers of the package `pg`
 * are not used: a program may replace them for its whole process (design 09 §1.5.1).
 */
export const parserOf = (oid: number): Parser => allParsers.get(oid) ?? asText;

/** A brace, or an item with or without quotation marks, of the text of an array. */
const arrayPart = /([{}])|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs;

/** The items of an array from the text of the server: `{1,NULL,"a,b"}`, `[0:1]={{1},{2}}`. */
function parseArray(text: string, parser: Parser): unknown[] {
  const open: unknown[][] = [[]];
  for (const [, brace, quoted, plain] of text.slice(text.indexOf('{')).matchAll(arrayPart)) {
    const inner = open.at(-1) ?? [];
    if (brace === '{') {
      const next: unknown[] = [];
      inner.push(next);
      open.push(next);
    } else if (brace === '}') open.pop();
    else if (quoted !== undefined) inner.push(parser(quoted.replaceAll(/\\(.)/gs, '$1')));
    else inner.push(plain === 'NULL' ? null : parser(plain ?? ''));
  }
  const [array] = open[0] ?? [];
  return Array.isArray(array) ? array : [];
}

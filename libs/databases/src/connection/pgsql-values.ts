/* The form in which PostgreSQL values arrive, the same for every client. */

const oids = { bytea: 17, int8: 20, date: 1082, time: 1083, timestamp: 1114, timestamptz: 1184 } as const;

const asText = (value: string) => value;

function asInteger(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** By type oid; unlisted types keep the form that both clients agree on. */
export const valueParsers: Readonly<Record<number, (value: string) => unknown>> = {
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

import { dialectOf, type PlainSql } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';

/*
 * Casts of PostgreSQL that give NULL for a value that the type does not have. A CASE checks the value first, because
 * the database may evaluate a cast before a condition that is only beside it.
 */

const { sql, literal } = dialectOf.pgsql;

const leap = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const days =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const day = `(?!0000)(?:[0-9]{4}-${days}|${leap}-02-29)`;

const integers = { smallint: 15n, int: 31n, bigint: 63n } as const;

/** A value cast to another type, or NULL. */
export function textCast(value: PlainSql, from: 'text' | 'other', to: OdsType, type: PlainSql): PlainSql {
  const cast = sql`(${value})::${type}`;
  const limits = limitsOf(to);
  const within = (number: PlainSql) => (limits ? sql`CASE WHEN ${number} BETWEEN ${limits} THEN ${cast} END` : cast);
  if (from === 'other' && to.kind === 'decimal') {
    const end = literal(10n ** BigInt(to.precision - to.scale));
    return sql`CASE WHEN abs(round(${value}, ${literal(to.scale)})) < ${end} THEN ${cast} END`;
  }
  if (from === 'other') return within(value);
  const pattern = patternOf(to);
  if (pattern === null) return cast;
  return sql`CASE WHEN ${value} ~ ${literal(`^(?:${pattern})$`)} THEN ${within(sql`(${value})::numeric`)} END`;
}

/** Whether a type has whole numbers alone. */
export const isInteger = (kind: OdsType['kind']): kind is keyof typeof integers => kind in integers;

/** The smallest and the greatest whole number of a type, for BETWEEN; null for other types. */
export function limitsOf({ kind }: OdsType): PlainSql | null {
  if (!isInteger(kind)) return null;
  const end = 2n ** integers[kind];
  return sql`${literal(-end)} AND ${literal(end - 1n)}`;
}

const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?';

/** The pattern of texts that are values of the type; null if all texts are. */
function patternOf(to: OdsType): string | null {
  switch (to.kind) {
    case 'smallint':
    case 'int':
    case 'bigint':
      return '[-+]?[0-9]{1,19}';
    case 'decimal': {
      const whole = to.precision - to.scale;
      return `-?${whole > 0 ? `[0-9]{1,${whole}}` : '0'}${to.scale === 0 ? '' : `(?:[.][0-9]{1,${to.scale}})?`}`;
    }
    case 'money':
      return '-?[0-9]{1,15}(?:[.][0-9]{1,4})?';
    case 'boolean':
      return 'true|false';
    case 'date':
      return day;
    case 'time':
      return time;
    case 'timestamp':
      return `${day}[T ]${time}Z?`;
    default:
      return null;
  }
}

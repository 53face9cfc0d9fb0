import { qualifiedName } from '../identifier.ts';
import { pgsql } from '../pgsql.ts';
import { sqlText } from '../text/tags.ts';
import type { Dialect } from './vocabulary.ts';

const text = sqlText(pgsql);
const { sql, literal } = text;

export const pgsqlDialect: Dialect = {
  ...pgsql,
  ...text,
  text: (value) => sql`${value}::text`,
  next: (sequence) => sql`nextval(${literal(qualifiedName(pgsql, sequence))})`,
  now: sql`now()`,
};

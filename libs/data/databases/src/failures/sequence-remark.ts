import { capitalized } from '@dms/diagnostics';
import { unqualified } from '@dms/model';
import { dialectOf, type Sql, value } from '@dms/sql';
import { pgsqlLastNumber, sequenceText } from '../introspection/sequences.ts';
import { errorText } from './failure.ts';
import type { AskCatalog } from './pgsql-failure.ts';

/*
 * A row that the server refuses because its number is taken: the sequence of the column is behind the rows, for example
 * after rows were copied with their numbers (design 09 §1.7.3).
 */

const { sql, id, literal } = dialectOf.pgsql;

/** The columns of a constraint whose numbers come from a sequence. */
const numberedColumnsOf = (
  constraint: string,
  schema: string,
  table: string,
): Sql => sql`SELECT a.attname::text AS column, s.sequence::int8::text AS sequence
FROM pg_catalog.pg_constraint k
INNER JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
INNER JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
INNER JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
INNER JOIN LATERAL (
  SELECT d.refobjid AS sequence FROM pg_catalog.pg_attrdef v
  INNER JOIN pg_catalog.pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = v.oid AND d.refclassid = 'pg_class'::regclass
  WHERE v.adrelid = c.oid AND v.adnum = a.attnum
  UNION SELECT d.objid FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
    AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
) AS s ON true
INNER JOIN pg_catalog.pg_class q ON q.oid = s.sequence AND q.relkind = 'S'
WHERE k.conname = ${value(constraint)} AND n.nspname = ${value(schema)} AND c.relname = ${value(table)}`;

/**
 * What a message says of a refused row whose number is taken because a sequence is behind; undefined for all other
 * failures, and if nobody can read the sequence. `read` asks in another session, which sees what was committed.
 */
export async function sequenceRemark(error: unknown, read: AskCatalog): Promise<string | undefined> {
  const [constraint, schema, table] = ['constraint', 'schema', 'table'].map((name) => errorText(error, name));
  if (errorText(error, 'code') !== '23505' || !constraint || !schema || !table) return undefined;
  const name = unqualified(`${schema}.${table}`);
  const asked = async () => {
    for (const { column, sequence } of await read(numberedColumnsOf(constraint, schema, table))) {
      const lastNumber = pgsqlLastNumber(sql`${literal(String(sequence))}::oid::regclass`);
      const [row] = await read(
        sql`SELECT max(${id(String(column))})::text AS used, (${lastNumber})::text AS last FROM ${name}`,
      );
      // NULL: no row has a number, or the role may not see the sequence
      if (row?.used == null || row.last == null) continue;
      const [last, used] = [String(row.last), String(row.used)];
      if (BigInt(used) <= BigInt(last)) continue;
      return capitalized(sequenceText({ object: `${schema}.${table}.${column}`, example: `${last} < ${used}` }));
    }
    return undefined;
  };
  return asked().catch(() => undefined);
}

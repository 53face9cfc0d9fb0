import { dialectOf, join, type PlainSql, trusted } from '@dms/sql';

const { sql, id, literal } = dialectOf.pgsql;

/** A name in quotes, also where the server needs none. */
export const quoted = (name: PlainSql): PlainSql => sql`'"' || replace(${name}::text, '"', '""') || '"'`;

/** Options as the server stores them, `fillfactor=70`, with their values as literals. */
export const storedOptions = (options: readonly string[]): PlainSql =>
  join(
    options.map((option) => {
      const end = option.indexOf('=');
      return sql`${trusted(option.slice(0, end))} = ${literal(option.slice(end + 1))}`;
    }),
  );

/** A condition of PostgreSQL: whether the sequence with this id belongs to a column. */
export const hasColumn = (sequence: PlainSql): PlainSql =>
  sql`EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = ${sequence}
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))`;

/** A condition of PostgreSQL: whether no extension owns the object `alias` of a system catalog. */
export const notOfExtension = (catalog: string, alias: string): PlainSql =>
  sql`NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = ${literal(catalog)}::regclass AND e.objid = ${id(alias)}.oid AND e.deptype = 'e')`;

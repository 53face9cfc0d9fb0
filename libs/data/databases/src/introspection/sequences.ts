import type { Catalog } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { core, type DbTableName, qualified } from '@dms/model';
import { dialectOf, join, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';

/* The sequences that number rows, and the greatest numbers that rows have (design 09a §2.1). */

/** A generator of numbers: a sequence, or the identity of a column. */
export type NumberSource =
  | { readonly kind: 'sequence'; readonly sequence: DbTableName }
  | { readonly kind: 'identity'; readonly table: DbTableName; readonly column: string };

export interface NumberedColumns {
  readonly source: NumberSource;
  /** A query for the greatest value of each column. */
  readonly maxima: PlainSql[];
  /** The columns with these values, and others that copy them. */
  readonly holders: { readonly table: DbTableName; readonly column: string }[];
}

const { pgsql, mssql } = dialectOf;

/** The sequence behind a source on PostgreSQL, as a literal of `regclass`. */
export const pgsqlSequence = (source: NumberSource): PlainSql =>
  source.kind === 'sequence'
    ? pgsql.sql`(${pgsql.nameLiteral(source.sequence)})::regclass`
    : pgsql.sql`(pg_get_serial_sequence(${pgsql.nameLiteral(source.table)}, ${pgsql.literal(source.column)}))::regclass`;

/** The last number of a sequence of PostgreSQL, given as `regclass`; 0 if none, NULL if the role may not see it. */
export const pgsqlLastNumber = (sequence: PlainSql): PlainSql =>
  pgsql.sql`CASE WHEN has_sequence_privilege(${sequence}, 'SELECT, USAGE') THEN coalesce(pg_sequence_last_value(${sequence}), 0) END`;

/**
 * The last number that a source has given out, as an expression; 0 if none, NULL if the server does not show it to the
 * role.
 */
export const lastNumberOf: Readonly<Record<SqlDialect, (source: NumberSource) => PlainSql>> = {
  pgsql: (source) => pgsqlLastNumber(pgsqlSequence(source)),
  mssql: (source) =>
    source.kind === 'identity'
      ? mssql.sql`COALESCE((SELECT CONVERT(bigint, q.last_value) FROM sys.identity_columns AS q WHERE q.object_id = OBJECT_ID(${mssql.nameLiteral(source.table)})), 0)`
      : mssql.sql`(SELECT CONVERT(bigint, q.current_value) FROM sys.sequences AS q WHERE q.object_id = OBJECT_ID(${mssql.nameLiteral(source.sequence)}))`,
};

const versionSource: NumberSource = { kind: 'sequence', sequence: core.changeVersionSequence };

/** Columns whose values come from a sequence or an identity, by the name of the sequence or column. */
export function numberedColumns(
  { tables }: Pick<Catalog, 'tables'>,
  dialect: SqlDialect,
): ReadonlyMap<string, NumberedColumns> {
  const { sql, id } = dialectOf[dialect];
  const found = new Map<string, NumberedColumns>();
  const add = (source: NumberSource, object: string, maximum: PlainSql, holder: NumberedColumns['holders'][number]) => {
    const known = found.get(object) ?? { source, maxima: [], holders: [] };
    known.maxima.push(maximum);
    known.holders.push(holder);
    found.set(object, known);
  };
  for (const { schema: tableSchema, name: tableName, columns } of tables) {
    const table = { schema: tableSchema, name: tableName } as DbTableName;
    for (const { name, default: value, identity } of columns) {
      const maximum = sql`SELECT CAST(max(${id(name)}) AS bigint) AS used FROM ${table}`;
      const holder = { table, column: name };
      const [, schema, sequence] = /^nextval\(([^.]+)\.(.+)\)$/.exec(value ?? '') ?? [];
      // tracked changes and the journal also hold numbers of deleted rows and older numbers
      if (name === 'ChangeVersion') add(versionSource, qualified(core.changeVersionSequence), maximum, holder);
      else if (identity !== null)
        add({ kind: 'identity', table, column: name }, `${qualified(table)}.${name}`, maximum, holder);
      else if (schema !== undefined && sequence !== undefined) {
        const source = { schema, name: sequence } as DbTableName;
        add({ kind: 'sequence', sequence: source }, qualified(source), maximum, holder);
      }
    }
  }
  const ids = { table: core.referentialIdentity, column: 'DocumentId' };
  if (tables.some((table) => qualified(table) === qualified(ids.table)))
    found.get(`${qualified(core.document)}.DocumentId`)?.holders.push(ids);
  return found;
}

/** The greatest number of the columns of a source, as an expression. */
export const greatestNumber = ({ maxima }: NumberedColumns): PlainSql =>
  pgsql.sql`(SELECT max(m.used) FROM (${join(maxima, ' UNION ALL ')}) AS m)`;

/** A query for a source that is behind `used`: both numbers as `example`, or no row. */
export function behindQuery(dialect: SqlDialect, source: NumberSource, used: PlainSql): PlainSql {
  const { sql, literal, text, concatenated } = dialectOf[dialect];
  const example = concatenated([text(sql`s.last`, 'bigint'), literal(' < '), text(sql`s.used`, 'bigint')]);
  return sql`SELECT ${example} AS example FROM (SELECT ${used} AS used, ${lastNumberOf[dialect](source)} AS last) AS s WHERE s.used > s.last`;
}

/** A sequence that would give out numbers that rows have. */
export interface SequenceBehind {
  /** The sequence, or the column with the identity. */
  readonly object: string;
  /** Its last number and the greatest one of a row: `5 < 120`. */
  readonly example: string;
}

/** The sequences of a catalog that are behind a value of a row, in one query. Throws the `DB_*` codes. */
export async function sequencesBehind(
  connection: Connection,
  catalog: Pick<Catalog, 'tables'>,
  limits: Limits = {},
): Promise<readonly SequenceBehind[]> {
  const { dialect } = connection;
  const { sql, literal } = dialectOf[dialect];
  const queries = [...numberedColumns(catalog, dialect)].map(([object, numbered]) => {
    const query = behindQuery(dialect, numbered.source, greatestNumber(numbered));
    return sql`SELECT ${literal(object)} AS object, f.example FROM (${query}) AS f`;
  });
  if (queries.length === 0) return [];
  return rowsOf<SequenceBehind>(connection, join(queries, '\nUNION ALL '), limits);
}

/** What a message says of a sequence that is behind. */
export const sequenceText = ({ object, example }: SequenceBehind): string =>
  `the sequence of ${object} is behind a value that a row has (${example}). check --data --repair makes it continue after it.`;

/** `DB_SEQUENCE` for sequences that are behind. */
export const sequenceErrors = (label: string, found: readonly SequenceBehind[]): readonly Diagnostic[] =>
  found.map((each) => diagnostic('DB_SEQUENCE', `${label}: ${sequenceText(each)}`, {}, { object: each.object }));

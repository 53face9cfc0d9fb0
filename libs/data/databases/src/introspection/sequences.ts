import type { Catalog } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { core, type DbTableName, qualified } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';

/* The sequences that number rows, and the greatest numbers that rows have (design 09a §2.1). */

/** A generator of numbers: a sequence, or the identity of a column. */
export type NumberSource =
  | { readonly kind: 'sequence'; readonly sequence: DbTableName }
  | { readonly kind: 'identity'; readonly table: DbTableName; readonly column: string };

export interface NumberedColumns {
  readonly source: NumberSource;
  /** A query for the greatest value of each column. */
  readonly maxima: string[];
  /** The columns with these values, and others that copy them. */
  readonly holders: { readonly table: DbTableName; readonly column: string }[];
}

interface NumberDialect {
  /**
   * The last number that a source has given out, as an expression; 0 if none, NULL if the server does not show it to the
   * role.
   */
  lastNumber(source: NumberSource): string;
  numberText(value: string): string;
  readonly concatenation: string;
}

const named = (dialect: SqlDialect, table: DbTableName) => qualifiedName(dialectRules[dialect], table);

/** A name of a table as a literal. */
const nameLiteral = (dialect: SqlDialect, table: DbTableName) =>
  dialectRules[dialect].stringLiteral(named(dialect, table));

/** The sequence behind a source on PostgreSQL, as a literal of `regclass`. */
export const pgsqlSequence = (source: NumberSource): string =>
  source.kind === 'sequence'
    ? `(${nameLiteral('pgsql', source.sequence)})::regclass`
    : `(pg_get_serial_sequence(${nameLiteral('pgsql', source.table)}, ${dialectRules.pgsql.stringLiteral(source.column)}))::regclass`;

export const numberDialects: Readonly<Record<SqlDialect, NumberDialect>> = {
  pgsql: {
    lastNumber(source) {
      const sequence = pgsqlSequence(source);
      return `CASE WHEN has_sequence_privilege(${sequence}, 'SELECT, USAGE') THEN coalesce(pg_sequence_last_value(${sequence}), 0) END`;
    },
    numberText: (value) => `${value}::text`,
    concatenation: '||',
  },
  mssql: {
    lastNumber: (source) =>
      source.kind === 'identity'
        ? `COALESCE((SELECT CONVERT(bigint, q.last_value) FROM sys.identity_columns AS q WHERE q.object_id = OBJECT_ID(${nameLiteral('mssql', source.table)})), 0)`
        : `(SELECT CONVERT(bigint, q.current_value) FROM sys.sequences AS q WHERE q.object_id = OBJECT_ID(${nameLiteral('mssql', source.sequence)}))`,
    numberText: (value) => `CONVERT(nvarchar(20), ${value})`,
    concatenation: '+',
  },
};

const versionSource: NumberSource = { kind: 'sequence', sequence: core.changeVersionSequence };

/** Columns whose values come from a sequence or an identity, by the name of the sequence or column. */
export function numberedColumns(
  { tables }: Pick<Catalog, 'tables'>,
  dialect: SqlDialect,
): ReadonlyMap<string, NumberedColumns> {
  const { quote } = dialectRules[dialect];
  const found = new Map<string, NumberedColumns>();
  const add = (source: NumberSource, object: string, maximum: string, holder: NumberedColumns['holders'][number]) => {
    const known = found.get(object) ?? { source, maxima: [], holders: [] };
    known.maxima.push(maximum);
    known.holders.push(holder);
    found.set(object, known);
  };
  for (const { schema: tableSchema, name: tableName, columns } of tables) {
    const table = { schema: tableSchema, name: tableName } as DbTableName;
    for (const { name, default: value, identity } of columns) {
      const maximum = `SELECT CAST(max(${quote(name)}) AS bigint) AS used FROM ${named(dialect, table)}`;
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
export const greatestNumber = ({ maxima }: NumberedColumns): string =>
  `(SELECT max(m.used) FROM (${maxima.join(' UNION ALL ')}) AS m)`;

/** A query for a source that is behind `used`: both numbers as `example`, or no row. */
export function behindQuery(dialect: SqlDialect, source: NumberSource, used: string): string {
  const { lastNumber, numberText, concatenation } = numberDialects[dialect];
  const between = dialectRules[dialect].stringLiteral(' < ');
  return `SELECT ${numberText('s.last')} ${concatenation} ${between} ${concatenation} ${numberText('s.used')} AS example FROM (SELECT ${used} AS used, ${lastNumber(source)} AS last) AS s WHERE s.used > s.last`;
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
  const queries = [...numberedColumns(catalog, dialect)].map(([object, numbered]) => {
    const query = behindQuery(dialect, numbered.source, greatestNumber(numbered));
    return `SELECT ${dialectRules[dialect].stringLiteral(object)} AS object, f.example FROM (${query}) AS f`;
  });
  if (queries.length === 0) return [];
  return connection.query<SequenceBehind>(queries.join('\nUNION ALL '), [], limits);
}

/** What a message says of a sequence that is behind. */
export const sequenceText = ({ object, example }: SequenceBehind): string =>
  `the sequence of ${object} is behind a value that a row has (${example}). check --data --repair makes it continue after it.`;

/** `DB_SEQUENCE` for sequences that are behind. */
export const sequenceErrors = (label: string, found: readonly SequenceBehind[]): readonly Diagnostic[] =>
  found.map((each) => diagnostic('DB_SEQUENCE', `${label}: ${sequenceText(each)}`, {}, { object: each.object }));

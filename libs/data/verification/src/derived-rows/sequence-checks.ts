import type { Catalog } from '@dms/catalog';
import { core, type DbTableName, qualified } from '@dms/model';
import type { RowCheck } from './data-finding.ts';
import type { NumberSource, RowDialect } from './row-dialect.ts';
import { isIncomplete, namesOf, rowCheck } from './row-dialects.ts';
import type { KnownVersions } from './stamp-checks.ts';

/** No sequence is behind a value that a row already uses; without known versions, the version of every row counts. */
export function sequenceChecks(catalog: Catalog, dialect: RowDialect, versions: KnownVersions | null): RowCheck[] {
  return [...numberedColumns(catalog, dialect)].map(([object, numbered]): RowCheck => {
    const { source, maxima } = numbered;
    const isVersions = object === qualified(core.changeVersionSequence);
    const used =
      versions !== null && isVersions
        ? `(SELECT CAST(${versions.used} AS bigint))`
        : `(SELECT max(m.used) FROM (${maxima.join(' UNION ALL ')}) AS m)`;
    const last = dialect.numberText('s.last');
    const greatest = dialect.numberText('s.used');
    const between = dialect.rules.stringLiteral(' < ');
    const rows = `SELECT ${last} ${dialect.concatenation} ${between} ${dialect.concatenation} ${greatest} AS example FROM (SELECT ${used} AS used, ${dialect.lastNumber(source)} AS last) AS s WHERE s.used > s.last`;
    const undecided = { prepare: '', query: `${rows} AND NOT (${isWitnessed(numbered, dialect)})` };
    return rowCheck('sequence', object, rows, {
      repair: [dialect.raiseNumber(source, used)],
      // a document whose row is missing may have a wrong id
      doubts: isIncomplete,
      // the known versions are already in two rows
      ...(isVersions ? {} : { undecided }),
    });
  });
}

interface NumberedColumns {
  readonly source: NumberSource;
  /** A query for the greatest value of each column. */
  readonly maxima: string[];
  /** The columns with these values, and others that copy them. */
  readonly holders: { readonly table: DbTableName; readonly column: string }[];
}

const versionSource: NumberSource = { kind: 'sequence', sequence: core.changeVersionSequence };

/** Columns whose values come from a sequence or an identity, by the name of the sequence or column. */
function numberedColumns({ tables }: Catalog, dialect: RowDialect): ReadonlyMap<string, NumberedColumns> {
  const { q, named } = namesOf(dialect);
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
      const maximum = `SELECT CAST(max(${q(name)}) AS bigint) AS used FROM ${named(table)}`;
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

/**
 * The condition that two rows have numbers beyond the last one of the sequence: a single row may have a wrong number.
 */
function isWitnessed({ source, holders }: NumberedColumns, dialect: RowDialect): string {
  const { q, named } = namesOf(dialect);
  const rows = holders.map(
    ({ table, column }) =>
      `SELECT 1 AS one FROM ${named(table)} AS h WHERE h.${q(column)} > ${dialect.lastNumber(source)}`,
  );
  return `(SELECT count(*) FROM (${rows.join(' UNION ALL ')}) AS w) > 1`;
}

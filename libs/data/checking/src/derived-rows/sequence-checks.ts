import type { Catalog } from '@dms/catalog';
import { behindQuery, greatestNumber, type NumberedColumns, numberedColumns } from '@dms/databases';
import { core, qualified } from '@dms/model';
import { empty, join, type PlainSql } from '@dms/sql';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { isIncomplete, namesOf, rowCheck } from './row-dialects.ts';
import type { KnownVersions } from './stamp-checks.ts';

/** No sequence is behind a value that a row already uses; without known versions, the version of every row counts. */
export function sequenceChecks(catalog: Catalog, dialect: RowDialect, versions: KnownVersions | null): RowCheck[] {
  const { sql, literal } = dialect.rules;
  return [...numberedColumns(catalog, dialect.rules.name)].map(([object, numbered]): RowCheck => {
    const { source } = numbered;
    const isVersions = object === qualified(core.changeVersionSequence);
    const used =
      versions !== null && isVersions
        ? sql`(SELECT CAST(${literal(versions.used)} AS bigint))`
        : greatestNumber(numbered);
    const rows = behindQuery(dialect.rules.name, source, used);
    const undecided = { prepare: empty, query: sql`${rows} AND NOT (${isWitnessed(numbered, dialect)})` };
    return rowCheck('sequence', object, rows, {
      repair: [dialect.raiseNumber(source, used)],
      // a document whose row is missing may have a wrong id
      doubts: isIncomplete,
      // the known versions are already in two rows
      ...(isVersions ? {} : { undecided }),
    });
  });
}

/**
 * The condition that two rows have numbers beyond the last one of the sequence: a single row may have a wrong number.
 */
function isWitnessed({ source, holders }: NumberedColumns, dialect: RowDialect): PlainSql {
  const { sql, q, named } = namesOf(dialect);
  const rows = holders.map(
    ({ table, column }) =>
      sql`SELECT 1 AS one FROM ${named(table)} AS h WHERE h.${q(column)} > ${dialect.lastNumber(source)}`,
  );
  return sql`(SELECT count(*) FROM (${join(rows, ' UNION ALL ')}) AS w) > 1`;
}

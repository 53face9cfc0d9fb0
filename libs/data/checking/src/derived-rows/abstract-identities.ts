import { abstractIdentityRules, statementsOf } from '@dms/laws';
import { qualified } from '@dms/model';
import { empty, join, type PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { concernsOneOf, namesOf, rowCheck } from './row-dialects.ts';

/**
 * Every member of an abstract resource has a row in the abstract table, which has no other rows, and no two members have
 * the same identity.
 */
export function abstractChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, q, named, id, uuidOf } = namesOf(dialect);
  const examplesOf = (query: PlainSql, more = empty) =>
    sql`SELECT ${uuidOf(sql`f.${id}`)} AS example FROM (${query}) AS f${more}`;
  return abstractIdentityRules(input).map((rule): RowCheck => {
    const { table, from } = rule;
    const { unmet, superfluous, contested, taken, removal, corrections, insertions } = statementsOf(
      rule,
      dialect.rules.name,
    );
    // a row that cannot keep its place while others change is made again, which the key of a row with its values refuses
    const referrers = input.catalog.tables.flatMap((each) =>
      each.foreignKeys.flatMap(({ columns, target, targetColumns }) => {
        if (target.schema !== table.schema || target.table !== table.name) return [];
        const equal = columns.map((column, index) => sql`r.${q(column)} = t.${q(targetColumns[index] ?? column)}`);
        return [sql`EXISTS (SELECT 1 FROM ${named(each)} AS r WHERE ${join(equal, ' AND ')})`];
      }),
    );
    const ofReferrers = sql` INNER JOIN ${named(table)} AS t ON t.${id} = f.${id} WHERE ${join(referrers, ' OR ')}`;
    const alike = contested === null ? [] : [examplesOf(contested)];
    const undecided = [...alike, ...(taken === null || referrers.length === 0 ? [] : [examplesOf(taken, ofReferrers)])];
    const queries = [...(from.length === 0 ? [] : [unmet]), superfluous].map((query) => examplesOf(query));
    return rowCheck(
      'abstractIdentity',
      rule.object,
      // a document is named once
      join([...queries, ...alike], '\nUNION '),
      {
        repair: [removal, ...corrections(), ...insertions],
        doubts: concernsOneOf(new Set(from.map(qualified))),
        ...(undecided.length === 0 ? {} : { undecided: { prepare: empty, query: join(undecided, '\nUNION ALL ') } }),
      },
    );
  });
}

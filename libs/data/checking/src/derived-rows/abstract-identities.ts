import { abstractIdentityRules, statementsOf } from '@dms/laws';
import { qualified } from '@dms/model';
import { type PlainSql, textOf } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { concernsOneOf, namesOf, rowCheck } from './row-dialects.ts';

/** Every member of an abstract resource has its row in the abstract table, which has no other rows. */
export function abstractChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { q, named, id, uuidOf } = namesOf(dialect);
  const examplesOf = (query: PlainSql, more = '') =>
    `SELECT ${uuidOf(`f.${id}`)} AS example FROM (${textOf(query)}) AS f${more}`;
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
        const equal = columns.map((column, index) => `r.${q(column)} = t.${q(targetColumns[index] ?? column)}`);
        return [`EXISTS (SELECT 1 FROM ${named(each)} AS r WHERE ${equal.join(' AND ')})`];
      }),
    );
    const ofReferrers = ` INNER JOIN ${named(table)} AS t ON t.${id} = f.${id} WHERE ${referrers.join(' OR ')}`;
    const undecided = [
      ...(contested === null ? [] : [examplesOf(contested)]),
      ...(taken === null || referrers.length === 0 ? [] : [examplesOf(taken, ofReferrers)]),
    ];
    const queries = [...(from.length === 0 ? [] : [unmet]), superfluous];
    return rowCheck('abstractIdentity', rule.object, queries.map((query) => examplesOf(query)).join('\nUNION ALL '), {
      repair: [removal, ...corrections(), ...insertions].map(textOf),
      doubts: concernsOneOf(new Set(from.map(qualified))),
      ...(undecided.length === 0 ? {} : { undecided: { prepare: '', query: undecided.join('\nUNION ALL ') } }),
    });
  });
}

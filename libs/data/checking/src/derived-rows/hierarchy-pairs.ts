import { authColumns, authTable } from '@dms/inventory';
import { closures, hierarchyRules, statementsOf } from '@dms/laws';
import { qualified } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { PreparedQuery, RowDialect } from './row-dialect.ts';
import { concernsOneOf, namesOf } from './row-dialects.ts';

/** The pairs of the hierarchy that follow from the parents, and no others (design 07 §9.6). */
export function hierarchyChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { name } = dialect.rules;
  return hierarchyRules(input).map((rule): RowCheck => {
    const { sql, literal, q, named, joined } = namesOf(dialect);
    const { before, unmet, superfluous, settlement } = statementsOf(rule, name);
    const prepare = dialect.prepared(before);
    const [source, target] = [q(authColumns.source), q(authColumns.target)];
    const closure = closures[name];
    const { above, below } = closure;
    const pair = (from: PlainSql, to: PlainSql) => [
      dialect.rules.text(from, 'bigint'),
      literal(' → '),
      dialect.rules.text(to, 'bigint'),
    ];
    const pairsOf = (query: PlainSql, word: string) =>
      sql`SELECT ${joined([...pair(sql`f.${source}`, sql`f.${target}`), literal(` (${word})`)])} AS example FROM (${query}) AS f`;
    const names = { closure: closure.name, above, below, table: named(authTable), source, target };
    const undecided: PreparedQuery = {
      prepare,
      query: sql`SELECT ${joined(pair(sql`coalesce(c.${above}, t.${source})`, sql`coalesce(c.${below}, t.${target})`))} AS example FROM ${names.closure} AS c FULL JOIN ${names.table} AS t ON t.${source} = c.${above} AND t.${target} = c.${below} WHERE ${isUndecidedPair(names, dialect)}`,
    };
    return {
      kind: 'hierarchy',
      object: rule.object,
      table: qualified(rule.table),
      find: {
        prepare,
        query: sql`${pairsOf(unmet, 'missing')}\nUNION ALL ${pairsOf(superfluous, 'superfluous')}`,
      },
      repair: [settlement],
      doubts: concernsOneOf(new Set(rule.from.map(qualified))),
      undecided,
    };
  });
}

/** The closure of the parents and the stored pairs, as an engine names them. */
interface PairNames {
  /** The closure, as a table. */
  readonly closure: PlainSql;
  /** Its columns. */
  readonly above: PlainSql;
  readonly below: PlainSql;
  /** The table of the hierarchy, and its columns. */
  readonly table: PlainSql;
  readonly source: PlainSql;
  readonly target: PlainSql;
}

/**
 * The condition that a pair of the closure `c` or of the table `t`, which the other lacks, is undecided. A superfluous
 * pair of two existing organizations is undecided: the child may have lost its parent. A missing pair is undecided,
 * unless other pairs are witnesses: an organization lacks the pair with itself, so pairs were lost; the pair follows
 * from two others; or a pair that follows from this one is present.
 */
function isUndecidedPair(
  { closure, above, below, table, source, target }: PairNames,
  { rules: { sql } }: RowDialect,
): PlainSql {
  const isOrganization = (column: PlainSql) => sql`${column} IN (SELECT o.${below} FROM ${closure} AS o)`;
  const isStored = (one: PlainSql, other: PlainSql) =>
    sql`EXISTS (SELECT 1 FROM ${table} AS s WHERE s.${source} = ${one} AND s.${target} = ${other})`;
  const from = sql`c.${above}`;
  const to = sql`c.${below}`;
  const follows = sql`EXISTS (SELECT 1 FROM ${table} AS s INNER JOIN ${table} AS r ON r.${source} = s.${target} WHERE s.${source} = ${from} AND r.${target} = ${to} AND s.${target} <> ${from} AND s.${target} <> ${to})`;
  const count = (column: PlainSql) => sql`(SELECT COUNT(*) FROM ${closure} AS n WHERE n.${below} = ${column})`;
  // all other ancestors of the child are also ancestors of the parent, so their pairs follow from this one
  const isOnlyWay = sql`${count(to)} = ${count(from)} + 1`;
  const further = sql`EXISTS (SELECT 1 FROM ${closure} AS m INNER JOIN ${table} AS s ON s.${source} = m.${above} AND s.${target} = ${to} WHERE m.${below} = ${from} AND m.${above} <> ${from})`;
  const isLost = [sql`t.${source} IS NULL`, sql`${from} <> ${to}`, isStored(from, from), isStored(to, to)];
  return join(
    [
      sql`(${from} IS NULL AND ${isOrganization(sql`t.${source}`)} AND ${isOrganization(sql`t.${target}`)})`,
      sql`(${join(isLost, ' AND ')} AND NOT ${follows} AND NOT (${isOnlyWay} AND ${further}))`,
    ],
    ' OR ',
  );
}

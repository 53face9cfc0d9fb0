import { modelIndex, mustExist, qualified, unqualified } from '@dms/model';
import { join, type PlainSql, trusted } from '@dms/sql';
import type { Comparison } from '../comparing/comparison.ts';
import type { TableChange } from '../matching/table-change.ts';
import { catalogColumn } from '../matching/table-pairs.ts';
import { typeConversion } from '../matching/type-conversion.ts';
import { sources, type Value } from '../matching/value.ts';
import type { LaterRows } from '../plan/upgrade-plan.ts';
import type { RowQueries } from './row-queries.ts';

/**
 * The rows of the later set as a database of the earlier set would show them: with the values that the upgrade keeps,
 * moves, converts and fills, and without the values that it loses (design 12 §3.3, §3.8).
 */
export function laterRows(comparison: Comparison, queries: RowQueries): LaterRows {
  const { dialect, after, values, changesByAfter } = comparison;
  const { sql, id } = dialect.rules;
  const models = modelIndex(after.model);
  const catalogs = new Map(after.catalog.tables.map((table) => [qualified(table), table]));
  const relation = (key: string): PlainSql => {
    const change = changesByAfter.get(key);
    const types = new Map(
      mustExist(catalogs.get(key), `the catalog of ${key}`).columns.map(({ name, type }) => [name, type] as const),
    );
    const columns = mustExist(models.table(unqualified(key)), `the model of ${key}`).table.columns.map(({ name }) => {
      const type = mustExist(types.get(name), `the type of ${key}.${name}`);
      const value = change && values.of(key, name);
      if (change === undefined || value === undefined || value.kind === 'null')
        return sql`CAST(NULL AS ${trusted(type)}) AS ${id(name)}`;
      const text = queries.text(value, change.pair.before);
      const isCast = isWider(comparison, change, value, type);
      return sql`${isCast ? sql`CAST(${text} AS ${trusted(type)})` : text} AS ${id(name)}`;
    });
    const list = join(columns);
    return change === undefined
      ? sql`(SELECT ${list} WHERE 1 = 0)`
      : sql`(SELECT ${list} FROM ${change.pair.before.catalog} AS t)`;
  };
  const known = new Map<string, PlainSql>();
  return {
    relationOf(table) {
      const text = known.get(table) ?? relation(table);
      known.set(table, text);
      return text;
    },
  };
}

/** Whether every value keeps its form in a wider type. A value that does not fit is read as it is. */
function isWider({ changesByBefore }: Comparison, { pair }: TableChange, value: Value, type: string): boolean {
  const conversions = sources(value, pair.before.key).map(({ table, column }) => {
    const side = changesByBefore.get(table)?.pair.before;
    const known = side && catalogColumn(side, column);
    return known === undefined ? 'same' : typeConversion(known.type, type).kind;
  });
  return conversions.includes('wider') && conversions.every((kind) => kind === 'same' || kind === 'wider');
}

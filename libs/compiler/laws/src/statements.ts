import { dialectOf, empty, join, joined, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Arm, QueriedRule } from './law.ts';
import { ruleDialects } from './rule-dialect.ts';

/**
 * What a database is asked and told about a rule. `before` stands before each of the others in the same text. Queries
 * select the columns of the key.
 */
interface RuleStatements {
  /** Ends with a line break, unless it is empty. */
  readonly before: PlainSql;
  /** Expected rows that the table lacks, or has with other values. */
  readonly unmet: PlainSql;
  /** Rows of the table that nothing expects. */
  readonly superfluous: PlainSql;
  /**
   * Rows with other values, if a condition on the row of the table and that of the arm holds; `shown` is selected of
   * both, by default the key.
   */
  wrong(condition: PlainSql, shown?: PlainSql): PlainSql;
  /** Rows with other values, whose expected values another row has. Null if rows may share values. */
  readonly taken: PlainSql | null;
  /** Keys whose values are expected for another key too; no unique key accepts both. Null if rows may share values. */
  readonly contested: PlainSql | null;
  readonly insertions: readonly PlainSql[];
  readonly removal: PlainSql;
  /**
   * Sets the values of rows for which a condition as for `wrong` holds. A row whose values belong to another row is
   * removed, because the two may have been swapped; the insertions restore it.
   */
  corrections(condition?: PlainSql): readonly PlainSql[];
  /** One text that removes and inserts rows. */
  readonly settlement: PlainSql;
}

/** The statements of a rule (design 09c §4). */
export function statementsOf(rule: QueriedRule, dialect: SqlDialect): RuleStatements {
  const { sql, id } = dialectOf[dialect];
  const { removal, correction, insertion, settlement } = ruleDialects[dialect];
  const { table, row, key, values, unique } = rule;
  const { before, arms } = rule.expected;
  const texts = arms.map((arm) => armTexts(rule, arm, dialect));
  const rowKey = join(key.map((column) => sql`${row}.${id(column)}`));
  const isUnexpected = join(
    texts.map(({ from, isKey }) => sql`NOT EXISTS (SELECT 1 FROM ${from} WHERE ${isKey})`),
    ' AND ',
  );
  const superfluous = arms.length === 0 ? sql`1 = 1` : isUnexpected;
  const columns = values.map(({ column }) => column);
  const insertions = arms.map((arm) => insertion(rule, arm));
  const removed = removal(table, row, superfluous);
  const hasUnique = unique.length > 0;
  const united = (queries: readonly PlainSql[]) => join(queries, '\nUNION ALL ');
  const wrong = (conditionOf: (arm: ArmTexts) => PlainSql, shown: PlainSql) =>
    united(
      texts.map(
        (arm) =>
          sql`SELECT ${shown} FROM ${arm.from} INNER JOIN ${table} AS ${row} ON ${arm.isKey} WHERE ${arm.differs} AND ${conditionOf(arm)}`,
      ),
    );
  return {
    before: before.lines.length === 0 ? empty : sql`${joined(before)}\n`,
    unmet: united(texts.map(({ unmet }) => unmet)),
    superfluous: sql`SELECT ${rowKey} FROM ${table} AS ${row} WHERE ${superfluous}`,
    wrong: (condition, shown = rowKey) => wrong(() => condition, shown),
    taken: hasUnique ? wrong(({ isTaken }) => isTaken, rowKey) : null,
    contested: hasUnique ? contested(rule, texts, dialect) : null,
    insertions: insertions.map((text) => sql`${joined(text)};`),
    removal: sql`${joined(removed)};`,
    corrections(condition) {
      const parts = (arm: ArmTexts) => (condition === undefined ? [arm.differs] : [arm.differs, condition]);
      const isFree = ({ isTaken }: ArmTexts) => (hasUnique ? [sql`NOT ${isTaken}`] : []);
      const updates = texts.map((arm) => {
        const where = join([...parts(arm), ...isFree(arm)], ' AND ');
        return correction({ table, row, columns, expected: arm.values, from: arm.from, isKey: arm.isKey, where });
      });
      const removals = texts.map((arm) => {
        const isWrong = join([arm.isKey, ...parts(arm)], ' AND ');
        return sql`${joined(removal(table, row, sql`EXISTS (SELECT 1 FROM ${arm.from} WHERE ${isWrong})`))};`;
      });
      return hasUnique ? [...updates, ...removals] : updates;
    },
    settlement: joined(settlement(before, removed, insertions)),
  };
}

/** The texts of an arm, as expressions and conditions on its row and the row of the table. */
interface ArmTexts extends Arm {
  /** Its key, under the names of the columns. */
  readonly keys: PlainSql;
  /** The row of the table has the key, and the row of the arm is one of its rows. */
  readonly isKey: PlainSql;
  /** The row has other values. */
  readonly differs: PlainSql;
  /** The keys of rows that the table lacks, or has with other values. */
  readonly unmet: PlainSql;
  /** Another row has the unique values. */
  readonly isTaken: PlainSql;
  /** The unique values. */
  readonly uniques: readonly PlainSql[];
}

export function armTexts({ table, row, key, values, unique }: QueriedRule, arm: Arm, dialect: SqlDialect): ArmTexts {
  const { sql, id, ids } = dialectOf[dialect];
  const all = (conditions: readonly PlainSql[]) => join(conditions, ' AND ');
  const expected = new Map(values.map(({ column }, index) => [column, arm.values[index] ?? empty]));
  const uniques = unique.map((column) => expected.get(column) ?? empty);
  const differs = dialectOf[dialect].differsExactly(
    values.map(({ column, isText }) => ({
      left: sql`${row}.${id(column)}`,
      right: expected.get(column) ?? empty,
      isText,
    })),
  );
  const ofArm = arm.where === null ? [] : [arm.where];
  const keys = join(arm.key.map((value, index) => sql`${value} AS ${ids(key.slice(index, index + 1))}`));
  const isKey = all([...key.map((column, index) => sql`${arm.key[index] ?? empty} = ${row}.${id(column)}`), ...ofArm]);
  const isMissing = sql`${row}.${ids(key.slice(0, 1))} IS NULL`;
  // a row of the key alone is there or not
  const unmet =
    values.length === 0
      ? sql`SELECT ${keys} FROM ${arm.from} WHERE ${all([...ofArm, sql`NOT EXISTS (SELECT 1 FROM ${table} AS ${row} WHERE ${isKey})`])}`
      : sql`SELECT ${keys} FROM ${arm.from} LEFT JOIN ${table} AS ${row} ON ${isKey} WHERE ${all([...ofArm, sql`(${isMissing} OR ${differs})`])}`;
  const isOther = key.map((column) => sql`o.${id(column)} <> ${row}.${id(column)}`);
  const isSame = unique.map((column, index) => sql`o.${id(column)} = ${uniques[index] ?? empty}`);
  return {
    ...arm,
    keys,
    isKey,
    differs,
    unmet,
    isTaken: sql`EXISTS (SELECT 1 FROM ${table} AS o WHERE ${all([...isOther, ...isSame])})`,
    uniques,
  };
}

/** The keys of expected rows whose unique values another one has. */
function contested({ key, unique }: QueriedRule, texts: readonly ArmTexts[], dialect: SqlDialect): PlainSql {
  const { sql, id, ids } = dialectOf[dialect];
  const all = texts.map(({ from, keys, uniques }) => {
    const named = unique.map((column, index) => sql`${uniques[index] ?? empty} AS ${id(column)}`);
    return sql`SELECT ${join([keys, ...named])} FROM ${from}`;
  });
  const counted = sql`SELECT a.*, COUNT(*) OVER (PARTITION BY ${ids(unique)}) AS n FROM (${join(all, ' UNION ALL ')}) AS a`;
  return sql`SELECT ${ids(key)} FROM (${counted}) AS c WHERE c.n > 1`;
}

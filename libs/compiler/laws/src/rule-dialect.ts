import type { DbTableName } from '@dms/model';
import { dialectOf, empty, group, join, type Lines, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Arm, QueriedRule } from './law.ts';

interface Correction {
  readonly table: DbTableName;
  readonly row: PlainSql;
  readonly columns: readonly string[];
  readonly expected: readonly PlainSql[];
  readonly from: PlainSql;
  readonly isKey: PlainSql;
  readonly where: PlainSql;
}

/** How an engine compares and writes the rows of a rule. */
interface RuleDialect {
  /** Without a semicolon, like the insertion. */
  removal(table: DbTableName, row: PlainSql, where: PlainSql): Lines<PlainSql>;
  insertion(rule: QueriedRule, arm: Arm): Lines<PlainSql>;
  correction(correction: Correction): PlainSql;
  settlement(
    before: Lines<PlainSql>,
    removal: Lines<PlainSql>,
    insertions: readonly Lines<PlainSql>[],
  ): Lines<PlainSql>;
}

const { pgsql, mssql } = dialectOf;

/** Inserts the expected rows of an arm whose key the table lacks. */
function insertionOf({ sql, lines, id, ids }: typeof pgsql, { table, row, key, values }: QueriedRule, arm: Arm) {
  const isKey = join(
    key.map((column, index) => sql`${row}.${id(column)} = ${arm.key[index] ?? empty}`),
    ' AND ',
  );
  const ofArm = arm.where === null ? empty : sql`${arm.where} AND `;
  return lines`
    INSERT INTO ${table} (${ids([...key, ...values.map(({ column }) => column)])})
    SELECT ${join([...arm.key, ...arm.values])}
    FROM ${arm.from}
    WHERE ${ofArm}NOT EXISTS (SELECT 1 FROM ${table} AS ${row} WHERE ${isKey})`;
}

const inOrder = ({ lines }: typeof pgsql, statements: readonly Lines<PlainSql>[]) =>
  group(...statements.map((statement) => lines`${statement};`));

const pgsqlRules: RuleDialect = {
  removal: (table, row, where) => pgsql.lines`
    DELETE FROM ${table} AS ${row}
    WHERE ${where}`,
  insertion(rule, arm) {
    if (rule.values.length > 0) return insertionOf(pgsql, rule, arm);
    // the key is the whole row
    return pgsql.lines`
      INSERT INTO ${rule.table} (${pgsql.ids(rule.key)})
      SELECT ${join(arm.key)} FROM ${arm.from}
      ON CONFLICT DO NOTHING`;
  },
  correction: ({ table, row, columns, expected, from, isKey, where }) =>
    pgsql.sql`UPDATE ${table} AS ${row} SET (${pgsql.ids(columns)}) = ROW (${join(expected)}) FROM ${from} WHERE ${isKey} AND ${where};`,
  settlement(before, removal, insertions) {
    const [insertion, ...others] = insertions;
    if (before.lines.length === 0 || insertion === undefined || others.length > 0)
      return inOrder(pgsql, [removal, ...insertions]);
    // one statement computes what stands before it only once
    return pgsql.lines`
      ${before}, removed AS (
          ${removal}
      )
      ${insertion};`;
  },
};

const mssqlRules: RuleDialect = {
  removal: (table, row, where) => mssql.lines`
    DELETE ${row}
    FROM ${table} AS ${row}
    WHERE ${where}`,
  insertion: (rule, arm) => insertionOf(mssql, rule, arm),
  correction({ table, row, columns, expected, from, isKey, where }) {
    const set = columns.map((column, index) => mssql.sql`${row}.${mssql.id(column)} = ${expected[index] ?? empty}`);
    return mssql.sql`UPDATE ${row} SET ${join(set)} FROM ${table} AS ${row} INNER JOIN ${from} ON ${isKey} WHERE ${where};`;
  },
  settlement: (before, removal, insertions) => group(before, inOrder(mssql, [removal, ...insertions])),
};

export const ruleDialects: Readonly<Record<SqlDialect, RuleDialect>> = { pgsql: pgsqlRules, mssql: mssqlRules };

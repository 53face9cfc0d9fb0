import { affectedRows, type RowCounts, rowsKey, type UpgradePlan } from '@dms/change';
import type { Connection, Limits } from '@dms/databases';
import { unqualified } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';

/**
 * Counts the rows that a plan works on. The session's database has the earlier set. The counts are exact: a server's own statistics may be
 * old or missing, and the upgrade reads these rows anyway. Throws the `DB_*` codes.
 */
export async function countRows(
  connection: Connection,
  plan: Pick<UpgradePlan, 'dialect' | 'statements'>,
  limits: Limits = {},
): Promise<RowCounts> {
  const rules = dialectRules[plan.dialect];
  const counts = new Map<string, number>();
  for (const rows of affectedRows(plan)) {
    const { table, condition } = rows;
    const name = qualifiedName(rules, unqualified(table));
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    const [row] = await connection.query<{ n: unknown }>(`SELECT COUNT(*) AS n FROM ${name} AS t${where}`, [], limits);
    counts.set(rowsKey(rows), Number(row?.n ?? 0));
  }
  return counts;
}

import { compareBy } from '@dms/canonical-json';
import type { Connection, Limits } from '@dms/databases';
import { core, qualified, unqualified } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { UpgradePlan } from '../planning/upgrade-plan.ts';
import { ruleOf } from './rules.ts';
import type { AffectedRows, StatementEffect } from './statement-effect.ts';

/** How many rows there are of each {@link AffectedRows}, by {@link rowsKey}. */
export type RowCounts = ReadonlyMap<string, number>;

export const rowsKey = ({ table, condition = '' }: AffectedRows): string => `${table}\n${condition}`;

/** The rows that count for the time of an effect; null where none do. */
export const rowsOfEffect = ({ table, rows }: StatementEffect): AffectedRows | null =>
  rows ?? (table === null || table.isNew ? null : { table: table.name });

/** All documents, which an upgrade counts before and after its statements. */
export const allDocuments: AffectedRows = { table: qualified(core.document) };

/** The rows that a plan works on, each once. */
export function affectedRows({ dialect, statements }: Pick<UpgradePlan, 'dialect' | 'statements'>): readonly AffectedRows[] {
  const found = new Map([[rowsKey(allDocuments), allDocuments]]);
  for (const effect of statements.flatMap(({ effects }) => effects)) {
    const rows = rowsOfEffect(effect);
    if (rows !== null && ruleOf(dialect, effect.kind).work !== 'none') found.set(rowsKey(rows), rows);
  }
  return [...found.values()].sort(compareBy(rowsKey));
}

/**
 * Counts the rows that a plan works on, in the database of a session that is of the earlier set: exactly, because what servers note of
 * tables may be old or not there, and because the upgrade reads these rows too. Throws the `DB_*` codes.
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

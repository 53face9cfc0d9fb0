import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { UpgradePlan, UpgradeStatement } from '../plan/upgrade-plan.ts';
import { switchStatements } from '../preparing/preparation-steps.ts';
import { allDocuments, type RowCounts, rowsKey, rowsOfEffect } from './affected-rows.ts';
import { type Costs, costs } from './costs.ts';
import { ruleOf } from './rules.ts';
import type { AffectedRows, StatementEffect } from './statement-effect.ts';

/** How large a database is, and how long an upgrade of it takes. */
export interface UpgradeEstimate {
  readonly rows: RowCounts;
  /** Null if the costs of the server are unknown. */
  readonly time: UpgradeTime | null;
}

/** How many seconds `upgrade apply` takes in one database. */
export interface UpgradeTime {
  readonly whole: number;
  /** The same after `upgrade prepare` (design 12 §14). */
  readonly afterPreparation: number;
  /** For each statement, in order. */
  readonly statements: readonly number[];
  /** Between the last statement and the commit, while all locks are held. */
  readonly afterwards: number;
}

const countOf = (counts: RowCounts, rows: AffectedRows) =>
  mustExist(counts.get(rowsKey(rows)), `the count of ${rows.table}`);

function effectMilliseconds(dialect: SqlDialect, cost: Costs, effect: StatementEffect, counts: RowCounts): number {
  const { work } = ruleOf(dialect, effect.kind);
  const rows = rowsOfEffect(effect);
  if (work === 'none' || rows === null) return 0;
  return (countOf(counts, rows) * cost.millionRows[work]) / 1_000_000;
}

/**
 * The time of a statement: the time of its kind plus the time of its rows. When one statement does several things to a
 * table, the server does them in one pass, and the most expensive one counts. Every query and every data statement
 * reads the rows in a pass of its own.
 */
function statementMilliseconds(
  dialect: SqlDialect,
  cost: Costs,
  { effects }: Pick<UpgradeStatement, 'effects'>,
  counts: RowCounts,
): number {
  const fixed = Math.max(cost.statement.other, ...effects.map(({ kind }) => cost.statement[kind] ?? 0));
  const byTable = new Map<string, number>();
  let apart = 0;
  for (const effect of effects) {
    const milliseconds = effectMilliseconds(dialect, cost, effect, counts);
    if (/ rows$/.test(effect.kind)) apart += milliseconds;
    else {
      const name = effect.table?.name ?? '';
      byTable.set(name, Math.max(byTable.get(name) ?? 0, milliseconds));
    }
  }
  return [...byTable.values()].reduce((sum, each) => sum + each, fixed + apart);
}

/**
 * How long `upgrade apply` takes: planning, the statements, the documents that are checked, and before and after these
 * reading the catalog and counting documents (design 12 §12). Time spent waiting for other sessions is not included.
 *
 * @param tables how many tables the earlier and the later set have
 */
export function estimateUpgrade(
  { dialect, statements, documentChecks }: Pick<UpgradePlan, 'dialect' | 'statements' | 'documentChecks'>,
  rows: RowCounts,
  tables: { readonly before: number; readonly after: number },
): UpgradeEstimate {
  const cost = costs[dialect];
  if (cost === null) return { rows, time: null };
  const count = (countOf(rows, allDocuments) * cost.millionRows.scan) / 1_000_000;
  const secondsOf = (statement: Pick<UpgradeStatement, 'effects'>) =>
    statementMilliseconds(dialect, cost, statement, rows) / 1000;
  const each = statements.map(secondsOf);
  const left = switchStatements({ statements }).map((statement) => (statement.sql === '' ? 0 : secondsOf(statement)));
  const lookAt = (number: number) => (number * cost.catalogTable + count) / 1000;
  const afterwards = lookAt(tables.after);
  const plan = ((tables.before + tables.after) * cost.planTable) / 1000;
  const documents = documentChecks.reduce((sum, check) => sum + countOf(rows, check.rows), 0);
  const checks = (documents * cost.millionDocuments) / 1_000_000_000;
  const around = plan + lookAt(tables.before) + checks + afterwards;
  const total = (seconds: readonly number[]) => seconds.reduce((sum, more) => sum + more, around);
  return { rows, time: { whole: total(each), afterPreparation: total(left), statements: each, afterwards } };
}

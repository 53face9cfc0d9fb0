import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { BulkInsertBatching } from './plan.ts';
import { planDialects } from './plan-dialect.ts';

/** The most rows in one insert, in both dialects (design 08 §6.8). */
const rowCap = 1000;

/** How many rows fit in one command. Throws `PLAN_BATCH_WIDTH`, `PLAN_BATCH_TOO_WIDE`. */
export function bulkInsertBatching(dialect: SqlDialect, parametersPerRow: number, where = ''): BulkInsertBatching {
  const { maxParametersPerCommand } = planDialects[dialect];
  const details = { dialect, width: parametersPerRow, limit: maxParametersPerCommand };
  if (parametersPerRow < 1)
    fail('PLAN_BATCH_WIDTH', `${where}A row needs at least one parameter (${dialect}).`, {}, details);
  const maxRowsPerBatch = Math.min(rowCap, Math.floor(maxParametersPerCommand / parametersPerRow));
  if (maxRowsPerBatch < 1) {
    const text = `${where}A row needs ${parametersPerRow} parameters, but ${dialect} allows only ${maxParametersPerCommand} in one command.`;
    fail('PLAN_BATCH_TOO_WIDE', text, {}, details);
  }
  return { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand };
}

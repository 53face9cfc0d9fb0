import { sha256Hex } from '@dms/files';
import { core, qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { effectOn } from '../hazards/statement-effect.ts';
import type { UpgradePlan, UpgradeStatement } from '../plan/upgrade-plan.ts';
import type { HistoryDialect } from './history-text.ts';
import { mssqlHistory } from './mssql-history.ts';
import { pgsqlHistory } from './pgsql-history.ts';

type Planned = Pick<
  UpgradePlan,
  'purpose' | 'dialect' | 'before' | 'after' | 'verdict' | 'statements' | 'documentChecks' | 'translation'
>;

/**
 * The statements of a plan together with the statement that records it (design 12 §7.1). The recording statement runs
 * before the fingerprint changes, so that it can still read when the earlier set was installed. An upgrade that does
 * nothing is not recorded.
 */
export function recordedStatements(planned: Planned, plan: string): readonly UpgradeStatement[] {
  const { purpose, dialect, before, after, verdict, statements, documentChecks } = planned;
  if (statements.length === 0) return [];
  const invalid = documentChecks.flatMap(({ isAllowed, resource }) => (isAllowed ? [resource.after] : []));
  const sql = historyDialects[dialect].record({ purpose, before, after, plan, verdict, invalid });
  const subject = qualified(core.effectiveSchema);
  const record: UpgradeStatement = { step: 'history', subject, sql, effects: [effectOn('comment table', subject)] };
  const found = statements.findIndex(({ step }) => step === 'fingerprint');
  const end = found < 0 ? statements.length : found;
  return [...statements.slice(0, end), record, ...statements.slice(end)];
}

/**
 * SHA-256 of the effects of a plan: the dialect, both schema sets, the text of a translation that rewrites documents,
 * and every statement, in lower-case hex (design 12 §6). Plans with the same hash do the same.
 */
export function planHash({ dialect, before, after, statements, translation }: Planned): string {
  const rules = translation?.isRewriting ? [translation.text] : [];
  const sets = [before.effectiveSchemaHash, after.effectiveSchemaHash];
  return sha256Hex(JSON.stringify([dialect, ...sets, ...rules, ...statements.map(({ sql }) => sql)]));
}

export const historyDialects: Readonly<Record<SqlDialect, HistoryDialect>> = {
  pgsql: pgsqlHistory,
  mssql: mssqlHistory,
};

import { core, qualified } from '@dms/model';
import { type SqlDialect, textOf } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import type { Texts } from '../ops/act.ts';
import { present } from '../ops/effect.ts';
import { statementsOf, type UpgradeStatement } from '../ops/statement.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
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
export function recordedStatements(planned: Planned, plan: string, texts: Texts): readonly UpgradeStatement[] {
  const { purpose, before, after, verdict, statements, documentChecks } = planned;
  if (statements.length === 0) return [];
  const invalid = documentChecks.flatMap(({ isAllowed, resource }) => (isAllowed ? [resource.after] : []));
  const subject = qualified(core.effectiveSchema);
  const record = { purpose, before, after, plan, verdict, invalid };
  const recording = statementsOf([{ op: 'recordUpgrade', subject, on: [present(subject)], for: [], record }], texts);
  const found = statements.findIndex(({ step }) => step === 'fingerprint');
  const end = found < 0 ? statements.length : found;
  return [...statements.slice(0, end), ...recording, ...statements.slice(end)];
}

/**
 * SHA-256 of the effects of a plan: the dialect, both schema sets, both generations of a move, the text of a translation that rewrites documents,
 * and every statement, in lower-case hex (design 12 §6). Plans with the same hash do the same.
 */
export function planHash({ purpose, dialect, before, after, statements, translation }: Planned): string {
  const rules = translation?.isRewriting ? [translation.text] : [];
  const shapes = purpose === 'move' ? [before.mappingVersion, after.mappingVersion] : [];
  const sets = [before.effectiveSchemaHash, after.effectiveSchemaHash, ...shapes];
  return sha256Hex(JSON.stringify([dialect, ...sets, ...rules, ...statements.map(({ sql }) => textOf(sql))]));
}

export const historyDialects: Readonly<Record<SqlDialect, HistoryDialect>> = {
  pgsql: pgsqlHistory,
  mssql: mssqlHistory,
};

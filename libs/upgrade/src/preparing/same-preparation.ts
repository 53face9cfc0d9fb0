import type { Connection, RecordedStep } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { hashStarts } from '@dms/files';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { preparationSteps } from './preparation-steps.ts';

/**
 * Throws `UPGRADE_PREPARED_OTHER` if a database is prepared for another upgrade than a plan, or by another version of
 * the tool.
 */
export function expectSamePreparation({ label }: Connection, plan: UpgradePlan, record: readonly RecordedStep[]): void {
  const known = new Set(preparationSteps(plan).map(({ sql }) => sql));
  const others = record.filter(({ statement }) => !known.has(statement));
  const [first] = others;
  if (first === undefined) return;
  const { effectiveSchemaHash } = plan.after;
  const [prepared, asked] = hashStarts(first.later, effectiveSchemaHash);
  const reason =
    first.later === effectiveSchemaHash
      ? 'is prepared for this upgrade with other options or by another version of dms-ddl'
      : `is prepared for an upgrade to ${prepared}, not to ${asked}`;
  const text = `${label}: the database ${reason}. Run dms-ddl upgrade prepare --undo first, or upgrade as it is prepared. Nothing was changed.`;
  fail('UPGRADE_PREPARED_OTHER', text, {}, { prepared: first.later, after: effectiveSchemaHash, steps: others.length });
}

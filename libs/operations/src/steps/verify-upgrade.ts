import { append, counted } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { type VerifiedUpgrade, type VerifyUpgradeOptions, verifyUpgrade } from '@dms/verification';
import { scriptFormat } from '../engine/artifact-formats.ts';
import type { ArtifactReader, Step } from '../engine/step.ts';
import { type StepResult, stepInFolder } from '../engine/step-in-folder.ts';
import { earlierStore } from '../engine/stores.ts';
import { requestedRenames } from '../sources/renames/read-renames.ts';
import type { PlanUpgradeInFolderOptions } from './plan-upgrade.ts';
import { upgradeSet } from './upgrade-sets.ts';

export interface VerifyUpgradeInFolderResult extends StepResult {
  readonly verified: readonly VerifiedUpgrade[];
}

/**
 * Runs the step `verify-upgrade`: proves the upgrade on an embedded database of documents, and looks at the script for
 * SQL Server. Throws the `UPGRADE_*` codes, `VERIFY_BEHAVIOUR`, `VERIFY_STATIC`.
 */
export async function verifyUpgradeInFolder(
  options: PlanUpgradeInFolderOptions & Pick<VerifyUpgradeOptions, 'signal'>,
): Promise<VerifyUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, renames: file, signal, ...folder } = options;
  const verified: VerifiedUpgrade[] = [];
  const step: Step<'verify-upgrade'> = {
    name: 'verify-upgrade',
    async run({ read, perDialect }) {
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const renames = await requestedRenames({ renames: file });
      const provisioned = async (store: ArtifactReader, dialect: SqlDialect) => ({
        ...(await upgradeSet(store, dialect)),
        script: await store.read(scriptFormat, dialect),
      });
      const found = await perDialect(async (dialect) => {
        const later = await provisioned({ read } as ArtifactReader, dialect);
        return verifyUpgrade(await provisioned(earlier, dialect), later, { allowLoss, renames, signal });
      });
      append(verified, found);
      return { made: [], diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, verified };
}

/** What was proven, line by line. */
export function verifiedUpgradeLines({ plan, documents, skipped }: VerifiedUpgrade): string[] {
  const what = documents === null ? 'the script was looked at' : `${counted(documents, 'document')} went through it`;
  return [
    `${plan.dialect}: verdict ${plan.verdict}, ${counted(plan.statements.length, 'statement')}, ${what}`,
    ...skipped.map(({ table, reason }) => `${plan.dialect}: ${table} had no rows: ${reason}`),
  ];
}

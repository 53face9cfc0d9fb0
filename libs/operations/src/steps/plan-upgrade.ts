import { append, type Diagnostic, failIfAny } from '@dms/diagnostics';
import { planUpgrade, preparationScripts, type ReportedPlan, refusals, reportedPlan, upgradeText } from '@dms/upgrade';
import type { ArtifactReader, Made, Step } from '../engine/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../engine/step-in-folder.ts';
import type { WrittenBy } from '../engine/step-table.ts';
import { earlierStore } from '../engine/stores.ts';
import { requestedRenames } from '../sources/renames/read-renames.ts';
import { upgradeSet } from './upgrade-sets.ts';

/** What the database that was queried objects to, as comments of a script. */
function objectionNotes(objections: readonly Diagnostic[]): string {
  if (objections.length === 0) return '';
  const lines = [
    'The database that was queried does not allow this upgrade. This script ends there without a change, except',
    'where only documents object: it does not read documents.',
    // nothing has told the client the encoding of the script yet
    ...objections.map(
      ({ code, message }) =>
        `${code}: ${message
          .replace(/\s+/g, ' ')
          .replace(/…/g, '...')
          .replace(/[^ -~]/g, '?')}`,
    ),
  ];
  return `${lines.map((line) => `-- ${line}`).join('\n')}\n`;
}

/** The files of a plan; one that is refused has no scripts. */
export function upgradeFiles(
  reported: ReportedPlan,
  objections: readonly Diagnostic[] = [],
): (Made<WrittenBy<'plan-upgrade'>> & { readonly content: string })[] {
  const { plan } = reported;
  const { dialect, script } = plan;
  const scripts = preparationScripts(plan);
  const notes = objectionNotes(objections);
  return [
    ...(script === null ? [] : [{ artifact: 'upgradeScript' as const, dialect, content: notes + script }]),
    { artifact: 'upgrade', dialect, content: upgradeText(reported) },
    ...(scripts === null
      ? []
      : [
          { artifact: 'prepareScript' as const, dialect, content: scripts.prepare },
          { artifact: 'switchScript' as const, dialect, content: scripts.switch },
        ]),
  ];
}

export interface PlanUpgradeInFolderOptions extends FolderStepOptions {
  /** The folder with the artifacts of the set before the change. */
  readonly upgradeFrom: string;
  readonly allowLoss?: readonly string[] | undefined;
  /** A file of renames. */
  readonly renames?: string | undefined;
}

export interface PlanUpgradeInFolderResult extends StepResult {
  readonly plans: readonly ReportedPlan[];
}

/**
 * Runs the step `plan-upgrade`. A plan that is refused fails the step, with `UPGRADE_IMPOSSIBLE` and `UPGRADE_LOSS`.
 */
export async function planUpgradeInFolder(options: PlanUpgradeInFolderOptions): Promise<PlanUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, renames: file, ...folder } = options;
  const plans: ReportedPlan[] = [];
  const step: Step<'plan-upgrade'> = {
    name: 'plan-upgrade',
    async run({ read, perDialect }) {
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const asked = { allowLoss, renames: await requestedRenames({ renames: file }) };
      const found = await perDialect(async (dialect) => {
        const before = await upgradeSet(earlier, dialect);
        const after = await upgradeSet({ read } as ArtifactReader, dialect);
        return reportedPlan(before, after, planUpgrade(before, after, asked));
      });
      failIfAny(found.flatMap(({ plan }) => refusals(plan)));
      append(plans, found);
      return { made: found.flatMap((each) => upgradeFiles(each)), diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, plans };
}

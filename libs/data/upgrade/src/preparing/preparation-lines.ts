import { preparedText } from '@dms/databases';
import { counted, plainLines, type ReportLine, treeText } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { type Blocked, blockedBy, worseBlocked } from '../hazards/rules.ts';
import { hazardLines } from '../hazards/table-hazards.ts';
import type { PreparationStep } from '../ops/statement.ts';
import { switchStatements, type UpgradePlan } from '../plan/upgrade-plan.ts';
import type { PreparedUpgrade } from './prepare-upgrade.ts';
import type { UndonePreparation } from './undo-preparation.ts';

/** The effect of a step on sessions that use its table, or the table that its foreign key refers to. */
export function preparationHazard(
  dialect: SqlDialect,
  { cost: { lock, targetLock = null, work } }: PreparationStep,
): {
  /** The lock on its table; null if no other session can wait for it. */
  readonly lock: string | null;
  readonly targetLock: string | null;
  readonly blocks: Blocked;
  readonly work: string;
} {
  const blocks = [lock, targetLock].map((each) => (each === null ? 'nobody' : blockedBy(dialect, each)));
  return { lock, targetLock, blocks: blocks.reduce(worseBlocked, 'nobody'), work };
}

/** `add columns: core.Room (ACCESS EXCLUSIVE, for a moment)` */
export function preparationLine(dialect: SqlDialect, step: PreparationStep): string {
  const { lock, targetLock, blocks, work } = preparationHazard(dialect, step);
  const locks = [...(lock === null ? [] : [lock]), ...(targetLock === null ? [] : [`${targetLock} on ${step.target}`])];
  const effect = blocks === 'nobody' ? 'nobody waits' : `${blocks} wait for a moment`;
  return `${step.kind}: ${step.subject} (${[...locks, effect, ...(work === 'none' ? [] : [work])].join('; ')})`;
}

const headings: Readonly<Record<PreparedUpgrade['outcome'], string>> = {
  prepared: 'Prepared',
  dryRun: 'Dry run: nothing was made',
  alreadyUpgraded: 'The database already has the later schema set; nothing was made',
};

/** The prepared steps, line by line, and the statements that are left for the upgrade. */
export function preparedLines({
  outcome,
  plan,
  made,
  found,
}: Pick<PreparedUpgrade, 'outcome' | 'plan' | 'made' | 'found'>): readonly string[] {
  if (outcome === 'alreadyUpgraded') return [headings[outcome]];
  const earlier = found === 0 ? '' : `; ${counted(found, 'step')} made earlier`;
  const isDryRun = outcome === 'dryRun';
  const steps = isDryRun ? made.map((step) => preparationLine(plan.dialect, step)) : [];
  return treeText([
    { text: headings[outcome] },
    {
      text: `${isDryRun ? 'To prepare' : 'Made'}: ${counted(made.length, 'step')}${earlier}`,
      below: plainLines(steps),
    },
    // only the dry run lists the locks of the upgrade
    ...switchLines(plan).slice(0, isDryRun ? undefined : 1),
  ]);
}

/** The statements that are left for the upgrade after its preparation, as lines for people. */
function switchLines(plan: UpgradePlan, estimate: UpgradeEstimate | null = null): readonly ReportLine[] {
  const statements = switchStatements(plan);
  const left = statements.filter(({ ops }) => ops.length > 0).length;
  return [{ text: `In the upgrade: ${counted(left, 'statement')}` }, ...hazardLines({ ...plan, statements }, estimate)];
}

/** The removed objects, line by line. */
export const undoneLines = ({ removed }: UndonePreparation): readonly string[] =>
  removed.length === 0
    ? ['The database is not prepared; nothing was removed']
    : treeText([
        { text: `Removed: ${counted(removed.length, 'object')}`, below: plainLines(removed.map(preparedText)) },
      ]);

import { counted } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { hazardLines } from '../hazards/hazard-lines.ts';
import { type Blocked, blockedBy, worseBlocked } from '../hazards/locks.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { type PreparationStep, preparationRule } from './preparation.ts';
import { switchStatements } from './preparation-steps.ts';

/** What a step means for those who use its table, or the table that its foreign key refers to. */
export function preparationHazard(
  dialect: SqlDialect,
  { kind }: PreparationStep,
): {
  /** The lock on its table; null if no other session can wait for it. */
  readonly lock: string | null;
  readonly targetLock: string | null;
  readonly blocks: Blocked;
  readonly work: string;
} {
  const { lock, targetLock = null, work } = preparationRule(dialect, kind);
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

/** What is left for the upgrade after its preparation, as lines for people. */
export function switchLines(plan: UpgradePlan, estimate: UpgradeEstimate | null = null): readonly string[] {
  const statements = switchStatements(plan);
  const left = statements.filter(({ sql }) => sql !== '').length;
  return [`In the upgrade: ${counted(left, 'statement')}`, ...hazardLines({ ...plan, statements }, estimate)];
}

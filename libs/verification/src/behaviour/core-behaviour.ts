import { core, coreSchema, type RelationalModelSet } from '@dms/model';
import type { BehaviourSession } from './behaviour-session.ts';
import { CoreChecks, type CoreRules } from './core-checks.ts';
import { checkCoreTables } from './core-table-checks.ts';
import type { Failures } from './failures.ts';

/**
 * The checks of the core of design 09 §7.3; needs at least one resource key. Everything wrong is added to `failures`.
 */
export async function checkCoreBehaviour(
  session: BehaviourSession,
  model: RelationalModelSet,
  failures: Failures,
  rules: CoreRules,
): Promise<void> {
  const checks = new CoreChecks(session, model, failures, rules);
  await checks.run();
  await failures.during('C17', coreSchema, () => checkCoreTables(checks, rules.tables));
  // rows that SQL Server kept must be gone before the next step
  await session.change(`DELETE FROM ${session.table(core.document)}`);
}

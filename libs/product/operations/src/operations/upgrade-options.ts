import { failIfAny } from '@dms/diagnostics';
import { impossibleItems, planErrors, planUpgrade, type Rename, type UpgradePlan } from '@dms/upgrade';
import type { Context, Input, OptionsOf } from '../operation/operation.ts';
import { flag, required, text, texts } from '../operation/option.ts';
import { renameOptions } from '../operation/shared-options.ts';
import { requestedRenames } from '../sources/renames.ts';
import { type UpgradeSets, upgradeSets } from '../steps/upgrade.ts';

export const beforeOption = text('<dir>', 'artifacts of the schemas that the database was provisioned with', {
  group: 'source',
});
export const afterOption = text('<dir>', 'artifacts of the schemas that the database will have', { group: 'source' });

/** The options of a plan and of its upgrade, so that both are of one plan. */
export const upgradeOptions = {
  before: required(beforeOption),
  after: required(afterOption),
  allowLoss: texts(
    '<object>',
    'what may be lost: project, project.resource, schema.table, schema.table.column, or all (repeatable)',
  ),
  allowInvalid: texts(
    '<resource>',
    'project:resource whose documents may break new rules of the schemas, and stay as they are (repeatable)',
  ),
  adopt: flag("first replace the triggers and functions of the service's own tool, in the same transaction"),
  ...renameOptions,
};

/** What an upgrade reads before a database is opened. */
export interface PreparedUpgrade extends UpgradeSets {
  readonly renames: readonly Rename[];
  /** The plan, which is the same for every database of a fleet; one database is asked before it is refused. */
  readonly plan: UpgradePlan | undefined;
}

/**
 * Reads the sets; for a fleet it also plans. What no database can have is refused before the first one; so are losses
 * without a permission, unless each database is only asked what it would lose.
 */
export async function preparedUpgrade(
  { options, dialect, isFleet }: Pick<Input<OptionsOf<typeof upgradeOptions>>, 'options' | 'dialect' | 'isFleet'>,
  { onProgress }: Context,
  { onlyAsks = false } = {},
): Promise<PreparedUpgrade> {
  const { allowLoss, allowInvalid } = options;
  onProgress?.('read artifacts');
  const renames = await requestedRenames(options);
  const sets = await upgradeSets({ ...options, dialect });
  if (!isFleet) return { ...sets, renames, plan: undefined };
  const plan = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, renames });
  failIfAny(onlyAsks ? impossibleItems(plan) : planErrors(plan));
  return { ...sets, renames, plan };
}

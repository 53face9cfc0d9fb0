import { failIfAny } from '@dms/diagnostics';
import { impossibleItems, planErrors, planUpgrade, type UpgradeOptions, type UpgradePlan } from '@dms/upgrade';
import type { Context, Input, OptionsOf } from '../operation/operation.ts';
import { flag, required, text, texts } from '../operation/option.ts';
import { translationOptions } from '../operation/shared-options.ts';
import { namesWithoutDocuments, upgradeNames } from '../sources/translations.ts';
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
  ...translationOptions,
};

/** What an upgrade reads before a database is opened. */
export interface PreparedUpgrade extends UpgradeSets {
  /** The renames, or the translation. */
  readonly names: Pick<UpgradeOptions, 'renames' | 'translation'>;
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
  { onlyAsks = false, task }: { readonly onlyAsks?: boolean | undefined; readonly task?: string } = {},
): Promise<PreparedUpgrade> {
  const { allowLoss, allowInvalid } = options;
  onProgress?.('read artifacts');
  const namesOf = await (task === undefined ? upgradeNames(options) : namesWithoutDocuments(options, task));
  const sets = await upgradeSets({ ...options, dialect });
  const { notes: _, ...names } = namesOf(sets.before, sets.after);
  if (!isFleet) return { ...sets, names, plan: undefined };
  const plan = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, ...names });
  failIfAny(onlyAsks ? impossibleItems(plan) : planErrors(plan));
  return { ...sets, names, plan };
}

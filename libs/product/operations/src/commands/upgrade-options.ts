import { withWarnings } from '@dms/databases';
import { type Diagnostic, failIfAny } from '@dms/diagnostics';
import { rejectsFile } from '@dms/loading';
import {
  impossibleItems,
  planErrors,
  planUpgrade,
  type RestoreViews,
  type TranslationRejects,
  type UpgradeOptions,
  type UpgradePlan,
} from '@dms/upgrade';
import { restoredViews, type UpgradeSets, upgradeSets } from '../build-steps/upgrade.ts';
import type { Context, Input, OptionsOf } from '../declaring/operation.ts';
import { flag, output, required, text, texts } from '../declaring/option.ts';
import { translationOptions } from '../declaring/shared-options.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import { rejectsPath } from '../fleet/rejects-of-fleet.ts';
import { upgradeNames } from '../sources/translations.ts';
import { translationReject } from '../translated-files/translate-input.ts';

export const beforeOption = text('<dir>', 'artifacts of the schemas that the database was provisioned with', {
  group: 'source',
});
export const afterOption = text('<dir>', 'artifacts of the schemas that the database will have', { group: 'source' });

export const collationOption = {
  collation: text(
    '<name>',
    'collation of the database, if it is not SQL_Latin1_General_CP1_CI_AS and the upgrade changes collations of columns',
    { onlyOn: { dialect: 'mssql', elsewhere: 'columns have no collation that an upgrade changes. Leave it out' } },
  ),
};

/** The options of a plan and of its upgrade; both must get the same ones. */
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
  ...collationOption,
  ...translationOptions,
};

/** The file for documents that a translation cannot carry. */
export const rejectsOption = output(
  '<file>',
  'file for the documents that a translation cannot carry, with the reasons; the upgrade removes them. Without this file it refuses. With --fleet a folder, with <name>.jsonl of each database',
  { needs: [['translation']] },
);

/** Collects the documents that a translation cannot carry; undefined if no option names a file. */
export async function keptRejects(
  rejects: string | undefined,
  entry: Pick<FleetDatabase, 'name'> | undefined,
  { signal }: Pick<Context, 'signal'>,
): Promise<TranslationRejects | undefined> {
  const place = rejectsPath(rejects, entry);
  if (place === undefined) return undefined;
  const file = rejectsFile(place, signal);
  await file.check([]);
  return {
    add: (found, earlier) => file.add(translationReject(found, earlier)),
    finish: () => file.end(),
  };
}

/** The input of an upgrade, read before a database is opened. */
export interface ReadUpgrade extends UpgradeSets {
  /** The renames, or the translation. */
  readonly names: Pick<UpgradeOptions, 'renames' | 'translation'>;
  /**
   * The plan, which is the same for every database of a fleet; undefined for a single database, which is queried before
   * the plan is refused.
   */
  readonly plan: UpgradePlan | undefined;
  /** The notes of the check of the translation. */
  readonly notes: readonly Diagnostic[];
}

/**
 * Reads the sets; for a fleet it also plans. Impossible changes are refused before the first database is opened; so are
 * losses without a permission, unless `onlyAsks` is set, because each database is then only queried for its losses.
 */
export async function preparedUpgrade(
  { options, dialect, isFleet }: Pick<Input<OptionsOf<typeof upgradeOptions>>, 'options' | 'dialect' | 'isFleet'>,
  { onProgress }: Context,
  { onlyAsks = false }: { readonly onlyAsks?: boolean | undefined } = {},
): Promise<ReadUpgrade> {
  const { allowLoss, allowInvalid } = options;
  onProgress?.('read artifacts');
  const namesOf = await upgradeNames(options);
  const sets = await upgradeSets({ ...options, dialect });
  const { notes, ...names } = namesOf(sets.before, sets.after);
  if (!isFleet) return { ...sets, names, notes, plan: undefined };
  const plan = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, ...names });
  failIfAny(onlyAsks ? impossibleItems(plan) : planErrors(plan));
  return { ...sets, names, notes, plan };
}

/** A prepared upgrade with the reporting views that it drops, and creates again for the later set. */
export interface PreparedWithViews extends ReadUpgrade {
  readonly restoreViews: RestoreViews | undefined;
}

/** Like {@link preparedUpgrade}, with these views, which are read once for all databases of a fleet. */
export async function preparedWithViews(...given: Parameters<typeof preparedUpgrade>): Promise<PreparedWithViews> {
  const prepared = await preparedUpgrade(...given);
  const [{ options }] = given;
  return { ...prepared, restoreViews: await restoredViews(options.after, prepared.after) };
}

/**
 * Does the work on a database, and adds the notes of the check of the translation to its result or error. For a
 * database of a fleet it adds nothing: the notes would be the same for each.
 */
export async function withNotes<Result extends { readonly diagnostics: readonly Diagnostic[] }>(
  notes: readonly Diagnostic[],
  entry: Pick<FleetDatabase, 'name'> | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = entry === undefined ? notes : [];
  const result = await work().catch((error: unknown) => {
    throw withWarnings(error, own);
  });
  return { ...result, diagnostics: [...own, ...result.diagnostics] };
}

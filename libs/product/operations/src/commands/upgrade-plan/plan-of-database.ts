import { connected, type PersistentTarget, withTarget } from '@dms/databases';
import { type SurveyedUpgrade, surveyUpgrade, type UpgradePlan } from '@dms/upgrade';
import { restoredViews } from '../../build-steps/upgrade.ts';
import type { Context, Input, Place } from '../../declaring/operation.ts';
import type { FleetDatabase } from '../../fleet/fleet-databases.ts';
import { keptRejects, type PreparedWithViews } from '../upgrade-options.ts';
import { type PlanGround, type PlanOptions, planOfFiles } from './planned-upgrade.ts';

/** Queries a database for the findings of the upgrade; `entry` is its place in a fleet. */
export const surveyed = (
  target: PersistentTarget,
  {
    before,
    after,
    plan,
    restoreViews,
  }: Pick<PreparedWithViews, 'before' | 'after' | 'restoreViews'> & { readonly plan: UpgradePlan },
  { adopt, rejects }: Pick<PlanOptions, 'adopt' | 'rejects'>,
  context: Context,
  entry?: Pick<FleetDatabase, 'name'>,
): Promise<SurveyedUpgrade> =>
  connected(target, context, async (connection) => {
    context.onProgress?.('check rows and documents');
    const { signal } = context;
    const kept = await keptRejects(rejects, entry, context);
    return surveyUpgrade(connection, before, after, { plan, adopt, restoreViews, rejects: kept, signal });
  });

/** A plan for one database, which is queried as `upgrade apply` would query it, unless the upgrade is impossible. */
export function planOfDatabase(
  place: Place,
  { options, dialect: shown }: Pick<Input<PlanOptions>, 'options' | 'dialect'>,
  context: Context,
): PlanGround {
  return {
    sources: place.sources,
    dialectsAmong(all) {
      const ofDatabase = all.find((each) => each === shown) ?? all[0];
      return all.filter((each) => each === ofDatabase);
    },
    async estimated(reported, sets) {
      const { plan } = reported;
      const { dialect, verdict } = plan;
      if (verdict === 'impossible') return planOfFiles.estimated(reported, sets);
      const restoreViews = await restoredViews(options.after, sets.after);
      const survey = await withTarget({ ...place, dialect, signal: context.signal }, 'check', (target) =>
        surveyed(target, { ...sets, plan, restoreViews }, options, context),
      );
      const { estimate, state, losses, counts, translation } = survey;
      const findings = state === 'after' ? null : { losses, checks: counts };
      return { ...reported, estimate, findings, translation, state, survey };
    },
  };
}

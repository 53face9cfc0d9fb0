import { counted, failIfAny, megabytesText } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { countedItems, durationText, invalidText, roughBytes, roughSeconds, type SurveyedUpgrade } from '@dms/upgrade';
import type { DatabaseWork } from '../../declaring/operation.ts';
import { type PreparedWithViews, preparedWithViews } from '../upgrade-options.ts';
import { surveyed } from './plan-of-database.ts';
import { type PlanOptions, planOptions } from './planned-upgrade.ts';

/** The findings of the upgrade in each database of a fleet. */
export const planOfFleet: DatabaseWork<PlanOptions, 'none', PreparedWithViews, SurveyedUpgrade> = {
  options: planOptions,
  purpose: 'check',
  skipsDone: false,
  prepare: (input) => preparedWithViews(input, {}, { onlyAsks: true }),
  async run({ target, prepared, entry }, { options }, context) {
    const plan = mustExist(prepared.plan, 'the plan');
    const found = await surveyed(target, { ...prepared, plan }, options, context, entry);
    failIfAny(found.errors);
    return found;
  },
  entry({ state, losses, invalid, estimate, diagnostics }) {
    const lost = losses.reduce((sum, { count }) => sum + count, 0);
    return {
      outcome: state === 'after' ? 'already upgraded' : 'ready',
      detail: [
        ...(estimate?.time ? [durationText(estimate.time.whole)] : []),
        ...(estimate?.bytes ? [`${megabytesText(roughBytes(estimate.bytes))} more until the commit`] : []),
        ...(lost === 0 ? [] : [`${counted(lost, 'value')} would be lost`]),
        ...invalidText(invalid),
        ...(diagnostics.length === 0 ? [] : ['differs from its schema set']),
      ].join('; '),
      value: {
        losses: countedItems(losses),
        invalid: countedItems(invalid),
        ...(estimate?.time
          ? {
              estimate: {
                seconds: roughSeconds(estimate.time.whole),
                ...(estimate.bytes === null ? {} : { bytes: roughBytes(estimate.bytes) }),
              },
            }
          : {}),
      },
    };
  },
};

import type { TargetSources } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { ReportedPlan, SurveyedUpgrade } from '@dms/upgrade';
import type { UpgradeSets } from '../../build-steps/upgrade.ts';
import type { OptionsOf } from '../../declaring/operation.ts';
import { choice, output, related, usually } from '../../declaring/option.ts';
import { connectionNames } from '../../declaring/subject.ts';
import { rejectsOption, upgradeOptions } from '../upgrade-options.ts';

/** The options of a plan that can query a database; only a database has documents that a translation rejects. */
export const planOptions = {
  ...upgradeOptions,
  ...related({ rejects: rejectsOption }, { needs: [[...connectionNames, 'fleet']] }),
  output: output('<dir>', 'folder for the files; without it the plan is only printed'),
  format: usually(choice('<name>', 'how the plan is printed', ['text', 'markdown'], { group: 'output' }), 'text'),
};

export type PlanOptions = OptionsOf<typeof planOptions>;

/** A plan, with the collation that the options give the databases of its dialect. */
interface PlanInCollation extends ReportedPlan {
  /** Undefined if the options name none, and for PostgreSQL. */
  readonly collation: string | undefined;
}

/** A plan, with the state of the queried database. */
export interface EstimatedPlan extends PlanInCollation {
  /** Which of the two sets the database has; null if no database was queried. */
  readonly state: SurveyedUpgrade['state'] | null;
  /** The findings in the database; null if no database was queried. */
  readonly survey: SurveyedUpgrade | null;
}

/** What a plan is made from: the artifacts alone, or a database too. */
export interface PlanGround {
  /** The options that name the database; undefined if there is none. */
  readonly sources: TargetSources | undefined;
  /** The dialects to plan for, in the order of those of the artifacts. */
  dialectsAmong(all: readonly SqlDialect[]): readonly SqlDialect[];
  /** Adds the findings of the database to a plan. */
  estimated(reported: PlanInCollation, sets: UpgradeSets): Promise<EstimatedPlan>;
}

/** A plan for each dialect of the artifacts; no database is queried. */
export const planOfFiles: PlanGround = {
  sources: undefined,
  dialectsAmong: (all) => all,
  estimated: async (reported) => ({ ...reported, state: null, survey: null }),
};

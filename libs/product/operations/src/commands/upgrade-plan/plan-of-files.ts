import type { PlanGround } from './planned-upgrade.ts';

/** A plan for each dialect of the artifacts; no database is queried. */
export const planOfFiles: PlanGround = {
  sources: undefined,
  dialectsAmong: (all) => all,
  estimated: async (reported) => ({ ...reported, state: null, survey: null }),
};

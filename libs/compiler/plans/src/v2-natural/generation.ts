import type { PlanGeneration } from '../generation.ts';
import { generationV2 } from '../v2/generation.ts';

/** The second generation without referential ids (design 22 §4). */
export const generationV2Natural: PlanGeneration = {
  ...generationV2,
  documents: {
    ...generationV2.documents,
    textEquality: { pgsql: 'exact', mssql: 'ignoreCase' },
    filtersCompareCodeUnits: false,
  },
  core: { ...generationV2.core, storesReferentialIds: false },
};

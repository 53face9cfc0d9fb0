import { infiniteEnds } from '../document-rules.ts';
import type { PlanGeneration } from '../generation.ts';
import { manifestFormV2 } from './manifest-form.ts';
import { descriptorQueryCapability, queryCapability } from './query-capability.ts';
import { readRulesV2 } from './read-rules.ts';
import { writeRulesV2 } from './write-rules.ts';

/** The second generation (design 17). */
export const generationV2: PlanGeneration = {
  write: writeRulesV2,
  read: readRulesV2,
  queryCapability,
  descriptorQueryCapability: (resource) =>
    resource.storageKind === 'SharedDescriptorTable' ? descriptorQueryCapability(resource) : null,
  manifest: manifestFormV2,
  // values are stored as the server stores them, so that its queries find them and its writes change nothing (design 16
  // §6.4, 17 §7.1)
  documents: {
    values: { keepsSecondFractions: false, endsOfTime: infiniteEnds },
    emptyExtensionsHaveRows: false,
    absentValuesAreEqual: { pgsql: true, mssql: true },
    textEquality: { pgsql: 'exact', mssql: 'exact' },
    filtersCompareCodeUnits: true,
  },
  core: {
    storesReferentialIds: true,
    descriptorsRepeatResourceKey: true,
    descriptorsAreStamped: true,
    rowsHaveIds: true,
    deletesRootsFirst: true,
  },
  file: { absent: new Set() },
};

import type { PackRules } from '../pack-rules.ts';
import { packRulesV2 } from '../v2/pack-rules.ts';

/** The packs of the second generation without referential ids (design 22). */
export const packRulesV2Natural: PackRules = { ...packRulesV2, formatVersion: 3 };

import { finiteEnds } from '../values/ends-of-time.ts';
import type { ValueRules } from '../values/value-rules.ts';

/** Values are stored as documents have them (design 14 §1). */
export const valueRulesV1: ValueRules = { keepsSecondFractions: true, endsOfTime: finiteEnds };

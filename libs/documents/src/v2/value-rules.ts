import { infiniteEnds } from '../values/ends-of-time.ts';
import type { ValueRules } from '../values/value-rules.ts';

/**
 * Values are stored as the server stores them, so that its queries find them and its writes change nothing (design 14
 * §1, 16 §6.4).
 */
export const valueRulesV2: ValueRules = { keepsSecondFractions: false, endsOfTime: infiniteEnds };

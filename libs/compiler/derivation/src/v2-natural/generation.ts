import type { Generation } from '../generation.ts';
import { generationV2 } from '../v2/generation.ts';
import { withIdentityTexts } from './identity-texts.ts';

/** The second generation without referential ids, whose documents are found by natural keys (design 22). */
export const generationV2Natural: Generation = {
  ...generationV2,
  rules: { ...generationV2.rules, abstractRowsNameResource: true },
  finish: withIdentityTexts,
};

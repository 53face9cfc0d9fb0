import { type IdentityTexts, withoutTrailingZeros } from '../behaviour/referential-id.ts';

/** A hashed name has times with their fraction and infinite dates (design 16 §6.4). */
export const identityTextsV2: IdentityTexts = { identityTime: withoutTrailingZeros, takesInfinity: true };

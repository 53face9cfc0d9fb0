import type { IdentityTexts } from '../behaviour/referential-id.ts';

/** A hashed name has times without a fraction (design 07 §9.2). */
export const identityTextsV1: IdentityTexts = { identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length) };

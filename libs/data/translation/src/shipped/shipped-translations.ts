import toDataStandard52 from '../../data/ed-fi-5.1-to-5.2.json' with { type: 'json' };
import toDataStandard61 from '../../data/ed-fi-5.2-to-6.1.json' with { type: 'json' };
import type { TranslationJson } from '../file/read-translation.ts';

/** The translations that come with the product, by name (design 20 §1). */
export const shippedTranslations: ReadonlyMap<string, TranslationJson> = new Map<string, TranslationJson>([
  ['ed-fi-5.1-to-5.2', toDataStandard52],
  ['ed-fi-5.2-to-6.1', toDataStandard61],
]);

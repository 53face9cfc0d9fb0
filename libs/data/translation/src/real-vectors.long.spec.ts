import { readdirSync } from 'node:fs';
import { hasSharedData, sharedFile } from '@dms/testing';
import { describe, it } from 'vitest';
import { checkVector, vectorFolder } from '../test/vectors.ts';

/*
 * The published vectors of 5.2 with TPDM to 6.1: through the translation published with them, and through that of the
 * product.
 */

describe.skipIf(!hasSharedData)('vectors of 5.2 to 6.1 (needs the shared conformance data)', () => {
  const cases = hasSharedData ? readdirSync(sharedFile(...vectorFolder, 'real')).sort() : [];
  for (const [order, whose] of [
    ['as given', 'product'],
    ['reversed', 'published'],
  ] as const)
    it.each(cases)(`%s, ${order}, ${whose}`, (file) => checkVector(order, whose, 'real', file));
});

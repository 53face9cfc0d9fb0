import { readdirSync } from 'node:fs';
import { hasSharedData, readSharedJson, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { checkVector, type TranslationVector, vectorFolder } from '../test/vectors.ts';

describe.skipIf(!hasSharedData)('vectors of translations (needs the shared conformance data)', () => {
  const cases = hasSharedData ? readdirSync(sharedFile(...vectorFolder, 'cases')).sort() : [];

  it('provoke every code', () => {
    const codes = new Set(
      cases.flatMap((file) => {
        const {
          refused = [],
          rejects = [],
          notes = [],
        }: TranslationVector = readSharedJson(...vectorFolder, 'cases', file);
        return [...refused, ...rejects, ...notes].map(({ code }: TranslationVector) => code);
      }),
    );
    expect([...codes].sort()).toEqual([
      'TRANSLATION_AMBIGUOUS',
      'TRANSLATION_CONFLICT',
      'TRANSLATION_DIFFERS',
      'TRANSLATION_INCOMPLETE',
      'TRANSLATION_INVALID',
      'TRANSLATION_MERGED',
      'TRANSLATION_NARROWER',
      'TRANSLATION_NO_IDENTITY',
      'TRANSLATION_PROJECT_ABSENT',
      'TRANSLATION_REFUSED',
      'TRANSLATION_REPLACED',
      'TRANSLATION_REQUIRED',
      'TRANSLATION_SEVERAL',
      'TRANSLATION_TARGET',
      'TRANSLATION_UNKNOWN',
      'TRANSLATION_UNUSED',
      'TRANSLATION_VALUE',
      'TRANSLATION_VERSIONS',
    ]);
  });
  for (const order of ['as given', 'reversed'] as const)
    it.each(cases)(`%s, ${order}`, (file) => checkVector(order, 'published', 'cases', file));
});

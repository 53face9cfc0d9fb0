import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainedWord, glossary, wordsToExplain } from './glossary.ts';

const architecture = readFileSync(new URL('../../../../../docs/architecture.md', import.meta.url), 'utf8').replaceAll(
  '`',
  '',
);

describe('the words that the page explains', () => {
  it.each(glossary)('has the meaning of the glossary: $word', ({ word, meaning }) => {
    expect(architecture).toContain(`| ${word} | ${meaning} |`);
  });

  it('finds them in a sentence, in each form, and nothing inside of other words', () => {
    const pieces = 'Canonical column: cascades to aliases, not aliased ReferentialId.'.split(wordsToExplain);
    expect(pieces.filter((piece) => explainedWord(piece) !== undefined)).toEqual([
      'Canonical column',
      'cascades',
      'aliases',
      'ReferentialId',
    ]);
    expect(pieces.join('')).toBe('Canonical column: cascades to aliases, not aliased ReferentialId.');
  });
});

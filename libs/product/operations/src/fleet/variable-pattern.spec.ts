import { random, seedOfRun } from '@dms/testing';
import { expect, it } from 'vitest';
import { literalsOfPattern, variableMatcher } from './fleet-format.ts';

/* The patterns of variables (design 18 §1). */

/** The match of a regular expression, which tries every way to divide the name. */
function divided(pattern: string, variable: string): readonly string[] | null {
  const literals = literalsOfPattern(pattern).map((text) => text.replaceAll('.', '\\.'));
  return new RegExp(`^${literals.join('([A-Za-z0-9_.-]+)')}$`).exec(variable)?.slice(1) ?? null;
}

it.each([
  ['{district}_{year}', 'NEW_YORK_2026', ['NEW_YORK', '2026']],
  ['DB_{a}', 'DB_', null],
  ['DB_{a}', 'DB_x', ['x']],
  ['{a}{b}', 'xyz', ['xy', 'z']],
  ['{a}_DB', 'x_DB_DB', ['x_DB']],
  ['{a}_{b}', 'x y_z', null],
])('%s reads %s as %j', (pattern, variable, values) => {
  expect(variableMatcher(pattern)(variable)).toEqual(values);
});

it('names of variables have no letter case on Windows, and the values stay as they are written', () => {
  const pattern = 'DISTRICT_{district}_{year}_DB';
  expect(variableMatcher(pattern, 'win32')('District_North_Side_2026_db')).toEqual(['North_Side', '2026']);
  expect(variableMatcher('district_{a}', 'win32')('DISTRICT_x')).toEqual(['x']);
  expect(variableMatcher('{a}_\u00df', 'win32')('x_\u00df')).toEqual(['x']);
  expect(variableMatcher(pattern, 'linux')('District_North_2026_db')).toBeNull();
});

it('finds what trying every division finds', () => {
  const next = random(seedOfRun());
  const below = (limit: number) => Math.floor(next() * limit);
  const letters = (count: number, alphabet: string) =>
    Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join('');
  let matches = 0;
  for (let run = 0; run < 5000; run += 1) {
    const labels = Array.from({ length: 1 + below(4) }, (_, index) => `{l${index}}${letters(below(3), 'A_.')}`);
    const pattern = letters(below(2), 'A_') + labels.join('');
    const variable = letters(below(9), 'AB_. ');
    const expected = divided(pattern, variable);
    expect(variableMatcher(pattern)(variable), `${pattern} ${variable}`).toEqual(expected);
    if (expected !== null) matches += 1;
  }
  expect(matches).toBeGreaterThan(50);
});

it('takes no longer for many labels', () => {
  const pattern = `${[...'abcdefghi'].map((label) => `{${label}}`).join('_')}_DB`;
  const started = performance.now();
  for (const variable of ['A_'.repeat(5000), `${'A_'.repeat(5000)}DB`]) variableMatcher(pattern)(variable);
  expect(performance.now() - started).toBeLessThan(20_000);
});

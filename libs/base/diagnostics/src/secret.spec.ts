import { describe, expect, it } from 'vitest';
import { redactor, Secret } from './secret.ts';

const redacted = (text: string, ...secrets: readonly string[]) =>
  redactor(secrets.map((secret) => new Secret(secret)))(text);

describe('redacting', () => {
  it.each([
    ['as it is', 'the p@ss/wört+1 is wrong'],
    ['percent-encoded as in a URL', `at ${encodeURIComponent('p@ss/wört+1')}`],
    ['percent-encoded in lower case', `at ${encodeURIComponent('p@ss/wört+1').toLowerCase()}`],
  ])('finds a password %s', (_name, text) => {
    const result = redacted(text, 'p@ss/wört+1');
    expect(result).toContain('***');
    expect(result).not.toMatch(/ss|rt/);
  });

  it.each([
    ['geheimnis', 'password "geheimnis" is wrong', 'password "***" is wrong'],
    ['geheimnis', 'geheimnis:geheimnis@h geheimnis.', '***:***@h ***.'],
    ['geheimnis', 'geheimnisse, ungeheimnis, geheimnis_2, Geheimnis', undefined],
    ['geheimnis', 'geheim nis, geheim', undefined],
    ['#geheim#', 'a#geheim#b', 'a***b'],
    ['{"a":%}"\\', 'at {"a":%}"\\ it is', 'at *** it is'],
    ['mit  Blanks', 'mit  Blanks, mit Blanks', '***, mit Blanks'],
    ['[.*][.*]', 'abcdabcd [.*][.*] abcdabcd', 'abcdabcd *** abcdabcd'],
    ['😀😀😀😀😀😀😀😀', '😀😀😀😀😀😀😀😀!', '***!'],
  ])('finds %s as a whole word alone', (password, text, expected = text) => {
    expect(redacted(text, password)).toBe(expected);
  });

  it('does not look for a password that is shorter than eight characters', () => {
    expect(redacted('geheim7 user 😀😀😀😀', 'geheim7', 'user', '😀😀😀😀', '')).toBe('geheim7 user 😀😀😀😀');
    expect(redacted('a dad added')).toBe('a dad added');
  });
});

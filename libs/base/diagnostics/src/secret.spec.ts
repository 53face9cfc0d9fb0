import { describe, expect, it } from 'vitest';
import { redactor, Secret } from './hide-secrets.ts';

const redacted = (text: string, ...secrets: readonly string[]) =>
  redactor(secrets.map((secret) => new Secret(secret)))(text);

describe('redacting', () => {
  it.each([
    ['as it is', 'the p@ss/wört+1 is wrong'],
    ['percent-encoded as in a URL', `at ${encodeURIComponent('p@ss/wört+1')}`],
    ['percent-encoded in lower case', `at ${encodeURIComponent('p@ss/wört+1').toLowerCase()}`],
    ['encoded in part', 'at p%40ss/wört%2b1'],
    [
      'encoded to the last character',
      `at ${[...Buffer.from('p@ss/wört+1')].map((byte) => `%${byte.toString(16)}`).join('')}`,
    ],
  ])('finds a password %s', (_name, text) => {
    const result = redacted(text, 'p@ss/wört+1');
    expect(result).toContain('***');
    expect(result).not.toMatch(/ss|rt/);
  });

  it('finds it escaped as in JSON', () => {
    expect(redacted(JSON.stringify({ a: 'x"y\\zw' }), 'x"y\\zw')).toBe('{"a":"***"}');
  });

  it('replaces the whole connection text, not only the password in it', () => {
    expect(redacted('bad: postgres://u:geheim@h/d!', 'geheim', 'postgres://u:geheim@h/d')).toBe('bad: ***!');
  });

  it('replaces every occurrence and nothing else', () => {
    expect(redacted('geheim, geheim; geheimnis, Geheim', 'geheim')).toBe('***, ***; ***nis, Geheim');
  });

  it('leaves free text alone where the password is too short to be looked for', () => {
    expect(redacted('a dad added', 'dad')).toBe('a dad added');
    expect(redacted('a dad added')).toBe('a dad added');
  });

  it('takes a password for a text, not for a pattern', () => {
    expect(redacted('abcd [.*] abcd', '[.*]')).toBe('abcd *** abcd');
    expect(redacted('😀😀😀😀!', '😀😀😀😀')).toBe('***!');
  });
});

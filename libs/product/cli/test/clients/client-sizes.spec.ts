import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/* A reference client is short, so that the description is proved to be enough. */

const clients = path.resolve(import.meta.dirname, '../../../../../fixtures/clients');

/** The lines of code: without blank ones and comments. */
const codeOf = (text: string): string[] =>
  text
    .replaceAll(/^\s*(?:\/\*.*?\*\/|""".*?""")\s*$/gms, '')
    .split('\n')
    .filter((line) => !/^\s*(?:$|\/\/|# )/.test(line));

describe.each([
  ['csharp', '.cs', 390],
  ['typescript', '.ts', 380],
  ['python', '.py', 330],
])('the client in %s', (name, extension, most) => {
  const folder = path.join(clients, name);
  const files = readdirSync(folder).filter((file) => file.endsWith(extension));
  const lines = files.flatMap((file) => codeOf(readFileSync(path.join(folder, file), 'utf8')));

  it(`has at most ${most} lines of code`, () => {
    expect(lines.length).toBeLessThanOrEqual(most);
    expect(lines.length).toBeGreaterThan(200);
  });

  it('has no line of more than 150 columns', () => {
    expect(lines.filter((line) => line.length > 150)).toEqual([]);
  });
});

it('counts lines of code alone', () => {
  expect(codeOf('/** A comment\n * of two lines. */\n\n// another\n/// and another\na(); // b\n/* c */\n}\n')).toEqual([
    'a(); // b',
    '}',
  ]);
  expect(codeOf('"""A comment\nof two lines."""\n\n# another\nb()  # c\n    """One."""\n')).toEqual(['b()  # c']);
});

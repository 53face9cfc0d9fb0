import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pages } from './pages.ts';

/*
 * The examples of commands in the README, in the documentation and in the help, which the pages of commands print:
 * options that many commands share are in one order, that of the help.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The order of options: the inputs of a command, the generation, the dialect, the database, the output, and how it
 * prints.
 */
const order: readonly (readonly string[])[] = [
  ['--schema', '--artifacts', '--before', '--after', '--from-ods', '--from-ods-env', '--from-database-env'],
  ['--mapping-version'],
  ['--dialect'],
  ['--connection', '--connection-env', '--connection-file', '--fleet'],
  ['--output'],
  ['--format', '--print-to', '--json', '--notes', '--quiet', '--report', '--report-file'],
];

/**
 * The commands of a text, without shell operators and what follows. A line may continue after a backslash or a
 * backtick.
 */
const commandsOf = (text: string): readonly string[] =>
  [...text.replaceAll(/[\\`]\n\s*/g, ' ').matchAll(/\bdms-ddl (?!\[)[^`|;&<>#\n]*/g)].map(([command]) =>
    command.trim(),
  );

const optionsOf = (command: string): readonly string[] => command.match(/(?<=\s)--[a-z-]+/g) ?? [];

const placesOf = (command: string): readonly number[] =>
  optionsOf(command)
    .map((option) => order.findIndex((alike) => alike.includes(option)))
    .filter((place) => place >= 0);

const isOrdered = (command: string): boolean =>
  placesOf(command).every((place, index, places) => index === 0 || place >= (places[index - 1] ?? 0));

const namesBoth = (command: string): boolean =>
  ['--dialect', '--connection'].every((name) => optionsOf(command).some((option) => option.startsWith(name)));

const examples = pages.map((name) => [name, commandsOf(readFileSync(path.join(root, name), 'utf8'))] as const);

describe('examples of commands', () => {
  test('are found in the README, in the guides and in the help', () => {
    for (const name of ['README.md', 'docs/upgrade.md', 'docs/reference/commands/first.md'])
      expect(
        examples.find(([document]) => document === name)?.[1].filter((each) => placesOf(each).length > 1).length,
        name,
      ).toBeGreaterThan(3);
  });

  test('one out of order, one of several lines, and one that names a dialect too many are seen', () => {
    const [first, second] = commandsOf(
      'npx dms-ddl emit --output out \\\n  --dialect pgsql > x\n`dms-ddl check --dialect pgsql --connection-env A`',
    );
    expect([first, second].map((each = '') => [isOrdered(each), namesBoth(each)])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test.each(examples)('of %s: options have one order', (_, commands) => {
    expect(commands.filter((command) => !isOrdered(command))).toEqual([]);
  });

  test.each(examples)('of %s: a dialect is not named beside a connection, which says it', (_, commands) => {
    expect(commands.filter(namesBoth)).toEqual([]);
  });
});

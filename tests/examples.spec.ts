import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pages } from './pages.ts';

/*
 * The examples of commands in the README, in the documentation and in the help, which the pages of commands print: they
 * name commands, options and targets that exist, and options that many commands share are in one order, that of the help.
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
  [...text.replaceAll(/[\\`]\n\s*/g, ' ').matchAll(/(?<!of )\bdms-ddl (?!\[)[^`|;&<>#\n]*/g)].map(([command]) =>
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

/** The texts of the headings of a level in a page, each with what follows it up to the next heading. */
const sectionsOf = (page: string, level: string): ReadonlyMap<string, string> =>
  new Map(
    readFileSync(path.join(root, page), 'utf8')
      .split(/^(?=#)/m)
      .filter((part) => part.startsWith(`${level} `))
      .map((part) => [part.slice(level.length + 1, part.indexOf('\n')), part]),
  );

const flagsOf = (text: string) =>
  new Set([...text.matchAll(/^\| `(--?[^`]*)`/gm)].flatMap(([, cell = '']) => flagsIn(cell)));
const flagsIn = (text: string) => text.match(/(?<!\S)--?[a-zA-Z][a-zA-Z-]*/g) ?? [];

const commandPages = readdirSync(path.join(root, 'docs/reference/commands')).map(
  (name) => `docs/reference/commands/${name}`,
);
const everywhere = [
  ...flagsOf(readFileSync(path.join(root, 'docs/reference/commands.md'), 'utf8')),
  ...['-q', '-h', '--help', '-V', '--version'],
];
/** The flags of each command, as the help has them. */
const flagsByCommand = new Map(
  commandPages.flatMap((page) =>
    [...sectionsOf(page, '##')].map(([name, text]) => [name, new Set([...flagsOf(text), ...everywhere])] as const),
  ),
);
const families = new Set([...flagsByCommand.keys()].map((name) => name.split(' ')[0]));

const targets = new Set(sectionsOf('docs/reference/targets.md', '###').keys());

/** What an example names that does not exist: its command, or options of it. */
function unknownIn(example: string): readonly string[] {
  const [first = '', second = ''] = example.split(/\s+/);
  if (!/^[a-z][a-z-]*$/.test(first) || ['help', 'dms-ddl'].includes(first)) return [];
  const flags = flagsByCommand.get(`${first} ${second}`) ?? flagsByCommand.get(first);
  if (flags === undefined) return families.has(first) && !/^[a-z]/.test(second) ? [] : [`${first} ${second}`];
  return flagsIn(example).filter((flag) => flag.startsWith('--') && !flags.has(flag));
}

/** The spans in code form of a page, outside of its blocks. */
const spansOf = (text: string) =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** The cells of the column `command` in the tables of a page. */
const commandCells = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^\|.*\n)+/gm)].flatMap(([table]) => {
    const [header = [], , ...rows] = table
      .trimEnd()
      .split('\n')
      .map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    const column = header.indexOf('command');
    return column < 0 ? [] : rows.flatMap((row) => spansOf(row[column] ?? ''));
  });

/** The names of targets in the commands of Nx. */
const targetsOf = (text: string): readonly string[] => [
  ...[...text.matchAll(/nx run [\w-]+:([a-z-]+)/g)].map(([, target = '']) => target),
  ...[...text.matchAll(/nx (?:affected|run-many) -t ((?:[a-z-]+ ?)+)/g)].flatMap(([, list = '']) =>
    list.split(' ').filter((name) => /^[a-z]/.test(name)),
  ),
];

describe('what examples name', () => {
  test('is read from the help, and mistakes are seen', () => {
    expect(flagsByCommand.get('upgrade apply')).toContain('--dry-run');
    expect(unknownIn('upgrade apply --dry-run --quiet x')).toEqual([]);
    expect(unknownIn('upgrade apply --dryrun')).toEqual(['--dryrun']);
    expect([unknownIn('verify-upgrade'), unknownIn('upgrade aply'), unknownIn('upgrade …')]).toEqual([
      ['verify-upgrade '],
      ['upgrade aply'],
      [],
    ]);
    expect(commandCells('| a | command |\n|---|---|\n| `x` | `y z`, or `u` |\n')).toEqual(['y z', 'u']);
    expect(targetsOf('nx run a:b-c --d; nx affected -t e f --base=x')).toEqual(['b-c', 'e', 'f']);
  });

  test.each(examples)('of %s: commands and their options exist', (page, commands) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const spans = spansOf(text).filter(
      (span) => flagsByCommand.has(span.split(' --')[0] ?? '') && / --[a-z]/.test(span),
    );
    const ours = commandCells(text).filter((cell) => !/^(?:np[mx] |<|\/)/.test(cell));
    const named = [...commands.map((each) => each.replace('dms-ddl ', '')), ...spans, ...ours];
    expect(named.flatMap(unknownIn)).toEqual([]);
  });

  test.each(pages)('of %s: targets of Nx exist', (page) => {
    const isTarget = (name: string) => targets.has(name.replace(/-fleet$/, '-db')) || name === 'build';
    expect(targetsOf(readFileSync(path.join(root, page), 'utf8')).filter((name) => !isTarget(name))).toEqual([]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { random, seedOfRun } from '@dms/testing';
import { Command, type Option } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addCommands } from '../../src/commands/index.ts';
import { addCommonOptions } from '../../src/options/common-options.ts';
import { leafCommands } from '../../src/run.ts';
import { ran } from '../ran.ts';

/*
 * No command prints a password or a control character, whichever option or argument contains it (design 09 §1.3). The
 * options come from the commands, so that a new option is tested too.
 */

let scratch: string;
let before: string;
const texts = 300;
/** Milliseconds: seconds of work may take minutes on a busy machine. */
const slow = 240_000;

beforeAll(() => {
  before = process.cwd();
  scratch = mkdtempSync(path.join(tmpdir(), 'dms-secrets-'));
  process.chdir(scratch);
});

afterAll(() => {
  process.chdir(before);
  rmSync(scratch, { recursive: true, force: true });
});

/** Ways to write a connection with a password; nothing listens at these addresses. */
const forms: readonly ((password: string) => string)[] = [
  (p) => `postgres://app:${p}@127.0.0.1:1/d?connect_timeout=1`,
  (p) => `postgresql://app:${p}@h`,
  (p) => `mssql://sa:${p}@h:1/d;x=1`,
  (p) => `jdbc:postgresql://h/d?user=app&password=${p}`,
  (p) => `postgres://:${p}@/d`,
  (p) => `Host=h;Database=d;Username=u;Password=${p}`,
  (p) => `Password=${p};Host=h`,
  (p) => `server=h; PWD = "${p}" ;Database=d`,
  (p) => `Server=h;Pwd='${p};x'`,
  (p) => `Server=h;Password="${p}`,
  (p) => `host=h port=1 dbname=d password=${p} user=u`,
  (p) => `password='${p}' host=h`,
  (p) => `pglite:x?password=${p}`,
  (p) => `pglite:x?password=${p}&a=b`,
  (p) => `postgres://app:${encodeURIComponent(`${p}/é`)}@h/d`,
  (p) => `postgres://app:${p.replace(/^./, (first) => `%${first.charCodeAt(0).toString(16)}`)}@h/d`,
  (p) => `{"target":"postgres://app:${p}@h/d"}`,
  (p) => ` postgres://app:${p}@h/d\n`,
  (p) => `year=postgres://app:${p}@h/d`,
  (p) => `PGPASSWORD=${p}`,
  (p) => `postgres://app@server:${p}@server.example.org/d`,
  (p) => `postgres://app:x"${p}@h/d`,
  (p) => `postgres://app:${p}`,
  (p) => `jdbc:sqlserver://h;user=sa;password={x;${p}}`,
];

/** Ways that are recognized only in an argument: elsewhere such texts are data. */
const formsOfArguments: typeof forms = [
  ...forms,
  (p) => `app:${p}@127.0.0.1:5432/d`,
  (p) => `//app:${p}@h/d`,
  (p) => `postgres:app:${p}@h/d`,
  (p) => `postgres://app:x\n${p}@h/d`,
  (p) => `Host=h;pass=${p}`,
  (p) => `postgres://h/d?pass%77ord=${p}`,
];

const commands = async (): Promise<readonly Command[]> => {
  const program = new Command('dms-ddl');
  await addCommands(program, {
    printerFor: () => expect.fail('no command runs'),
    cancellation: { hold: () => new AbortController().signal },
  });
  const leaves = leafCommands(program);
  for (const command of leaves) addCommonOptions(command);
  return leaves;
};

const wordsOf = (command: Command): readonly string[] =>
  command.parent === null ? [] : [...wordsOf(command.parent), command.name()];

const takesValue = ({ required, optional }: Option) => required || optional;
const flag = ({ long, short }: Option) => long ?? short ?? '';

interface Slot {
  readonly name: string;
  /** The arguments of the command line with a text in this slot. */
  readonly line: (text: string) => readonly string[];
}

/** Every slot of a command that takes a text; its other required values name files that do not exist. */
function slotsOf(command: Command): readonly Slot[] {
  const words = wordsOf(command);
  const needed = command.options.filter(({ mandatory }) => mandatory);
  const filled = (without?: Option) => needed.flatMap((each) => (each === without ? [] : [flag(each), 'absent']));
  const given = command.registeredArguments.filter(({ required }) => required).map(() => 'absent');
  const name = (place: string) => `${words.join(' ')} ${place}`;
  return [
    ...command.options.filter(takesValue).flatMap((option): Slot[] => [
      { name: name(flag(option)), line: (text) => [...words, ...given, ...filled(option), flag(option), text] },
      {
        name: name(`${flag(option)}=`),
        line: (text) => [...words, ...given, ...filled(option), `${flag(option)}=${text}`],
      },
    ]),
    { name: name('argument'), line: (text) => [...words, text, ...given.slice(1), ...filled()] },
    { name: name('surplus'), line: (text) => [...words, ...given, text, text, ...filled()] },
    { name: name('unknown option'), line: (text) => [...words, `--unknown=${text}`] },
    {
      name: name('all'),
      line: (text) => [...words, text, ...command.options.filter(takesValue).flatMap((each) => [flag(each), text])],
    },
  ];
}

const letters = 'bcdfghjkmnpqrstvwxyz';
const newWord = (next: () => number, length: number) =>
  `Q7${Array.from({ length }, () => letters.charAt(Math.floor(next() * letters.length))).join('')}9`;

/** Passwords that can be mistaken for something else, made of words that occur nowhere else. */
const odd: readonly ((word: () => string) => string)[] = [
  (word) => `${word()}@${word()}#${word()}`,
  (word) => `${word()}"${word()}'${word()}`,
  (word) => `{${word()}}${word()}}}`,
  (word) => `${word()}%${word()}%41${word()}`,
  (word) => `${word()} ${word()}  ${word()}`,
  (word) => `${word()};${word()}=${word()};${word()}`,
  (word) => `${word()}/${word()}?${word()}`,
  (word) => `${word()}:${word()}&${word()}=${word()}`,
  (word) => `${word()}\\${word()}\\"${word()}`,
  (word) => `=${word()}@${word()}`,
];

/** A password, and its words that must not be shown. */
function newPassword(next: () => number): { readonly password: string; readonly words: readonly string[] } {
  const kind = odd[Math.floor(next() * odd.length * 3)];
  if (kind === undefined) {
    const password = newWord(next, next() < 0.3 ? 1 : 8);
    // the first character may be encoded
    return { password, words: [password.slice(1)] };
  }
  const words: string[] = [];
  const password = kind(() => {
    const word = newWord(next, 4);
    words.push(word.slice(1));
    return word;
  });
  return { password, words };
}

/** The words of a password that an output shows, also in an encoded form. */
function shownWords(output: string, words: readonly string[]): readonly string[] {
  const decoded = decodeURIComponent(output.replaceAll(/%(?![0-7][0-9a-f])/gi, '%25'));
  return words.filter((word) => output.includes(word) || decoded.includes(word));
}

it(
  'no place of a command line gives a password away',
  async () => {
    const next = random(seedOfRun());
    const slots = (await commands()).flatMap(slotsOf);
    expect(slots.length).toBeGreaterThan(texts);
    const faults: string[] = [];
    for (const [index, { name, line }] of slots.entries()) {
      const { password, words } = newPassword(next);
      const text = (formsOfArguments[index % formsOfArguments.length] ?? expect.fail())(password);
      const further =
        [[], ['--json'], ['--report', 'sarif'], ['--report', 'github'], ['--quiet']][Math.floor(next() * 5)] ?? [];
      const { out, err } = await ran([...line(text), ...further], { isTerminal: next() < 0.3, input: text });
      const shown = `${out}${err}`;
      if (shownWords(shown, words).length > 0) faults.push(`${name} ${text}: ${shown}`);
    }
    expect(faults).toEqual([]);
  },
  slow,
);

it(
  'no place of a command line lets a text steer the terminal',
  async () => {
    const faults: string[] = [];
    for (const [index, { name, line }] of (await commands()).flatMap(slotsOf).entries()) {
      const text = `\u001b]0;x\u0007\u202e${index}\u009b31m\u2028`;
      const further = [[], ['--json'], ['--report', 'sarif'], ['--report', 'github']][index % 4] ?? [];
      const { out, err } = await ran([...line(text), ...further]);
      if (/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u.test(out + err)) faults.push(`${name}: ${JSON.stringify(out + err)}`);
    }
    expect(faults).toEqual([]);
  },
  slow,
);

it('nor does a fleet, in a name, a label or a place', async () => {
  const next = random(seedOfRun());
  for (const form of forms) {
    const { password, words } = newPassword(next);
    const text = form(password);
    const entry = { name: 'a', labels: { kind: text }, target: 'pglite:absent' };
    const fleets = [
      { databases: [entry] },
      { databases: [{ ...entry, name: text }] },
      { env: text },
      { dialect: text, databases: [entry] },
    ];
    for (const [index, fleet] of fleets.entries()) {
      const file = `fleet-${index}.json`;
      writeFileSync(file, JSON.stringify(fleet));
      for (const further of [[], ['--json']]) {
        const { out, err } = await ran(['upgrade', 'status', '--fleet', file, ...further], { isTerminal: true });
        expect(shownWords(`${out}${err}`, words), `${text} ${JSON.stringify(fleet)} ${err}`).toEqual([]);
      }
    }
  }
});

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  blocksOfGuide,
  commandsOfBlock,
  exactPattern,
  missingLine,
  openSession,
  printedBehind,
  serverUrl,
} from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../src/run.ts';
import type { Terminal } from '../src/terminal.ts';

/*
 * Replays guides from their first line, in a clone of this repository and nothing else: every `sh` block, with the
 * lines of its output if a `text` block follows at once, every `console` block with its output, every `sql` block, and
 * every block that is a file or changes one. A `powershell` block is skipped. A line of `…` stands for any lines, and
 * `…` in a line of a `text` block for any text. DMS_ACCEPT_GUIDE=1 writes the output of a `console` block into the
 * guide.
 *
 * `npx dms-ddl` runs in this process, on a terminal. Lines with npm and Nx are skipped; the end-to-end tests run them.
 * A guide may use the server of `serverOfGuide`, which is that of the tests, and `psql`, which sends its statement to
 * it.
 */

const root = path.resolve(import.meta.dirname, '../../../..');
const serverOfGuide = 'postgres://app:secret@db1';

/** The files of a clone, with uncommitted changes. */
function cloneInto(folder: string): void {
  const { status, stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status).toBe(0);
  for (const name of stdout.split('\0').filter((each) => each !== '' && existsSync(path.join(root, each)))) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    copyFileSync(path.join(root, name), path.join(folder, name));
  }
}

/** Runs lines in a shell, which keeps exported variables; returns their output. */
function inShell(lines: string): string {
  const variables = path.join(tmpdir(), `dms-guide-variables-${process.pid}`);
  const script = `set -eu\n${lines}\nenv -0 > '${variables}'\n`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect([status, stderr], lines).toEqual([0, '']);
  for (const variable of readFileSync(variables, 'utf8').split('\0').filter(Boolean)) {
    const [name = '', ...value] = variable.split('=');
    if (!/^(?:_|SHLVL|PWD|OLDPWD)$/.test(name)) process.env[name] = value.join('=');
  }
  rmSync(variables);
  return stdout;
}

/** The words of a command, as a shell parses them. */
function wordsOf(command: string): string[] {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-uc', `printf '%s\\0' ${command}`], {
    encoding: 'utf8',
  });
  expect([status, stderr], command).toEqual([0, '']);
  return stdout.split('\0').slice(0, -1);
}

interface Printed {
  readonly code: number;
  readonly text: string;
}

/** The text that the command line leaves on a terminal, without text that is drawn during the work only. */
async function onTerminal(words: readonly string[]): Promise<Printed> {
  let text = '';
  const print = (part: string) => {
    // text drawn during the work is dim, or erased again
    if (!part.startsWith('\r') && !part.includes('\u001b[2m')) text += stripVTControlCharacters(part);
  };
  const terminal: Terminal = { out: print, err: print, isOutTerminal: true, isErrTerminal: true };
  const code = await run(words, terminal, '1.2.3', { environment: { ...process.env, FORCE_COLOR: '1' } });
  return { code, text };
}

async function inDatabase(url: string, sql: string): Promise<void> {
  const session = await openSession(url);
  try {
    await session.exec(sql);
  } finally {
    await session.close();
  }
}

async function printedBy(command: string): Promise<Printed> {
  const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
  if (folder !== undefined) {
    process.chdir(folder);
    return { code: 0, text: '' };
  }
  const [program, ...words] = command.startsWith('npx dms-ddl ') || command.startsWith('psql ') ? wordsOf(command) : [];
  if (program === 'npx') return onTerminal(words.slice(1));
  if (program === undefined) return { code: 0, text: inShell(command) };
  const [url = '', option, sql = ''] = words;
  expect(option, command).toBe('--command');
  await inDatabase(url, sql);
  return { code: 0, text: '' };
}

/** The commands of a block: each of ours separately, and the lines between them. */
function commandsOf(block: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    if (/^(?:npm|npx nx) /.test(line)) continue;
    if (/^(?:npx dms-ddl|psql|cd) /.test(line)) {
      commands.push(...[open, line].filter((each) => each.trim() !== ''));
      open = '';
    } else open += `${line}\n`;
  }
  return [...commands, ...(open.trim() === '' ? [] : [open])];
}

/** Replaces times of a history, and durations of locks, by those that guides show. */
function timeless(written: string): string {
  const text = written.replaceAll(/(?<=\blocked for )about \d+ (?:s|min)/g, 'less than 1 s');
  const time = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/;
  const began = new RegExp(`${time.source}(?=  began)`, 'g');
  return text.replace(new RegExp(time, 'g'), '2026-11-21T20:15:00Z').replace(began, '2026-08-14T09:30:00Z');
}

/** The files and folders at the top of a clone, and in its folder `try`. */
const placesOf = (clone: string) =>
  ['.', 'try'].flatMap((folder) => {
    const place = path.join(clone, folder);
    return existsSync(place) ? readdirSync(place).map((name) => path.join(folder, name)) : [];
  });

/** The pattern for the lines of a guide, in which `…` on its own line stands for any lines. */
function pattern(shown: string): RegExp {
  const lines = shown === '' ? [] : shown.trimEnd().split('\n');
  return new RegExp(
    `^${lines.map((line) => (line.trim() === '…' ? '(?:.*\\n)*' : `${exactPattern(line)}\\n`)).join('')}$`,
  );
}

/** The text of a guide without the blocks that a reader runs or saves. */
const shownBy = (text: string) =>
  blocksOfGuide(text)
    .filter(({ kind, file }) => file !== undefined || ['sh', 'powershell', 'console', 'sql'].includes(kind))
    .reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text);

/** A command in a block that is shown only. */
const shownCommand = /^(?:npx )?(?:dms-ddl|psql|sqlcmd) .*$/gm;

export interface ReplayedGuide {
  /** The file, relative to the repository. */
  readonly file: string;
  /** The databases of the server that the guide creates. */
  readonly databases?: readonly string[];
  /** The variable with the database of the `sql` blocks. */
  readonly sqlDatabase?: string;
}

/** The databases of the fleet in docs/fleets.md. */
export const districtsOfGuide = ['north', 'south', 'west'].flatMap((district) =>
  ['2025', '2026'].map((year) => `${district}-${year}`),
);

/** Guides that use the same names for their databases wait for each other. */
const lockOfServer = 724_403;

/**
 * Locks the server of the tests, and finds existing databases of the guides; `end` drops those that they have created.
 */
async function serverWithout(databases: readonly string[]) {
  const url = new URL(await serverUrl());
  const session = await openSession(url.href);
  await session.exec(`SELECT pg_advisory_lock(${lockOfServer})`);
  const list = databases.map((each) => `'${each}'`).join();
  const taken = await session.query(`SELECT datname FROM pg_database WHERE datname IN (${list})`);
  const end = async () => {
    // existing databases are kept
    for (const each of taken.length > 0 ? [] : databases)
      await session.exec(`DROP DATABASE IF EXISTS "${each}" WITH (FORCE)`);
    await session.close();
  };
  return { url, taken, end };
}

/**
 * Replays guides one after another in one clone, each as a test, from the top of the clone. A guide leaves files only
 * in its folder below `try`.
 */
export function replayGuides(guides: readonly ReplayedGuide[]): void {
  const home = process.cwd();
  const environment = { ...process.env };
  const databases = guides.flatMap((guide) => guide.databases ?? []);
  let clone: string;
  let server: Awaited<ReturnType<typeof serverWithout>> | null = null;

  beforeAll(async () => {
    clone = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-guides-')));
    cloneInto(clone);
    process.chdir(clone);
    if (databases.length === 0) return;
    server = await serverWithout(databases);
    expect(server.taken).toEqual([]);
  });

  afterAll(async () => {
    process.chdir(home);
    for (const variable of Object.keys(process.env)) if (!(variable in environment)) delete process.env[variable];
    Object.assign(process.env, environment);
    rmSync(clone, { recursive: true, force: true });
    await server?.end();
  });

  const withServer = (text: string) =>
    server === null ? text : text.replaceAll(serverOfGuide, server.url.href.replace(/\/[^/]*$/, ''));
  const asShown = (text: string) => {
    const shown = timeless(text).replaceAll(`${clone}${path.sep}`, '');
    return server === null ? shown : shown.replaceAll(`${server.url.username}@${server.url.host}`, 'app@db1');
  };

  it.each(guides)('$file runs as printed', async ({ file, sqlDatabase }) => {
    process.chdir(clone);
    const kept = placesOf(clone);
    const guide = path.join(root, file);
    const text = readFileSync(guide, 'utf8');
    const differing: string[] = [];
    let found = '';
    let end = 0;
    const blocks = blocksOfGuide(text);
    for (const [index, block] of blocks.entries()) {
      const { kind, content, start } = block;
      const commands = commandsOfBlock(block);
      let now = text.slice(start, block.end);
      if (commands !== undefined) {
        let printed = '';
        for (const command of kind === 'sh' ? commandsOf(commands) : [commands]) {
          const { code, text: part } = await printedBy(withServer(command));
          expect(code, command).toBe(0);
          printed += part;
        }
        // the end-to-end tests check the output of npm and Nx
        if (!/^np(?:m|x nx) /m.test(content))
          expect(missingLine(printedBehind(text, blocks, index), asShown(printed)), printed).toBeUndefined();
      } else if (kind === 'sql') await inDatabase(process.env[sqlDatabase ?? ''] ?? '', content);
      else if (kind === 'console') {
        const [, command = '', shown = ''] = /^\$ ([^\n]*)\n([\s\S]*)$/.exec(content) ?? [];
        const printed = asShown((await printedBy(withServer(command))).text);
        if (!pattern(shown).test(printed)) {
          now = `\`\`\`console\n$ ${command}\n${printed}\`\`\``;
          differing.push(now);
        }
      }
      found += text.slice(end, start) + now;
      end = block.end;
    }
    found += text.slice(end);
    if (process.env.DMS_ACCEPT_GUIDE) writeFileSync(guide, found);
    // first what differs: a summary cuts the texts of whole guides
    expect(differing.join('\n')).toBe('');
    expect(found).toBe(text);
    expectFilesOf(shownBy(text));
    const left = placesOf(clone).filter((place) => !kept.includes(place));
    expect(left.filter((place) => path.dirname(place) !== 'try' && place !== 'try')).toEqual([]);
  });

  /** Expects that the commands that are shown only use files that a reader has. */
  function expectFilesOf(text: string): void {
    for (const [command] of text.matchAll(shownCommand))
      for (const word of wordsOf(command.replaceAll(/[<>|\\]/g, ' ')))
        if (/^[\w./-]+\.(?:json|sql|jsonl|xml)$/.test(word)) expect(existsSync(word), command).toBe(true);
  }
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile, ownSchemas, shareOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../bundled-program.ts';

/** The command line as its own process: the only way to show the effects of a kill, a closed pipe or a full disk. */
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-process-'));
let program: string;
// the generation is named, so that no command prints which one it uses
const schemaArguments = [
  ...ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]),
  ...['--mapping-version', 'v1'],
];
const marker = 'effective-schema.manifest.json';

beforeAll(async () => {
  program = await bundleProgram(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs it under a shell command in which `dms` stands for the program. */
function shell(command: string) {
  const script = `dms() { "${process.execPath}" "${program}" "$@"; }; ${command}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr };
}

const quoted = (args: readonly string[]) => args.map((arg) => `'${arg}'`).join(' ');
const emitTo = (output: string) => `dms emit ${quoted(schemaArguments)} --output '${output}'`;

/** Name to text of every file in a folder. */
function filesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(names.map(({ name }) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

describe('a program without the clients of databases', () => {
  const missing = (connection: string, dialect: string) =>
    shell(`dms provision ${quoted(schemaArguments)} --dialect ${dialect} --connection '${connection}'`);

  it('does everything that needs none', () => {
    const { status, stdout, stderr } = shell(`dms hash ${quoted(schemaArguments)}`);
    expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/), '']);
  });

  it('says how to install the one that a connection needs', () => {
    const { status, stdout, stderr } = missing('mssql://sa@h/db', 'mssql');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error DB_DRIVER_MISSING The package mssql is not installed\. Install it: npm install --save-dev mssql$/m,
    );
  });
});

describe('a reader that goes away', () => {
  it('ends the printing quietly, and nothing else', () => {
    const folder = path.join(scratch, 'piped');
    const { status, stderr } = shell(`set -o pipefail; ${emitTo(folder)} --dialect pgsql | head -1 >/dev/null`);
    expect([status, stderr]).toEqual([0, '']);
    expect(existsSync(path.join(folder, marker))).toBe(true);
  });

  it('before anything is printed, too, on either stream', () => {
    const { stdout } = shell(`dms hash ${quoted(schemaArguments)} > >(exec true) 2>${scratch}/err; sleep 0.1; echo $?`);
    expect([stdout, readFileSync(path.join(scratch, 'err'), 'utf8')]).toEqual(['0\n', '']);
    const failing = shell(`{ dms hash --schema '${scratch}/none.json'; echo $?; } 2> >(exec true)`);
    expect(failing.stdout).toBe('1\n');
  });

  it.runIf(existsSync('/dev/full'))('is not a full disk, which is said', () => {
    const { status, stderr } = shell(`dms hash ${quoted(schemaArguments)} >/dev/full`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error OUTPUT_NO_SPACE .*the standard output.*ENOSPC/);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

describe.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
  const pipe = path.join(scratch, 'pipe.jsonl');
  const emitted = path.join(scratch, 'emitted');
  beforeAll(() => {
    execFileSync('mkfifo', [pipe]);
    expect(shell(`${emitTo(emitted)} --dialect pgsql`).status).toBe(0);
  });

  const isPipe = /^error INPUT_FILE_UNREADABLE .* is a named pipe, and only/m;
  it.each([
    ['an ApiSchema', `hash --schema '${pipe}'`, isPipe],
    ['a dms.json', `hash '${pipe}'`, isPipe],
    ['an older file', `convert '${pipe}' --output '${scratch}/converted'`, isPipe],
    ['a pack', `pack verify '${pipe}'`, isPipe],
    [
      'the file of a connection',
      `inspect --dialect pgsql --connection-file '${pipe}'`,
      /^error INPUT_FILE_UNREADABLE .* is not one: <\(…\) of a shell is a pipe\. .*--connection-env/m,
    ],
    [
      'descriptors',
      `provision --artifacts '${emitted}' --dialect pgsql --connection postgres://h/d --seed-descriptors '${pipe}'`,
      isPipe,
    ],
  ])('is refused as %s, without waiting for one', (_, command, refusal) => {
    const { status, stderr } = shell(`timeout --kill-after=1 30 "${process.execPath}" "${program}" ${command}`);
    expect([status, stderr]).toEqual([1, expect.stringMatching(refusal)]);
  });
});

describe.skipIf(process.platform === 'win32')('the standard input', () => {
  it.each(['-', '/dev/stdin', '/dev/fd/0'])('is read as %s, from a pipe and from a file', (name) => {
    const core = ownSchemaFile('campus');
    const expected = shell(`dms hash --schema '${core}'`);
    expect(expected.status).toBe(0);
    expect(shell(`cat '${core}' | dms hash --schema ${name}`)).toEqual(expected);
    expect(shell(`dms hash --schema ${name} < '${core}'`)).toEqual(expected);
  });

  it('that is a folder is refused', () => {
    const { status, stderr } = shell(`dms hash --schema - < '${scratch}'`);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^error INPUT_FILE_UNREADABLE <stdin> is a folder/)]);
  });
});

describe('a place that cannot be written', () => {
  it.runIf(process.platform === 'linux')('below /proc ends with a diagnostic', () => {
    const { status, stderr } = shell(`${emitTo('/proc/x')} --dialect pgsql`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error OUTPUT_/m);
  });

  it('behind a broken link is named', () => {
    const link = path.join(scratch, 'link');
    symlinkSync(path.join(scratch, 'nowhere'), link);
    const { status, stderr } = shell(`${emitTo(link)} --dialect pgsql`);
    expect(status).toBe(1);
    expect(stderr).toContain(`error OUTPUT_NOT_A_FOLDER ${link}`);
  });

  it('in full leaves the set of an earlier run, at a limit that ends inside each of its files', () => {
    const folder = path.join(scratch, 'limited');
    expect(shell(`${emitTo(folder)} --dialect pgsql`).status).toBe(0);
    const before = filesOf(folder);
    // The system cuts a write at the limit for the size of a file, and refuses the next one.
    const sizes = [...before.values()].map((text) => Buffer.byteLength(text)).sort((a, b) => b - a);
    const limits = [...new Set(sizes.slice(0, 4).map((size) => Math.max(1, Math.floor(size / 1024) - 1)))];
    for (const limit of limits) {
      const { status, stderr } = shell(`trap '' XFSZ; ulimit -f ${limit}; ${emitTo(folder)} --dialect pgsql`);
      expect(status, `${limit} KiB`).toBe(1);
      expect(stderr).toMatch(/^error OUTPUT_(FAILED|NO_SPACE) /m);
      expect(filesOf(folder)).toEqual(before);
      expect(readdirSync(folder)).toHaveLength(before.size);
    }
  });
});

describe('a kill', () => {
  /** Starts `emit` of all schemas and kills it some milliseconds after it has begun to write. */
  async function killed(folder: string, delay: number): Promise<void> {
    const args = [program, 'emit', ...schemaArguments, '--output', folder];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // The staging folder exists from the first write to the last move: the time in which a kill could do harm.
    const isWriting = () => readdirSync(folder).some((name) => name.startsWith('.emit.staging-'));
    while (child.exitCode === null && !isWriting()) await new Promise((resolve) => setTimeout(resolve, 1));
    const until = performance.now() + delay;
    while (performance.now() < until);
    child.kill('SIGKILL');
    await ended;
  }

  it('while it writes leaves the old set, the new one, or one without its manifest, and never two', async () => {
    const [first, second, folder] = ['first', 'second', 'killed'].map((name) => path.join(scratch, name)) as [
      string,
      string,
      string,
    ];
    expect(shell(`dms emit --schema '${ownSchemaFile('campus')}' --output '${first}'`).status).toBe(0);
    expect(shell(emitTo(second)).status).toBe(0);
    const oldSet = filesOf(first);
    const newSet = filesOf(second);
    const isOf = (set: Map<string, string>, left: Map<string, string>) =>
      [...left].every(([name, text]) => set.get(name) === text);
    // The next run finds the files that a killed run leaves, except for the set itself.
    mkdirSync(folder);
    for (const delay of [...shareOf([0, 2, 4, 6, 8, 10, 12, 15], 2), Math.random() * 15]) {
      for (const name of oldSet.keys()) copyFileSync(path.join(first, name), path.join(folder, name));
      await killed(folder, delay);
      const left = filesOf(folder);
      expect(isOf(oldSet, left) || isOf(newSet, left), `mixed after ${delay} ms: ${[...left.keys()]}`).toBe(true);
      if (left.has(marker)) expect(left.size, `after ${delay} ms`).toBe(oldSet.size);
    }
    expect(shell(emitTo(folder)).status).toBe(0);
    expect(filesOf(folder)).toEqual(newSet);
    expect(readdirSync(folder)).toHaveLength(newSet.size);
  });
});

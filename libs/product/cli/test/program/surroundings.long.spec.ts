import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile, someOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../bundled-program.ts';

/*
 * Properties of the system that may be missing or strange: home, locale, time zone, size of the terminal, number of
 * processors, current folder, standard input. The program does its work, or reports what is missing; it never ends with
 * a stack trace.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-surroundings-'));
let program: string;

beforeAll(async () => {
  program = await bundleProgram(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const { PATH = '' } = process.env;

interface Surroundings {
  readonly variables: Readonly<Record<string, string>>;
  /** Shell words before the program. */
  readonly before?: string;
}

/** Runs a script in which `dms` stands for the program, with only the given variables. */
function run(script: string, { variables, before = '' }: Surroundings) {
  const dms = `dms() { ${before} "${process.execPath}" "${program}" "$@"; }`;
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', `${dms}; ${script}`], {
    cwd: scratch,
    encoding: 'utf8',
    env: variables,
  });
  return { status, stdout, stderr };
}

const hash = `dms hash --schema '${ownSchemaFile('campus')}' --mapping-version v1`;

describe('the same is printed', () => {
  const usual = { variables: { PATH, HOME: scratch } };
  const schema = `--schema '${ownSchemaFile('campus')}' --mapping-version v1`;
  const script = `dms emit --help && dms emit ${schema} --dialect pgsql --output out --quiet && cat out/* | sha256sum`;
  let expected: ReturnType<typeof run>;
  beforeAll(() => {
    expected = run(script, usual);
    expect(expected.status, expected.stderr).toBe(0);
  });

  const strange: readonly (readonly [string, Surroundings])[] = [
    ['without a home', { variables: { PATH } }],
    ['with a home that does not exist', { variables: { PATH, HOME: '/nonexistent' } }],
    ['with a home that is a file', { variables: { PATH, HOME: '/etc/passwd' } }],
    ['without any variable', { variables: {}, before: 'env -i' }],
    ['in Turkish', { variables: { PATH, LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } }],
    ['in a locale that does not exist', { variables: { PATH, LANG: 'xx', LC_ALL: 'xx', LANGUAGE: 'xx' } }],
    ['in a time zone of 5:45 hours', { variables: { PATH, TZ: 'Asia/Kathmandu' } }],
    ['in a time zone that does not exist', { variables: { PATH, TZ: 'Nowhere/Bad' } }],
    ['in a terminal without size', { variables: { PATH, COLUMNS: '0', LINES: '0', TERM: '' } }],
    ['in a terminal of an unknown kind', { variables: { PATH, COLUMNS: 'many', TERM: 'unknown' } }],
    ['on one processor', { variables: { PATH }, before: 'taskset -c 0' }],
  ];

  it.each(someOf(strange, 2))('%s', (_, surroundings) => {
    const found = run(script, surroundings);
    expect([found.status, found.stdout]).toEqual([0, expected.stdout]);
  });
});

describe('a run without the current folder', () => {
  const gone = (script: string) =>
    run(`mkdir gone && cd gone && rmdir ../gone && ${script}`, { variables: { PATH, HOME: scratch } });

  it('does what needs no relative path', () => {
    expect(gone(hash)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
    expect(gone('dms --help')).toMatchObject({ status: 0 });
  });

  it.each([
    ['init', 'dms init'],
    ['emit', 'dms emit --schema a.json --output out'],
    ['sample', `dms sample --schema '${ownSchemaFile('campus')}' --documents 5 --output documents`],
  ])('says that the folder is gone: %s', (_, script) => {
    const { status, stderr } = gone(script);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('error INPUT_FILE_NOT_FOUND The current folder does not exist any more;'),
    ]);
    expect(existsSync(path.join(scratch, 'gone'))).toBe(false);
  });
});

it('reads nothing from a standard input that is closed', () => {
  const { status, stderr } = run('dms hash --schema - <&-', { variables: { PATH } });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^error INPUT_/m)]);
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testLimits } from '../../../libs/testing/src/runs/property-runs.ts';
import { expectAllRan, expectDocumented, printedBySteps, stepsOf } from './documented-steps.ts';
import { cleanEnvironment, copyPackages, repository } from './run-nx.ts';

/*
 * Runs every command of the README, of the tutorial and of the page about CI, in one shell and in this order: the first
 * two begin in a clone, and the page about CI in the folder that the tutorial leaves behind. The guides that begin in a
 * built clone have a separate spec.
 */

const documents = ['README.md', 'docs/tutorial.md', 'docs/ci.md'] as const;

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-documentation-')));
const environment = cleanEnvironment({
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
});
const steps = documents.flatMap(stepsOf);
/** The output of each step; steps that did not run are missing. */
let printed: readonly string[] = [];

function succeeded(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

/** The files of a clone of this repository, including uncommitted changes. */
function cloneInto(clone: string): void {
  const listed = succeeded('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], repository);
  const names = listed.split('\0').filter((name) => name !== '' && existsSync(path.join(repository, name)));
  for (const name of names) {
    const target = path.join(clone, name);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(path.join(repository, name), target);
  }
  succeeded('git', ['init', '--quiet'], clone);
  succeeded('git', ['add', '--all'], clone);
}

const { devDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));

/**
 * Replaces `npm ci` in a clone: copies the packages and builds that it would make from this repository, in a fraction
 * of the time.
 */
function install(clone: string): void {
  copyPackages(path.join(repository, 'node_modules'), path.join(clone, 'node_modules'));
  const ignored = [
    'ls-files',
    '--others',
    '--ignored',
    '--exclude-standard',
    '-z',
    'libs/product/cli',
    'plugins/nx-dms',
  ];
  for (const name of succeeded('git', ignored, repository)
    .split('\0')
    .filter((each) => each !== '')) {
    mkdirSync(path.dirname(path.join(clone, name)), { recursive: true });
    copyFileSync(path.join(repository, name), path.join(clone, name));
  }
}

/** Uses the version of Nx in this repository instead of the newest one, which is untested. */
function withOwnNx(commands: string): string {
  const nx = `--ignore-scripts nx@${devDependencies.nx}`;
  return commands.replaceAll(/(npm install .*)\bnx (?=\S*nx-dms)/g, `$1${nx} `);
}

beforeAll(async () => {
  const clone = path.join(folder, 'dms');
  cloneInto(clone);
  install(clone);
  // the lookup of npx is not under test, and each start of it takes half a second
  const npx = 'npx() { local program=$1; shift; "./node_modules/.bin/$program" "$@"; }';
  // `.ci/run` begins with `npm ci`
  const npm = 'npm() { if [ "$1" != ci ]; then command npm "$@"; fi; }';
  const prelude = `${npx}\nexport -f npx\n${npm}`;
  const own = steps.map(({ commands }) => ({ commands: withOwnNx(commands) }));
  printed = await printedBySteps(own, {
    folder: clone,
    scriptFile: path.join(folder, 'script.sh'),
    environment,
    prelude,
  });
}, testLimits.exhaustive);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every command of the documentation', () => {
  test('runs, to the last one', () => {
    expectAllRan(steps, printed);
    expect(steps.length).toBeGreaterThan(12);
  });

  test.each(steps.map((step, index) => [step.title, index] as const))('%s prints the documented output', (_, index) => {
    const step = steps[index];
    if (step) expectDocumented(step, printed[index] ?? '');
  });
});

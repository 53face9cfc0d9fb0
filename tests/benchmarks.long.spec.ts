import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withSchool } from '../libs/testing/src/models/example-resources.ts';
import { isThorough } from '../libs/testing/src/runs/property-runs.ts';
import { hasSharedData } from '../libs/testing/src/shared-data.ts';

/*
 * Each benchmark starts and prints a figure, on its smallest input. A test run includes those that need no database;
 * `npm run search -- benchmarks` includes all.
 */

const root = path.resolve(import.meta.dirname, '..');
const released = (name: string) => path.join(root, 'fixtures/released', `${name}.json`);
const schema = (name: string) => path.join(root, 'fixtures/schemas', name, 'ApiSchema.json');

const folder = mkdtempSync(path.join(tmpdir(), 'dms-benchmarks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A schema of one resource and one descriptor. */
const small = path.join(folder, 'ApiSchema.json');
writeFileSync(small, JSON.stringify(withSchool()));

const command = path.join(root, 'libs/product/cli/dist/cli.mjs');
/** The translation of a release in miniature. */
const translation = [
  ...['standard-1.0.0', 'preparation-1.0.0'].flatMap((name) => ['--before', released(name)]),
  ...['--after', schema('standard'), '--translation', released('standard-1-to-2')],
];

function bench(name: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', `tools/bench/${name}.ts`, ...args],
    {
      cwd: root,
      encoding: 'utf8',
      // the build that `npm ci` made
      env: { ...process.env, DMS_TEST_PGSQL_URL: undefined, BENCH_COMMAND: command },
    },
  );
  return { status, stdout, output: stdout + stderr };
}

interface SmallRun {
  readonly args: readonly string[];
  /** Matches a line with a figure. */
  readonly figure: RegExp;
  /** Whether it works without a database. */
  readonly isUsual?: boolean;
  /** Whether it needs the data standard. */
  readonly isOfStandard?: boolean;
}

const runs: Readonly<Record<string, SmallRun>> = {
  against: {
    args: [...translation, '--against', 'HEAD', '--beside', root, '--documents', '20', '--runs', '1'],
    figure: /^upgrade apply( +[\d.]+){6}$/m,
  },
  compile: { args: ['--runs', '1', small], figure: /^emit, pgsql +\d+ ms +\d+ MB$/m, isUsual: true },
  'document-checks': { args: [schema('campus'), '20', '20'], figure: /"ratio":\d/ },
  documents: { args: ['--documents', '20', schema('standard')], figure: /^insert all, from memory( +[\d.]+)+$/m },
  'earlier-views': {
    args: ['--documents', '600', '--runs', '1'],
    figure: /^reports: median, most( +[\d.]+)+$/m,
    isOfStandard: true,
  },
  graph: { args: ['--runs', '1'], figure: /^warm, in the same process +\d+ ms$/m, isUsual: true },
  'in-place': {
    args: [...translation, '--documents', '40'],
    figure: /^in place [\d.]+ of the copy of all$/m,
  },
  inserts: { args: ['--documents', '5', '--runs', '1'], figure: /^Student( +[\d.]+){3}$/m, isOfStandard: true },
  'load-cases': {
    args: ['--documents', '20', '--chain', '5', '--runs', '1'],
    figure: /^a chain in bulk, children first( +[\d.]+)+$/m,
  },
  loads: { args: ['--documents', '20', '--runs', '1', schema('campus')], figure: /^load --bulk( +[\d.]+)+$/m },
  reporting: { args: ['--documents', '600', '--runs', '1'], figure: /^median of all( +[\d.]+)+$/m, isOfStandard: true },
  sizes: { args: ['--runs', '1', '--only', 'hash'], figure: /^hash( +[\d.]+){3} times$/m, isOfStandard: true },
  translate: {
    args: [...translation, '--documents', '40', '--no-dump'],
    figure: /^translate 40( +[\d.]+){6}$/m,
  },
  upgrade: { args: ['--documents', '20', schema('campus'), schema('athletics')], figure: /^upgrade +\d+$/m },
  verify: { args: ['--runs', '1', '--beside', root, small], figure: /^ratio( +[\d.]+){2}$/m },
  waits: { args: ['--documents', '20'], figure: /^a property becomes required( +[\d.]+( ms)?)+$/m },
  writes: {
    args: ['--scale', '0.01', '--runs', '1', '--mapping-version', 'v2'],
    figure: /^.+ +\d+ +\d+ +[\d.]+ +\d+$/m,
    isOfStandard: true,
  },
};

test('every benchmark has a small run, and is listed', () => {
  const { status, stdout } = bench('index');
  expect(status).toBe(0);
  expect(bench('index', '--help')).toMatchObject({ status: 0, output: stdout });
  const listed = [...stdout.matchAll(/^([a-z-]+) {2,}\S/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(runs).sort());
  const files = readdirSync(path.join(root, 'tools/bench'));
  expect(listed.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
});

test('a comparison with a commit that is not there is wrong use', () => {
  expect(bench('index', '--against', 'no-such-commit')).toMatchObject({
    status: 2,
    output: expect.stringContaining('"no-such-commit" is not one'),
  });
});

test('an unknown benchmark is wrong use', () => {
  expect(bench('index', 'speed')).toMatchObject({
    status: 2,
    output: expect.stringContaining('There is no benchmark "speed".'),
  });
});

for (const [name, { args, figure, isUsual = false, isOfStandard = false }] of Object.entries(runs)) {
  const needs = [
    ...(isOfStandard ? ['the shared data standard'] : []),
    ...(isUsual ? [] : ['DMS_PROPERTY_RUNS above 1']),
  ].join(' and ');
  const title = `${name} gives a figure${needs === '' ? '' : ` (needs ${needs})`}`;
  test.skipIf((isOfStandard && !hasSharedData) || !(isUsual || isThorough))(title, () => {
    const { status, output } = bench(name, ...args);
    expect(status, output).toBe(0);
    expect(output).toMatch(figure);
  });
}

import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAllRan, expectDocumented, printedBySteps, stepsOf } from './documented-steps.ts';
import { cleanEnvironment, repository, run } from './run-nx.ts';
import { packedPlugin, packedProgram } from './scratch-workspace.ts';

/*
 * The commands of the README, and of a guide that provisions, loads and dumps, in an empty project with only the packed
 * plugin and the package that it depends on. The schemas of this repository are beside it.
 */

const documents = ['README.md', 'docs/packs.md'] as const;

/** The steps without those for a clone: its build and its own projects. Each guide begins at the top of the project. */
const steps = documents.flatMap((document) =>
  stepsOf(document)
    .filter(({ commands }) => !/^(?:npm ci|npx nx )/m.test(commands))
    .map((step, index) => (index === 0 ? { ...step, commands: `cd "$project"\n${step.commands}` } : step)),
);

const { devDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-plugin-alone-')));
let printed: readonly string[] = [];

beforeAll(async () => {
  const project = path.join(folder, 'project');
  mkdirSync(project);
  const setUp = cleanEnvironment({});
  expect((await run('npm', ['init', '-y'], project, setUp)).exitCode).toBe(0);
  const npm = ['install', '--save-dev', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const packages = [`nx@${devDependencies.nx}`, packedPlugin(folder), packedProgram(folder)];
  const installed = await run('npm', [...npm, ...packages], project, setUp);
  expect(installed.exitCode, installed.output).toBe(0);
  for (const name of ['schemas', 'released'])
    cpSync(path.join(repository, 'fixtures', name), path.join(project, 'fixtures', name), { recursive: true });
  // npx must find the program here, because it is offline
  const environment = cleanEnvironment({ npm_config_offline: 'true', project });
  printed = await printedBySteps(steps, { folder: project, scriptFile: path.join(folder, 'script.sh'), environment });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('with the packed plugin alone', () => {
  test('every command runs, to the last one', () => {
    expectAllRan(steps, printed);
    expect(steps.length).toBeGreaterThan(4);
  });

  test.each(steps.map((step, index) => [step.title, index] as const))('%s prints the documented output', (_, index) => {
    const step = steps[index];
    if (step) expectDocumented(step, printed[index] ?? '');
  });
});

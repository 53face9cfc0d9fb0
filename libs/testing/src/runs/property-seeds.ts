import path from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, beforeEach, expect, type RunnerTask } from 'vitest';
import { type FailedSeed, failedSeeds } from './failed-seeds.ts';
import { enterSpec, isQuick, propertyRuns } from './property-runs.ts';
import { seedOfRun } from './seed-of-run.ts';

/*
 * Sets up every file of a test run. Properties get the seed of the run and, by default, the usual number of runs; a
 * test with failed seeds runs again with each of them, except in a quick spec.
 */

const runsOfFastCheck = 100;
const workspace = path.resolve(import.meta.dirname, '../../../..');

const fileOf = (filepath: string) => path.relative(workspace, filepath).split(path.sep).join('/');

function nameOf(task: RunnerTask): string {
  const parent = task.suite && task.suite !== task.file ? `${nameOf(task.suite)} > ` : '';
  return `${parent}${task.name}`;
}

/** The tests in and below `tasks`. */
function testsOf(tasks: readonly RunnerTask[]): (RunnerTask & { readonly type: 'test' })[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task.tasks) : [task]));
}

const seedsOf = new Map<string, readonly FailedSeed[]>();

enterSpec(expect.getState().testPath ?? '');

fc.configureGlobal({ seed: seedOfRun(), numRuns: propertyRuns(runsOfFastCheck) });

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads the parameter, and takes no other way to have none of the context
beforeAll(({}, file) => {
  const ofFile = failedSeeds.filter((entry) => entry.file === fileOf(file.file.filepath));
  if (ofFile.length === 0 || isQuick()) return;
  const tests = testsOf(file.tasks);
  for (const { test } of ofFile)
    if (!tests.some((task) => nameOf(task) === test))
      throw new Error(`failed-seeds.ts: ${file.name} has no test "${test}".`);
  for (const task of tests) {
    const found = ofFile.filter(({ test }) => test === nameOf(task));
    if (found.length === 0) continue;
    seedsOf.set(task.id, found);
    task.repeats = found.length;
  }
});

beforeEach(({ task }) => {
  const again = seedsOf.get(task.id)?.[(task.result?.repeatCount ?? 0) - 1];
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: again?.seed ?? seedOfRun() });
});

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import {
  compilePlansStep,
  deriveInventoryStep,
  deriveModelInFolder,
  dialects,
  emitArtifacts,
  filesOf,
  normalizeSchemaInFolder,
  type StepName,
  stepInFolder,
} from '../index.ts';
import { markerFiles } from './step-table.ts';

const scratchFolder = scratchFolders();

const calls = vi.hoisted(() => ({ done: 0, last: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  /** Simulates a killed process: every call after the last one never returns. */
  function untilKilled<Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) {
    return async (...args: Args): Promise<Result> => {
      calls.done += 1;
      return calls.done > calls.last ? new Promise<Result>(() => {}) : call(...args);
    };
  }
  return { ...real, open: untilKilled(real.open), rename: untilKilled(real.rename), rm: untilKilled(real.rm) };
});

/** A set of one schema, and one of two. */
let before = '';
let after = '';
let normalized: { readonly file: string }[] = [];

beforeAll(async () => {
  // each stopped run keeps its listener for the end of the process
  process.setMaxListeners(200);
  [before, after] = [scratchFolder(), scratchFolder()];
  await emitArtifacts({ schemas: [ownSchemaFile('campus')], dialects, outputDirectory: before });
  const both = [ownSchemaFile('campus'), ownSchemaFile('athletics')];
  await emitArtifacts({ schemas: both, dialects, outputDirectory: after });
  normalized = await Promise.all(
    both.map(async (source) => {
      const outputDirectory = scratchFolder();
      await normalizeSchemaInFolder({ source, outputDirectory });
      return { file: path.join(outputDirectory, 'schema.normalized.json') };
    }),
  );
});

const inFolder = (outputDirectory: string) => ({ outputDirectory, dialects });
const runs: Partial<Record<StepName, (folder: string) => Promise<unknown>>> = {
  'derive-model': (folder) => deriveModelInFolder({ ...inFolder(folder), schemas: normalized }),
  'derive-inventory': (folder) => stepInFolder(deriveInventoryStep, inFolder(folder), () => undefined),
  'compile-plans': (folder) => stepInFolder(compilePlansStep, inFolder(folder), () => undefined),
};

it.each(Object.entries(runs))(
  '%s, killed between any two calls of the system, leaves outputs of one run only',
  async (step, run) => {
    const outputs = filesOf([step as StepName]);
    let isDone = false;
    let cuts = 0;
    for (let cut = 0; !isDone; cut += 1) {
      const folder = scratchFolder();
      // the inputs of the second run, beside the outputs of the first
      cpSync(after, folder, { recursive: true });
      for (const name of outputs) cpSync(path.join(before, name), path.join(folder, name));
      if (step === 'derive-model')
        for (const name of readdirSync(before)) cpSync(path.join(before, name), path.join(folder, name));
      calls.done = 0;
      calls.last = cut;
      const work = run(folder).then(() => true);
      const killed = new Promise<false>((resolve) => {
        const timer = setInterval(() => {
          if (calls.done <= cut) return;
          clearInterval(timer);
          setTimeout(() => resolve(false), 20);
        }, 5);
        void work.finally(() => clearInterval(timer));
      });
      isDone = await Promise.race([work, killed]);
      calls.last = Number.POSITIVE_INFINITY;
      const left = Object.entries(filesIn(folder, outputs));
      const isOf = (set: string) => left.every(([name, text]) => readFileSync(path.join(set, name), 'utf8') === text);
      expect(isOf(before) || isOf(after), `cut ${cut}: ${left.map(([name]) => name)}`).toBe(true);
      const markers = left.some(([name]) => markerFiles([step as StepName]).includes(name));
      if (markers) expect(left.length, `cut ${cut}`).toBe(outputs.length);
      if (isDone) expect(left.length > 0 && isOf(after)).toBe(true);
      cuts += 1;
    }
    // every output is removed, opened and moved
    expect(cuts).toBeGreaterThan(3 * outputs.length);
  },
);

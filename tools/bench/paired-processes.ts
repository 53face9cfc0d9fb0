import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './runs.ts';

const usageProgram = pathToFileURL(path.join(import.meta.dirname, 'usage.mjs')).href;

/** The cost of a process from its start to its end, with all its threads. */
export interface ProcessCost {
  /** Processor time. */
  readonly seconds: number;
  /** Elapsed time in seconds. */
  readonly passed: number;
  readonly megabytes: number;
}

/** A Node program with its arguments. */
export interface MeasuredProgram {
  readonly args: readonly string[];
  /** The folder with what earlier processes keep for their user; each process on Linux has an empty one if it is absent. */
  readonly caches?: string;
  /** Variables of its environment besides those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** The exit codes that it may end with; 0 if absent. */
  readonly expected?: readonly number[];
}

/** Runs a Node program; throws if it ends with another exit code than expected. */
export function costOf({ args, caches, env, expected = [0] }: MeasuredProgram, folder: string): ProcessCost {
  const usage = path.join(folder, 'usage.json');
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', usageProgram, ...args], {
    env: {
      ...process.env,
      ...env,
      BENCH_USAGE_FILE: usage,
      XDG_CACHE_HOME: caches ?? mkdtempSync(path.join(folder, 'caches-')),
    },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (!expected.includes(status ?? -1)) throw new Error(`${args.join(' ')}\n${stdout}\n${stderr}`);
  return { ...JSON.parse(readFileSync(usage, 'utf8')), passed: (performance.now() - start) / 1000 };
}

/**
 * Runs two programs in turn. The ratios are those of each pair, which ran under the same load of the machine, so their
 * medians are valid on a busy one too.
 */
export function pairsOf(runs: number, one: MeasuredProgram, other: MeasuredProgram, folder: string) {
  const pairs = Array.from({ length: runs }, () => ({ one: costOf(one, folder), other: costOf(other, folder) }));
  const medianOf = (side: 'one' | 'other', member: keyof ProcessCost) =>
    median(pairs.map((pair) => pair[side][member]));
  const ratioOf = (member: keyof ProcessCost) => median(pairs.map((pair) => pair.one[member] / pair.other[member]));
  const sideOf = (side: 'one' | 'other'): ProcessCost => ({
    seconds: medianOf(side, 'seconds'),
    passed: medianOf(side, 'passed'),
    megabytes: medianOf(side, 'megabytes'),
  });
  return { one: sideOf('one'), other: sideOf('other'), cpuRatio: ratioOf('seconds'), timeRatio: ratioOf('passed') };
}

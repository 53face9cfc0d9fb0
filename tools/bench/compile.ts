/**
 * Measures time and peak memory of the pipeline, step by step, for both dialects, each run in a separate process. Then
 * it times the loading of the packs, each in a separate process, like the start of a server; then whole processes: Node
 * alone, which is the minimum for any such program, and the commands; finally, how the time of `emit` grows with the
 * schemas.
 *
 *   npm run bench -- compile                           the data standard 5.2 if it is there, else the schemas here
 *   npm run bench -- compile core.json extension.json  a schema set of your own
 *   npm run bench -- compile --runs 9                  more runs; the median is printed
 *   npm run bench -- compile --mapping-version v2      the second generation of the mapping
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ownProjects, ownSchemaFile } from '@dms/testing';
import { bundle } from '../build/bundle.ts';
import { coreWithCopies } from './copies.ts';
import { dataStandard, versionOf } from './data-standard.ts';
import type { MeasuredStep } from './measure.ts';
import { median, runsOf } from './runs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, 'mapping-version': { type: 'string', default: 'v1' } },
  allowPositionals: true,
});
const runs = runsOf(values.runs);
const mappingVersion = versionOf(values['mapping-version']);
const copies = 8;

function embeddedSchemas() {
  const standard = dataStandard(mappingVersion);
  if (existsSync(standard)) return [standard];
  return ownProjects[mappingVersion].map(ownSchemaFile);
}

const row = (step: string, milliseconds: number, megabytes: number) =>
  `${step.padEnd(18)}${milliseconds.toFixed(0).padStart(8)} ms${megabytes.toFixed(0).padStart(8)} MB`;

type CompileSample = Omit<MeasuredStep, 'step'>;

/** Measures a process from its start to its end. */
function timedProcess(folder: string, args: readonly string[]): CompileSample {
  const peak = path.join(folder, 'peak');
  const start = performance.now();
  execFileSync(process.execPath, ['--import', path.join(root, 'tools', 'bench', 'peak.mjs'), ...args], {
    // notes about a schema do not belong in this table; an exception describes a failure
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BENCH_PEAK_FILE: peak },
  });
  return { milliseconds: performance.now() - start, peakMegabytes: Number(readFileSync(peak, 'utf8')) };
}

const medians = (samples: readonly CompileSample[]): CompileSample => ({
  milliseconds: median(samples.map(({ milliseconds }) => milliseconds)),
  peakMegabytes: median(samples.map(({ peakMegabytes }) => peakMegabytes)),
});

const schemas = positionals.length > 0 ? positionals.map((file) => path.resolve(file)) : embeddedSchemas();
const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
try {
  const { bundles } = await bundle({
    entryPoints: Object.fromEntries(
      ['measure', 'load-pack'].map((name) => [name, path.join(root, 'tools', 'bench', `${name}.ts`)]),
    ),
    outdir: folder,
  });
  const [loadPack = '', measure = ''] = bundles;
  const run = <Result>(...args: readonly string[]): Result =>
    JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  const measured = Array.from({ length: runs }, () => run<MeasuredStep[]>(measure, mappingVersion, folder, ...schemas));
  console.log(`${schemas.map((file) => path.relative(process.cwd(), file)).join(' ')}`);
  console.log(
    `Both dialects, ${runs} runs in fresh processes; medians. Memory is the peak of the process up to that step.\n`,
  );
  for (const [index, { step }] of (measured[0] ?? []).entries()) {
    const samples = measured.flatMap((run) => run[index] ?? []);
    const peak = median(samples.map(({ peakMegabytes }) => peakMegabytes));
    console.log(row(step, median(samples.map(({ milliseconds }) => milliseconds)), peak));
  }
  const totals = measured.map((run) => run.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  const peaks = measured.map((run) => Math.max(...run.map(({ peakMegabytes }) => peakMegabytes)));
  console.log(row('all', median(totals), median(peaks)));
  console.log('');
  for (const dialect of ['pgsql', 'mssql']) {
    const loads = Array.from({ length: runs }, () =>
      run<MeasuredStep>(loadPack, path.join(folder, `${dialect}.mpack`)),
    );
    const { milliseconds, peakMegabytes } = medians(loads);
    console.log(row(`load pack ${dialect}`, milliseconds, peakMegabytes));
  }
  console.log('');
  const command = path.join(root, 'libs', 'product', 'cli', 'bin', 'dms-ddl.mjs');
  const version = ['--mapping-version', mappingVersion];
  const options = [...schemas.flatMap((file) => ['--schema', file]), ...version];
  const artifacts = path.join(folder, 'artifacts');
  const written = path.join(folder, 'written');
  mkdirSync(written);
  const processes = {
    'emit, both': [command, 'emit', ...options, '--output', artifacts],
    'emit, pgsql': [command, 'emit', ...options, '--output', path.join(folder, 'one'), '--dialect', 'pgsql'],
    hash: [command, 'hash', ...options],
    floor: [path.join(root, 'tools', 'bench', 'floor.mjs'), artifacts, written, ...schemas],
    'Node alone': ['--eval', ''],
  };
  const timed = (name: string, args: readonly string[]): CompileSample => {
    const found = medians(Array.from({ length: runs }, () => timedProcess(folder, args)));
    console.log(row(name, found.milliseconds, found.peakMegabytes));
    return found;
  };
  for (const [name, args] of Object.entries(processes)) timed(name, args);
  console.log('');
  const [core = ''] = schemas;
  const emitOf = (files: readonly string[]) => [
    ...[command, 'emit', ...files.flatMap((file) => ['--schema', file]), ...version],
    ...['--output', artifacts],
  ];
  const one = timed('emit, the core', emitOf([core]));
  const many = timed(`emit, ${copies} copies`, emitOf(coreWithCopies(core, copies, folder)));
  const time = (many.milliseconds / one.milliseconds).toFixed(1);
  const memory = (many.peakMegabytes / one.peakMegabytes).toFixed(1);
  console.log(`${copies} copies take ${time} times the time and ${memory} times the memory of one.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Compares `verify` on the embedded engine with that of an earlier commit, run as by users: each emits its artifacts,
 * and verifies them in a process. Both take turns, so the ratios are valid on a busy machine. With --than, compares
 * `verify` of one schema with `verify` of another, both by this commit. No process knows the shapes that an earlier one
 * proved; with --again each knows those of a first run, which is not measured.
 *
 *   npm run bench -- verify --beside ../earlier          a clone of an earlier commit, after npm ci
 *   npm run bench -- verify --beside ../earlier core.json --mapping-version v2
 *   npm run bench -- verify --beside ../earlier --again
 *   npm run bench -- verify --than ds-5.2.json ds-6.1.json
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { coreOf, existingFile, versionOf } from './data-standard.ts';
import { costOf, type MeasuredProgram, pairsOf } from './paired-processes.ts';
import { runsOf } from './runs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    'mapping-version': { type: 'string', default: 'v1' },
    beside: { type: 'string' },
    than: { type: 'string' },
    again: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const runs = runsOf(values.runs);
const mappingVersion = versionOf(values['mapping-version']);
const schema = coreOf(positionals[0], mappingVersion, 'verify');

const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));

/** The command of a clone; earlier commits have the command in another folder. */
function commandIn(clone: string): string {
  const places = ['libs/product/cli', 'libs/cli'].map((folder) => path.join(clone, folder, 'bin', 'dms-ddl.mjs'));
  return places.find(existsSync) ?? existingFile(places[0] ?? '', 'Name a clone with --beside, after npm ci in it.');
}

const commitOf = (clone: string) =>
  execFileSync('git', ['-C', clone, 'rev-parse', '--short=8', 'HEAD'], { encoding: 'utf8' }).trim();

/** Emits the artifacts of a schema with the command of a clone; returns the command that verifies them. */
function verifying(clone: string, file: string, output: string): MeasuredProgram {
  const command = commandIn(clone);
  const options = ['--schema', file, '--mapping-version', mappingVersion, '--dialect', 'pgsql', '--output', output];
  execFileSync(process.execPath, [command, 'emit', ...options], { stdio: 'ignore' });
  const args = [command, 'verify', '--artifacts', output, '--dialect', 'pgsql'];
  if (!values.again) return { args };
  const again = { args, caches: `${output}-caches` };
  costOf(again, folder);
  return again;
}

try {
  const clone = values.beside === undefined ? root : path.resolve(values.beside);
  const other = values.than === undefined ? schema : existingFile(values.than, 'Name a schema with --than.');
  const one = verifying(root, schema, path.join(folder, 'one'));
  const beside = verifying(clone, other, path.join(folder, 'other'));
  const found = pairsOf(runs, one, beside, folder);
  const row = (name: string, { seconds, passed, megabytes }: typeof found.one) =>
    console.log(
      `${name.padEnd(40)}${seconds.toFixed(1).padStart(8)} s${passed.toFixed(1).padStart(8)} s${megabytes.toFixed(0).padStart(7)} MB`,
    );
  console.log(
    `verify${values.again ? ' again' : ''}, ${mappingVersion}; processor time, time and memory; medians of ${runs} pairs.\n`,
  );
  row(`${path.basename(schema)} at ${commitOf(root)}`, found.one);
  row(`${path.basename(other)} at ${commitOf(clone)}`, found.other);
  console.log(`\nratio${found.cpuRatio.toFixed(2).padStart(43)}${found.timeRatio.toFixed(2).padStart(10)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

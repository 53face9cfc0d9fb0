/**
 * Compares, in pairs of processes, commands on the data standard 6.1 as published, with its OpenAPI payloads (17.6 MB),
 * and without them (3.4 MB); and `emit` of 6.1 with `emit` of 5.2.
 *
 *   npm run bench -- sizes
 *   npm run bench -- sizes --runs 9
 *   npm run bench -- sizes --only hash    only the rows with this text in their names
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dataStandard, standard61, writeWhole61 } from './data-standard.ts';
import { pairsOf } from './paired-processes.ts';
import { runsOf } from './runs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const command = path.join(root, 'libs', 'product', 'cli', 'bin', 'dms-ddl.mjs');
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '7' }, only: { type: 'string', default: '' } },
});
const runs = runsOf(values.runs);

const hash = (schema: string) => [command, 'hash', '--schema', schema];
const emit = (version: string, output: string) => (schema: string) => [
  ...[command, 'emit', '--schema', schema, '--mapping-version', version, '--output', output],
];

if (!existsSync(standard61.whole)) {
  console.error(`${standard61.whole} does not exist; this benchmark needs the published size of 6.1.`);
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
try {
  const whole = writeWhole61(folder);
  const output = path.join(folder, 'out');
  const rows = [
    ['hash', hash, whole, standard61.stripped],
    ['emit, v1', emit('v1', output), whole, standard61.stripped],
    ['emit, v2', emit('v2', output), whole, standard61.stripped],
    ['emit, v1, 6.1 and 5.2', emit('v1', output), standard61.stripped, dataStandard('v1')],
    ['emit, v2, 6.1 and 5.2', emit('v2', output), standard61.stripped, dataStandard('v2')],
  ] as const;
  console.log(`Processor time in seconds; medians of ${runs} pairs.\n`);
  for (const [name, argsOf, one, other] of rows.filter(([title]) => title.includes(values.only))) {
    const found = pairsOf(runs, { args: argsOf(one) }, { args: argsOf(other) }, folder);
    const text = (value: number) => value.toFixed(2).padStart(8);
    console.log(
      `${name.padEnd(24)}${text(found.one.seconds)}${text(found.other.seconds)}${text(found.cpuRatio)} times`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

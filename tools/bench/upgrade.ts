/**
 * Times the upgrade of a database of the data standard 5.2 to 5.2 with TPDM, and how the time grows with its documents,
 * which come from a loaded sample (design 12 §9).
 *
 *   npm run bench -- upgrade                           10,000 and 100,000 documents, on a separate server
 *   npm run bench -- upgrade --documents 1000000       other numbers; repeat --documents for each
 *   npm run bench -- upgrade core.json extension.json  from your own core to that core with an extension
 *   DMS_TEST_PGSQL_URL=… npm run bench -- upgrade      on that server, in databases that it creates and drops
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dataStandard, existingFile, tpdm } from './data-standard.ts';
import type { MeasuredRun } from './measured-upgrade.ts';

const { values, positionals } = parseArgs({
  options: { documents: { type: 'string', multiple: true, default: ['10000', '100000'] } },
  allowPositionals: true,
});
const advice =
  'Name the ApiSchema files of the data standard and of the extension: npm run bench -- upgrade <core> <extension>';
const schemas = [positionals[0] ?? dataStandard('v1'), positionals[1] ?? tpdm].map((file) =>
  existingFile(file, advice),
);
const program = ['--import', 'tsx', path.join(import.meta.dirname, 'measured-upgrade.ts')];
const runs = values.documents.map((count): MeasuredRun => {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return JSON.parse(
    execFileSync(process.execPath, [...program, ...schemas, count], { encoding: 'utf8', stdio: [...stdio] }),
  );
});
const row = (title: string, of: (run: MeasuredRun) => number) =>
  console.log(`${title.padEnd(50)}${runs.map((run) => Math.round(of(run)).toString().padStart(12)).join('')}`);
console.log(`PostgreSQL ${runs[0]?.version}; each number of documents in a process of its own; times in ms.\n`);
row('documents, descriptors included', ({ documents }) => documents);
row('size before, MB', ({ megabytes }) => megabytes);
row('load', ({ load }) => load);
row('upgrade', ({ milliseconds }) => milliseconds);
row('estimate of the command', ({ estimate }) => estimate);
row('CPU of the process and the session', ({ cpu }) => cpu);
row('statements', ({ statements }) => statements);
console.log('');
for (const [index, { part }] of (runs[0]?.parts ?? []).entries())
  row(part, ({ parts }) => parts[index]?.milliseconds ?? 0);

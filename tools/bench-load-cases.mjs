/**
 * Times loads that the database makes difficult, each beside the same load without the difficulty: documents that the database refuses, by
 * a plain load and in bulk, and a chain of documents that name each other with the last one first (design 14 §6). Own schemas, PostgreSQL
 * on a server of its own, from npm. Each run has a new database; of several runs of a kind the one with the least processor time counts.
 * Needs Linux.
 *
 *   npm run bench:load-cases                           20,000 students, a chain of 3,000 districts, three runs of each kind
 *   npm run bench:load-cases -- --documents 100000     more students
 *   npm run bench:load-cases -- --chain 10000          a longer chain
 *   npm run bench:load-cases -- --runs 1               fewer runs
 *   npm run bench:load-cases -- --command cli.mjs      another build of the command, to compare with
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runsOf } from './bench/runs.mjs';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    chain: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '3' },
    command: { type: 'string' },
  },
});
const runs = String(runsOf(values.runs));
if (values.command === undefined)
  execFileSync(process.execPath, [path.join(root, 'libs', 'cli', 'build.mjs')], { stdio: 'inherit' });
const command = path.resolve(values.command ?? path.join(root, 'libs', 'cli', 'dist', 'cli.mjs'));
const usage = path.join(root, 'tools', 'bench', 'usage.mjs');
const schema = path.join(root, 'fixtures', 'schemas', 'campus', 'ApiSchema.json');
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const entry = path.join(root, 'tools', 'bench', 'load-cases.ts');
  const [measure] = await bundle({ entryPoints: { 'load-cases': entry }, outdir: folder });
  const facts = [command, usage, schema, values.documents, values.chain, runs];
  execFileSync(process.execPath, [measure, ...facts], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

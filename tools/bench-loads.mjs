/**
 * Times `dms-ddl load` and `dms-ddl load --bulk` as users run them, on a PostgreSQL server of its own, from npm: the processor time of the
 * command and of all processes of the server, the time passed, and the peak memory. The floor under each is a program that writes the rows
 * of all tables that the load left, into the same tables with all keys and without triggers: by INSERTs of 500 rows, or by COPY (design
 * 14 §6). Each run has a new database; of several runs of a kind the one with the least processor time counts. Needs Linux.
 *
 *   npm run bench:loads                           60,000 documents of the data standard 5.2, three runs of each kind
 *   npm run bench:loads -- --documents 240000     a larger sample
 *   npm run bench:loads -- --runs 1               fewer runs
 *   npm run bench:loads -- --mapping-version v2   the second generation
 *   npm run bench:loads -- core.json              the core of the data standard from another place
 *   npm run bench:loads -- --ods                  reading an ODS of these documents, and loads from it and from files, without floors
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataStandard } from './bench/data-standard.mjs';
import { runsOf } from './bench/runs.mjs';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    documents: { type: 'string', default: '60000' },
    runs: { type: 'string', default: '3' },
    'mapping-version': { type: 'string', default: 'v1' },
    ods: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const version = values['mapping-version'];
const schema = positionals[0] === undefined ? dataStandard(version) : path.resolve(positionals[0]);
if (!existsSync(schema)) {
  console.error(`${schema} does not exist. Name the ApiSchema file of the data standard 5.2: npm run bench:loads -- <file>`);
  process.exit(1);
}
const runs = String(runsOf(values.runs));
execFileSync(process.execPath, [path.join(root, 'libs', 'cli', 'build.mjs')], { stdio: 'inherit' });
const command = path.join(root, 'libs', 'cli', 'dist', 'cli.mjs');
const usage = path.join(root, 'tools', 'bench', 'usage.mjs');
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  // bundles come in the order of their names
  const names = values.ods ? ['ods'] : ['floor-rows', 'loads'];
  const places = names.map((name) => [name, path.join(root, 'tools', 'bench', `${name}.ts`)]);
  const bundles = await bundle({ entryPoints: Object.fromEntries(places), outdir: folder });
  const [measure, ...floor] = bundles.toReversed();
  const facts = [command, usage, schema, version, values.documents, runs, ...floor];
  execFileSync(process.execPath, [measure, ...facts], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

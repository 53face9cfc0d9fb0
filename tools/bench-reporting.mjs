/**
 * Times typical queries of analysts on reporting views, and on the same rows in tables of an ODS with their keys and indexes
 * (design 19 §9). The documents are those of a district; both sides are warm and asked in turn, on a PostgreSQL server from npm.
 *
 *   npm run bench:reporting                          the second generation, 60,000 documents
 *   npm run bench:reporting -- --mapping-version v1  the first generation
 *   npm run bench:reporting -- --documents 12000     a smaller district
 *   npm run bench:reporting -- --runs 51             runs of each query, of which the median counts
 *   npm run bench:reporting -- core.json             the core of the data standard 5.2 from another place
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataStandard } from './bench/data-standard.mjs';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    documents: { type: 'string', default: '60000' },
    runs: { type: 'string', default: '21' },
    'mapping-version': { type: 'string', default: 'v2' },
  },
  allowPositionals: true,
});
const version = values['mapping-version'];
const schema = positionals[0] === undefined ? dataStandard(version) : path.resolve(positionals[0]);
if (!existsSync(schema)) {
  console.error(
    `${schema} does not exist. Name the ApiSchema file of the data standard 5.2: npm run bench:reporting -- <file>`,
  );
  process.exit(1);
}
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const entry = path.join(root, 'tools', 'bench', 'reporting.ts');
  const [measure] = await bundle({ entryPoints: { reporting: entry }, outdir: folder });
  execFileSync(process.execPath, [measure, schema, values.documents, version, values.runs], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Times the documents library in one process: writes, reads, replaces and reads as text a sample of the data standard 5.2, and compares
 * this with plain inserts of the same rows and `SELECT *` of the same tables (design 14 §6). `npm run bench:loads` times `dms-ddl load`.
 *
 *   npm run bench:documents                       on the embedded engine
 *   npm run bench:documents -- --server           on a PostgreSQL server of its own, from npm
 *   npm run bench:documents -- --documents 2000   a smaller sample
 *   npm run bench:documents -- --mapping-version v2   the second generation
 *   npm run bench:documents -- core.json          the core of the data standard from another place
 *   DMS_TEST_PGSQL_URL=… npm run bench:documents  on that server, in databases that it creates and drops
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
    documents: { type: 'string', default: '20000' },
    server: { type: 'boolean', default: false },
    'mapping-version': { type: 'string', default: 'v1' },
  },
  allowPositionals: true,
});
const version = values['mapping-version'];
const schema = positionals[0] === undefined ? dataStandard(version) : path.resolve(positionals[0]);
if (!existsSync(schema)) {
  console.error(
    `${schema} does not exist. Name the ApiSchema file of the data standard 5.2: npm run bench:documents -- <file>`,
  );
  process.exit(1);
}
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const entry = path.join(root, 'tools', 'bench', 'documents.ts');
  const [measure] = await bundle({ entryPoints: { documents: entry }, outdir: folder });
  const engine = values.server ? 'server' : 'embedded';
  execFileSync(process.execPath, [measure, schema, values.documents, engine, version], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Times writes on a PostgreSQL server: the tables of the data standard 5.2 with and without triggers (design 07 §8.3).
 *
 *   npm run bench:writes                       both generations, on a server of its own, from npm
 *   npm run bench:writes -- --scale 0.1        a tenth of the rows
 *   npm run bench:writes -- --only document    the cases with that word in their title
 *   npm run bench:writes -- --mapping-version v2   one generation; without it both, in turn
 *   npm run bench:writes -- --mapping-version v2 core.json   the core of the data standard from another place
 *   DMS_TEST_PGSQL_URL=… npm run bench:writes  on that server, in databases that it creates and drops
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
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    'mapping-version': { type: 'string' },
  },
  allowPositionals: true,
});
const version = values['mapping-version'];
const [file] = positionals;
if (file !== undefined && version === undefined) {
  console.error('A file is for one generation: name it with --mapping-version.');
  process.exit(1);
}
const schemas = (version === undefined ? ['v1', 'v2'] : [version]).map((each) => ({
  version: each,
  schema: file === undefined ? dataStandard(each) : path.resolve(file),
}));
for (const { schema } of schemas) {
  if (existsSync(schema)) continue;
  console.error(`${schema} does not exist. Name the ApiSchema file of the data standard 5.2: npm run bench:writes -- <file>`);
  process.exit(1);
}
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const entry = path.join(root, 'tools', 'bench', 'writes.ts');
  const [measure] = await bundle({ entryPoints: { writes: entry }, outdir: folder });
  const named = schemas.map((each) => `${each.version}=${each.schema}`);
  execFileSync(process.execPath, [measure, values.scale, values.runs, values.only, ...named], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Measures how long a writer waits for an upgrade, with and without `upgrade prepare` (design 12 §14): four changes of the schema set of this
 * repository, on copies of one database, while another process updates students one after the other. PostgreSQL on a server of its own, from
 * npm.
 *
 *   npm run bench:waits                            100,000 documents
 *   npm run bench:waits -- --documents 1000000     another number
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build/bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { documents: { type: 'string', default: '100000' } } });
const schema = path.join(root, 'fixtures', 'schemas', 'campus', 'ApiSchema.json');
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  // bundles come in the order of their names
  const places = ['waits', 'writer'].map((name) => [name, path.join(root, 'tools', 'bench', `${name}.ts`)]);
  const [measure = '', writer = ''] = await bundle({ entryPoints: Object.fromEntries(places), outdir: folder });
  execFileSync(process.execPath, [measure, schema, values.documents, writer], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

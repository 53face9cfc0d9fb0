/**
 * Records the results of SQL Server for the queries that read its catalog, and the columns of its system views, for the tests:
 * fixtures/mssql-recordings (design 09 §3.4).
 *
 *   npm run record:mssql -- 'mssql://sa:…@localhost/master'   on that server, in a database that it creates and drops
 *   npm run record:mssql                                      the results according to the documentation
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// inside the workspace, where the database client is found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-record-'));
try {
  const entry = path.join(root, 'tools', 'mssql', 'record.ts');
  // only @dms/testing uses its own path, to find files of the workspace
  const testing = JSON.stringify(path.join(root, 'libs', 'testing', 'src'));
  const [record] = await bundle({ entryPoints: { record: entry }, outdir: folder, define: { 'import.meta.dirname': testing } });
  execFileSync(process.execPath, [record, ...process.argv.slice(2)], { stdio: 'inherit' });
} catch (error) {
  // the error is already on the terminal
  if (error?.status === undefined) throw error;
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Times the upgrade of a database of the data standard 5.2 to 5.2 with TPDM, and how that grows with its documents, which come
 * from a loaded sample (design 12 §9).
 *
 *   npm run bench:upgrade                                   10,000 and 100,000 documents on a PostgreSQL server of its own, from npm
 *   npm run bench:upgrade -- --documents 1000000            other numbers: --documents once for each
 *   npm run bench:upgrade -- core.json extension.json       from a core of your own to that with an extension
 *   DMS_TEST_PGSQL_URL=… npm run bench:upgrade              on that server, in databases that it creates and drops
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { documents: { type: 'string', multiple: true, default: ['10000', '100000'] } },
  allowPositionals: true,
});
const inputs = path.join(root, '..', 'shared', 'inputs');
const schemas = ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name, index) =>
  positionals[index] === undefined ? path.join(inputs, name) : path.resolve(positionals[index]),
);
const missing = schemas.find((file) => !existsSync(file));
if (missing !== undefined) {
  console.error(
    `${missing} does not exist. Name the ApiSchema files of the data standard and of the extension: npm run bench:upgrade -- <core> <extension>`,
  );
  process.exit(1);
}
// inside the workspace, where the database clients are found
const folder = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const entry = path.join(root, 'tools', 'bench', 'upgrade.ts');
  const [measure] = await bundle({ entryPoints: { upgrade: entry }, outdir: folder });
  const runs = values.documents.map((count) =>
    JSON.parse(
      execFileSync(process.execPath, [measure, ...schemas, count], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
    ),
  );
  const row = (title, of) => console.log(`${title.padEnd(50)}${runs.map((run) => of(run).padStart(12)).join('')}`);
  const whole = (number) => Math.round(number).toString();
  console.log(`PostgreSQL ${runs[0]?.version}; each number of documents in a process of its own; times in ms.\n`);
  row('documents, descriptors included', ({ documents }) => whole(documents));
  row('size before, MB', ({ megabytes }) => whole(megabytes));
  row('load', ({ load }) => whole(load));
  row('upgrade', ({ milliseconds }) => whole(milliseconds));
  row('estimate of the command', ({ estimate }) => whole(estimate));
  row('CPU of the process and the session', ({ cpu }) => whole(cpu));
  row('statements', ({ statements }) => whole(statements));
  console.log('');
  for (const [index, { part }] of (runs[0]?.parts ?? []).entries())
    row(part, ({ parts }) => whole(parts[index]?.milliseconds ?? 0));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

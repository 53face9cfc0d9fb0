/**
 * Times the inference of the plugin for 200 schema projects and 50 mapping sets: in a process that has read no file yet, in one
 * that finds the cache of an earlier one, and again in that process, like the daemon of Nx. Prints medians. A fleet of
 * databases may belong to the first mapping set.
 *
 *   npm run bench:graph
 *   npm run bench:graph -- --databases 1000
 *   npm run bench:graph -- --runs 9
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, runsOf } from './bench/runs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, databases: { type: 'string', default: '0' } },
});
const runs = runsOf(values.runs);
const counts = { schemas: 200, mappingSets: 50, perMappingSet: 5, databases: Number(values.databases) };

function writeFile(workspace, file, content) {
  mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
  writeFileSync(path.join(workspace, file), content);
  return file;
}

/** The schemas of this repository, the extension under many names. */
function writeWorkspace(workspace) {
  const [core, extension] = ['campus', 'athletics'].map((name) =>
    readFileSync(path.join(root, 'fixtures', 'schemas', name, 'ApiSchema.json'), 'utf8'),
  );
  const folders = Array.from({ length: counts.schemas }, (_, index) => (index === 0 ? 'core' : `extension-${index}`));
  const schemas = folders.map((folder, index) => {
    const text = index === 0 ? core : extension.replace('"projectName": "Athletics"', `"projectName": "Extension${index}"`);
    return writeFile(workspace, `schemas/${folder}/ApiSchema.json`, text);
  });
  const mappingSets = Array.from({ length: counts.mappingSets }, (_, index) => {
    const extensions = Array.from({ length: counts.perMappingSet - 1 }, (_, each) => folders[1 + index * 3 + each]);
    const content = {
      schemas: ['core', ...extensions].map((folder) => `../../schemas/${folder}`),
      dialects: ['pgsql', 'mssql'],
      ...(index === 0 && counts.databases > 0 && { databases: { fleet: 'fleet.json' }, upgradeFrom: 'released' }),
    };
    return writeFile(workspace, `sets/set-${index}/dms.json`, JSON.stringify(content));
  });
  const databases = Array.from({ length: counts.databases }, (_, index) => {
    const [district, year] = [`district-${index % 250}`, String(2023 + Math.floor(index / 250))];
    return { name: `${district}-${year}`, labels: { district, year }, env: `DB_${index}` };
  });
  // the mapping set that names it finds it
  writeFile(workspace, 'sets/set-0/fleet.json', JSON.stringify({ databases }));
  return [...schemas, ...mappingSets];
}

/** The plugin as installed in a workspace. */
function installPlugin(workspace) {
  const source = path.join(root, 'plugins', 'nx-dms');
  const installed = path.join(workspace, 'node_modules', 'nx-dms');
  for (const part of ['package.json', 'dist']) cpSync(path.join(source, part), path.join(installed, part), { recursive: true });
  writeFile(workspace, 'package-lock.json', '{}');
  return installed;
}

// below here, so that the plugin finds Nx
const workspace = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const files = writeWorkspace(workspace);
  const plugin = installPlugin(workspace);
  // a file that has just been written is read again, because a further change might not be visible
  await setTimeout(4000);
  const data = path.join(workspace, '.nx', 'workspace-data');
  mkdirSync(data, { recursive: true });
  const infer = () =>
    JSON.parse(
      execFileSync(process.execPath, [path.join(root, 'tools', 'bench', 'infer-graph.cjs'), plugin, workspace, ...files], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: data },
      }),
    );
  const samples = Array.from({ length: runs }, () => {
    rmSync(data, { recursive: true });
    mkdirSync(data);
    return { cold: infer(), warm: infer() };
  });
  const [{ cold }] = samples;
  const { projects, edges } = cold;
  console.log(`${projects} projects, ${edges} edges, ${counts.databases} databases; ${runs} runs, medians.\n`);
  const row = (name, times) => console.log(`${name.padEnd(34)}${median(times).toFixed(0).padStart(6)} ms`);
  row(
    'cold, nothing known',
    samples.map((sample) => sample.cold.first),
  );
  row(
    'cold, all files known',
    samples.map((sample) => sample.warm.first),
  );
  row(
    'warm, in the same process',
    samples.map((sample) => sample.warm.again),
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/**
 * Times the inference of the plugin for 200 schema projects and 50 mapping sets: in a process without a cache, in a
 * process with the cache of an earlier one, and again in that process, like the daemon of Nx. Prints medians. The first
 * mapping set may have a fleet of databases: the same workspace without it is then measured in turn, and the ratios of
 * the processor times are printed, which are valid on a busy machine too.
 *
 *   npm run bench -- graph
 *   npm run bench -- graph --databases 1000
 *   npm run bench -- graph --standards 20    20 copies of the data standard 6.1, with and without its OpenAPI payloads
 *   npm run bench -- graph --runs 9
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { standard61, writeWhole61 } from './data-standard.ts';
import { median, runsOf } from './runs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    databases: { type: 'string', default: '0' },
    standards: { type: 'string', default: '0' },
  },
});
const runs = runsOf(values.runs);
const standards = Number(values.standards);
const counts = { schemas: 200, mappingSets: 50, perMappingSet: 5, databases: Number(values.databases) };

function writeFile(workspace: string, file: string, content: string): string {
  mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
  writeFileSync(path.join(workspace, file), content);
  return file;
}

/** Writes the schemas of this repository, the extension under many names. */
function writeWorkspace(workspace: string, databaseCount: number): string[] {
  const schemaText = (name: string) =>
    readFileSync(path.join(root, 'fixtures', 'schemas', name, 'ApiSchema.json'), 'utf8');
  const core = schemaText('campus');
  const extension = schemaText('athletics');
  const folders = Array.from({ length: counts.schemas }, (_, index) => (index === 0 ? 'core' : `extension-${index}`));
  const schemas = folders.map((folder, index) => {
    const text =
      index === 0 ? core : extension.replace('"projectName": "Athletics"', `"projectName": "Extension${index}"`);
    return writeFile(workspace, `schemas/${folder}/ApiSchema.json`, text);
  });
  const mappingSets = Array.from({ length: counts.mappingSets }, (_, index) => {
    const extensions = Array.from({ length: counts.perMappingSet - 1 }, (_, each) => folders[1 + index * 3 + each]);
    const content = {
      schemas: ['core', ...extensions].map((folder) => `../../schemas/${folder}`),
      dialects: ['pgsql', 'mssql'],
      ...(index === 0 && databaseCount > 0 && { databases: { fleet: 'fleet.json' }, upgradeFrom: 'released' }),
    };
    return writeFile(workspace, `sets/set-${index}/dms.json`, JSON.stringify(content));
  });
  const databases = Array.from({ length: databaseCount }, (_, index) => {
    const district = `district-${index % 250}`;
    const year = String(2023 + Math.floor(index / 250));
    return { name: `${district}-${year}`, labels: { district, year }, env: `DB_${index}` };
  });
  // only the mapping set that names this file reads it
  writeFile(workspace, 'sets/set-0/fleet.json', JSON.stringify({ databases }));
  return [...schemas, ...mappingSets];
}

/** Writes copies of the data standard 6.1, each a project. */
function writeStandards(workspace: string, schema: string): string[] {
  const text = readFileSync(schema, 'utf8');
  return Array.from({ length: standards }, (_, index) =>
    writeFile(workspace, `schemas/standard-${index}/ApiSchema.json`, text),
  );
}

/** Installs the plugin in a workspace. */
function installPlugin(workspace: string): string {
  const source = path.join(root, 'plugins', 'nx-dms');
  const installed = path.join(workspace, 'node_modules', 'nx-dms');
  for (const part of ['package.json', 'dist'])
    cpSync(path.join(source, part), path.join(installed, part), { recursive: true });
  writeFile(workspace, 'package-lock.json', '{}');
  return installed;
}

/** The output of `infer-graph.cjs`: milliseconds, and sizes of the graph. */
interface Inference {
  readonly first: number;
  readonly again: number;
  readonly firstCpu: number;
  readonly againCpu: number;
  readonly projects: number;
  readonly edges: number;
}

/** The inference without the cache of an earlier process, and with it. */
interface GraphSample {
  readonly cold: Inference;
  readonly warm: Inference;
}

/** Makes a workspace with files; the function times its inference in fresh processes. */
function benched(workspace: string, write: (workspace: string) => string[]): () => GraphSample {
  mkdirSync(workspace, { recursive: true });
  const files = write(workspace);
  const plugin = installPlugin(workspace);
  const data = path.join(workspace, '.nx', 'workspace-data');
  const infer = (): Inference =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [path.join(root, 'tools', 'bench', 'infer-graph.cjs'), plugin, workspace, ...files],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: data },
        },
      ),
    );
  return () => {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data, { recursive: true });
    return { cold: infer(), warm: infer() };
  };
}

/** The printed rows, and the time of each in a sample; `cpu` is processor time. */
const rows: readonly (readonly [
  name: string,
  of: (sample: GraphSample) => { readonly time: number; readonly cpu: number },
])[] = [
  ['cold, nothing known', ({ cold }) => ({ time: cold.first, cpu: cold.firstCpu })],
  ['cold, all files known', ({ warm }) => ({ time: warm.first, cpu: warm.firstCpu })],
  ['warm, in the same process', ({ warm }) => ({ time: warm.again, cpu: warm.againCpu })],
];

// inside the repository, so that the plugin finds Nx
const scratch = mkdtempSync(path.join(root, 'node_modules', '.dms-bench-'));
try {
  const withFleet = (databaseCount: number) => (workspace: string) => writeWorkspace(workspace, databaseCount);
  const plain = benched(
    path.join(scratch, 'plain'),
    standards > 0 ? (workspace) => writeStandards(workspace, standard61.stripped) : withFleet(0),
  );
  const write =
    standards > 0
      ? (workspace: string) => writeStandards(workspace, writeWhole61(scratch))
      : withFleet(counts.databases);
  const hasOther = standards > 0 || counts.databases > 0;
  const other = hasOther ? benched(path.join(scratch, 'other'), write) : undefined;
  const label = standards > 0 ? 'with OpenAPI payloads' : 'with the fleet';
  // the plugin does not trust the hash of a file that has just been written, because it could change again unnoticed
  await setTimeout(4000);
  const samples = Array.from({ length: runs }, () => ({ plain: plain(), other: other?.() }));
  const [first] = samples;
  const { projects, edges } = (first?.other ?? first?.plain)?.cold ?? { projects: 0, edges: 0 };
  console.log(`${projects} projects, ${edges} edges, ${counts.databases} databases; ${runs} runs, medians.\n`);
  const text = (value: number, digits = 0) => value.toFixed(digits).padStart(6);
  for (const [name, of] of rows) {
    const medianOf = (side: 'plain' | 'other', kind: 'time' | 'cpu') =>
      median(samples.flatMap((sample) => (sample[side] === undefined ? [] : of(sample[side])[kind])));
    if (other === undefined) console.log(`${name.padEnd(28)}${text(medianOf('plain', 'time'))} ms`);
    else {
      const without = medianOf('plain', 'cpu');
      const having = medianOf('other', 'cpu');
      console.log(
        `${name.padEnd(28)}${text(without)} ms of processor time, ${text(having)} ms ${label}: ${text(having / without, 2)} times`,
      );
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

import { spawnSync } from 'node:child_process';
import path from 'node:path';

/*
 * Runs a benchmark in a separate process: `npm run bench -- <name> <options>`; without a name, or with `--help`, it lists
 * the benchmarks.
 */

/** The benchmarks; each is a file of this folder, whose head explains its options. */
const benchmarks = {
  against: 'the commands of this commit beside those of another one: npm run bench -- --against <commit>',
  compile: 'time and memory of each step and of whole commands, and the floor under them',
  'document-checks': 'what reading and checking documents costs an upgrade',
  documents: 'the documents library: writing, reading and replacing a sample',
  'earlier-views': 'queries that were written for 5.2 on a database of 6.1, and on one of 5.2',
  graph: 'what the plugin adds to the graph of an Nx workspace',
  'in-place': 'upgrade apply --translation from 5.2 with TPDM to 6.1, beside dump, translate and load --bulk',
  inserts: 'inserts of a document and its row in v2 and v2-natural',
  'load-cases': 'loads that the database makes difficult',
  loads: 'dms-ddl load and load --bulk as processes, and the floor under them; with --ods, reading an ODS',
  reporting: 'queries of analysts on reporting views and on the tables of an ODS',
  sizes: 'hash and emit of the data standard 6.1 with and without its OpenAPI payloads',
  translate: 'dms-ddl translate from 5.2 with TPDM to 6.1, beside parsing and writing, and dump',
  upgrade: 'the upgrade from 5.2 to 5.2 with TPDM',
  verify: 'verify beside that of an earlier commit, or of another schema',
  waits: 'how long a writer waits for an upgrade, with and without upgrade prepare',
  writes: 'what the triggers cost a write',
};

const given = process.argv.slice(2);
// `--against <commit>` and `--against-last-tag` need no name
const [name = '', ...args] = given[0]?.startsWith('--against') ? ['against', ...given] : given;
if (Object.hasOwn(benchmarks, name)) {
  const file = path.join(import.meta.dirname, `${name}.ts`);
  process.exitCode = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { stdio: 'inherit' }).status ?? 1;
} else {
  const isWrong = !['', '--help', '-h'].includes(name);
  if (isWrong) console.error(`There is no benchmark ${JSON.stringify(name)}.\n`);
  console.log('npm run bench -- <name> <options>; tools/bench/<name>.ts explains the options.\n');
  for (const [each, measures] of Object.entries(benchmarks)) console.log(`${each.padEnd(17)}${measures}`);
  if (isWrong) process.exitCode = 2;
}

/**
 * Accepts a change of the committed artifacts: runs the steps of the mapping sets that have a golden folder, and copies each
 * artifact that is in that folder. Other artifacts are neither compared nor copied, unless they are named.
 *
 *   node tools/golden.mjs                       lists what differs; exit code 1 when there is something
 *   node tools/golden.mjs --accept              overwrites what differs
 *   node tools/golden.mjs --accept pgsql.sql …  adds artifacts of these names to every golden folder as well
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} GoldenSet
 * @property {string} project
 * @property {string} artifacts folder of what is built, relative to the workspace like the next
 * @property {string} golden folder of what is committed
 *
 * @typedef {{ artifact: string, golden: string, kind: 'changed' | 'added' }} Difference
 */

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));
const mappingSets = 'fixtures/mapping-sets';

/**
 * @param {string} root of the workspace
 * @returns {GoldenSet[]} the mapping sets with a golden folder, by name
 */
export function goldenSets(root) {
  return readdirSync(path.join(root, mappingSets))
    .sort()
    .flatMap((project) => {
      const folder = `${mappingSets}/${project}`;
      const { golden, outputDirectory } = JSON.parse(readFileSync(path.join(root, folder, 'dms.json'), 'utf8'));
      if (!golden) return [];
      return [{ project, artifacts: outputDirectory ?? `dist/${folder}`, golden: path.posix.join(folder, golden) }];
    });
}

/**
 * @param {string} root of the workspace
 * @param {GoldenSet} set
 * @param {readonly string[]} names of artifacts to add
 * @returns {Difference[]} what is to be copied, by name
 */
export function differences(root, { artifacts, golden }, names = []) {
  return readdirSync(path.join(root, artifacts))
    .sort()
    .flatMap((name) => {
      const built = readFileSync(path.join(root, artifacts, name));
      const committed = path.join(root, golden, name);
      const paths = { artifact: `${artifacts}/${name}`, golden: `${golden}/${name}` };
      if (existsSync(committed)) {
        return built.equals(readFileSync(committed)) ? [] : [{ ...paths, kind: /** @type {const} */ ('changed') }];
      }
      return names.includes(name) ? [{ ...paths, kind: /** @type {const} */ ('added') }] : [];
    });
}

/**
 * @param {string} root of the workspace
 * @param {readonly Difference[]} found
 */
export function accept(root, found) {
  for (const { artifact, golden } of found) {
    mkdirSync(path.dirname(path.join(root, golden)), { recursive: true });
    copyFileSync(path.join(root, artifact), path.join(root, golden));
  }
}

/**
 * Builds the plugin, because its executors run from the bundle, and then the artifacts.
 *
 * @param {readonly GoldenSet[]} sets
 */
function build(sets) {
  const options = { cwd: workspaceRoot, stdio: /** @type {const} */ ('inherit') };
  const run = (/** @type {string[]} */ ...args) => {
    const { status } = spawnSync(process.execPath, args, options);
    if (status !== 0) process.exit(status ?? 1);
  };
  run(path.join(workspaceRoot, 'plugins/nx-dms/build.mjs'));
  const nx = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
  const targets = 'derive-model,derive-inventory,compile-plans,emit-ddl';
  const projects = sets.map(({ project }) => project).join(',');
  run(nx, 'run-many', '-t', targets, '-p', projects);
}

function main() {
  const names = process.argv.slice(2).filter((argument) => argument !== '--accept');
  const isAccepting = process.argv.includes('--accept');
  const sets = goldenSets(workspaceRoot);
  build(sets);
  const found = sets.flatMap((set) => differences(workspaceRoot, set, names));
  for (const { kind, golden } of found) console.log(`${kind}  ${golden}`);
  if (isAccepting) accept(workspaceRoot, found);
  else if (found.length > 0) process.exitCode = 1;
  const verb = isAccepting ? 'accepted' : 'to accept';
  console.log(`${found.length} artifacts ${verb}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();

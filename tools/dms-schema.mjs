/**
 * Writes plugins/nx-dms/dms.schema.json, fleet.schema.json and renames.schema.json, the published JSON schemas of `dms.json`,
 * `fleet.json` and files of renames, from the formats with which they are checked.
 *
 *   node tools/dms-schema.mjs            writes the files
 *   node tools/dms-schema.mjs --check    exit code 1 when one does not hold what would be written
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));

/** The published schemas: the file of each, and the function that makes it. */
const schemas = {
  'plugins/nx-dms/dms.schema.json': {
    format: 'libs/pipeline/src/sources/mapping-set/mapping-set-format.ts',
    maker: 'mappingSetJsonSchema',
  },
  'plugins/nx-dms/fleet.schema.json': { format: 'libs/pipeline/src/fleet/fleet-format.ts', maker: 'fleetJsonSchema' },
  'plugins/nx-dms/renames.schema.json': {
    format: 'libs/pipeline/src/sources/renames/renames-format.ts',
    maker: 'renamesJsonSchema',
  },
};

export const schemaFiles = Object.keys(schemas);

/**
 * @param {string} file one of {@link schemaFiles}
 * @returns {Promise<string>} the text of the schema, formatted as Biome leaves it
 */
export async function schemaText(file) {
  const { format, maker } = schemas[file];
  // The formats are TypeScript, which Node does not read.
  const { outputFiles } = await build({
    entryPoints: [path.join(workspaceRoot, format)],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    // used to look up a package, which no format needs
    define: { 'import.meta.url': '""' },
    logLevel: 'warning',
  });
  const module = { exports: {} };
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  const text = JSON.stringify(module.exports[maker](), null, 2);
  const biome = path.join(workspaceRoot, 'node_modules/@biomejs/biome/bin/biome');
  const options = { cwd: workspaceRoot, encoding: 'utf8', input: text };
  const run = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${path.join(workspaceRoot, file)}`], options);
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

async function main() {
  for (const file of schemaFiles) {
    const text = await schemaText(file);
    const place = path.join(workspaceRoot, file);
    if (existsSync(place) && readFileSync(place, 'utf8') === text) continue;
    if (process.argv.includes('--check')) {
      console.error(`differs ${file}\nRun: node tools/dms-schema.mjs`);
      process.exitCode = 1;
    } else {
      writeFileSync(place, text);
      console.log(`wrote ${file}`);
    }
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();

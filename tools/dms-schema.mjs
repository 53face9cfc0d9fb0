/**
 * Writes plugins/nx-dms/dms.schema.json, the published JSON schema of `dms.json`, from the formats that the plugin checks with.
 *
 *   node tools/dms-schema.mjs            writes the file
 *   node tools/dms-schema.mjs --check    exit code 1 when it does not hold what would be written
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));

export const dmsSchemaFile = path.join(workspaceRoot, 'plugins/nx-dms/dms.schema.json');

/** @returns {Promise<string>} the text of dms.schema.json, formatted as Biome leaves it */
export async function dmsSchemaText() {
  // The formats are TypeScript, which Node does not read.
  const { outputFiles } = await build({
    entryPoints: [path.join(workspaceRoot, 'libs/pipeline/src/sources/mapping-set/mapping-set-format.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    // asked for where a package is looked for, which no format does
    define: { 'import.meta.url': '""' },
    logLevel: 'warning',
  });
  const module = { exports: {} };
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  const text = JSON.stringify(module.exports.mappingSetJsonSchema(), null, 2);
  const biome = path.join(workspaceRoot, 'node_modules/@biomejs/biome/bin/biome');
  const options = { cwd: workspaceRoot, encoding: 'utf8', input: text };
  const run = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${dmsSchemaFile}`], options);
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

async function main() {
  const text = await dmsSchemaText();
  if (existsSync(dmsSchemaFile) && readFileSync(dmsSchemaFile, 'utf8') === text) return;
  const name = path.relative(process.cwd(), dmsSchemaFile);
  if (process.argv.includes('--check')) {
    console.error(`differs ${name}\nRun: node tools/dms-schema.mjs`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(dmsSchemaFile, text);
  console.log(`wrote ${name}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();

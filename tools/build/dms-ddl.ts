/**
 * Builds the published files of the package `dms-ddl`: `dist/cli.mjs`, the command line, with the parts that its
 * commands load, and `dist/index.js`, the library, a bundle like that of an executor, with `dist/index.d.ts`. The
 * library is CommonJS inside a package of ES modules, so `dist` has its own `package.json`. The JSON schemas of
 * `dms.json`, `fleet.json` and `translation.json` are those of nx-dms.
 *
 *   npx tsx tools/build/dms-ddl.ts
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePackage, packSchemaFile } from './bundle.ts';
import { commandLine, packageDefine } from './command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packageFolder = path.join(root, 'libs/product/cli');
const dist = path.join(packageFolder, 'dist');
const library = path.join(packageFolder, 'src', 'index.ts');
const { version, repository } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));

/** Writes the declarations of the library, all of which are in its one file; its imports are not followed. */
function writeDeclarations() {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const options = [
    '--ignoreConfig',
    '--declaration',
    '--emitDeclarationOnly',
    '--noCheck',
    '--noResolve',
    '--types',
    '',
  ];
  const format = ['--module', 'nodenext', '--target', 'es2023', '--allowImportingTsExtensions', '--outDir', dist];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, ...format, library], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }\n');
writeDeclarations();
const define = packageDefine(version, repository);
await bundlePackage(packageFolder, [{ entryPoints: { index: library }, define }, commandLine('cli', define)]);
copyFileSync(packSchemaFile, path.join(dist, 'mapping-pack.proto'));
// editors find the JSON schemas in either package
for (const name of ['dms', 'fleet', 'translation'].map((each) => `${each}.schema.json`)) {
  copyFileSync(path.join(root, 'plugins/nx-dms', name), path.join(packageFolder, name));
}

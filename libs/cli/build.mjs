/**
 * Builds the command line into `dist/cli.js`, one bundle like that of an executor. It is CommonJS inside a package of modules,
 * so `dist` says so itself.
 *
 *   node libs/cli/build.mjs
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, packSchemaFile } from '../../tools/bundle.mjs';

const packageFolder = fileURLToPath(new URL('.', import.meta.url));
const dist = path.join(packageFolder, 'dist');
const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }\n');
await bundle({
  entryPoints: { cli: path.join(packageFolder, 'src', 'main.ts') },
  outdir: dist,
  define: { __VERSION__: JSON.stringify(version) },
});
copyFileSync(packSchemaFile, path.join(dist, 'mapping-pack.proto'));

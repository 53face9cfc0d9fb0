/**
 * Builds nx-dms into `dist`: the plugin, and one bundle for each executor. Nx loads the plugin before it runs any task,
 * so this cannot be a task of Nx (design 10 §3.2).
 *
 *   npx tsx plugins/nx-dms/build.mts
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePackage, packSchemaFile } from '../../tools/build/bundle.ts';

const packageFolder = fileURLToPath(new URL('.', import.meta.url));
const source = path.join(packageFolder, 'src');
const dist = path.join(packageFolder, 'dist');
const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));

/** Folders below `src` that executors.json and generators.json list. */
const implementations = ['executors', 'generators'].flatMap((kind) => {
  const folder = path.join(source, kind);
  if (!existsSync(folder)) return [];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => `${kind}/${name}`)
    .filter((name) => existsSync(path.join(source, name, 'schema.json')));
});

const entryNames = [
  'index',
  ...implementations.flatMap((folder) => ['executor', 'batch', 'generator'].map((name) => `${folder}/${name}`)),
].filter((name) => existsSync(path.join(source, `${name}.ts`)));

rmSync(dist, { recursive: true, force: true });
await bundlePackage(packageFolder, [
  {
    entryPoints: Object.fromEntries(entryNames.map((name) => [name, path.join(source, `${name}.ts`)])),
    define: { __VERSION__: JSON.stringify(version) },
  },
]);
for (const folder of implementations) {
  copyFileSync(path.join(source, folder, 'schema.json'), path.join(dist, folder, 'schema.json'));
}
copyFileSync(packSchemaFile, path.join(dist, 'mapping-pack.proto'));

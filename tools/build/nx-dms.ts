/**
 * Builds nx-dms into its `dist`: the plugin, one bundle for each executor, and the command line. Nx loads the plugin before
 * it runs any task, so this cannot be a task of Nx (design 10 §3.2).
 *
 *   npx tsx tools/build/nx-dms.ts
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePackage, exportOf, packSchemaFile } from './bundle.ts';
import { commandLine, packageDefine, startOfCommandLine } from './command-line.ts';

const packageFolder = fileURLToPath(new URL('../../plugins/nx-dms/', import.meta.url));
const source = path.join(packageFolder, 'src');
const dist = path.join(packageFolder, 'dist');
const read = (name: string) => JSON.parse(readFileSync(path.join(packageFolder, name), 'utf8'));
const { version, repository } = read('package.json');

/** The bundles that executors.json and generators.json name, as `executors/check-db/executor`. */
const places = [read('executors.json').executors, read('generators.json').generators]
  .flatMap((entries) => Object.values<Readonly<Record<string, string | undefined>>>(entries))
  .flatMap((entry) => [entry.implementation, entry.batchImplementation, entry.factory])
  .filter((place) => place !== undefined)
  .map((place) => place.replace(/^\.\/dist\/|\.js$/g, ''));

/** The name that `index.ts` of the executors or the generators gives the implementation at a place. */
function nameOf(place: string): string {
  const [, name = '', kind] = place.split('/');
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return kind === 'generator' ? `${camel}Generator` : kind === 'batch' ? `${camel}s` : camel;
}

rmSync(dist, { recursive: true, force: true });
await bundlePackage(packageFolder, [
  {
    entryPoints: {
      index: path.join(source, 'index.ts'),
      ...Object.fromEntries(
        places.map((place) => [place, exportOf(`plugins/nx-dms/src/${place.split('/')[0]}/index.ts`, nameOf(place))]),
      ),
    },
    define: { __VERSION__: JSON.stringify(version) },
  },
  // messages name its commands, so they must work if only the plugin is installed
  commandLine('command-line/dist/cli', packageDefine(version, repository)),
]);
mkdirSync(path.join(dist, 'command-line', 'bin'));
copyFileSync(startOfCommandLine, path.join(dist, 'command-line', 'bin', path.basename(startOfCommandLine)));
for (const folder of new Set(places.map((place) => path.dirname(place))))
  copyFileSync(path.join(source, folder, 'schema.json'), path.join(dist, folder, 'schema.json'));
copyFileSync(packSchemaFile, path.join(dist, 'mapping-pack.proto'));

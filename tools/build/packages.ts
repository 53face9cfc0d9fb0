/**
 * Builds the published files of both packages (design 10 §3.1).
 *
 * `dms-ddl`: `dist/cli.mjs`, the command line; `dist/index.mjs`, the library, with `dist/index.d.ts`; below `dist/nx`
 * what each door of `nx-dms` loads; and the parts that they share. The JSON schemas of `dms.json`, `fleet.json` and
 * `translation.json` are those of nx-dms.
 *
 * `nx-dms`: the doors, which are the plugin and one file for each executor and generator, with their `schema.json`. Nx
 * loads the plugin before it runs any task, so this cannot be a task of Nx.
 *
 *   npx tsx tools/build/packages.ts
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { codesPageOf } from '../../libs/base/diagnostics/src/code-address.ts';
import { bundle, doors, exportOf, packSchemaFile, writeDoor, writeNotices } from './bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'libs/product/cli');
const plugin = path.join(root, 'plugins/nx-dms');
const distOf = (packageFolder: string) => path.join(packageFolder, 'dist');
const library = path.join(program, 'src', 'index.ts');

const read = (...place: readonly string[]) => JSON.parse(readFileSync(path.join(...place), 'utf8'));
const { version, repository } = read(program, 'package.json');

/** A hash of all sources in the bundles: builds of one version may differ. */
function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const file of globSync('libs/*/*/src/**/*.{ts,cjs}', { cwd: root, ignore: ['**/*.spec.ts'] }).sort())
    hash.update(`${file}\n${readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n')}`);
  return hash.digest('hex');
}

/** The values of names in the sources: the version, the build, and the page of codes of the repository, if it has one. */
const define = {
  __VERSION__: JSON.stringify(version),
  __BUILD__: JSON.stringify(`${version} ${hashOfSources()}`),
  __CODES_PAGE__: JSON.stringify(codesPageOf(repository, version)) ?? 'undefined',
};

/** The doors that executors.json and generators.json name, as `executors/check-db/executor`. */
const places = [read(plugin, 'executors.json').executors, read(plugin, 'generators.json').generators]
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
  const format = ['--module', 'nodenext', '--target', 'es2023', '--allowImportingTsExtensions'];
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, ...options, ...format, '--outDir', distOf(program), library],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stdout);
}

for (const folder of [program, plugin]) rmSync(distOf(folder), { recursive: true, force: true });

const ofPlugin = await doors({
  entryPoints: {
    index: path.join(plugin, 'src', 'index.ts'),
    ...Object.fromEntries(
      places.map((place) => [place, exportOf(`plugins/nx-dms/src/${place.split('/')[0]}/index.ts`, nameOf(place))]),
    ),
  },
  outdir: distOf(plugin),
  define,
});

writeDeclarations();
const ofProgram = await bundle({
  entryPoints: {
    cli: path.join(program, 'src', 'main.ts'),
    index: library,
    ...Object.fromEntries(ofPlugin.doors.map(({ place, behind }) => [`nx/${place}`, behind])),
  },
  outdir: distOf(program),
  define,
  as: 'parts',
});
writeNotices(program, ofProgram.inputs);
copyFileSync(packSchemaFile, path.join(distOf(program), 'mapping-pack.proto'));
// editors find the JSON schemas in either package
for (const name of ['dms', 'fleet', 'translation'].map((each) => `${each}.schema.json`))
  copyFileSync(path.join(plugin, name), path.join(program, name));

const oneVersion = await bundle({
  entryPoints: { 'one-version': path.join(plugin, 'src', 'one-version.ts') },
  outdir: distOf(plugin),
  define,
});
for (const door of ofPlugin.doors) writeDoor(door, distOf(plugin), distOf(program));
writeNotices(plugin, [...new Set([...ofPlugin.inputs, ...oneVersion.inputs])]);
for (const folder of new Set(places.map((place) => path.dirname(place))))
  copyFileSync(path.join(plugin, 'src', folder, 'schema.json'), path.join(distOf(plugin), folder, 'schema.json'));

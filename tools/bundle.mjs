/**
 * The one way in which the packages that are installed outside this workspace are built: each entry point becomes one
 * self-contained CommonJS file with the libraries of the workspace in it (design 10 §3.1). Nothing is shared between two
 * bundles, so that the file of one executor is exactly its code and its hash changes with nothing else.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPage } from '../libs/explorer/page/build.mjs';
import { noticesOf } from './notices.mjs';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));

/** What a bundle finds at run time: Nx is there already, and a database client is loaded only where one is needed. */
export const external = ['nx', 'nx/*', '@nx/devkit', '@nx/devkit/*', 'pg', 'mssql', '@electric-sql/pglite', 'testcontainers'];

/** Puts the front end of the model page, ready made, in place of the module that builds it from its sources. */
const explorerPage = {
  name: 'explorer-page',
  /** @param {import('esbuild').PluginBuild} bundling */
  setup(bundling) {
    bundling.onLoad({ filter: /libs[\\/]explorer[\\/]src[\\/]page-bundle\.ts$/ }, async () => {
      return {
        contents: `const bundle = ${JSON.stringify(await buildPage())};\nexport const pageBundle = async () => bundle;`,
      };
    });
  },
};

/**
 * Writes the bundles, and what goes with them when the package is published: notices of the bundled libraries beside them, and the
 * licence in the folder of the package.
 *
 * @param {object} options
 * @param {Readonly<Record<string, string>>} options.entryPoints source file by the path of its bundle below `outdir`, without
 *   extension
 * @param {string} options.outdir
 * @param {Readonly<Record<string, string>>} [options.define] names in the sources that stand for JSON texts
 * @returns {Promise<string[]>} the bundles written, sorted
 */
export async function bundle({ entryPoints, outdir, define = {} }) {
  const { metafile } = await build({
    metafile: true,
    entryPoints: { ...entryPoints },
    outdir,
    // a CommonJS file has no import.meta: what asks for it, to find packages from where it stands, gets the place of the bundle
    define: { 'import.meta.url': 'bundleUrl', ...define },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    external,
    plugins: [explorerPage],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // modules where a package has them: what is written for any loader at once (UMD) finds its parts in no bundle
    mainFields: ['module', 'main'],
    target: 'node20',
    // Names of source files stand in comments of the bundle; read from here they are the same wherever the build was started.
    absWorkingDir: workspaceRoot,
    logLevel: 'warning',
  });
  copyNeighbours(metafile);
  const inputs = Object.keys(metafile.inputs).map((file) => path.join(workspaceRoot, file));
  writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'), noticesOf(inputs));
  copyFileSync(path.join(workspaceRoot, 'LICENSE'), path.join(path.dirname(outdir), 'LICENSE'));
  return Object.keys(entryPoints)
    .map((name) => path.join(outdir, `${name}.js`))
    .sort();
}

/** Modules that read a file beside themselves when they run: it must stand beside each bundle that has them. */
const neighbours = [{ module: '@bokuweb/zstd-wasm/dist/common/index.node.js', file: 'zstd.wasm' }];

function copyNeighbours({ outputs }) {
  for (const [output, { inputs }] of Object.entries(outputs)) {
    for (const { module, file } of neighbours) {
      const input = Object.keys(inputs).find((each) => each.endsWith(module));
      if (input === undefined) continue;
      const source = path.join(workspaceRoot, path.dirname(input), file);
      copyFileSync(source, path.join(workspaceRoot, path.dirname(output), file));
    }
  }
}

/** The schema of mapping packs, which is published with whatever writes them. */
export const packSchemaFile = path.join(workspaceRoot, 'libs', 'packs', 'mapping-pack.proto');

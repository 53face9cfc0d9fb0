/**
 * Builds the packages that are installed outside this workspace: each entry point becomes one self-contained CommonJS
 * file with the libraries of the workspace in it (design 10 §3.1). Bundles share nothing, so the file of an executor
 * contains exactly its code, and its hash changes only with its code.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { buildPage, pageLibraries } from '../../libs/product/explorer/page/build.ts';
import { packageFolders } from '../packages.ts';
import { noticesOf } from './notices.ts';

const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Packages that a bundle finds at run time: Nx is already there, and a database client is loaded only if needed. */
export const external = [
  'nx',
  'nx/*',
  '@nx/devkit',
  '@nx/devkit/*',
  'pg',
  'mssql',
  '@electric-sql/pglite',
  'testcontainers',
];

const pageModule = /libs[\\/]product[\\/]explorer[\\/]src[\\/]page-bundle\.ts$/;

/** Replaces the module that builds the front end of the model page by the built front end. */
const explorerPage: Plugin = {
  name: 'explorer-page',
  setup(bundling) {
    bundling.onLoad({ filter: pageModule }, async () => {
      return {
        contents: `const bundle = ${JSON.stringify(await buildPage())};\nexport const pageBundle = async () => bundle;`,
      };
    });
  },
};

const workerModule = /libs[\\/]data[\\/]databases[\\/]src[\\/]engines[\\/]worker-program\.ts$/;

/** Replaces the module that reads the program of the worker from its file by the text of the file. */
const workerText: Plugin = {
  name: 'worker-text',
  setup(bundling) {
    bundling.onLoad({ filter: workerModule }, ({ path: file }) => {
      const text = readFileSync(path.join(path.dirname(file), 'embedded-worker.cjs'), 'utf8');
      return { contents: `export const workerProgram = () => ${JSON.stringify(text)};` };
    });
  },
};

const listModule = /libs[\\/]product[\\/]operations[\\/]src[\\/]operations[\\/]listed-operations\.ts$/;

/**
 * Replaces the module that lists the operations by the finished list, because making the list loads the code of all
 * operations.
 */
const listOfOperations: Plugin = {
  name: 'list-of-operations',
  setup(bundling) {
    bundling.onLoad({ filter: listModule }, async ({ path: file }) => {
      const { listedOperations } = await import(pathToFileURL(file).href);
      return { contents: `export const listedOperations = async () => ${JSON.stringify(await listedOperations())};` };
    });
  },
};

const foldersByName = new Map(packageFolders(workspaceRoot).map((folder) => [path.posix.basename(folder), folder]));

/** The source of a name that the index of a package exports. */
interface ExportSource {
  readonly file: string;
  readonly name: string;
}

/**
 * The origins of the names that the index of a package exports: file and name, by exported name; types are left out.
 */
function exportsOf(packageName: string): ReadonlyMap<string, ExportSource> {
  const folder = foldersByName.get(packageName.replace('@dms/', ''));
  if (folder === undefined) throw new Error(`No package of the workspace is named ${packageName}.`);
  const index = path.join(workspaceRoot, folder, 'src', 'index.ts');
  const sources = new Map<string, ExportSource>();
  for (const [, list = '', from = ''] of readFileSync(index, 'utf8').matchAll(
    /^export \{([^}]*)\} from '([^']+)';$/gm,
  )) {
    for (const [name, exported] of namesIn(list)) {
      const source = from.startsWith('.')
        ? { file: path.join(path.dirname(index), from), name }
        : (namedExports(from).get(name) ?? { file: from, name });
      sources.set(exported, source);
    }
  }
  return sources;
}

/** The names in an import or export list, each with its name on the other side; types are left out. */
const namesIn = (list: string): (readonly [name: string, other: string])[] =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => {
      const [name = '', other = name] = each.split(' as ');
      return [name, other] as const;
    });

const knownExports = new Map<string, ReadonlyMap<string, ExportSource>>();

function namedExports(packageName: string): ReadonlyMap<string, ExportSource> {
  if (!packageName.startsWith('@dms/')) return new Map();
  const known = knownExports.get(packageName) ?? exportsOf(packageName);
  knownExports.set(packageName, known);
  return known;
}

/**
 * Redirects imports and exports from the index of a package to the files with these names. Bundles are split by files,
 * and an index would pull the whole package into every part.
 */
const pastIndexes: Plugin = {
  name: 'past-indexes',
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]libs[\\/](?:[^\\/]+[\\/])?[^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => {
      const contents = readFileSync(file, 'utf8').replace(
        /^(import|export) \{([^}]*)\} from '(@dms\/[^']+)';$/gm,
        (_, keyword: string, list: string, from: string) =>
          namesIn(list)
            .map(([name, local]) => {
              const source = namedExports(from).get(name) ?? { file: from, name };
              return `${keyword} { ${source.name} as ${local} } from ${JSON.stringify(source.file)};`;
            })
            .join(' '),
      );
      return { contents, loader: 'ts' };
    });
  },
};

const formats: Readonly<Record<'whole' | 'parts', BuildOptions & { readonly extension: string }>> = {
  whole: {
    extension: '.js',
    format: 'cjs',
    // a CommonJS file has no import.meta: code that finds packages with it gets the path of the bundle
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  },
  parts: {
    extension: '.mjs',
    plugins: [listOfOperations, pastIndexes],
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    // a module has neither require nor __dirname: CommonJS packages in it get those of their part, unless they declare
    // them themselves
    banner: {
      js: [
        "import { createRequire as requireOfPart } from 'node:module';",
        "import { dirname as folderOfPart } from 'node:path';",
        "import { fileURLToPath as pathOfPart } from 'node:url';",
        'var require = requireOfPart(import.meta.url);',
        'var __dirname = folderOfPart(pathOfPart(import.meta.url));',
      ].join('\n'),
    },
  },
};

/** The path of an entry point whose default export is one export of a file, which is relative to the workspace. */
export const exportOf = (file: string, name: string): string => `export:${name}:${file}`;

const exportEntries: Plugin = {
  name: 'export-entries',
  setup(bundling) {
    bundling.onResolve({ filter: /^export:/ }, ({ path: entry }) => ({
      path: entry.slice('export:'.length),
      namespace: 'export',
    }));
    bundling.onLoad({ filter: /./, namespace: 'export' }, ({ path: entry }) => {
      const [name = '', file = ''] = entry.split(':');
      return { contents: `export { ${name} as default } from './${file}';`, resolveDir: workspaceRoot };
    });
  },
};

export interface BundleOptions {
  /**
   * The source file, or the result of {@link exportOf}, by the path of the bundle below `outdir`, without extension.
   */
  readonly entryPoints: Readonly<Record<string, string>>;
  readonly outdir: string;
  /** Names in the sources, and the JSON texts that replace them. */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * The format: one CommonJS file, or ES modules. The latter are one file with the code that always runs, and in
   * `parts` the code that is loaded on demand, so that a program with many commands starts as fast as one with a single
   * command.
   */
  readonly as?: 'whole' | 'parts';
}

/** Writes bundles and returns their paths, sorted. */
export async function bundle(options: BundleOptions): Promise<string[]> {
  return (await built(options)).bundles;
}

/**
 * Writes the bundles of a package into its folder `dist`, with further published files: notices of the bundled
 * libraries beside the bundles, and the licence in the folder of the package.
 */
export async function bundlePackage(
  packageFolder: string,
  options: readonly Omit<BundleOptions, 'outdir'>[],
): Promise<void> {
  const outdir = path.join(packageFolder, 'dist');
  const inputs = new Set<string>();
  for (const each of options) for (const file of (await built({ ...each, outdir })).inputs) inputs.add(file);
  writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'), noticesOf([...inputs]));
  copyFileSync(path.join(workspaceRoot, 'LICENSE'), path.join(packageFolder, 'LICENSE'));
}

async function built({ entryPoints, outdir, define = {}, as = 'whole' }: BundleOptions) {
  const { extension, plugins = [], ...format } = formats[as];
  const { metafile } = await build({
    ...format,
    metafile: true,
    entryPoints: { ...entryPoints },
    outdir,
    define: { ...format.define, ...define },
    external,
    plugins: [explorerPage, workerText, exportEntries, ...plugins],
    bundle: true,
    platform: 'node',
    // prefer the ES modules of a package: UMD code does not find its parts in a bundle
    mainFields: ['module', 'main'],
    target: 'node20',
    // Comments in the bundle contain names of source files, which are relative to this folder, so that the bundle does
    // not depend on the current folder.
    absWorkingDir: workspaceRoot,
    logLevel: 'warning',
  });
  copyNeighbours(metafile);
  return {
    bundles: Object.keys(entryPoints)
      .map((name) => path.join(outdir, `${name}${extension}`))
      .sort(),
    inputs: Object.keys(metafile.inputs).flatMap((file) => [
      path.join(workspaceRoot, file),
      ...(pageModule.test(file) ? pageLibraries() : []),
    ]),
  };
}

/** Modules that read a file from their folder at run time; the file must be beside each bundle that contains them. */
const neighbours = [{ module: '@bokuweb/zstd-wasm/dist/common/index.node.js', file: 'zstd.wasm' }];

function copyNeighbours({ outputs }: Metafile): void {
  for (const [output, { inputs }] of Object.entries(outputs)) {
    for (const { module, file } of neighbours) {
      const input = Object.keys(inputs).find((each) => each.endsWith(module));
      if (input === undefined) continue;
      const source = path.join(workspaceRoot, path.dirname(input), file);
      copyFileSync(source, path.join(workspaceRoot, path.dirname(output), file));
    }
  }
}

/** The schema of mapping packs, which is published with every package that writes them. */
export const packSchemaFile = path.join(workspaceRoot, 'libs', 'compiler', 'packs', 'mapping-pack.proto');

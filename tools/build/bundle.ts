/**
 * Bundles sources with the libraries of the workspace in them: as ES modules that share their parts, which is the form
 * of the package `dms-ddl`; as a self-contained CommonJS file; or as a CommonJS file that loads those libraries from
 * `dms-ddl`, which is the form of `nx-dms` (design 10 §3.1).
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
      page ??= buildPage();
      return {
        contents: `const bundle = ${JSON.stringify(await page)};\nexport const pageBundle = async () => bundle;`,
      };
    });
  },
};

/** The front end, which a build of parts needs twice. */
let page: ReturnType<typeof buildPage> | undefined;

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

const listModule = /libs[\\/]product[\\/]operations[\\/]src[\\/]commands[\\/]listed-operations\.ts$/;

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
 * The text of a file in which each name from a package of the workspace is imported or exported by its own statement,
 * from the place that `placeOf` returns.
 */
const withSingleNames = (file: string, placeOf: (packageName: string, name: string) => ExportSource): string =>
  readFileSync(file, 'utf8').replace(
    /^(import|export) \{([^}]*)\} from '(@dms\/[^']+)';$/gm,
    (_, keyword: string, list: string, from: string) =>
      namesIn(list)
        .map(([name, local]) => {
          const source = placeOf(from, name);
          return `${keyword} { ${source.name} as ${local} } from ${JSON.stringify(source.file)};`;
        })
        .join(' '),
  );

const sourceOf = (packageName: string, name: string): ExportSource =>
  namedExports(packageName).get(name) ?? { file: packageName, name };

/**
 * Redirects imports and exports from the index of a package to the files with these names. Bundles are split by files,
 * and an index would pull the whole package into every part.
 */
const pastIndexes: Plugin = {
  name: 'past-indexes',
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]libs[\\/](?:[^\\/]+[\\/])?[^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: withSingleNames(file, sourceOf),
      loader: 'ts',
    }));
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
export const exportOf = (file: string, name: string): string =>
  `text:export { ${name} as default } from ${JSON.stringify(`./${file}`)};`;

/** Entry points that are their own source text, after `text:`. */
const writtenEntries: Plugin = {
  name: 'written-entries',
  setup(bundling) {
    bundling.onResolve({ filter: /^text:/ }, ({ path: entry }) => ({
      path: entry.slice('text:'.length),
      namespace: 'text',
    }));
    bundling.onLoad({ filter: /./, namespace: 'text' }, ({ path: contents }) => ({
      contents,
      resolveDir: workspaceRoot,
    }));
  },
};

interface BundleOptions {
  /** The source file, or a text such as that of {@link exportOf}, by the path of the bundle below `outdir`, without extension. */
  readonly entryPoints: Readonly<Record<string, string>>;
  readonly outdir: string;
  /** Names in the sources, and the JSON texts that replace them. */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * The format: one CommonJS file, or ES modules. The latter are one file for each entry point with the code that it
   * always runs, and in `parts` the code that is shared or loaded on demand, so that a program with many commands
   * starts as fast as one with a single command.
   */
  readonly as?: 'whole' | 'parts';
}

/** Writes bundles; returns their paths, sorted, and the source files in them. */
export async function bundle({ entryPoints, outdir, define = {}, as = 'whole' }: BundleOptions) {
  const { extension, plugins = [], ...format } = formats[as];
  const options = {
    ...common,
    ...format,
    entryPoints: { ...entryPoints },
    outdir,
    define: { ...format.define, ...define },
    plugins: [explorerPage, workerText, writtenEntries, ...plugins],
  };
  const { metafile } = await build({ ...(as === 'whole' ? options : await withJoinedParts(options)), metafile: true });
  copyNeighbours(metafile);
  return {
    bundles: Object.keys(entryPoints)
      .map((name) => path.join(outdir, `${name}${extension}`))
      .sort(),
    inputs: inputsOf(metafile),
  };
}

/** The options of a build that makes the same bundles with fewer parts. */
async function withJoinedParts(options: BuildOptions): Promise<BuildOptions> {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  return { ...options, plugins: [joinParts(joinedFiles(metafile)), ...(options.plugins ?? [])] };
}

/**
 * The size in bytes from which a part deserves its own file: Node needs as long to find and link a module as to compile
 * this much code.
 */
const bytesOfPart = 24_000;

/**
 * The extra files that each entry point must load, by entry point. esbuild puts files that the same entry points load
 * into one part, and many parts are tiny. A tiny part is added to every entry point that loads all the larger parts its
 * own entry points share, so esbuild merges it into one of those.
 */
function joinedFiles({ outputs }: Metafile): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined);
  const loading = new Map<string, bigint>();
  const load = (output: string, entry: bigint): void => {
    const known = loading.get(output) ?? 0n;
    if ((known & entry) !== 0n) return;
    loading.set(output, known | entry);
    for (const { path: imported, kind } of outputs[output]?.imports ?? [])
      if (kind === 'import-statement' && imported in outputs) load(imported, entry);
  };
  entries.forEach(([output], index) => {
    load(output, 1n << BigInt(index));
  });
  // with all intersections, so that a part is loaded wherever a part that imports it is loaded
  const all = (1n << BigInt(entries.length)) - 1n;
  const kept = new Set([all]);
  for (const [output, set] of loading)
    if ((outputs[output]?.bytes ?? 0) >= bytesOfPart) for (const other of [...kept]) kept.add(other & set);
  const joined = new Map<string, string[]>();
  for (const [output, set] of loading) {
    if (outputs[output]?.entryPoint !== undefined) continue;
    let wider = all;
    for (const other of kept) if ((other & set) === set) wider &= other;
    entries.forEach(([, { entryPoint = '' }], index) => {
      // a package that is loaded on demand stays as it is
      if ((((wider & ~set) >> BigInt(index)) & 1n) === 0n || entryPoint.startsWith('node_modules/')) return;
      append(joined, entryPoint, Object.keys(outputs[output]?.inputs ?? {}));
    });
  }
  return joined;
}

function append(lists: Map<string, string[]>, key: string, more: readonly string[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [...more]);
  else list.push(...more);
}

/** Lets each entry point import further files. */
const joinParts = (joined: ReadonlyMap<string, readonly string[]>): Plugin => ({
  name: 'join-parts',
  setup(bundling) {
    bundling.onLoad({ filter: /./ }, ({ path: file, namespace }) => {
      const isFile = namespace === 'file';
      const files = joined.get(isFile ? path.relative(workspaceRoot, file).split(path.sep).join('/') : `text:${file}`);
      if (files === undefined) return undefined;
      const own = isFile ? withSingleNames(file, sourceOf) : file;
      const imports = files.map((each) => `import ${JSON.stringify(path.join(workspaceRoot, each))};`);
      return {
        contents: `${own}\n${imports.join('\n')}`,
        loader: file.endsWith('.ts') ? 'ts' : 'js',
        resolveDir: isFile ? path.dirname(file) : workspaceRoot,
      };
    });
  },
});

const common = {
  bundle: true,
  platform: 'node',
  external,
  // prefer the ES modules of a package: UMD code does not find its parts in a bundle
  mainFields: ['module', 'main'],
  target: 'node20',
  // Comments in the bundle contain names of source files, which are relative to this folder, so that the bundle does
  // not depend on the current folder.
  absWorkingDir: workspaceRoot,
  logLevel: 'warning',
  // an entry point imports files only to join them to a part
  logOverride: { 'ignored-bare-import': 'silent' },
} as const satisfies BuildOptions;

/** The source files with code in the bundles of a build. */
const inputsOf = ({ outputs }: Metafile): string[] => {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return [...new Set(files)].flatMap((file) => [
    path.join(workspaceRoot, file),
    ...(pageModule.test(file) ? pageLibraries() : []),
  ]);
};

/** A name of a package of the workspace, as a door imports it: `@dms/operations#emit`. */
const behindDoor = /^(@dms\/[^#]+)#(.+)$/;

/** Takes the names that a door imports from packages of the workspace from the module behind the door. */
const namesBehindDoors: Plugin = {
  name: 'names-behind-doors',
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]plugins[\\/]nx-dms[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: withSingleNames(file, (packageName, name) => ({ file: `${packageName}#${name}`, name })),
      loader: 'ts',
    }));
    // a name that no code of the door uses is left out
    bundling.onResolve({ filter: behindDoor }, ({ path: name }) => ({
      path: name,
      external: true,
      sideEffects: false,
    }));
  },
};

/** A bundle that loads the libraries of the workspace from another package. */
interface Door {
  /** Its path below the folder of bundles, without extension, and that of the module that it loads. */
  readonly place: string;
  readonly text: string;
  /** The entry point that exports exactly the names that the door loads; a value of {@link BundleOptions.entryPoints}. */
  readonly behind: string;
}

/** Bundles doors, without writing them: the module that each loads must be built first. */
export async function doors({ entryPoints, outdir, define = {} }: Omit<BundleOptions, 'as'>) {
  const { extension, ...format } = formats.whole;
  const { metafile, outputFiles } = await build({
    ...common,
    ...format,
    entryPoints: { ...entryPoints },
    outdir,
    write: false,
    metafile: true,
    // the plugin's own code is in each door
    minifySyntax: true,
    minifyWhitespace: true,
    define: { ...format.define, ...define },
    plugins: [writtenEntries, namesBehindDoors],
  });
  const texts = new Map(outputFiles.map(({ path: file, text }) => [path.relative(workspaceRoot, file), text]));
  return {
    inputs: inputsOf(metafile),
    doors: Object.entries(metafile.outputs).map(([file, { imports }]): Door => {
      const output = path.normalize(file);
      return {
        place: path
          .relative(outdir, path.join(workspaceRoot, output))
          .split(path.sep)
          .join('/')
          .slice(0, -extension.length),
        text: texts.get(output) ?? '',
        behind: `text:${[...new Set(imports.map(({ path: name }) => name))].sort().map(exportBehind).join('')}`,
      };
    }),
  };
}

/** The export of a name that a door loads from `dms-ddl`; empty for any other import. */
function exportBehind(imported: string): string {
  const [, packageName = '', name = ''] = behindDoor.exec(imported) ?? [];
  if (packageName === '') return '';
  const source = sourceOf(packageName, name);
  // relative, because the text becomes a comment in the bundle
  const from = path.isAbsolute(source.file)
    ? `./${path.relative(workspaceRoot, source.file).split(path.sep).join('/')}`
    : source.file;
  return `export { ${source.name} as ${name} } from ${JSON.stringify(from)};\n`;
}

/**
 * Writes a door. It first runs `one-version.js`, which checks the versions, then loads the module of `dms-ddl` with the
 * same path. Its first line is the hash of that module, which names its parts by their hashes, so the door changes
 * exactly when the code that it runs does.
 *
 * @param program the folder with the bundles of `dms-ddl`
 */
export function writeDoor({ place, text }: Door, outdir: string, program: string): void {
  const module = readFileSync(path.join(program, 'nx', `${place}.mjs`));
  const hash = createHash('sha256').update(module).digest('hex');
  const target = path.join(outdir, `${place}.js`);
  mkdirSync(path.dirname(target), { recursive: true });
  const loaded = text.replaceAll(/require\("@dms\/[^"]+"\)/g, 'behind');
  const first = path.posix.relative(path.posix.dirname(place), 'one-version.js');
  const head = [`// ${hash}`, `require('./${first}');`, `const behind = require('dms-ddl/nx/${place}');`];
  writeFileSync(target, [...head, loaded].join('\n'));
}

/** Writes the licence of a package, and beside its bundles the notices of the libraries in them. */
export function writeNotices(packageFolder: string, inputs: readonly string[]): void {
  writeFileSync(path.join(packageFolder, 'dist', 'THIRD-PARTY-NOTICES.txt'), noticesOf(inputs));
  copyFileSync(path.join(workspaceRoot, 'LICENSE'), path.join(packageFolder, 'LICENSE'));
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

/** The schema of mapping packs, which `dms-ddl` publishes. */
export const packSchemaFile = path.join(workspaceRoot, 'libs', 'compiler', 'packs', 'mapping-pack.proto');

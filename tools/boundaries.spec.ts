import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { boundaryMessage, boundaryOverrides, innerFileMessage, isBoundary, withBoundaries } from './boundaries.mjs';
import { allowedImports, allowedTestImports, rooms, testPackage } from './rooms.mjs';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));
const packageNames = rooms.map((room) => room.package);
type Room = (typeof rooms)[number];

/** A folder with the configuration of the workspace and, of its files, what the tests below write. */
const copy = mkdtempSync(path.join(realpathSync(tmpdir()), 'dms-boundaries-'));
copyFileSync(path.join(workspaceRoot, 'biome.json'), path.join(copy, 'biome.json'));

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function writeImports(room: Room, fileName: string, specifiers: readonly string[], parent = 'src') {
  const file = path.posix.join(room.folder, parent, fileName);
  mkdirSync(path.join(copy, room.folder, parent), { recursive: true });
  writeFileSync(path.join(copy, file), specifiers.map((specifier) => `export * from '${specifier}';\n`).join(''));
  return file;
}

/** Runs Biome once on all `files` and gives its messages as `<file>:<line> <message>`. */
function lint(files: readonly string[]) {
  const biome = path.join(workspaceRoot, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none'];
  const run = spawnSync(process.execPath, [biome, ...options, ...files], { cwd: copy, encoding: 'utf8' });
  const messages = [...run.stdout.matchAll(/^::\w+ title=[^,]*,file=([^,]*),line=(\d+),[^:]*::(.*)$/gm)].map(
    ([, file = '', line, message]) => {
      const fromRoot = path.isAbsolute(file) ? path.relative(copy, file) : file;
      return `${fromRoot.replaceAll('\\', '/')}:${line} ${message}`;
    },
  );
  return { exitCode: run.status, messages: messages.sort(), output: run.stdout + run.stderr };
}

test('biome.json holds the overrides made from the table of rooms', () => {
  const configuration = JSON.parse(readFileSync(path.join(workspaceRoot, 'biome.json'), 'utf8'));
  expect(configuration.overrides.filter(isBoundary)).toEqual(boundaryOverrides());
  expect(withBoundaries(configuration)).toEqual(configuration);
});

test('a message names what a room may import', () => {
  const sql = rooms.find((room) => room.folder === 'libs/sql')!;
  expect(boundaryMessage(sql, allowedImports(sql))).toBe('sql may import diagnostics only.');
  expect(boundaryMessage(sql, [])).toBe('sql may import no other package.');
});

test('a package that the table does not allow is reported', () => {
  const expected: string[] = [];
  const files = rooms.flatMap((room) => {
    const kinds = [
      { fileName: '__forbidden__.ts', allowed: allowedImports(room), parent: 'src' },
      { fileName: '__forbidden__.spec.ts', allowed: allowedTestImports(room), parent: 'src' },
      { fileName: '__forbidden__.ts', allowed: allowedTestImports(room), parent: 'test' },
    ];
    return kinds.map(({ fileName, allowed, parent }) => {
      const forbidden = packageNames.filter((name) => name.startsWith('@dms/') && !allowed.includes(name));
      const file = writeImports(room, fileName, forbidden, parent);
      expected.push(...forbidden.map((_, index) => `${file}:${index + 1} ${boundaryMessage(room, allowed)}`));
      return file;
    });
  });
  expect(expected.some((line) => line.startsWith('libs/sql/src/__forbidden__.ts:'))).toBe(true);
  const { exitCode, messages, output } = lint(files);
  expect(messages, output).toEqual(expected.sort());
  expect(exitCode).not.toBe(0);
});

test('imports that the table allows pass, and so do imports from outside the workspace', () => {
  const others = ['node:fs', 'nx/src/devkit-exports.js', '@nx/devkit', 'zod', './index.ts', '../package.json'];
  const files = rooms.flatMap((room) => [
    writeImports(room, '__allowed__.ts', [...allowedImports(room), ...others]),
    writeImports(room, '__allowed__.spec.ts', [...allowedTestImports(room), ...others]),
    writeImports(room, '__allowed__.ts', [...allowedTestImports(room), ...others], 'test'),
  ]);
  const { exitCode, messages, output } = lint(files);
  expect(messages, output).toEqual([]);
  expect(exitCode, output).toBe(0);
});

test('an inner file of a package is reported, also of an allowed one', () => {
  const specifiers = ['@dms/diagnostics/src/x', '@dms/diagnostics/index.ts', '@dms/testing/src/a/b.ts'];
  const files = rooms.flatMap((room) => [
    writeImports(room, '__inner__.ts', specifiers),
    writeImports(room, '__inner__.spec.ts', specifiers),
  ]);
  const { exitCode, messages, output } = lint(files);
  expect(messages, output).toEqual(
    files.flatMap((file) => [1, 2, 3].map((line) => `${file}:${line} ${innerFileMessage}`)).sort(),
  );
  expect(exitCode).not.toBe(0);
});

test('a relative path into another package is reported', () => {
  const specifiers = ['../../other/src/index.ts', '../../../libs/other/src/index.ts', '../../../plugins/other/dist/index.js'];
  const files = rooms.map((room) => writeImports(room, '__relative__.ts', specifiers));
  const { exitCode, messages, output } = lint(files);
  expect(messages, output).toEqual(
    files.flatMap((file) => [1, 2, 3].map((line) => `${file}:${line} ${innerFileMessage}`)).sort(),
  );
  expect(exitCode).not.toBe(0);
});

/** The specifiers of the static and dynamic imports and re-exports of a source text. */
function importedSpecifiers(text: string) {
  const statements = /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm;
  const calls = /\bimport\(\s*['"]([^'"]+)['"]/g;
  const found = [...text.matchAll(statements), ...text.matchAll(calls)];
  return found.map(([, first, second]) => first ?? second ?? '');
}

function sourceImports(room: Room) {
  return ['src', 'test'].flatMap((part) => {
    const folder = path.join(workspaceRoot, room.folder, part);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const file = path.join(folder, name);
        const isTest = part === 'test' || name.endsWith('.spec.ts');
        return importedSpecifiers(readFileSync(file, 'utf8')).map((specifier) => ({ file, specifier, isTest }));
      });
  });
}

/** `@dms/sql` of `@dms/sql/src/x`, for the packages of the workspace only. */
function workspacePackage(specifier: string) {
  return packageNames.find((name) => specifier === name || specifier.startsWith(`${name}/`));
}

test('imports are found in every form in which they are written', () => {
  const text = [
    "import { a } from '@dms/one';",
    'import type {\n  b,\n  c,\n} from "@dms/two";',
    "import '@dms/three';",
    "export * from '@dms/four';",
    "export { type d } from './five.ts';",
    "  const e = await import('@dms/six');",
    "export const f = 'from';",
    "let g: import('@dms/seven').G;",
  ].join('\n');
  const expected = ['@dms/one', '@dms/two', '@dms/three', '@dms/four', './five.ts', '@dms/six', '@dms/seven'];
  expect(importedSpecifiers(text)).toEqual(expected);
});

test.each(rooms)('$package imports and declares only what the table allows, and declares what it imports', (room) => {
  const manifest = JSON.parse(readFileSync(path.join(workspaceRoot, room.folder, 'package.json'), 'utf8'));
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(manifest.name).toBe(room.package);
  const problems = sourceImports(room).flatMap(({ file, specifier, isTest }) => {
    const place = `${path.relative(workspaceRoot, file)}: ${specifier}`;
    if (specifier.startsWith('.')) {
      const target = path.relative(workspaceRoot, path.resolve(path.dirname(file), specifier)).replaceAll('\\', '/');
      const entered = rooms.find((other) => other !== room && target.startsWith(`${other.folder}/`));
      return entered === undefined ? [] : [`${place} is in ${entered.package}`];
    }
    const imported = workspacePackage(specifier);
    if (imported === undefined) return [];
    const allowed = isTest ? allowedTestImports(room) : allowedImports(room);
    return [
      ...(allowed.includes(imported) ? [] : [`${place} is not allowed`]),
      ...(declared.includes(imported) ? [] : [`${place} is not declared in package.json`]),
    ];
  });
  const surplus = declared.filter((name) => packageNames.includes(name) && !allowedTestImports(room).includes(name));
  expect([...problems, ...surplus.map((name) => `package.json declares ${name}, which is not allowed`)]).toEqual([]);
  // The product is never built from the test package, so it is not a dependency of anything that is installed.
  expect(Object.keys(manifest.dependencies ?? {})).not.toContain(testPackage);
  const forTests = Object.keys(manifest.dependencies ?? {}).filter((name) => packageNames.includes(name));
  expect(allowedImports(room)).toEqual(expect.arrayContaining(forTests));
});

test('the table of rooms names each package of the workspace once, and has no cycle', () => {
  const folders = ['libs', 'plugins'].flatMap((parent) =>
    readdirSync(path.join(workspaceRoot, parent))
      .filter((name) => existsSync(path.join(workspaceRoot, parent, name, 'package.json')))
      .map((name) => `${parent}/${name}`),
  );
  expect(rooms.map((room) => room.folder).sort()).toEqual(folders.sort());
  expect(new Set(packageNames).size).toBe(rooms.length);
  for (const room of rooms) {
    expect(packageNames).toEqual(expect.arrayContaining(room.imports));
    expect(allowedImports(room), `${room.package} imports itself`).not.toContain(room.package);
  }
});

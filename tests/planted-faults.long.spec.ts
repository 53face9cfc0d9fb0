import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isThorough } from '../libs/testing/src/runs/property-runs.ts';
import { packageFolders } from '../tools/packages.ts';

/*
 * Faults of the repository that a step of `.ci/run` must find. `npm run search -- planted-faults` plants each fault in
 * a copy of the repository, whose packages are linked into the copy.
 */

const root = path.resolve(import.meta.dirname, '..');
const copy = mkdtempSync(path.join(realpathSync(tmpdir()), 'dms-planted-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));
const modules = path.join(copy, 'node_modules');

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=dms', '-c', 'user.email=dms@example.org'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Links all installed packages, except those of the workspace, which are linked into the copy. */
function linkModules(): void {
  const installed = path.join(root, 'node_modules');
  const isOwn = (name: string) => ['@dms', 'dms-ddl', 'nx-dms'].includes(name);
  mkdirSync(path.join(modules, '@dms'), { recursive: true });
  for (const name of readdirSync(installed).filter((each) => !isOwn(each)))
    symlinkSync(path.join(installed, name), path.join(modules, name));
  for (const folder of packageFolders(copy)) {
    const { name } = JSON.parse(readFileSync(path.join(copy, folder, 'package.json'), 'utf8'));
    symlinkSync(path.join(copy, folder), path.join(modules, name));
  }
}

const program = (name: string) => path.join(root, 'node_modules', name);
const biome = [program('@biomejs/biome/bin/biome'), 'ci'];
const dependencies = [program('vitest/vitest.mjs'), 'run', 'tests/dependencies.spec.ts'];
const tsc = program('typescript/bin/tsc');
const types = [[tsc], [tsc, '-p', 'libs/product/explorer/page']];
const generate = ['--import', 'tsx', 'tools/generate/index.ts'];

/** Runs a step, by default in the copy; returns its exit code and its output. */
function run(args: readonly string[], cwd = copy): { readonly exitCode: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 });
  return { exitCode: status, output: stdout + stderr };
}

function edit(file: string, change: (text: string) => string): void {
  const place = path.join(copy, file);
  const text = existsSync(place) ? readFileSync(place, 'utf8') : '';
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(place, changed);
}

function declare(folder: string, name: string): void {
  edit(`${folder}/package.json`, (text) => {
    const manifest = JSON.parse(text);
    return `${JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, [name]: '*' } }, null, 2)}\n`;
  });
}

const addImport = (file: string, line: string) => edit(file, (text) => `${line}\n${text}`);

test('the steps are those of .ci/run', () => {
  const script = readFileSync(path.join(root, '.ci/run'), 'utf8');
  for (const step of ['npx biome ci', 'npm run types', 'npm run generate', 'git diff --exit-code', 'npm test'])
    expect(script).toContain(`step ${step}\n`);
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(scripts.types).toBe('tsc && tsc -p libs/product/explorer/page');
  expect(scripts.generate).toBe('tsx tools/generate/index.ts');
});

test('the types of every source are checked', () => {
  const checked = types.flatMap((project) => {
    const { exitCode, output } = run([...project, '--listFilesOnly'], root);
    expect(exitCode, output).toBe(0);
    return output.split('\n').map((file) => path.relative(root, file).replaceAll('\\', '/'));
  });
  const sources = spawnSync('git', ['ls-files', '*.ts', '*.mts'], { cwd: root, encoding: 'utf8' })
    .stdout.trimEnd()
    .split('\n');
  expect(sources.length).toBeGreaterThan(2000);
  const isChecked = new Set(checked);
  expect(sources.filter((file) => !isChecked.has(file))).toEqual([]);
});

describe.runIf(isThorough)('a fault that is planted is found (needs DMS_PROPERTY_RUNS above 1)', () => {
  beforeAll(() => {
    const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const name of listed.stdout.split('\0').filter((each) => each !== '' && existsSync(path.join(root, each))))
      cpSync(path.join(root, name), path.join(copy, name));
    linkModules();
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Everything');
  });

  afterEach(() => {
    git('reset', '--quiet', '--hard');
    git('clean', '--quiet', '--force', '-d', 'libs', 'tools');
  });

  test('Biome finds an undeclared dependency, an inner file, a circle of files, and a higher package although it is declared', () => {
    addImport('libs/compiler/plans/src/index.ts', "export { deriveInventory } from '@dms/inventory';");
    addImport('libs/compiler/model/src/index.ts', "export { pgsql } from '../../../base/sql/src/pgsql.ts';");
    addImport('libs/compiler/plans/src/file.ts', "export { dialectModel } from '../../model/src/index.ts';");
    addImport('libs/base/diagnostics/src/message-text.ts', "export { list } from './list.ts';");
    addImport('libs/base/diagnostics/src/list.ts', "export { counted } from './message-text.ts';");
    declare('libs/compiler/inventory', '@dms/ddl');
    addImport('libs/compiler/inventory/src/index.ts', "export { emitDdl } from '@dms/ddl';");
    const { exitCode, output } = run([...biome, '--reporter=github', '--max-diagnostics=none']);
    const found = [...output.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+),/g)].map(
      ([, rule, file = '']) => `${rule} ${path.relative(copy, file).replaceAll('\\', '/')}`,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'noUndeclaredDependencies libs/compiler/plans/src/index.ts',
        'noRestrictedImports libs/compiler/model/src/index.ts',
        'noRestrictedImports libs/compiler/plans/src/file.ts',
        'noImportCycles libs/base/diagnostics/src/list.ts',
        'noImportCycles libs/compiler/inventory/src/index.ts',
      ]),
    );
    expect(exitCode).not.toBe(0);
  });

  test('an import of a package beside it, which the table of packages does not allow, and an unused dependency', () => {
    declare('libs/compiler/plans', '@dms/inventory');
    addImport('libs/compiler/plans/src/index.ts', "export { deriveInventory } from '@dms/inventory';");
    declare('libs/compiler/ddl', 'uuid-of-nobody');
    const { exitCode, output } = run(dependencies);
    expect(output).toContain('declares for its product what the table of packages allows');
    expect(output).toContain('uuid-of-nobody');
    expect(exitCode).not.toBe(0);
  });

  test('a generated file that is out of date', () => {
    edit('docs/reference/codes.md', (text) => text.replace('the input is wrong', 'the input is right'));
    git('commit', '--quiet', '--all', '--message', 'A stale page');
    const { exitCode, output } = run(generate);
    expect(exitCode, output).toBe(0);
    expect(spawnSync('git', ['diff', '--exit-code', '--stat'], { cwd: copy, encoding: 'utf8' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('docs/reference/codes.md'),
    });
    git('reset', '--quiet', '--hard', 'HEAD~1');
  });
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, repository, run } from './run-nx.ts';
import { packedPlugin, packedProgram, packInto } from './scratch-workspace.ts';

/*
 * The packages in their published form (design 10 §9).
 */

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'nx-dms-packages-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Entry points that are data without types. */
const dataEntries = [
  ...['executors.json', 'generators.json', 'migrations.json', 'dms.schema.json', 'fleet.schema.json'],
  'translation.schema.json',
];

describe.each([
  { packageFolder: 'plugins/nx-dms', attwOptions: ['--exclude-entrypoints', ...dataEntries], mostBytes: 300_000 },
  {
    packageFolder: 'libs/product/cli',
    // every version of Node that the package supports can require an ES module
    attwOptions: ['--ignore-rules', 'cjs-resolves-to-esm', '--exclude-entrypoints', 'bin/dms-ddl.mjs'],
    mostBytes: 2_500_000,
  },
])('the package in $packageFolder', ({ packageFolder, attwOptions, mostBytes }) => {
  let tarball: string;
  let files: Map<string, Uint8Array>;
  beforeAll(() => {
    tarball = packInto(folder, packageFolder);
    const entries = parseTar(gunzipSync(readFileSync(tarball))).filter(({ type }) => type === 'file');
    files = new Map(entries.map(({ name, data = new Uint8Array() }) => [name.replace(/^package\//, ''), data]));
  });
  const text = (name: string) => Buffer.from(files.get(name) ?? []).toString('utf8');

  test('contains its licence, the notices of bundled code, a README, and nothing that only tests need', () => {
    expect(text('LICENSE')).toBe(readFileSync(path.join(repository, 'LICENSE'), 'utf8'));
    expect(text('README.md')).toMatch(/^# (nx-dms|dms-ddl)\n/);
    const notices = text('dist/THIRD-PARTY-NOTICES.txt');
    expect(notices).toMatch(/^(?:zod|sisteransi) \d+\.\d+\.\d+ \(MIT\)\n\nMIT License\n/m);
    // packages that are installed with it have their own notices
    expect(notices).not.toMatch(/^(@electric-sql\/pglite|pg|nx|@nx\/devkit) \d/m);
    const isOfTests = (name: string) => /\.(spec|e2e)\.|(^|\/)(e2e|test|fixtures|golden)\/|(?<!\.d)\.ts$/.test(name);
    expect([...files.keys()].filter(isOfTests)).toEqual([]);
    const where = [repository, folder].map((name) => name.replace(/\/$/, ''));
    for (const [name, bytes] of files) {
      for (const place of where) expect(Buffer.from(bytes).includes(place), `${place} in ${name}`).toBe(false);
    }
  });

  test('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(mostBytes);
  });

  test('states its licence and what it runs on', () => {
    const { license, engines, description, ...manifest } = JSON.parse(text('package.json'));
    expect({ license, engines }).toEqual({ license: 'Apache-2.0', engines: { node: '>=20.19.0' } });
    expect(description).toBeTruthy();
    expect(manifest).not.toHaveProperty('private');
    // bundled packages are not installed again
    expect(Object.keys(manifest.dependencies).filter((name) => name.startsWith('@dms/'))).toEqual([]);
  });

  test('is published for everybody, with provenance, in one version with the other package', () => {
    const { publishConfig, version } = JSON.parse(text('package.json'));
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
    for (const other of ['libs/product/cli', 'plugins/nx-dms'])
      expect(JSON.parse(readFileSync(path.join(repository, other, 'package.json'), 'utf8')).version).toBe(version);
  });

  test('works in an empty project that installs it from the tarball', async () => {
    const project = path.join(folder, `project-${path.basename(packageFolder)}`);
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "private": true }');
    const packages = [...new Set([tarball, packedProgram(folder)])];
    const npm = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages];
    const installed = await run('npm', npm, project, cleanEnvironment({}));
    expect(installed.exitCode, installed.output).toBe(0);
    const { name, version, bin } = JSON.parse(text('package.json'));
    const script = `import('${name}').then((library) => console.log(Object.keys(library).length > 1))`;
    const loaded = await run('node', ['--eval', script], project, cleanEnvironment({}));
    expect(loaded.output.trim()).toBe('true');
    for (const command of Object.keys(bin ?? {})) {
      const program = path.join(project, 'node_modules/.bin', command);
      expect((await run(program, ['--version'], project, cleanEnvironment({}))).output.trim()).toBe(version);
      const schema = path.join(repository, 'fixtures/schemas/campus/ApiSchema.json');
      const emitted = await run(
        program,
        ['emit', '--schema', schema, '--output', 'out'],
        project,
        cleanEnvironment({}),
      );
      expect(emitted.exitCode, emitted.output).toBe(0);
      expect(readFileSync(path.join(project, 'out/pgsql.sql'), 'utf8')).toContain('CREATE TABLE');
    }
  });

  test('is clean to publint and to arethetypeswrong', async () => {
    const bin = (name: string) => path.join(repository, 'node_modules/.bin', name);
    const publint = await run(bin('publint'), ['run', tarball, '--strict'], repository, cleanEnvironment({}));
    expect(publint.exitCode, publint.output).toBe(0);
    expect(publint.output).toContain('All good!');
    const attw = await run(bin('attw'), [tarball, '--no-color', ...attwOptions], repository, cleanEnvironment({}));
    expect(attw.exitCode, attw.output).toBe(0);
    expect(attw.output).toContain('No problems found');
  });
});

describe('with two versions in one workspace', () => {
  let project: string;
  beforeAll(async () => {
    project = path.join(folder, 'two-versions');
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "name": "two-versions", "private": true }');
    writeFileSync(path.join(project, 'nx.json'), '{ "analytics": false, "plugins": ["nx-dms"] }');
    const { devDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
    const packages = [`nx@${devDependencies.nx}`, packedPlugin(folder), packedProgram(folder)];
    const npm = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages];
    const installed = await run('npm', npm, project, cleanEnvironment({}));
    expect(installed.exitCode, installed.output).toBe(0);
    // as npm installs a plugin beside another version of the program
    const program = path.join(project, 'node_modules/dms-ddl');
    cpSync(program, path.join(project, 'node_modules/nx-dms/node_modules/dms-ddl'), { recursive: true });
    const manifest = path.join(program, 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(`"version": "${version}"`, '"version": "99.0.0"'));
  });

  const inPackage = (name: string, file: string) => path.join(project, 'node_modules', name, file);
  const nx = () => inPackage('nx', 'dist/bin/nx.js');
  test.each([
    ['the graph', () => [nx(), 'graph', '--file=graph.json']],
    ['a list', () => [nx(), 'show', 'projects']],
    ['a task', () => [nx(), 'run', 'schools:emit-ddl']],
    ['the command of the plugin', () => [inPackage('nx-dms', 'bin/dms-ddl.mjs'), 'schemas', '.']],
    ['the command', () => [inPackage('dms-ddl', 'bin/dms-ddl.mjs'), 'schemas', '.']],
  ])('%s ends with an error that names both', async (_, args) => {
    for (const isolated of ['false', 'true']) {
      const environment = cleanEnvironment({ NX_ISOLATE_PLUGINS: isolated });
      const { exitCode, output } = await run(process.execPath, args(), project, environment);
      expect(output).toMatch(/error CONFIG_VERSIONS_DIFFER package\.json: .*(?:\d+\.\d+\.\d+.*){2}/);
      expect(output).toContain('99.0.0');
      expect(exitCode).toBe(1);
    }
  });

  test('help and the version are still printed', async () => {
    const help = [inPackage('dms-ddl', 'bin/dms-ddl.mjs'), '--help'];
    const { exitCode } = await run(process.execPath, help, project, cleanEnvironment({}));
    expect(exitCode).toBe(0);
  });
});

test('a release changes the version of both packages, and of nothing else', async () => {
  const release = ['release', '99.0.0', '--dry-run', '--skip-publish', '--first-release'];
  const nx = path.join(repository, 'node_modules/.bin/nx');
  const { exitCode, output } = await run(nx, release, repository, cleanEnvironment({ NX_DAEMON: 'false' }));
  expect(exitCode, output).toBe(0);
  for (const file of ['libs/product/cli/package.json', 'plugins/nx-dms/package.json', 'package-lock.json'])
    expect(output).toContain(`UPDATE ${file} [dry-run]`);
  expect(output.match(/^\+ +"version": "99\.0\.0",$/gm)).toHaveLength(4);
  expect(output.match(/^\+ +"dms-ddl": "99\.0\.0",?$/gm)).toHaveLength(2);
  expect(output.match(/^UPDATE .*$/gm)).toHaveLength(3);
});

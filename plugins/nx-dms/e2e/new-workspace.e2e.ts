import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPrompts } from './prompts.ts';
import { cleanEnvironment, repository, run } from './run-nx.ts';
import {
  createScratchWorkspace,
  installedVersionsOfNx,
  packedPlugin,
  type ScratchWorkspace,
  workspaceFiles,
} from './scratch-workspace.ts';

/*
 * From an empty workspace to a script and its proof, like a new user: `nx add`, generators, targets (design 10 §8).
 */

const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;
const schemaFile = (name: string) => path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json');

let workspace: ScratchWorkspace;
beforeAll(async () => {
  workspace = await createScratchWorkspace(workspaceFiles(versions.nx), 'without the plugin');
});
afterAll(() => workspace?.dispose());

async function succeeding(...args: readonly string[]) {
  const { exitCode, output } = await workspace.nx(args);
  expect(exitCode, output).toBe(0);
  return output;
}

const nxJson = () => JSON.parse(workspace.read('nx.json'));

test('`nx add` installs the plugin and registers it, once (T25, T28)', async () => {
  expect(nxJson().plugins).toBeUndefined();
  const tarball = packedPlugin(path.dirname(workspace.root));
  await succeeding('add', `nx-dms@file:${tarball}`);
  expect(nxJson()).toMatchObject({ analytics: false, plugins: ['nx-dms'] });
  expect(await installedVersionsOfNx(workspace)).toEqual([versions.nx]);
  const before = [workspace.read('nx.json'), workspace.read('package.json')];
  expect(JSON.parse(before[1] ?? '').devDependencies['nx-dms']).toMatch(/^file:/);
  await succeeding('g', 'nx-dms:init', '--keepExistingVersions', '--updatePackageScripts=false');
  expect([workspace.read('nx.json'), workspace.read('package.json')]).toEqual(before);
});

test('the command line, which messages name, is there with the plugin alone', async () => {
  const program = path.join(workspace.root, 'node_modules/.bin/dms-ddl');
  const args = ['hash', '--schema', schemaFile('campus'), '--json'];
  const { exitCode, output } = await run(program, args, workspace.root, cleanEnvironment({}));
  expect(exitCode, output).toBe(0);
  expect(output).toContain('"effectiveSchemaHash"');
});

test('schema shows what it would do, and adds core and extensions of a package', async () => {
  const bytes = (name: string) => new Uint8Array(readFileSync(schemaFile(name)));
  const nupkg = zipSync({
    'contentFiles/core/ApiSchema.json': bytes('campus'),
    'contentFiles/extension/ApiSchema-EXTENSION.json': bytes('athletics'),
  });
  writeFileSync(path.join(workspace.root, 'Standard.1.0.0.nupkg'), nupkg);
  const dry = await succeeding('g', 'nx-dms:schema', 'Standard.1.0.0.nupkg', '--dry-run');
  expect(dry).toContain('CREATE schemas/campus/ApiSchema.json');
  expect(existsSync(path.join(workspace.root, 'schemas'))).toBe(false);
  await succeeding('g', 'nx-dms:schema', 'Standard.1.0.0.nupkg');
  expect(workspace.read('schemas/campus/ApiSchema.json')).toBe(readFileSync(schemaFile('campus'), 'utf8'));
  expect(Object.keys(workspace.files('schemas'))).toEqual([
    'schemas/athletics/ApiSchema-EXTENSION.json',
    'schemas/campus/ApiSchema.json',
  ]);
  const again = await workspace.nx(['g', 'nx-dms:schema', 'Standard.1.0.0.nupkg']);
  expect(again.exitCode).toBe(1);
  expect(again.output).toContain('error GENERATOR_TARGET_EXISTS');
});

test('mapping-set takes all schemas of the workspace, or those that are named; without a name it says so (T27)', async () => {
  await succeeding('g', 'nx-dms:mapping-set', 'schools', '--dialect=pgsql');
  expect(JSON.parse(workspace.read('mapping-sets/schools/dms.json'))).toEqual({
    $schema: '../../node_modules/nx-dms/dms.schema.json',
    name: 'schools',
    schemas: ['../../schemas/campus', '../../schemas/athletics'],
    dialects: ['pgsql'],
  });
  await succeeding('g', 'nx-dms:mapping-set', 'small', '--schemas=campus', '--directory=sets/small');
  expect(JSON.parse(workspace.read('sets/small/dms.json'))).toMatchObject({
    name: 'small',
    schemas: ['../../schemas/campus'],
    dialects: ['pgsql', 'mssql'],
  });
  const nameless = await workspace.nx(['g', 'nx-dms:mapping-set']);
  expect(nameless.exitCode).toBe(1);
  expect(nameless.output).toContain("Required property 'name' is missing");
  const unknown = await workspace.nx(['g', 'nx-dms:mapping-set', 'x', '--schemas=athletix']);
  expect(unknown.output).toContain('error CONFIG_SCHEMA_UNKNOWN --schema has "athletix"');
});

testPrompts(() => workspace);

test('--help of a target shows the options that people set, with an example, and no options that the plugin fills in', async () => {
  const help = await succeeding('run', 'schools:emit-ddl', '--help');
  expect(help).toContain('--dialect');
  expect(help).toMatch(/Examples:\s+npx nx run schools:emit-ddl\s+Write the scripts of all dialects/);
  expect(help).not.toMatch(/--(outputDirectory|others|namesakes)/);
  const details = JSON.parse(await succeeding('show', 'project', 'schools', '--json'));
  expect(details.metadata.targetGroups).toEqual({
    Model: ['derive-model', 'derive-inventory', 'compile-plans', 'build-pack', 'derive-ods-mapping', 'explore-model'],
    Database: ['emit-ddl', 'emit-reporting', 'emit-comments', 'verify-db', 'provision-db', 'check-db', 'status-db'],
  });
  for (const { metadata } of Object.values<{ metadata: Record<string, unknown> }>(details.targets)) {
    expect(metadata).toMatchObject({
      description: expect.any(String),
      help: { command: expect.stringContaining('--help') },
    });
  }
});

test('the new mapping set is proved, and a second time from the cache', async () => {
  const first = await workspace.nx(['run', 'schools:verify-db']);
  expect(first.exitCode, first.output).toBe(0);
  expect(first.output).toContain('pgsql: passed; the script was run on the embedded engine');
  const second = await workspace.nx(['run', 'schools:verify-db']);
  expect(second, second.output).toMatchObject({ exitCode: 0, executed: [] });
});

test('remove takes the plugin out, leaves the files, and Nx goes on', async () => {
  const files = { 'nx.json': nxJson(), 'package.json': JSON.parse(workspace.read('package.json')) };
  expect(await succeeding('show', 'projects')).toContain('schools');
  await succeeding('g', 'nx-dms:remove');
  expect(nxJson().plugins).toBeUndefined();
  expect(JSON.parse(workspace.read('package.json')).devDependencies['nx-dms']).toBeUndefined();
  expect(existsSync(path.join(workspace.root, 'node_modules/nx-dms'))).toBe(false);
  // a daemon may take a moment to see that nx.json has changed
  await expect.poll(() => succeeding('show', 'projects'), { timeout: 60_000 }).not.toContain('schools');
  expect(existsSync(path.join(workspace.root, 'mapping-sets/schools/dms.json'))).toBe(true);
  await succeeding('add', `nx-dms@file:${packedPlugin(path.dirname(workspace.root))}`);
  expect({ 'nx.json': nxJson(), 'package.json': JSON.parse(workspace.read('package.json')) }).toEqual(files);
});

test('targets written by hand do the same without the plugin in nx.json', async () => {
  const inferred = workspace.files('dist/mapping-sets/schools');
  workspace.write('nx.json', { ...nxJson(), plugins: [] });
  for (const name of ['campus', 'athletics']) {
    const file = name === 'campus' ? 'ApiSchema.json' : 'ApiSchema-EXTENSION.json';
    workspace.write(`schemas/${name}/project.json`, {
      name,
      targets: {
        'normalize-schema': {
          executor: 'nx-dms:normalize-schema',
          cache: true,
          inputs: [`{projectRoot}/${file}`, { externalDependencies: ['nx-dms'] }],
          outputs: ['{workspaceRoot}/dist/{projectRoot}/schema.normalized.json'],
          options: { source: `schemas/${name}/${file}` },
        },
      },
    });
  }
  const own = (dependsOn: readonly string[], outputs: readonly string[]) => ({
    cache: true,
    dependsOn,
    inputs: ['{projectRoot}/dms.json', { dependentTasksOutputFiles: '**/*' }, { externalDependencies: ['nx-dms'] }],
    outputs: outputs.map((name) => `{workspaceRoot}/dist/{projectRoot}/${name}`),
  });
  workspace.write('mapping-sets/schools/project.json', {
    name: 'schools',
    implicitDependencies: ['campus', 'athletics'],
    targets: {
      'derive-model': {
        executor: 'nx-dms:derive-model',
        ...own(
          ['^normalize-schema'],
          ['effective-schema.manifest.json', 'document-schemas.json', 'relational-model.pgsql.json'],
        ),
      },
      'derive-inventory': {
        executor: 'nx-dms:derive-inventory',
        ...own(['derive-model'], ['inventory.pgsql.json', 'relational-model.pgsql.manifest.json']),
      },
      'emit-ddl': {
        executor: 'nx-dms:emit-ddl',
        ...own(['derive-model', 'derive-inventory'], ['pgsql.sql', 'catalog.pgsql.json', 'ddl.manifest.json']),
      },
    },
  });
  workspace.remove('dist');
  const first = await workspace.nx(['run', 'schools:emit-ddl']);
  expect(first.exitCode, first.output).toBe(0);
  expect(first.executed).toHaveLength(5);
  const made = workspace.files('dist/mapping-sets/schools');
  expect(Object.keys(made)).toHaveLength(8);
  expect(inferred).toMatchObject(made);
  workspace.remove('dist');
  expect(await workspace.nx(['run', 'schools:emit-ddl'])).toMatchObject({ exitCode: 0, executed: [] });
  expect(workspace.files('dist/mapping-sets/schools')).toEqual(made);
});

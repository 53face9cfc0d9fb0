import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace } from './scratch-workspace.ts';

/*
 * The way of the README for a new project: `npm init`, `npm install nx <tarball>`, then the generators up to a script.
 * There is no `nx.json` at first (design 10 §8).
 */

const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;
const schemaFile = path.join(repository, 'fixtures/schemas/campus/ApiSchema.json');

let workspace: ScratchWorkspace;
beforeAll(async () => {
  // the output of `npm init -y`, with Nx as it is installed next
  const manifest = {
    name: 'scratch',
    version: '1.0.0',
    main: 'index.js',
    license: 'ISC',
    dependencies: { nx: versions.nx },
  };
  workspace = await createScratchWorkspace({ 'package.json': manifest, '.gitignore': 'node_modules/\ndist/\n.nx/\n' });
});
afterAll(() => workspace?.dispose());

test('a generator of an unregistered plugin says how to register it, and changes nothing', async () => {
  expect(existsSync(path.join(workspace.root, 'nx.json'))).toBe(false);
  for (const [generator, argument] of [
    ['nx-dms:schema', schemaFile],
    ['nx-dms:mapping-set', 'schools'],
  ] as const) {
    const { exitCode, output } = await workspace.nx(['g', generator, argument]);
    expect(exitCode, output).toBe(1);
    expect(output).toContain('error PLUGIN_NOT_REGISTERED');
    expect(output).toContain('npx nx g nx-dms:init');
  }
  expect(existsSync(path.join(workspace.root, 'schemas'))).toBe(false);
});

test('init writes nx.json, and the generators and targets follow', async () => {
  const steps = [
    ['g', 'nx-dms:init'],
    ['g', 'nx-dms:schema', schemaFile],
    ['g', 'nx-dms:mapping-set', 'schools'],
    ['run', 'schools:emit-ddl'],
  ];
  for (const args of steps) {
    const { exitCode, output } = await workspace.nx(args);
    expect(exitCode, output).toBe(0);
    if (args[1] === 'nx-dms:init') expect(output).toContain('CREATE nx.json');
  }
  expect(JSON.parse(workspace.read('nx.json')).plugins).toEqual(['nx-dms']);
  const scripts = Object.keys(workspace.files('dist/mapping-sets/schools')).filter((name) => name.endsWith('.sql'));
  expect(scripts).toEqual(['dist/mapping-sets/schools/mssql.sql', 'dist/mapping-sets/schools/pgsql.sql']);
});

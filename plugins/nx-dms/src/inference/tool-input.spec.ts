import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorkspace, writeFiles } from '../../test/temporary-workspace.ts';
import { targetNames } from './targets.ts';
import { toolSituation as situationIn, toolInputs } from './tool-input.ts';

const toolSituation = (packageFolder: string, root: string) => situationIn(packageFolder, root, '24.0.6');

test('installed, with a lock file: the package as the lock file pins it', () => {
  for (const lockFile of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']) {
    const root = temporaryWorkspace({ [lockFile]: '' });
    const situation = toolSituation(path.join(root, 'node_modules/nx-dms'), root);
    expect(toolInputs(situation, 'emit-ddl')).toEqual([{ externalDependencies: ['nx-dms'] }]);
  }
});

test('installed, without a lock file: the files of the installed executor', () => {
  const root = temporaryWorkspace();
  const situation = toolSituation(path.join(root, 'node_modules/nx-dms'), root);
  expect(toolInputs(situation, 'emit-ddl')).toEqual([
    { fileset: '{workspaceRoot}/node_modules/nx-dms/dist/executors/emit-ddl/**/*', includeIgnored: true },
    { externalDependencies: [] },
  ]);
});

test('in its own repository: the files of the built executor, lock file or not', () => {
  const root = temporaryWorkspace({ 'package-lock.json': '{}' });
  const situation = toolSituation(path.join(root, 'plugins/nx-dms'), root);
  expect(toolInputs(situation, 'derive-model')).toEqual([
    { fileset: '{workspaceRoot}/plugins/nx-dms/dist/executors/derive-model/**/*', includeIgnored: true },
    { externalDependencies: [] },
  ]);
});

const allInputs = (folder: string) => {
  const root = temporaryWorkspace();
  const situation = toolSituation(path.join(root, folder), root);
  return targetNames.map((target) => [target, toolInputs(situation, target)] as const);
};

test('in its own repository the package of the embedded engine is an input of the targets that run it, and of no other', () => {
  const withEngine = allInputs('plugins/nx-dms').filter(([, inputs]) => {
    return JSON.stringify(inputs).includes('@electric-sql/pglite');
  });
  expect(withEngine).toEqual(
    ['verify-db', 'verify-upgrade'].map((target) => [
      target,
      [
        { fileset: `{workspaceRoot}/plugins/nx-dms/dist/executors/${target}/**/*`, includeIgnored: true },
        { externalDependencies: ['@electric-sql/pglite'] },
      ],
    ]),
  );
});

test('in the workspace of a user without a lock file no target has a package among its inputs: Nx knows none, and would stop', () => {
  for (const folder of ['node_modules/nx-dms', 'tools/node_modules/.pnpm/nx-dms@1.0.0/node_modules/nx-dms']) {
    for (const [target, inputs] of allInputs(folder)) {
      expect(inputs).toEqual([
        { fileset: `{workspaceRoot}/${folder}/dist/executors/${target}/**/*`, includeIgnored: true },
        { externalDependencies: [] },
      ]);
    }
  }
});

test('outside the workspace: a text with the hash of the executor, as Nx hashes no file there', () => {
  const packageFolder = temporaryWorkspace({
    'dist/executors/emit-ddl/executor.js': '1',
    'dist/executors/emit-ddl/schema.json': '1',
    'dist/executors/other/executor.js': '1',
  });
  const root = temporaryWorkspace();
  const inputs = () => toolInputs(toolSituation(packageFolder, root), 'emit-ddl');
  const before = inputs();
  expect(before).toEqual([
    { runtime: expect.stringMatching(/^echo nx-dms:emit-ddl [0-9a-f]{64}$/) },
    { externalDependencies: [] },
  ]);
  writeFiles(packageFolder, { 'dist/executors/other/executor.js': '2' });
  expect(inputs()).toEqual(before);
  for (const file of ['executor.js', 'schema.json']) {
    writeFiles(packageFolder, { [`dist/executors/emit-ddl/${file}`]: '2' });
    expect(inputs(), file).not.toEqual(before);
    writeFiles(packageFolder, { [`dist/executors/emit-ddl/${file}`]: '1' });
    expect(inputs(), file).toEqual(before);
  }
});

test('beside the workspace is outside, whatever the names have in common', () => {
  const folder = temporaryWorkspace({ 'scratch-2/node_modules/nx-dms/dist/executors/emit-ddl/executor.js': '1' });
  const situation = toolSituation(path.join(folder, 'scratch-2/node_modules/nx-dms'), path.join(folder, 'scratch'));
  expect(situation).toMatchObject({ kind: 'unseen', hashes: { 'emit-ddl': expect.stringMatching(/^[0-9a-f]{64}$/) } });
});

test('a lock file pins what is installed, and not a package that only stands beside one', () => {
  const root = temporaryWorkspace({ 'package-lock.json': '{}', 'x/dist/executors/emit-ddl/executor.js': '1' });
  expect(toolSituation(path.join(root, 'my_node_modules/nx-dms'), root).kind).toBe('files');
  expect(toolSituation(path.join(root, 'node_modules/nx-dms'), root).kind).toBe('locked');
});

test.each([
  ['22.7.0', false],
  ['23.2.1', false],
  ['23.3.0', true],
  ['24.0.0', true],
])('with Nx %s the files themselves are hashed only where Nx can: %s', (version, isHashed) => {
  const root = temporaryWorkspace({ 'node_modules/nx-dms/dist/executors/emit-ddl/executor.js': '1' });
  const [input] = toolInputs(situationIn(path.join(root, 'node_modules/nx-dms'), root, version), 'emit-ddl');
  expect(input).toEqual(
    isHashed
      ? { fileset: '{workspaceRoot}/node_modules/nx-dms/dist/executors/emit-ddl/**/*', includeIgnored: true }
      : { runtime: expect.stringMatching(/^echo nx-dms:emit-ddl [0-9a-f]{64}$/) },
  );
});

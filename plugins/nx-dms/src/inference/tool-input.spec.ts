import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorkspace, writeFiles } from '../temporary-workspace.ts';
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

test('outside the workspace: a text with the hash of the executor, as Nx hashes no file there', () => {
  const packageFolder = temporaryWorkspace({
    'dist/executors/emit-ddl/executor.js': '1',
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
  writeFiles(packageFolder, { 'dist/executors/emit-ddl/executor.js': '2' });
  expect(inputs()).not.toEqual(before);
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

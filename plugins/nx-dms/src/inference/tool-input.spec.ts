import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorkspace, writeFiles } from '../temporary-workspace.ts';
import { toolInputs, toolSituation } from './tool-input.ts';

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

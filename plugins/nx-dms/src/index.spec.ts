import { expect, test, vi } from 'vitest';
import { createMetadata, preTasksExecution } from './index.ts';

// as Nx does with NX_CACHE_PROJECT_GRAPH=false
vi.mock('nx/src/devkit-exports', async (original) => ({
  ...(await original<object>()),
  readCachedProjectGraph: () => {
    throw new Error('No cached ProjectGraph is available.');
  },
}));

const preparing = (task: string) =>
  Promise.resolve().then(() =>
    preTasksExecution(undefined, {
      id: '1',
      workspaceRoot: '/',
      nxJsonConfiguration: {},
      argv: ['node', 'nx', 'run', task],
    }),
  );

const targets = { 'derive-model': { executor: 'nx-dms:derive-model', configurations: { pgsql: {} } } };

test('without a kept graph tasks of others run, and a graph of this process is read', async () => {
  await preparing('gen:make');
  await preparing('set:derive-model:pgsq');
  const set = { name: 'set', type: 'lib', data: { root: 'set', targets } } as const;
  await createMetadata({ nodes: { set }, dependencies: {} }, undefined, {
    workspaceRoot: '/',
    nxJsonConfiguration: {},
  });
  await expect(preparing('set:derive-model:pgsq')).rejects.toThrow(/TASK_CONFIGURATION_UNKNOWN.*"pgsql"/);
  await preparing('set:derive-model:pgsql');
  await preparing('gen:make:any');
});

import { afterEach, expect, test, vi } from 'vitest';
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

const targets = {
  'derive-model': { executor: 'nx-dms:derive-model', configurations: { pgsql: {} } },
  'verify-db': { executor: 'nx-dms:verify-db' },
  'normalize-schema': { executor: 'nx-dms:normalize-schema' },
  make: { executor: 'nx:run-commands' },
};

afterEach(() => vi.unstubAllEnvs());

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

  // no process of Nx can run these: it reads the kept graph before it loads an executor
  vi.stubEnv('NX_CACHE_PROJECT_GRAPH', 'false');
  await expect(preparing('set:derive-model')).rejects.toThrow(
    /TASK_GRAPH_NOT_KEPT.*set:derive-model need one\. Unset the variable, or work without Nx: npx dms-ddl emit set\. Nothing was run\.$/,
  );
  await expect(preparing('set:verify-db')).rejects.toThrow(/work without Nx: npx dms-ddl verify set\. Nothing/);
  await preparing('set:normalize-schema');
  await preparing('set:make');
});

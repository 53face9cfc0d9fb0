import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { shortRunOptions } from './libs/product/operations/src/incremental-build/short-run.ts';
import { longFilesFirst } from './libs/testing/src/runs/long-files-first.ts';
import { propertyTimeout, testLimits } from './libs/testing/src/runs/property-runs.ts';
import { reporters } from './libs/testing/src/runs/test-reporters.ts';
import { actingSpecs, slowSpecs, specsOfTier } from './libs/testing/src/runs/test-tiers.ts';

const specs = ['libs/**/*.spec.ts', 'plugins/**/*.spec.ts', 'tools/**/*.spec.ts', 'tests/**/*.spec.ts'];
/** What files of the run share, such as the bundled program. */
const folderOfRun = 'libs/testing/src/runs/folder-of-run.ts';
const seedOfRun = 'libs/testing/src/runs/seed-of-run.ts';
/** One PostgreSQL server for the whole run, started by the first test that needs it. */
const postgresOfRun = 'libs/testing/src/servers/postgres-of-run.ts';

export default defineConfig(({ mode }) => {
  const specsOf = specsOfTier(mode);
  const acting = specsOf(actingSpecs);
  const others = new Set(acting);
  const sharing = specsOf(specs).filter((file) => !others.has(file));
  // the invariants of every derived model are checked in tests
  const env = { DMS_VALIDATE_MODEL: '1' };
  const isQuick = mode === 'quick' || mode === 'node';
  const limit = testLimits[isQuick ? 'quick' : 'long'];
  const times = { testTimeout: propertyTimeout(limit), hookTimeout: limit };
  return {
    test: {
      sequence: { sequencer: longFilesFirst(slowSpecs, ['sharing', 'acting']) },
      setupFiles: ['libs/testing/src/runs/property-seeds.ts'],
      // Each worker loads the product. A long test waits for a server or for a process a third of its time, so more of
      // them work at once.
      maxWorkers: availableParallelism() + (isQuick ? 0 : 2),
      reporters: reporters(
        'unit',
        mode === 'quick' ? specsOfTier('rest')(['{libs,plugins,tools,tests}/**/*.long.spec.ts']) : [],
      ),
      // Most objects in a test are short-lived: a larger space for new ones takes a tenth off the time of a worker. Most
      // code of a spec runs a few times: compiling less of it takes another seventh off.
      execArgv: ['--max-semi-space-size=64', ...shortRunOptions],
      experimental: { fsModuleCache: true },
      globalSetup: [postgresOfRun, folderOfRun, seedOfRun],
      // a project reads this file again, with no mode: what depends on the mode has to stand here
      projects: [
        { extends: true, test: { name: 'sharing', include: sharing, env, ...times, isolate: false } },
        { extends: true, test: { name: 'acting', include: acting, env, ...times } },
      ],
    },
  };
});

import { defineConfig } from 'vitest/config';
import { propertyTimeout } from './libs/testing/src/property-runs.ts';
import { longFilesFirst } from './tools/long-files-first.mjs';

/** Packages whose tests touch neither files, processes, databases nor the environment: one worker runs them file after file. */
const calculating = ['sql', 'model', 'derivation', 'inventory', 'plans', 'catalog', 'explorer', 'samples'];

const calculatingSpecs = calculating.map((name) => `libs/${name}/src/**/*.spec.ts`);

/**
 * Specs that replace modules, change the process, or look as if a process had ended: each file has a worker of its own. The others leave
 * nothing behind but in databases and folders of their own, so their files share workers too.
 */
const actingSpecs = [
  '**/killed-*.spec.ts',
  'libs/canonical-json/src/{new-folder,replace-files}.spec.ts',
  'plugins/nx-dms/src/{executors/executors,generators/generators}.spec.ts',
  'tools/stub-generation.spec.ts',
];
const specs = ['libs/**/*.spec.ts', 'plugins/**/*.spec.ts', 'tools/**/*.spec.ts'];
const noSpecs = ['**/node_modules/**', '**/dist/**'];
const seedOfRun = 'libs/testing/src/seed-of-run.ts';
/** One PostgreSQL server for the whole run, started by the first test that needs it. */
const postgresOfRun = 'libs/testing/src/postgres-of-run.ts';

/** Not large, but slow. */
const long = [
  'libs/verification/src/verify-script.spec.ts',
  'libs/ddl/src/scenarios.spec.ts',
  'libs/cli/src/database-commands.spec.ts',
  'libs/cli/src/document-commands.spec.ts',
  'libs/verification/src/documents/document-round-trips.spec.ts',
  'libs/upgrade/src/evolutions.spec.ts',
  'libs/ddl/src/mssql/scenarios.spec.ts',
  'libs/bulk/src/loading/load-documents.spec.ts',
  'libs/bulk/src/loading/published-samples.spec.ts',
  'libs/databases/src/introspection/round-trip.spec.ts',
  'libs/pipeline/src/databases/plans-on-postgres.spec.ts',
];

export default defineConfig({
  test: {
    sequence: { sequencer: longFilesFirst(long, ['storing', 'acting', 'calculating']) },
    exclude: noSpecs,
    setupFiles: ['libs/testing/src/property-seeds.ts'],
    // Vitest would leave one processor idle, which is half of two
    maxWorkers: '100%',
    // the invariants of every derived model are checked in tests
    env: { DMS_VALIDATE_MODEL: '1' },
    testTimeout: propertyTimeout(60_000),
    hookTimeout: 60_000,
    reporters: process.env.DMS_TEST_REPORT
      ? ['default', ['json', { outputFile: `${process.env.DMS_TEST_REPORT}/unit.json` }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'calculating', include: calculatingSpecs, globalSetup: [seedOfRun], isolate: false, pool: 'threads' },
      },
      {
        extends: true,
        test: {
          name: 'storing',
          include: specs,
          exclude: [...noSpecs, ...calculatingSpecs, ...actingSpecs],
          globalSetup: [postgresOfRun, seedOfRun],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'acting', include: actingSpecs, globalSetup: [postgresOfRun, seedOfRun] } },
    ],
  },
});

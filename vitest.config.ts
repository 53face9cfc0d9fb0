import { defineConfig } from 'vitest/config';
import { propertyTimeout } from './libs/testing/src/property-runs.ts';
import { longFilesFirst } from './tools/long-files-first.mjs';

/** Packages whose tests touch neither files, processes, databases nor the environment: one worker runs them file after file. */
const calculating = ['sql', 'model', 'derivation', 'inventory', 'plans', 'catalog', 'explorer', 'samples'];

const calculatingSpecs = calculating.map((name) => `libs/${name}/src/**/*.spec.ts`);

/** Packages whose tests leave nothing behind but in databases and folders of their own: their files share workers too. */
const storing = ['api-schema', 'pipeline', 'ddl', 'databases', 'documents', 'bulk', 'upgrade', 'packs', 'verification', 'cli'];

/** But for `killed-….spec.ts`, which end processes, or replace modules to look as if one had ended. */
const storingSpecs = storing.map((name) => `libs/${name}/src/**/!(killed-*).spec.ts`);
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
    exclude: ['**/node_modules/**', '**/dist/**'],
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
        test: { name: 'storing', include: storingSpecs, globalSetup: [postgresOfRun, seedOfRun], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'acting',
          include: ['libs/**/*.spec.ts', 'plugins/**/*.spec.ts', 'tools/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...calculatingSpecs, ...storingSpecs],
          globalSetup: [postgresOfRun, seedOfRun],
        },
      },
    ],
  },
});

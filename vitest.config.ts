import { defineConfig } from 'vitest/config';
import { propertyTimeout } from './libs/testing/src/property-runs.ts';
import { longFilesFirst } from './tools/long-files-first.mjs';
import { reporters } from './tools/test-reporters.mjs';

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

/**
 * Specs that `npm test` leaves to `npm run test:all` because they take long. A rule that they rely on has a spec of its own which
 * `npm test` runs.
 */
const slowSpecs = [
  // searches
  '**/{random-*,invariants,planted-mistakes,made-objects}.spec.ts',
  'libs/upgrade/src/{plan-effects,observed-locks,concurrent-upgrades}.spec.ts',
  // the published data standard, and every resource of it; smaller sets have the same rules
  '**/{conformance,data-standard,published-*,renamed-standard,every-resource,sampled-documents}.spec.ts',
  'libs/ddl/src/v2/numbers.spec.ts',
  'libs/pipeline/src/{sent-texts,second-generation-plans,databases/plans-on-postgres,steps/impact-of-edits}.spec.ts',
  // the same in the other generation, or by another way
  'libs/upgrade/src/renames-v2.spec.ts',
  'libs/bulk/src/{second-generation,bulk/equal-rows,loading/plans-by-index}.spec.ts',
  'libs/cli/src/second-generation-documents.spec.ts',
  'libs/verification/src/{verify-script,documents/document-round-trips}.spec.ts',
  'libs/explorer/test/browser/{model-page,narrow-and-paper}.spec.ts',
  // processes of their own, which are killed, start often or fill their memory
  '**/{killed-*,memory,small-heap}.spec.ts',
  'libs/cli/src/{process,signals,package}.spec.ts',
];

/** These fill and upgrade databases of the whole data standard, so they take minutes; they run with `DMS_PROPERTY_RUNS` above 1. */
const thoroughSpecs =
  Number(process.env.DMS_PROPERTY_RUNS || 1) > 1 ? [] : ['libs/upgrade/src/{data-standard,renamed-standard}-v2.spec.ts'];

export default defineConfig(({ mode }) => {
  const isQuick = mode === 'quick';
  const noSpecs = ['**/node_modules/**', '**/dist/**', ...thoroughSpecs, ...(isQuick ? slowSpecs : [])];
  return {
    test: {
      sequence: { sequencer: longFilesFirst(long, ['storing', 'acting', 'calculating']) },
      exclude: noSpecs,
      setupFiles: ['libs/testing/src/property-seeds.ts'],
      // Vitest would leave one processor idle, which is half of two
      maxWorkers: '100%',
      // the invariants of every derived model are checked in tests
      env: { DMS_VALIDATE_MODEL: '1', DMS_TEST_TIER: isQuick ? 'quick' : 'all' },
      testTimeout: propertyTimeout(60_000),
      hookTimeout: 60_000,
      reporters: reporters('unit'),
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
  };
});

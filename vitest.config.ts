import { defineConfig } from 'vitest/config';
import { propertyTimeout } from './libs/testing/src/property-runs.ts';

export default defineConfig({
  test: {
    include: ['libs/**/*.spec.ts', 'plugins/**/*.spec.ts', 'tools/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // one PostgreSQL server for the whole run, started by the first test that needs it
    globalSetup: ['libs/testing/src/postgres-of-run.ts', 'libs/testing/src/seed-of-run.ts'],
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
  },
});

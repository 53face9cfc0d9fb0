import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['plugins/nx-dms/e2e/**/*.e2e.ts'],
    globalSetup: ['plugins/nx-dms/e2e/build-plugin.ts'],
    // Nx has all processors to itself, as it has with a user.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.DMS_TEST_REPORT
      ? ['default', ['json', { outputFile: `${process.env.DMS_TEST_REPORT}/e2e.json` }]]
      : ['default'],
  },
});

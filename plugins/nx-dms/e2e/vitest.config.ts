import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { longFilesFirst } from '../../../libs/testing/src/runs/long-files-first.ts';
import { testLimits } from '../../../libs/testing/src/runs/property-runs.ts';
import { reporters } from '../../../libs/testing/src/runs/test-reporters.ts';

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    sequence: {
      sequencer: longFilesFirst([
        'mistyped-names.e2e.ts',
        'packed-plugin.e2e.ts',
        'documentation.e2e.ts',
        'linked-files.e2e.ts',
        'nx-versions.e2e.ts',
      ]),
    },
    include: ['plugins/nx-dms/e2e/**/*.e2e.ts'],
    globalSetup: ['plugins/nx-dms/e2e/build-plugin.ts'],
    // `npm test` has compiled most of what the tests load
    experimental: { fsModuleCache: true },
    // A run of Nx uses little more than one processor.
    maxWorkers: '100%',
    testTimeout: testLimits.e2e,
    hookTimeout: testLimits.e2e,
    reporters: reporters('e2e'),
  },
});

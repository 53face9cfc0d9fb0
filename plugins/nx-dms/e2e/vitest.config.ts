import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
// @ts-expect-error The tools are JavaScript without declarations.
import { longFilesFirst } from '../../../tools/long-files-first.mjs';
// @ts-expect-error The tools are JavaScript without declarations.
import { reporters } from '../../../tools/test-reporters.mjs';

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    sequence: {
      sequencer: longFilesFirst(['packed-plugin.e2e.ts', 'documentation.e2e.ts', 'linked-files.e2e.ts', 'nx-versions.e2e.ts']),
    },
    include: ['plugins/nx-dms/e2e/**/*.e2e.ts'],
    globalSetup: ['plugins/nx-dms/e2e/build-plugin.ts'],
    // A run of Nx uses little more than one processor.
    maxWorkers: '100%',
    // Far more than needed: a slow machine must not fail, but a hanging test must end.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    reporters: reporters('e2e'),
  },
});

import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { heapGrowth } from './short-run.ts';

it('the option that keeps the heap small exists in this version of Node', () => {
  // Node prints an error for an option that does not exist, and continues
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(stdout).toContain(`${heapGrowth} `);
});

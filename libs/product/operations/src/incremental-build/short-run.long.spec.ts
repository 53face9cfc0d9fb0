import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { heapGrowth, shortRunOptions } from './short-run.ts';

it('the options of V8 exist in this version of Node', () => {
  // Node prints an error for an option that does not exist, and continues
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const option of [heapGrowth, ...shortRunOptions]) expect(stdout).toContain(`${option.replace(/=.*/, '')} `);
});

import path from 'node:path';
import { expect, it } from 'vitest';
import { startedProgram } from './started-program.ts';

const inFolder = (...names: readonly string[]) => [path.sep, ...names].join(path.sep);

it.each([
  ['npm/11.19.1 node/v20.20.2 linux x64', undefined, 'npx dms-ddl'],
  ['pnpm/9.15.9 npm/? node/v20.20.2 linux x64', undefined, 'pnpm exec dms-ddl'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', undefined, 'yarn dms-ddl'],
  ['bun/1.3.0 npm/? node/v24.3.0 linux x64', undefined, 'bunx dms-ddl'],
  ['other/1', inFolder('usr', 'bin', 'dms-ddl'), 'dms-ddl'],
  [undefined, inFolder('usr', 'lib', 'node_modules', 'dms-ddl', 'bin', 'dms-ddl.mjs'), 'dms-ddl'],
  [undefined, inFolder('work', 'node_modules', '.bin', 'dms-ddl'), 'npx dms-ddl'],
])('a program that %s runs as %s is %s', (agent, script, words) => {
  expect(startedProgram({ npm_config_user_agent: agent }, script)).toBe(words);
});

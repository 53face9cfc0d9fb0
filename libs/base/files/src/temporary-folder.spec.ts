import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { processStart } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

let parent: string;

beforeEach(() => {
  parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-temporary-')));
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, parent);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true });
});

/** The id of a process that has ended. */
const ended = () => spawnSync(process.execPath, ['-e', '']).pid;

it('removes what ended processes have left, and nothing else', async () => {
  const own = await temporaryFolder('dms-x-');
  const [beginning = ''] = path.basename(own).split(`-${process.pid}-`);
  const start = processStart(process.pid);
  const dead = ended();
  const left = `${beginning}-${dead}-abcDEF`;
  // an earlier process had the id of this one; start times are known only on Linux
  const reused = start === null ? [] : [`${beginning}-${process.pid}-${BigInt(start) - 1n}-abcDEF`];
  const kept = [
    `${beginning}-${process.pid}-abcDEF`,
    `${beginning}-${dead}-abcDEF.txt`,
    `${beginning}-${dead}`,
    `dms-x-00000000-${dead}-abcDEF`,
    `dms-y-${beginning.slice(-8)}-${dead}-abcDEF`,
    'dms-x-abcDEF',
  ];
  for (const name of [left, ...reused, ...kept]) mkdirSync(path.join(parent, name));
  writeFileSync(path.join(parent, left, 'documents.jsonl'), '{}');
  const next = await temporaryFolder('dms-x-');
  expect(readdirSync(parent).sort()).toEqual([...kept, path.basename(own), path.basename(next)].sort());
  expect(existsSync(path.join(parent, left))).toBe(false);
});

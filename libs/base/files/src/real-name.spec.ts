import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type * as Promised from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readInput, readInputSync, realName, realNameSync, writeOutput } from './index.ts';

/* Drives of Windows that tell no real paths, and files that another program holds. */

const system = vi.hoisted(() => ({ tellsNames: true, held: '' }));
const refusal = vi.hoisted(
  () => (code: string, call: string, file: string) =>
    Object.assign(new Error(`${code}: ${call} '${file}'`), { code, errno: -1, syscall: call, path: file }),
);

vi.mock('node:fs/promises', async (original) => {
  const real: typeof Promised = await original();
  return {
    ...real,
    realpath: async (file: string) => {
      if (!system.tellsNames) throw refusal('EISDIR', 'realpath', file);
      return real.realpath(file);
    },
    readFile: async (file: string, options: undefined) => {
      if (file === system.held) throw refusal('EBUSY', 'open', file);
      return real.readFile(file, options);
    },
  };
});
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const realpathSync = (file: string) => {
    if (!system.tellsNames) throw refusal('EISDIR', 'realpath', file);
    return real.realpathSync(file);
  };
  const readSync = (file: string, options: undefined) => {
    if (file === system.held) throw refusal('EBUSY', 'open', file);
    return real.readFileSync(file, options);
  };
  return { ...real, realpathSync: Object.assign(realpathSync, real.realpathSync), readFileSync: readSync };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-real-'));
});
afterEach(() => {
  Object.assign(system, { tellsNames: true, held: '' });
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => path.join(folder, name);

it('an existing file is replaced on a drive that tells no real names', async () => {
  system.tellsNames = false;
  writeFileSync(at('report.json'), 'old');
  await writeOutput('test', at('report.json'), 'new');
  expect(readFileSync(at('report.json'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['report.json']);
  expect(await realName(at('report.json'))).toBe(at('report.json'));
  expect(realNameSync(path.relative('.', folder))).toBe(folder);
});

it.skipIf(process.platform === 'win32')('a link whose end the drive does not tell is not replaced', async () => {
  writeFileSync(at('report.json'), 'old');
  symlinkSync('report.json', at('link'));
  expect(await realName(at('link'))).toBe(at('report.json'));
  system.tellsNames = false;
  await expect(writeOutput('test', at('link'), 'new')).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
  expect(readFileSync(at('link'), 'utf8')).toBe('old');
});

it('a file that another program holds is said to be open there', async () => {
  writeFileSync(at('held.json'), '{}');
  system.held = at('held.json');
  const refused = {
    code: 'INPUT_FILE_UNREADABLE',
    message: `INPUT_FILE_UNREADABLE: ${at('held.json')} cannot be read: it is open in another program (EBUSY); close that program.`,
  };
  await expect(readInput(at('held.json'))).rejects.toMatchObject(refused);
  expect(() => readInputSync(at('held.json'))).toThrow(refused.message);
});

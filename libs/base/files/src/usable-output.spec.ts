import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectOutputName, isNullDevice, newFolder, replaceFiles, writeOutput } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-names-'));
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the rest of a test with the platform of another system. */
const onPlatform = (platform: NodeJS.Platform) =>
  vi.stubGlobal('process', Object.create(process, { platform: { value: platform } }));

function refusalOf(name: string, kind: 'file' | 'folder' = 'file'): string | null {
  try {
    expectOutputName(name, kind);
    return null;
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    expect(error.code).toBe('OUTPUT_NAME_REFUSED');
    return error.message;
  }
}

const refused = [
  'out ',
  'out.',
  'a/out. ',
  'out /a',
  'AUX',
  'con',
  'Prn.txt',
  'a/lpt1.json',
  'COM1.a.b',
  'com³',
  'nul.json',
].concat('CONIN$', 'aux .txt', 'x/nul', '...', 'out\u00a0', 'nul/report.json');
const taken = [
  'out',
  './out',
  '../out',
  '..',
  '.',
  '.dms',
  'out/',
  'a..b',
  'console',
  'auxiliary',
  'com',
  'lpt',
  'my out',
  '-',
];

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', (platform) => {
  beforeEach(() => onPlatform(platform));

  it.each(refused)('%j is refused', (name) => {
    expect(refusalOf(name)).toContain(JSON.stringify(name));
    expect(refusalOf(name, 'folder')).toContain('Windows cannot open or remove it; choose another name');
  });

  it.each(taken)('%j is taken', (name) => {
    expect([refusalOf(name), refusalOf(name, 'folder')]).toEqual([null, null]);
  });
});

it('NUL is a device on Windows, and a refused name elsewhere', () => {
  onPlatform('win32');
  for (const name of ['NUL', 'nul', 'nul:', '\\\\.\\NUL']) {
    expect(isNullDevice(name)).toBe(true);
    expect(refusalOf(name)).toBeNull();
  }
  expect(refusalOf('NUL', 'folder')).toContain('NUL, the name of a device');
  expect(isNullDevice('out\\NUL')).toBe(false);
  expect(refusalOf('out\\NUL')).not.toBeNull();
  onPlatform('linux');
  expect(isNullDevice('NUL')).toBe(false);
  expect(refusalOf('NUL')).toContain('choose another name, or /dev/null to keep nothing.');
});

it('a colon names a stream on Windows only, after the drive', () => {
  onPlatform('linux');
  expect(refusalOf('out-12:30')).toBeNull();
  onPlatform('win32');
  expect(refusalOf('out-12:30')).toContain('a name with a colon');
});

it.skipIf(process.platform === 'win32')('folders that exist may have any name', () => {
  mkdirSync(path.join(folder, 'old.'));
  expect(refusalOf(path.join(folder, 'old.', 'out'))).toBeNull();
  expect(refusalOf(path.join(folder, 'new.', 'out'))).not.toBeNull();
});

it('every way to write refuses such a name, and leaves nothing', async () => {
  const expected = { code: 'OUTPUT_NAME_REFUSED' };
  const files = [{ name: 'a', content: '' }];
  const set = { writer: 'test', files, earlier: [], markers: [] };
  await expect(writeOutput('test', path.join(folder, 'aux.json'), 'x')).rejects.toMatchObject(expected);
  await expect(replaceFiles(path.join(folder, 'out. '), set)).rejects.toMatchObject(expected);
  await expect(newFolder(path.join(folder, 'com1'))).rejects.toMatchObject(expected);
  onPlatform('win32');
  await writeOutput('test', 'NUL', 'x');
  vi.unstubAllGlobals();
  expect(readdirSync(folder)).toEqual([]);
});

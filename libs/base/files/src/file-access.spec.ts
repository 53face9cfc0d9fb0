import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { fileSystemError } from './output-error.ts';
import { isThere, readInputSync, statsAt } from './read-input.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeOutput } from './write-output.ts';

const isRoot = process.geteuid?.() === 0;
let folder: string;
let closed: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-access-'));
  chmodSync(folder, 0o755);
  closed = path.join(folder, 'closed');
  mkdirSync(closed);
  writeFileSync(path.join(closed, 'a'), 'a');
  chmodSync(closed, 0o000);
});
afterAll(() => {
  chmodSync(closed, 0o700);
  rmSync(folder, { recursive: true });
});

/** Does work as a user other than root, because the system denies root nothing; returns the thrown error. */
async function refusedToOther(work: () => unknown): Promise<unknown> {
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it('a path is there, or leads nowhere', () => {
  expect(isThere(folder)).toBe(true);
  for (const name of ['b', path.join('b', 'c'), 'x'.repeat(300), path.join('\0')])
    expect(isThere(path.join(folder, name))).toBe(false);
});

const hasModes = process.platform !== 'win32';

it.runIf(hasModes)('a path may not be looked at (modes of POSIX)', async () => {
  expect(await refusedToOther(() => isThere(path.join(closed, 'a')))).toMatchObject({
    code: 'INPUT_FILE_UNREADABLE',
    message: expect.stringMatching(/ cannot be read \(EACCES\): .+closed belongs to .+, mode 0/),
  });
  expect(await refusedToOther(() => statsAt(path.join(closed, 'a'), 'the file'))).toMatchObject({
    message: expect.stringMatching(/: the file cannot be read|^the file cannot be read/),
  });
});

it.runIf(hasModes)('whoever owns what may not be read or written is named (modes of POSIX)', async () => {
  expect(await refusedToOther(() => readInputSync(path.join(closed, 'a')))).toMatchObject({
    code: 'INPUT_FILE_UNREADABLE',
    message: expect.stringMatching(/EACCES\): .+closed belongs to .+, mode 0/),
  });
  expect(await refusedToOther(() => writeOutput('test', path.join(closed, 'b'), 'b'))).toMatchObject({
    code: 'OUTPUT_DENIED',
    message: expect.stringMatching(/EACCES: .+closed belongs to .+, mode 0/),
  });
});

it('a folder for temporary files that is missing is named with its variable', async () => {
  const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
  vi.stubEnv(variable, path.join(folder, 'gone'));
  // as this user: in a program with the rights of another user, Node reads no environment variables
  const missing = temporaryFolder('dms-');
  vi.unstubAllEnvs();
  await expect(missing).rejects.toMatchObject({
    code: 'OUTPUT_FAILED',
    message: expect.stringContaining(`which the variable ${variable} names`),
  });
  const made = await temporaryFolder('dms-');
  expect(isThere(made)).toBe(true);
  rmSync(made, { recursive: true });
});

it('a refusal of the file system that nobody expected is a diagnostic; other errors stay what they are', () => {
  const refusal = (code: string, syscall: string, file?: string) =>
    Object.assign(new Error(`${code}: it says`), { code, syscall, errno: -1, path: file });
  expect(fileSystemError(refusal('EACCES', 'open', '/x'))).toMatchObject({ code: 'OUTPUT_DENIED' });
  expect(fileSystemError(refusal('ENOENT', 'mkdtemp', '/x'))).toMatchObject({ code: 'OUTPUT_FAILED' });
  expect(fileSystemError(refusal('EACCES', 'scandir', '/x'))).toMatchObject({ code: 'INPUT_FILE_UNREADABLE' });
  expect(fileSystemError(refusal('ENOENT', 'stat', '/x'))).toMatchObject({ code: 'INPUT_FILE_NOT_FOUND' });
  expect(fileSystemError(refusal('ENOENT', 'uv_cwd'))).toMatchObject({
    code: 'INPUT_FILE_NOT_FOUND',
    message: expect.stringContaining('The current folder does not exist any more;'),
  });
  expect(fileSystemError(refusal('EACCES', 'uv_cwd'))?.message).toContain('may not be looked at (EACCES)');
  expect(fileSystemError(refusal('ENOENT', 'spawn git', 'git'))).toBeUndefined();
  expect(fileSystemError(refusal('ECONNREFUSED', 'connect'))).toBeUndefined();
  expect(fileSystemError(new TypeError('x'))).toBeUndefined();
});

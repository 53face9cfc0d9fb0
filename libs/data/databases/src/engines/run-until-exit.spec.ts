import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { expectReadable } from './postgres-server.ts';
import { runUntilExit } from './run-until-exit.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dms-exit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that leaves a server running, which inherits its pipes, as a server that `pg_ctl` starts on Windows. */
const leaving = (file: string) => `
const child = require('node:child_process').spawn(process.execPath, ['-e', 'require("node:net").createServer().listen(0)'], { stdio: 'inherit', detached: true });
require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
child.unref();`;

it('does not wait for what the program leaves running', async () => {
  const file = path.join(folder, 'pid');
  await runUntilExit(process.execPath, ['-e', leaving(file)]);
  const left = Number(readFileSync(file, 'utf8'));
  // the server still runs
  expect(process.kill(left, 0)).toBe(true);
  process.kill(left);
});

it.each([
  ['process.exit(3)', 'ended with 3'],
  ['process.kill(process.pid, "SIGKILL")', 'ended with SIGKILL'],
])('fails where the program does: %s', async (text, message) => {
  await expect(runUntilExit(process.execPath, ['-e', text])).rejects.toThrow(message);
});

it('fails where there is no program, and where it is ended', async () => {
  await expect(runUntilExit(path.join(folder, 'none'), [])).rejects.toThrow('ENOENT');
  const ending = new AbortController();
  const run = runUntilExit(process.execPath, ['-e', 'require("node:net").createServer().listen(0)'], {
    signal: ending.signal,
  });
  ending.abort();
  await expect(run).rejects.toThrow('abort');
});

it.each(['C:\\Users\\José\\Temp\\x', 'C:\\日本語'])(
  'a temporary folder that PostgreSQL cannot read is named: %s',
  (folder) => {
    expect(() => expectReadable(folder, 'win32')).toThrow(
      expect.objectContaining({ code: 'OUTPUT_FAILED', message: expect.stringContaining('Set TEMP to a folder') }),
    );
    expect(() => expectReadable(folder, 'linux')).not.toThrow();
    expect(() => expectReadable('C:\\Users\\A B\\Temp', 'win32')).not.toThrow();
  },
);

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { signsOfLife, takeFolder } from './embedded-lock.ts';

/* The lock of the folder of an embedded database on Windows and macOS, which do not tell when a process started. */

const usual = { ...signsOfLife };
let folder = '';
let other: ChildProcess;
beforeEach(() => {
  vi.stubGlobal('process', Object.create(process, { platform: { value: 'darwin' } }));
  Object.assign(signsOfLife, { interval: 50, silence: 400 });
  folder = mkdtempSync(path.join(tmpdir(), 'dms-lock-'));
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
});
afterEach(() => {
  vi.unstubAllGlobals();
  Object.assign(signsOfLife, usual);
  other.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const place = () => path.join(folder, 'db');
const lock = () => `${place()}.lock`;

/** The refusal to take the folder; null if it was taken, and given back. */
function refusal(): string | null {
  try {
    takeFolder(place())();
    return null;
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    expect(error.code).toBe('DB_EMBEDDED_IN_USE');
    return error.message;
  }
}

/** A lock whose last sign of life was some time ago. */
function leaveLock(text: string, milliseconds = 0): void {
  writeFileSync(lock(), text);
  const then = new Date(Date.now() - milliseconds);
  utimesSync(lock(), then, then);
}

it('a lock of a running process that shows no sign of life is taken over', () => {
  leaveLock(`${other.pid} signs`);
  expect(refusal()).toContain(
    `is in use by process ${other.pid}, which holds the lock ${lock()}. Wait for it to end, or choose another folder. If process ${other.pid} is another program, remove that file.`,
  );
  // after a restart of the machine, another program has the id
  leaveLock(`${other.pid} signs`, 3_600_000);
  expect(refusal()).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

it('a holder that wakes together with who looks at its lock keeps it', async () => {
  leaveLock(`${other.pid} signs`, 3_600_000);
  // another process, because the look blocks this one
  const sign = `setInterval(() => { const now = new Date(); require('fs').utimesSync(${JSON.stringify(lock())}, now, now); }, 10)`;
  const waking = spawn(process.execPath, ['-e', sign], { stdio: 'ignore' });
  try {
    Object.assign(signsOfLife, { interval: 2_000 });
    expect(refusal()).toContain(`is in use by process ${other.pid}`);
  } finally {
    waking.kill('SIGKILL');
  }
});

it('a holder shows signs of life, even while it is busy, until it gives the folder back', async () => {
  const giveBack = takeFolder(place());
  expect(readFileSync(lock(), 'utf8')).toBe(`${process.pid} signs`);
  const then = new Date(Date.now() - 10_000);
  utimesSync(lock(), then, then);
  for (const started = Date.now(); Date.now() - started < 10_000 && statSync(lock()).mtimeMs < started; ) {
    // busy
  }
  expect(Date.now() - statSync(lock()).mtimeMs).toBeLessThan(5_000);
  giveBack();
  await wait(3 * signsOfLife.interval);
  expect(readdirSync(folder)).toEqual([]);
});

it('a lock of a process that has ended is taken over at once, and one without signs names its file', async () => {
  leaveLock(String(other.pid), 3_600_000);
  expect(refusal()).toContain(`If process ${other.pid} is another program, remove that file.`);
  const ended = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await ended;
  expect(refusal()).toBeNull();
  leaveLock(`${other.pid} signs`);
  expect(refusal()).toBeNull();
});

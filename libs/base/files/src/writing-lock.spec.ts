import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFiles } from './replace-files.ts';
import { processStart } from './running-process.ts';
import { machine } from './this-machine.ts';
import { alone, lockName } from './writing-lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'writing-lock-'));
  lock = path.join(folder, lockName('test'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(pid: number, host = machine()): void {
  mkdirSync(lock);
  writeFileSync(path.join(lock, 'holder'), `${pid} ${host}`);
}

/** An id that no process has. */
const noProcess = 2 ** 30;

it('runs of one writer replace a set one after the other, and none fails', async () => {
  const texts = Array.from({ length: 8 }, (_, run) => `run ${run}`);
  const files = (content: string) => ['a', 'b', 'c'].map((name) => ({ name, content }));
  await Promise.all(
    texts.map((text) => replaceFiles(folder, { writer: 'test', files: files(text), earlier: [], markers: ['a'] })),
  );
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c']);
  const contents = ['a', 'b', 'c'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
  expect(new Set(contents).size).toBe(1);
  expect(texts).toContain(contents[0]);
});

/** Expects that work waits until the lock is removed. */
async function expectWaiting(): Promise<void> {
  let isDone = false;
  const work = alone(folder, 'test', async () => {
    isDone = true;
  });
  await wait(50);
  expect(isDone).toBe(false);
  // the waiting work may be reading the lock
  await rm(lock, { recursive: true, maxRetries: 5, retryDelay: 10 });
  await work;
  expect([isDone, existsSync(lock)]).toEqual([true, false]);
}

describe('the lock of a run', () => {
  it.each([
    { name: 'while its process runs', pid: process.ppid, host: machine() },
    // hosts of two containers may have the same name
    { name: 'of another machine or container, whose processes are not seen here', pid: noProcess, host: hostname() },
    { name: 'that does not say of which machine it is', pid: noProcess, host: '' },
  ])('is waited for $name, and removed when the work is done', async ({ pid, host }) => {
    leave(pid, host);
    await expectWaiting();
  });

  it.each([
    { name: 'of a process that has ended', pid: noProcess, host: machine(), age: 0 },
    { name: 'of another machine that gave no sign for long', pid: 1, host: 'elsewhere', age: 60 },
    { name: 'of an earlier process with the id of a running one', pid: process.ppid, host: machine(), age: 60 },
  ])('$name does not keep others away', async ({ pid, host, age }) => {
    leave(pid, host);
    const then = Date.now() / 1000 - age;
    utimesSync(lock, then, then);
    expect(await alone(folder, 'test', async () => readFileSync(path.join(lock, 'holder'), 'utf8'))).toMatch(
      new RegExp(`^${process.pid} ${machine()}(?: \\d+)?$`),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'of an earlier process, which began at another time, does not keep others away',
    async () => {
      const start = BigInt(processStart(process.ppid) ?? 0) - 1n;
      leave(process.ppid, `${machine()} ${start}`);
      expect(await alone(folder, 'test', async () => 'done')).toBe('done');
      leave(process.ppid, `${machine()} ${start + 1n}`);
      await expectWaiting();
    },
  );

  it('of an ended run is taken by one of several that find it', async () => {
    let inside = 0;
    for (let round = 0; round < 10; round += 1) {
      leave(noProcess);
      const work = async () => {
        inside += 1;
        expect(inside).toBe(1);
        await wait(2);
        expect(inside).toBe(1);
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 8 }, () => alone(folder, 'test', work)));
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is removed when the work fails', async () => {
    await expect(alone(folder, 'test', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });
});

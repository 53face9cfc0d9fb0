import type * as Promised from 'node:fs/promises';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { system } from '../test/open-files.ts';
import { newFolder, replaceFiles } from './index.ts';
import { patience } from './patient-changes.ts';

/*
 * Replacing a set of files on Windows (design 06 §9.1): Windows does not move or remove a file that another program has
 * open, nor a folder with such a file, and sometimes refuses a change because a scanner reads a new file.
 */

vi.mock('node:fs/promises', async (original) => {
  const { refusingPromises } = await import('../test/open-files.ts');
  return refusingPromises(await original());
});
vi.mock('node:fs', async (original) => {
  const { refusing } = await import('../test/open-files.ts');
  return refusing(await original());
});

const { milliseconds, longestPause } = patience;
let folder = '';

beforeEach(async () => {
  vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }));
  Object.assign(patience, { milliseconds: 30, longestPause: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'dms-open-'));
});

afterEach(async () => {
  vi.unstubAllGlobals();
  Object.assign(patience, { milliseconds, longestPause });
  system.open.clear();
  system.scanned = () => false;
  const { rm } = await vi.importActual<typeof Promised>('node:fs/promises');
  await rm(folder, { recursive: true, force: true });
});

const setNames = ['a', 'b', 'c', 'd', 'manifest', 'first'];
const markers = ['first', 'manifest'];
const setOf = (content: string, names = setNames) => names.map((name) => ({ name, content: `${content} ${name}` }));

const replace = (content: string, names?: string[]) =>
  replaceFiles(folder, { writer: 'test', files: setOf(content, names), earlier: setNames, markers });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof DmsError)) throw error;
      return error;
    },
  );

/** The visible files of the folder. */
async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')])),
  );
}

const asSet = (content: string, names = setNames) =>
  Object.fromEntries(setOf(content, names).map(({ name, content: text }) => [name, text]));

describe('a set that is replaced while a file of it is open', () => {
  it.each(setNames)('stays whole: %s', async (name) => {
    await replace('old');
    system.open.add(path.join(folder, name));
    const error = await failureOf(replace('new'));
    expect(error?.code).toBe('OUTPUT_DENIED');
    expect(error?.message).toContain(`${path.join(folder, name)} may not be written, or it is open in another program`);
    expect(await contents()).toEqual(asSet('old'));
    expect((await readdir(folder)).filter((each) => each.startsWith('.'))).toEqual([]);
    system.open.clear();
    await replace('new');
    expect(await contents()).toEqual(asSet('new'));
  });

  it('is put back by the next run where a file of the new set could not be moved back', async () => {
    await replace('old');
    // a program opens the first new file at once, and keeps it open; another one blocks the last file
    const opened = path.join(folder, 'a');
    system.scanned = () => {
      system.scanned = () => {
        const isThere = setNames.some((name) => system.open.has(path.join(folder, name)));
        if (!isThere) system.open.add(opened).add(path.join(folder, 'manifest'));
        return false;
      };
      return false;
    };
    const error = await failureOf(replace('new'));
    if (error !== null) {
      const isOld = JSON.stringify(await contents()) === JSON.stringify(asSet('old'));
      expect(isOld || /run the command again, which puts them back first/.test(error.message)).toBe(true);
    }
    system.scanned = () => false;
    system.open.clear();
    await replace('newer');
    expect(await contents()).toEqual(asSet('newer'));
    expect((await readdir(folder)).filter((each) => each.startsWith('.'))).toEqual([]);
  });

  it('is put back where a killed run has left it', async () => {
    await replace('old', ['a', 'b', 'first']);
    const error = new Error('killed');
    let moves = 0;
    system.scanned = () => {
      moves += 1;
      // when the old files are aside and one new file is in place, all further moves fail
      if (moves > 4) throw error;
      return false;
    };
    await replace('new', ['a', 'b', 'first']).catch(() => undefined);
    system.scanned = () => false;
    expect((await readdir(folder)).some((name) => name.startsWith('.test.staging-'))).toBe(true);
    // the process that holds the lock is this one, which still runs
    const { rm } = await vi.importActual<typeof Promised>('node:fs/promises');
    await rm(path.join(folder, '.test.staging-lock'), { recursive: true });
    system.open.add(path.join(folder, 'c'));
    await writeFile(path.join(folder, 'c'), 'not of the set');
    expect((await failureOf(replace('newer', ['a', 'b', 'first'])))?.code).toBe('OUTPUT_DENIED');
    expect(await contents()).toEqual({ ...asSet('old', ['a', 'b', 'first']), c: 'not of the set' });
  });
});

it('a lock that stays open does not end a run that has done its work', async () => {
  await replace('old');
  const real = await vi.importActual<typeof Promised>('node:fs/promises');
  const lock = path.join(folder, '.test.staging-lock');
  system.open.add(lock);
  await replace('new');
  expect(await contents()).toEqual(asSet('new'));
  expect(await readdir(folder)).toContain('.test.staging-lock');
  await real.rm(lock, { recursive: true });
});

it('a new folder is moved into place though scanners are in the way', async () => {
  const place = path.join(folder, 'documents');
  const made = await newFolder(place);
  await writeFile(path.join(made.place, 'a'), 'a');
  const left = [true, false, true, true];
  system.scanned = () => left.shift() ?? false;
  await made.keep();
  expect(await readdir(folder)).toEqual(['documents']);
});

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newFolder, readContents } from './index.ts';

const system = vi.hoisted(() => ({ refused: '' }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>();
  const renameUnlessRefused: typeof real.renameSync = (from, to) => {
    if (path.basename(String(to)) === system.refused) throw Object.assign(new Error('EIO: broken'), { code: 'EIO' });
    real.renameSync(from, to);
  };
  return { ...real, renameSync: renameUnlessRefused };
});

let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dms-new-folder-'));
});
afterEach(async () => {
  system.refused = '';
  await rm(scratch, { recursive: true, force: true });
});
const at = (...names: string[]) => path.join(scratch, ...names);

/** The id of a process that has ended. */
const endedProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('a new folder', () => {
  it.each([
    ['that is not there', undefined],
    ['that is there and empty', ''],
  ])('%s has nothing before it is kept, and then all', async (_, existing) => {
    if (existing !== undefined) await mkdir(at('out'));
    const { place, keep, discard } = await newFolder(at('out'));
    await writeFile(path.join(place, 'a'), 'x');
    await mkdir(path.join(place, 'b'));
    expect(await readContents(at('out'))).toEqual(existing === undefined ? null : []);
    await keep();
    discard();
    expect((await readdir(at('out'))).sort()).toEqual(['a', 'b']);
    expect(await readFile(at('out', 'a'), 'utf8')).toBe('x');
    expect(await readdir(scratch)).toEqual(['out']);
  });

  it('that is discarded leaves nothing, of the folders above it neither', async () => {
    const { place, discard } = await newFolder(at('x', 'y', 'out'));
    await writeFile(path.join(place, 'a'), '');
    discard();
    expect(await readdir(scratch)).toEqual([]);
    await mkdir(at('empty'));
    const inside = await newFolder(at('empty'));
    await writeFile(path.join(inside.place, 'a'), '');
    inside.discard();
    expect(await readdir(at('empty'))).toEqual([]);
  });

  it('that cannot be moved into place leaves none of the files that were already moved', async () => {
    await mkdir(at('out'));
    const { place, keep, discard } = await newFolder(at('out'));
    for (const name of ['a', 'b', 'last']) await writeFile(path.join(place, name), '');
    system.refused = 'last';
    const error = await keep('last').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DmsError);
    expect(error).toMatchObject({ code: 'OUTPUT_FAILED' });
    discard();
    expect(await readdir(at('out'))).toEqual([]);
  });

  it('is moved with its marker at the end', async () => {
    await mkdir(at('out'));
    const { place, keep, discard } = await newFolder(at('out'));
    for (const name of ['A', 'marker', 'z']) await writeFile(path.join(place, name), '');
    system.refused = 'marker';
    await expect(keep('marker')).rejects.toThrow();
    // all other files had been moved, and were removed again
    expect(await readdir(place)).toEqual(expect.arrayContaining(['marker']));
    expect(await readdir(place)).not.toEqual(expect.arrayContaining(['z']));
    discard();
  });

  it('is removed by a process that ends before it is kept, and not by one that ends later', async () => {
    const before = process.listeners('exit');
    const { place, keep } = await newFolder(at('x', 'out'));
    await writeFile(path.join(place, 'a'), '');
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    for (const listener of added) listener(130);
    expect(await readdir(scratch)).toEqual([]);
    await expect(keep()).rejects.toThrow();
    const kept = await newFolder(at('y'));
    await kept.keep();
    expect(process.listeners('exit')).toEqual(before);
  });
});

describe('the remains of a new folder from a killed process', () => {
  it('beside its place are removed, but those of a running process are kept', async () => {
    await mkdir(at(`.out.staging-${endedProcess()}-aa`));
    await mkdir(at(`.out.staging-${process.ppid}-bb`));
    await mkdir(at(`.other.staging-${endedProcess()}-cc`));
    expect(await readContents(at('out'))).toBeNull();
    expect((await readdir(scratch)).map((name) => name.slice(-2)).sort()).toEqual(['bb', 'cc']);
  });

  it('of the id that this process has now, as in a container that is started again, is removed as well', async () => {
    await mkdir(at(`.out.staging-${process.pid}-aa`));
    const own = await newFolder(at('out'));
    expect(await readdir(scratch)).toEqual([path.basename(own.place)]);
    own.discard();
  });

  it('inside the folder are removed, with the files that were moved out of it', async () => {
    const left = at('out', `.staging-${endedProcess()}-aa`);
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, '.names'), 'a\nb\nlast');
    for (const name of ['a', 'b', 'last']) await writeFile(path.join(left, name), '');
    await rename(path.join(left, 'a'), at('out', 'a'));
    await writeFile(at('out', 'mine'), '');
    expect(await readContents(at('out'))).toEqual(['mine']);
    expect(await readdir(at('out'))).toEqual(['mine']);
  });

  it('inside a folder that was whole before it was killed leaves that as it is', async () => {
    const left = at('out', `.staging-${endedProcess()}-aa`);
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, '.names'), 'a\nlast');
    for (const name of ['a', 'last']) await writeFile(at('out', name), 'mine');
    expect(await readContents(at('out'))).toEqual(['a', 'last']);
    expect((await readdir(at('out'))).sort()).toEqual(['a', 'last']);
  });
});

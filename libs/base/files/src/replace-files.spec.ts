import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type NewFile, outputError, removeFiles, replaceFiles } from './index.ts';

/** The result of a write to the disk: the number of stored bytes, or an error. */
type Disk = (asked: number) => number | NodeJS.ErrnoException;
const disk = vi.hoisted(() => ({
  take: undefined as Disk | undefined,
  calls: 0,
  lastCall: Number.POSITIVE_INFINITY,
  onKilled: () => {},
}));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  /** Simulates a killed process: calls after the last allowed one never return. */
  function untilKilled<Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) {
    return async (...args: Args): Promise<Result> => {
      disk.calls += 1;
      if (disk.calls <= disk.lastCall) return call(...args);
      disk.onKilled();
      return new Promise<Result>(() => {});
    };
  }
  return {
    ...real,
    mkdir: untilKilled(real.mkdir),
    mkdtemp: untilKilled(real.mkdtemp as (prefix: string) => Promise<string>),
    rename: untilKilled(real.rename),
    rm: untilKilled(real.rm),
    open: untilKilled(async (...args: Parameters<typeof open>): Promise<FileHandle> => {
      const handle = await real.open(...args);
      const { take } = disk;
      if (!take) return handle;
      const write = handle.write.bind(handle) as (bytes: Uint8Array, from: number, length: number) => Promise<unknown>;
      const limited = async (bytes: Uint8Array, from = 0) => {
        const taken = take(bytes.length - from);
        if (taken instanceof Error) throw taken;
        if (taken > 0) await write(bytes, from, taken);
        return { bytesWritten: taken, buffer: bytes };
      };
      return Object.assign(handle, { write: limited });
    }),
  };
});

const text = (name: string, content: string): NewFile => ({ name, content });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dms-replace-'));
});
afterEach(async () => {
  disk.take = undefined;
  disk.lastCall = Number.POSITIVE_INFINITY;
  await rm(folder, { recursive: true, force: true });
});

const replace = (files: readonly NewFile[], into = folder, earlier: readonly string[] = []) =>
  replaceFiles(into, { writer: 'test', files, earlier, markers: ['manifest'] });

async function contents(of = folder): Promise<Record<string, string>> {
  const entries = await readdir(of, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(of, name), 'utf8')])),
  );
}

async function refusal(work: Promise<unknown>): Promise<DmsError> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error;
}

describe('replacing a set of files', () => {
  it('writes the bytes as they are, makes the folders, and leaves nothing else there', async () => {
    const deep = path.join(folder, 'x', 'y');
    await replace([text('a', 'é😀\r\n'), text('manifest', '')], deep);
    expect(await contents(deep)).toEqual({ a: 'é😀\r\n', manifest: '' });
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('says how many bytes each file has and what their hash is, of texts and bytes, short and long, in any order', async () => {
    const lengths = [3, 200_000, 0, 70_000, 1, 150_000, 90_000, 2];
    const files = lengths.map((length, index) => {
      const content = `${index}é`.repeat(length);
      return { name: `file${index}`, content: index % 3 === 2 ? Buffer.from(content) : content };
    });
    const written = await replace(files);
    const there = await Promise.all(files.map(({ name }) => readFile(path.join(folder, name))));
    expect(there.map((bytes, index) => bytes.equals(Buffer.from(files[index]!.content)))).toEqual(
      files.map(() => true),
    );
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(written).toEqual(
      there.map((bytes, index) => {
        const name = `file${index}`;
        return { name, file: path.join(folder, name), bytes: bytes.length, sha256: sha256(bytes) };
      }),
    );
  });

  it.each(['../a', 'x/a', 'x/../../a'])('refuses %s as a name, and writes nothing', async (name) => {
    await expect(replace([text(name, 'new')], path.join(folder, 'x'))).rejects.toThrow(`${name} is not a file name`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('removes files of an earlier run that are not written again, and touches no other file', async () => {
    for (const name of ['a', 'b', 'manifest', 'other']) await writeFile(path.join(folder, name), 'old and longer');
    await replace([text('a', 'new')], folder, ['a', 'b']);
    expect(await contents()).toEqual({ a: 'new', other: 'old and longer' });
  });

  // Windows does not replace a file that a reader has open
  it.skipIf(process.platform === 'win32')('never changes the file that a reader has open', async () => {
    await writeFile(path.join(folder, 'a'), 'old text');
    const reader = await open(path.join(folder, 'a'), 'r');
    try {
      await replace([text('a', 'new')]);
      expect(await reader.readFile('utf8')).toBe('old text');
      expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('new');
    } finally {
      await reader.close();
    }
  });

  it('removes what a killed run of the same writer has prepared, and nothing else', async () => {
    for (const name of ['.test.staging-abc', '.test-more.staging-abc']) await mkdir(path.join(folder, name));
    await replace([text('a', 'new')]);
    expect((await readdir(folder)).sort()).toEqual(['.test-more.staging-abc', 'a']);
  });

  it('of several writers at the same time leaves one whole set, if the marker is there', async () => {
    const sets = Array.from({ length: 8 }, (_, index) =>
      ['a', 'b', 'manifest'].map((name) => text(name, `${index}`.repeat(50_000))),
    );
    const results = await Promise.allSettled(sets.map((set) => replace(set)));
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DmsError);
    await replace(sets[0] ?? []);
    const left = await contents();
    expect(Object.keys(left)).toEqual(['a', 'b', 'manifest']);
    expect(new Set(Object.values(left)).size).toBe(1);
  });
});

describe('a signal', () => {
  const ended = AbortSignal.abort();
  const cancelled = (files: readonly NewFile[]) =>
    replaceFiles(folder, { writer: 'emit', files, earlier: ['old'], markers: ['m'], signal: ended });

  it('leaves the old set, and nothing of the new one', async () => {
    await replace([text('old', '1'), text('m', '2')]);
    await expect(cancelled([text('new', '3'), text('m', '4')])).rejects.toThrow(
      /^OUTPUT_CANCELLED: The run was cancelled before it wrote its files\. Nothing was changed\.$/,
    );
    expect((await readdir(folder)).sort()).toEqual(['m', 'old']);
    expect(await readFile(path.join(folder, 'm'), 'utf8')).toBe('2');
  });
});

describe('a kill', () => {
  // each stopped run keeps its exit listener
  beforeAll(() => void process.setMaxListeners(100));

  it('between any two calls of the system leaves files of one set, and the marker only with all of them', async () => {
    const names = ['a', 'b', 'c', 'manifest'];
    const seen: string[] = [];
    let isDone = false;
    for (let cut = 0; !isDone; cut += 1) {
      disk.lastCall = Number.POSITIVE_INFINITY;
      const place = path.join(folder, String(cut));
      await mkdir(place);
      for (const name of [...names, 'gone']) await writeFile(path.join(place, name), 'old');
      disk.calls = 0;
      disk.lastCall = cut;
      const killed = new Promise<void>((resolve) => {
        disk.onKilled = resolve;
      });
      const work = replace(
        names.map((name) => text(name, 'new')),
        place,
        ['gone'],
      );
      isDone = await Promise.race([
        work.then(() => true),
        // system calls that have begun are completed
        killed.then(() => new Promise<false>((resolve) => setTimeout(() => resolve(false), 40))),
      ]);
      const left = Object.entries(await contents(place));
      const kinds = [...new Set(left.map(([, content]) => content))];
      expect(kinds.length, `cut ${cut}: ${left}`).toBeLessThanOrEqual(1);
      const isComplete = left.some(([name]) => name === 'manifest');
      if (isComplete) expect(left.length).toBe(kinds[0] === 'old' ? 5 : 4);
      seen.push(isComplete ? `whole ${kinds[0]}` : 'told apart');
    }
    expect([...new Set(seen)]).toEqual(['whole old', 'told apart', 'whole new']);
    expect(seen.filter((state) => state === 'told apart').length).toBeGreaterThanOrEqual(8);
  });
});

describe('a full disk', () => {
  const set = [text('a', 'x'.repeat(40)), text('b', 'y'.repeat(30)), text('manifest', 'z'.repeat(10))];
  const size = 80;

  /** A disk with room for `bytes`: the last write is cut short, and the next one returns `end`. */
  function room(bytes: number, end: number | NodeJS.ErrnoException): Disk {
    let left = bytes;
    return (asked) => {
      const taken = Math.min(asked, left);
      left -= taken;
      return taken > 0 ? taken : end;
    };
  }

  it.each([
    ['an error', Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })],
    ['a count of 0 bytes', 0],
  ])('that ends at any byte and says so by %s is OUTPUT_NO_SPACE, and the old set stays', async (_, end) => {
    for (const name of ['a', 'b', 'manifest']) await writeFile(path.join(folder, name), 'old');
    for (let bytes = 0; bytes < size; bytes += 1) {
      disk.take = room(bytes, end);
      const error = await refusal(replace(set));
      expect(error.code, `${bytes} bytes`).toBe('OUTPUT_NO_SPACE');
      expect(path.basename(error.diagnostics[0].where.file ?? '')).toMatch(/^(?:a|b|manifest)$/);
      expect(await contents()).toEqual({ a: 'old', b: 'old', manifest: 'old' });
      expect(await readdir(folder)).toHaveLength(3);
    }
    disk.take = room(size, end);
    await replace(set);
    expect(await contents()).toEqual(Object.fromEntries(set.map(({ name, content }) => [name, content])));
  });

  it('that refuses all of many files at the same time refuses the set', async () => {
    disk.take = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const many = Array.from({ length: 20 }, (_, index) => text(`file${index}`, 'x'.repeat(index)));
    const { diagnostics } = await refusal(replace(many));
    expect(diagnostics.map(({ code, where }) => [code, where.file])).toEqual([
      ['OUTPUT_NO_SPACE', path.join(folder, 'file1')],
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that takes a few bytes at a time gets them all', async () => {
    disk.take = (asked) => Math.min(asked, 7);
    await replace(set);
    expect((await contents()).a).toBe('x'.repeat(40));
  });

  it('that counts more bytes than it keeps is found by the size of the file', async () => {
    const handle = await open(path.join(folder, 'probe'), 'w');
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    vi.spyOn(prototype, 'stat').mockResolvedValue({ size: 12 } as never);
    try {
      expect((await refusal(replace(set))).diagnostics[0]).toMatchObject({
        code: 'OUTPUT_NO_SPACE',
        details: { written: 12 },
      });
    } finally {
      vi.restoreAllMocks();
    }
  });

  const mount = path.join(tmpdir(), `dms-tmpfs-${process.pid}`);
  const isMounted =
    spawnSync('mkdir', [mount]).status === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', mount]).status === 0;
  if (!isMounted) spawnSync('rmdir', [mount]);

  it.runIf(isMounted)('of the system itself is an error as well (needs the right to mount a tmpfs)', async () => {
    try {
      expect((await refusal(replace([text('a', 'x'.repeat(100_000))], mount))).code).toBe('OUTPUT_NO_SPACE');
      expect(await readdir(mount)).toEqual([]);
      await replace([text('a', 'x'.repeat(50_000))], mount);
      expect((await contents(mount)).a).toHaveLength(50_000);
    } finally {
      spawnSync('umount', [mount]);
      spawnSync('rmdir', [mount]);
    }
  });
});

describe('a place that cannot be written', () => {
  it.each([
    ['a file', 'file', 'OUTPUT_NOT_A_FOLDER'],
    ['below a file', 'file/x/y', 'OUTPUT_NOT_A_FOLDER'],
    ['a link to nothing', 'link', 'OUTPUT_NOT_A_FOLDER'],
    ['below a link to nothing', 'link/x/y', 'OUTPUT_NOT_A_FOLDER'],
  ])('%s is named with its cause', async (_, place, code) => {
    await writeFile(path.join(folder, 'file'), 'mine');
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'link'));
    const { diagnostics } = await refusal(replace([text('a', 'new')], path.join(folder, place)));
    expect(diagnostics[0].code).toBe(code);
    expect(diagnostics[0].message).toContain(path.join(folder, place.split('/')[0] ?? ''));
    expect((await readdir(folder)).sort()).toEqual(['file', 'link']);
    expect(await readFile(path.join(folder, 'file'), 'utf8')).toBe('mine');
  });

  it('a link to a folder is that folder', async () => {
    await mkdir(path.join(folder, 'real'));
    await symlink(path.join(folder, 'real'), path.join(folder, 'link'));
    await replace([text('a', 'new')], path.join(folder, 'link'));
    expect(await contents(path.join(folder, 'real'))).toEqual({ a: 'new' });
  });

  it.runIf(process.platform === 'linux')('below /proc ends, and does not hang', async () => {
    expect((await refusal(replace([text('a', 'new')], '/proc/dms/x'))).code).toMatch(/^OUTPUT_/);
  });

  it('a folder with the name of a file is refused and kept', async () => {
    await mkdir(path.join(folder, 'a'));
    const [found] = (await refusal(replace([text('a', 'new')]))).diagnostics;
    expect([found.code, found.message]).toEqual(['OUTPUT_FAILED', expect.stringContaining(' is a folder')]);
    expect((await refusal(removeFiles(folder, { earlier: ['a'], markers: [] }))).code).toBe('OUTPUT_FAILED');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('leave no folder that the run has made', async () => {
    disk.take = () => Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    expect((await refusal(replace([text('a', 'x')], path.join(folder, 'x', 'y')))).code).toBe('OUTPUT_NO_SPACE');
    expect(await readdir(folder)).toEqual([]);
    const long = path.join(folder, 'x', 'y'.repeat(300), 'z');
    expect((await refusal(replace([text('a', 'x')], long))).code).toBe('OUTPUT_FAILED');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['EACCES', 'OUTPUT_DENIED'],
    ['EPERM', 'OUTPUT_DENIED'],
    ['EROFS', 'OUTPUT_DENIED'],
    ['ENOSPC', 'OUTPUT_NO_SPACE'],
    ['EDQUOT', 'OUTPUT_NO_SPACE'],
    ['ENOTDIR', 'OUTPUT_NOT_A_FOLDER'],
    ['EIO', 'OUTPUT_FAILED'],
  ])('%s of the system is %s, with path and cause', (cause, code) => {
    const error = outputError(Object.assign(new Error(`${cause}: it says`), { code: cause }), 'out/a');
    expect(error.diagnostics).toMatchObject([{ code, where: { file: 'out/a' }, details: { path: 'out/a', cause } }]);
    expect(error.message).toContain(cause);
    expect(outputError(error, 'b')).toBe(error);
  });
});

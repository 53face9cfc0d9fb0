import { execFileSync, spawnSync } from 'node:child_process';
import type * as Promised from 'node:fs/promises';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectUsableOutput, isMountPoint, removeFiles, replaceFiles, writeOutput } from './index.ts';
import { mountList } from './mount-point.ts';

/*
 * Output files that are mount points of their own, as `docker run -v report.json:/report.json` makes them: the system
 * refuses to move something over them and to remove them (design 06 §9.1).
 */

const simulated = vi.hoisted(() => ({ mounts: new Map<string, string>() }));

vi.mock('node:fs/promises', async (original) => {
  const real: typeof Promised = await original();
  const refuse = (call: string, ...files: readonly string[]) => {
    for (const file of files) {
      const code = simulated.mounts.get(file);
      if (code !== undefined)
        throw Object.assign(new Error(`${code}: ${call} '${file}'`), { code, errno: -16, syscall: call, path: file });
    }
  };
  return {
    ...real,
    rename: async (from: string, to: string) => {
      refuse('rename', from, to);
      return real.rename(from, to);
    },
    rm: async (file: string, options: object) => {
      refuse('rm', file);
      return real.rm(file, options);
    },
  };
});

let folder = '';
const usualList = mountList.file;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'dms-mounted ')));
});
afterEach(async () => {
  simulated.mounts.clear();
  mountList.file = usualList;
  await rm(folder, { recursive: true, force: true });
});
const at = (name: string) => path.join(folder, name);

/** Makes files mount points, whether or not the system tells so. */
async function mount(names: readonly string[], { isTold = true, code = 'EBUSY' } = {}) {
  for (const name of names) {
    await writeFile(at(name), 'old');
    simulated.mounts.set(at(name), code);
  }
  mountList.file = path.join(folder, '.mounts');
  const line = (name: string) => `36 35 98:0 /x ${at(name).replaceAll(' ', '\\040')} rw,noatime - ext4 /dev/x rw`;
  await writeFile(mountList.file, isTold ? `${names.map(line).join('\n')}\n` : '');
}

const failureOf = (work: Promise<unknown> | (() => void)) =>
  Promise.resolve()
    .then(() => (typeof work === 'function' ? work() : work))
    .then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof DmsError)) throw error;
        return error.diagnostics[0];
      },
    );

describe.skipIf(process.platform === 'win32')('an output file that is a mount point', () => {
  it.each([
    { isTold: true, code: 'EBUSY' },
    { isTold: false, code: 'EBUSY' },
    { isTold: false, code: 'EXDEV' },
  ])('is written in place: %j', async (how) => {
    await mount(['report.json'], how);
    expect(isMountPoint(at('report.json'))).toBe(how.isTold);
    await writeOutput('test', at('report.json'), 'a longer text');
    expect(await readFile(at('report.json'), 'utf8')).toBe('a longer text');
    await writeOutput('test', at('report.json'), 'x');
    expect(await readFile(at('report.json'), 'utf8')).toBe('x');
    expect(await readdir(folder)).toEqual(['.mounts', 'report.json']);
  });

  it('is written in place as the only file of a set', async () => {
    await mount(['impact.json']);
    const files = [{ name: 'impact.json', content: 'new' }];
    await replaceFiles(folder, { writer: 'test', files, earlier: ['impact.json'], markers: [] });
    expect(await readFile(at('impact.json'), 'utf8')).toBe('new');
  });

  it.each([
    ['replaced', 'a.sql'],
    ['removed', 'b.sql'],
    ['the marker', 'first'],
  ])('is refused in a set of files before anything changes, if it is %s', async (_, name) => {
    for (const each of ['a.sql', 'b.sql', 'first']) await writeFile(at(each), 'old');
    await mount([name]);
    const files = ['a.sql', 'first'].map((each) => ({ name: each, content: 'new' }));
    const set = { writer: 'test', files, earlier: ['a.sql', 'b.sql'], markers: ['first'] };
    const expected = {
      code: 'OUTPUT_MOUNTED',
      message: `${at(name)} is a mount point of its own, so it cannot be replaced together with other files (EBUSY); mount the folder above it, or choose another place.`,
    };
    expect(await failureOf(replaceFiles(folder, set))).toMatchObject(expected);
    expect(await failureOf(removeFiles(folder, set))).toMatchObject(expected);
    for (const each of ['a.sql', 'b.sql', 'first']) expect(await readFile(at(each), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['.mounts', 'a.sql', 'b.sql', 'first']);
  });

  it.skipIf(process.getuid?.() === 0)(
    'is refused at once if it may not be written (needs a user other than root)',
    async () => {
      await mount(['report.json']);
      await chmod(at('report.json'), 0o444);
      expect(await failureOf(() => expectUsableOutput(at('report.json'), 'file'))).toMatchObject({
        code: 'OUTPUT_MOUNTED',
      });
    },
  );
});

const isMountable =
  process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;

describe.skipIf(!isMountable)('a file that the system has mounted (needs root rights on Linux)', () => {
  const mounted = async (...options: readonly string[]) => {
    simulated.mounts.clear();
    await mkdir(at('in'));
    await writeFile(at('in/report.json'), 'old');
    execFileSync('mount', ['--bind', at('in/report.json'), at('in/report.json')]);
    if (options.length > 0) execFileSync('mount', ['-o', `remount,bind,${options}`, at('in/report.json')]);
  };
  afterEach(() => void spawnSync('umount', [at('in/report.json')]));

  it('is found, and written in place', async () => {
    await mounted();
    expect([at('in'), at('in/report.json')].map(isMountPoint)).toEqual([false, true]);
    await writeOutput('test', at('in/report.json'), 'new');
    expect(await readFile(at('in/report.json'), 'utf8')).toBe('new');
  });

  it('is refused before any work if it is mounted to be read only', async () => {
    await mounted('ro');
    const refused = {
      code: 'OUTPUT_MOUNTED',
      message: `${at('in/report.json')} is a mount point of its own, and it may not be written (EROFS); mount it so that it may be written, or choose another place.`,
    };
    expect(await failureOf(() => expectUsableOutput(at('in/report.json'), 'file'))).toMatchObject(refused);
    expect(await failureOf(writeOutput('test', at('in/report.json'), 'new'))).toMatchObject(refused);
    expect(await readdir(at('in'))).toEqual(['report.json']);
  });
});

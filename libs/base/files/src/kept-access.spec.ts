import { chmod, lstat, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFiles, writeOutput } from './index.ts';

const folderWith = async (name: string, mode: number) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kept-access-'));
  const file = path.join(folder, name);
  await writeFile(file, 'old');
  await chmod(file, mode);
  return { folder, file };
};

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

describe.skipIf(process.platform === 'win32')('a file that is replaced (modes of POSIX)', () => {
  it.each([0o600, 0o640, 0o664, 0o755, 0o444])('keeps its mode %o', async (mode) => {
    const { file } = await folderWith('a.json', mode);
    await writeOutput('test', file, 'new');
    expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['new', mode]);
  });

  it('keeps its mode behind a link, which stays', async () => {
    const { folder, file } = await folderWith('a.json', 0o600);
    const link = path.join(folder, 'link.json');
    await symlink(file, link);
    await writeOutput('test', link, 'new');
    expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['new', 0o600]);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it('keeps its mode in a set; a new file beside it has the usual one', async () => {
    const { folder, file } = await folderWith('a.json', 0o600);
    const files = ['a.json', 'b.json'].map((name) => ({ name, content: name }));
    await replaceFiles(folder, { writer: 'test', files, earlier: ['a.json'], markers: ['a.json'] });
    const usual = 0o666 & ~process.umask();
    expect([await modeOf(file), await modeOf(path.join(folder, 'b.json'))]).toEqual([0o600, usual]);
  });

  it.skipIf(process.getuid?.() !== 0)('keeps its owner and group (as root alone)', async () => {
    const { file } = await folderWith('a.json', 0o640);
    const { chown } = await import('node:fs/promises');
    await chown(file, 65_534, 65_533);
    await writeOutput('test', file, 'new');
    const { uid, gid } = await stat(file);
    expect([uid, gid, await modeOf(file)]).toEqual([65_534, 65_533, 0o640]);
  });
});

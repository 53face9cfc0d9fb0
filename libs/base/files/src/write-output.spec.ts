import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOutput } from './index.ts';

let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dms-output-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(scratch, ...names);

describe('an output file', () => {
  it('is written with the folders above it, and replaces one that a link leads to', async () => {
    await writeOutput('test', at('a', 'b', 'out'), 'x');
    expect(await readFile(at('a', 'b', 'out'), 'utf8')).toBe('x');
    await symlink(at('a', 'b', 'out'), at('link'));
    await writeOutput('test', at('link'), 'y');
    expect([await readlink(at('link')), await readFile(at('a', 'b', 'out'), 'utf8')]).toEqual([
      at('a', 'b', 'out'),
      'y',
    ]);
    expect(await readdir(at('a', 'b'))).toEqual(['out']);
  });

  it('that is a folder, or below a file, is refused, and nothing is left', async () => {
    await mkdir(at('folder'));
    await expect(writeOutput('test', at('folder'), 'x')).rejects.toMatchObject({
      diagnostics: [{ code: 'OUTPUT_FAILED', message: `${at('folder')} is a folder (EISDIR); name a file.` }],
    });
    // a folder that does not exist yet
    await expect(writeOutput('test', at('missing/'), 'x')).rejects.toMatchObject({
      diagnostics: [{ code: 'OUTPUT_FAILED', message: `${at('missing/')} is a folder (EISDIR); name a file.` }],
    });
    await writeFile(at('file'), '');
    await expect(writeOutput('test', at('file', 'a', 'out'), 'x')).rejects.toMatchObject({
      diagnostics: [{ code: 'OUTPUT_NOT_A_FOLDER', message: expect.stringContaining(`${at('file')} is not a folder`) }],
    });
    expect((await readdir(scratch)).sort()).toEqual(['file', 'folder']);
  });
});

describe.skipIf(process.platform === 'win32')('an output that is a pipe', () => {
  beforeEach(() => void execFileSync('mkfifo', [at('pipe')]));

  it('is written to once somebody reads it, however late and slowly', async () => {
    const long = 'x'.repeat(1_000_000);
    const writing = writeOutput('test', at('pipe'), long);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const reader = spawn('sh', ['-c', `{ sleep 0.05; cat; } <'${at('pipe')}'`]);
    expect(await text(reader.stdout)).toBe(long);
    await writing;
  });

  it('that nobody reads is given up with the task', async () => {
    await expect(writeOutput('test', at('pipe'), 'x', AbortSignal.timeout(50))).rejects.toMatchObject({
      diagnostics: [
        { code: 'OUTPUT_FAILED', message: `Nobody reads the pipe ${at('pipe')}; nothing was written to it.` },
      ],
    });
  });
});

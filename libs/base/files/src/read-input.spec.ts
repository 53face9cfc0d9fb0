import { constants } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { DmsError } from '@dms/diagnostics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputError, inputSize, readInput, readInputStream, readInputSync } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dms-read-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(work: Promise<unknown>) {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error.diagnostics;
}

it('reads the bytes of a file', async () => {
  await writeFile(path.join(folder, 'a'), 'é');
  expect([...(await readInput(path.join(folder, 'a')))]).toEqual([0xc3, 0xa9]);
});

it('names the missing file, and what to do', async () => {
  const file = path.join(folder, 'none');
  expect(await refusal(readInput(file, 'the file', () => 'run it first'))).toMatchObject([
    { code: 'INPUT_FILE_NOT_FOUND', message: 'the file does not exist; run it first.', details: { path: 'the file' } },
  ]);
  expect(await refusal(readInput(folder))).toMatchObject([
    { code: 'INPUT_FILE_UNREADABLE', details: { cause: 'EISDIR' } },
  ]);
});

it('refuses more bytes than a text can have, without reading them', async () => {
  const file = path.join(folder, 'large');
  await writeFile(file, '');
  // a sparse file takes no room on the disk
  await truncate(file, constants.MAX_STRING_LENGTH + 1);
  const [found] = await refusal(readInput(file));
  expect(found).toMatchObject({
    code: 'INPUT_TOO_LARGE',
    details: { path: file, size: constants.MAX_STRING_LENGTH + 1, limit: constants.MAX_STRING_LENGTH },
  });
});
describe.skipIf(process.platform === 'win32')('anything that is not a regular file', () => {
  beforeAll(() => void execFileSync('mkfifo', [path.join(folder, 'pipe')]));

  it.each([
    ['a pipe that nobody writes to', 'pipe', 'a named pipe'],
    ['a device without an end', '/dev/zero', 'a device'],
  ])('is refused without being opened: %s', async (_, place, kind) => {
    const file = path.resolve(folder, place);
    const expected = {
      code: 'INPUT_FILE_UNREADABLE',
      message: `${file} is ${kind}, and only regular files are read; write its content to a file and name that.`,
      details: { path: file, cause: kind },
    };
    expect(await refusal(readInput(file))).toMatchObject([expected]);
    expect(await refusal(inputSize(file))).toMatchObject([expected]);
    expect(await refusal((async () => readInputSync(file))())).toMatchObject([expected]);
  });

  it('is refused as a folder if it is one, and named if it is where a folder should be', async () => {
    expect(await refusal(readInput(folder))).toMatchObject([{ message: `${folder} is a folder; name a file.` }]);
    await writeFile(path.join(folder, 'file'), '');
    const [found] = await refusal(readInput(path.join(folder, 'file', 'a', 'b')));
    expect(found).toMatchObject({ code: 'INPUT_FILE_UNREADABLE', details: { cause: 'ENOTDIR' } });
    expect(found?.message).toBe(
      `${path.join(folder, 'file/a/b')} cannot be read: ${path.join(folder, 'file')} is not a folder.`,
    );
    // the error as Windows reports it
    const nowhere = Object.assign(new Error('no such file or directory'), { code: 'ENOENT', errno: -4058 });
    expect(inputError(nowhere, path.join(folder, 'file', 'a', 'b'))).toMatchObject({
      diagnostics: [{ message: found?.message }],
    });
    expect(inputError(nowhere, path.join(folder, 'none', 'b'))).toMatchObject({ code: 'INPUT_FILE_NOT_FOUND' });
  });
});

describe('a stream', () => {
  it('is read whole', async () => {
    expect(String(await readInputStream(Readable.from([Buffer.from('a'), Buffer.from('b')]), '<stdin>'))).toBe('ab');
  });

  it('without an end is given up when no text could hold it', async () => {
    const large = Buffer.alloc(2 ** 26);
    let given = 0;
    async function* endless() {
      for (;;) {
        given += large.length;
        yield large;
      }
    }
    expect(await refusal(readInputStream(endless(), '<stdin>'))).toMatchObject([
      { code: 'INPUT_TOO_LARGE', where: { file: '<stdin>' } },
    ]);
    expect(given).toBeLessThanOrEqual(constants.MAX_STRING_LENGTH + large.length);
  });

  it('that fails says why', async () => {
    const broken = new Readable({
      read: () => broken.destroy(Object.assign(new Error('x'), { code: 'EISDIR', errno: -21 })),
    });
    expect(await refusal(readInputStream(broken, '<stdin>'))).toMatchObject([{ code: 'INPUT_FILE_UNREADABLE' }]);
  });
});

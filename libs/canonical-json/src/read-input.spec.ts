import { constants } from 'node:buffer';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInput } from './index.ts';

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

it('names what is not there, and what to do', async () => {
  const file = path.join(folder, 'none');
  expect(await refusal(readInput(file, 'the file', 'run it first'))).toMatchObject([
    { code: 'INPUT_FILE_NOT_FOUND', message: 'the file does not exist; run it first.', details: { path: 'the file' } },
  ]);
  expect(await refusal(readInput(folder))).toMatchObject([{ code: 'INPUT_FILE_UNREADABLE', details: { cause: 'EISDIR' } }]);
});

it('refuses more bytes than a text can have, without reading them', async () => {
  const file = path.join(folder, 'large');
  await writeFile(file, '');
  // a hole: it takes no room on the disk
  await truncate(file, constants.MAX_STRING_LENGTH + 1);
  const [found] = await refusal(readInput(file));
  expect(found).toMatchObject({
    code: 'INPUT_TOO_LARGE',
    details: { path: file, size: constants.MAX_STRING_LENGTH + 1, limit: constants.MAX_STRING_LENGTH },
  });
});

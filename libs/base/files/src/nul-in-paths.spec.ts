import { DmsError } from '@dms/diagnostics';
import { expect, it } from 'vitest';
import { readInput, readInputSync, writeOutput } from './index.ts';

const file = 'a\0b';

it.each<[what: string, work: () => unknown, code: string]>([
  ['is read', () => readInput(file), 'INPUT_FILE_UNREADABLE'],
  ['is read at once', () => readInputSync(file), 'INPUT_FILE_UNREADABLE'],
  ['is written', () => writeOutput('inspect', file, 'text'), 'OUTPUT_FAILED'],
])('a path with the character U+0000 that %s is a mistake of the user', async (_, work, code) => {
  const error = await Promise.resolve()
    .then(work)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DmsError);
  expect((error as DmsError).diagnostics).toMatchObject([
    { code, message: expect.stringContaining('no path can hold the character U+0000') },
  ]);
});

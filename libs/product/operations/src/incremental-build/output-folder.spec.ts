import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterEach, describe, expect, it } from 'vitest';
import { checkOutputFolder } from './output-folder.ts';

const folders: string[] = [];

function folderWith(names: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'output-folder-'));
  folders.push(folder);
  for (const name of names) writeFileSync(path.join(folder, name), '');
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `note-${String(index).padStart(2, '0')}`);

async function refusal(folder: string) {
  const error = await checkOutputFolder(folder, new Set(['pgsql.sql'])).catch((caught: unknown) => caught);
  if (!(error instanceof DmsError)) throw new Error(`${folder} is not refused`);
  const [{ code, message, details }] = error.diagnostics as [DmsError['diagnostics'][number]];
  return { code, list: message.slice(message.indexOf('write: ') + 'write: '.length, message.indexOf(';')), details };
}

it('the folder of translated documents may stand beside artifacts', async () => {
  const folder = folderWith(['pgsql.sql']);
  mkdirSync(path.join(folder, 'translated'));
  await checkOutputFolder(folder, new Set(['pgsql.sql']));
  mkdirSync(path.join(folder, 'documents'));
  expect(await refusal(folder)).toMatchObject({ code: 'DDL_OUTPUT_NOT_EMPTY', list: 'documents' });
});

describe('files in the output folder that the command does not write (design 06 §9)', () => {
  it.each([
    [1, 'note-00'],
    [5, 'note-00, note-01, note-02, note-03, note-04'],
    [6, 'note-00, note-01, note-02, note-03, note-04, … (6 in all)'],
  ])('%d are listed by the first five names, and counted when there are more', async (count, list) => {
    const folder = folderWith([...numbered(count), 'pgsql.sql']);
    expect(await refusal(folder)).toEqual({
      code: 'DDL_OUTPUT_NOT_EMPTY',
      list,
      details: { folder, found: numbered(count) },
    });
  });

  it.skipIf(process.platform === 'win32')('are pipes too, whatever their names', async () => {
    const folder = folderWith([]);
    execFileSync('mkfifo', [path.join(folder, 'pgsql.sql')]);
    expect(await refusal(folder)).toMatchObject({ code: 'DDL_OUTPUT_NOT_EMPTY', list: 'pgsql.sql' });
  });

  it('are folders too, but one in the place of an artifact is named as what it is', async () => {
    const folder = folderWith([]);
    mkdirSync(path.join(folder, 'pgsql.sql'));
    await expect(checkOutputFolder(folder, new Set(['pgsql.sql']))).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringContaining(
        `${path.join(folder, 'pgsql.sql')} is a folder, where a file must be written (EISDIR)`,
      ),
    });
    writeFileSync(path.join(folder, 'mine'), '');
    expect(await refusal(folder)).toMatchObject({ code: 'DDL_OUTPUT_NOT_EMPTY', list: 'mine, pgsql.sql' });
  });

  it('are not those that Git reads, which keep it from changing committed artifacts', async () => {
    const folder = folderWith(['.gitattributes', '.gitignore', 'pgsql.sql']);
    await expect(checkOutputFolder(folder, new Set(['pgsql.sql']))).resolves.toBeUndefined();
    mkdirSync(path.join(folder, '.git'));
    expect(await refusal(folder)).toMatchObject({ list: '.git' });
    const other = folderWith(['pgsql.sql']);
    mkdirSync(path.join(other, '.gitattributes'));
    expect(await refusal(other)).toMatchObject({ list: '.gitattributes' });
  });

  it('are at most twenty in the details', async () => {
    expect((await refusal(folderWith(numbered(21)))).details).toMatchObject({ found: numbered(20) });
  });

  it('are none where there are artifacts only, or no folder', async () => {
    await expect(checkOutputFolder(folderWith(['pgsql.sql']), new Set(['pgsql.sql']))).resolves.toBeUndefined();
    await expect(checkOutputFolder(path.join(folderWith([]), 'none'), new Set())).resolves.toBeUndefined();
  });
});

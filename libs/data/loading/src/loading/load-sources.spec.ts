import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DmsError } from '@dms/diagnostics';
import { derive, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { loadSources } from './load-sources.ts';

const model = derive('pgsql', [ownSchema('campus')]);

/** A folder with a file that can be read, and one whose name has the byte FC, which is not UTF-8. */
function folderWith(name: string, inner = ''): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'names-'));
  mkdirSync(path.join(folder, inner), { recursive: true });
  writeFileSync(path.join(folder, 'good.jsonl'), '');
  writeFileSync(Buffer.concat([Buffer.from(`${path.join(folder, inner)}/`), Buffer.from(name, 'latin1')]), '');
  return folder;
}

// other systems refuse such names
describe.skipIf(process.platform !== 'linux')('a file name that is not UTF-8 (Linux alone takes one)', () => {
  it.each([
    ['M\xfcller.jsonl', ''],
    ['\xe9t\xe9.json.gz', ''],
    ['a\xff.xml', ''],
    ['sch\xf6ols.jsonl', 'campus'],
  ])('%j is named, and the others are found', async (name, inner) => {
    const folder = folderWith(name, inner);
    await expect(loadSources(model, [folder])).rejects.toMatchObject({
      code: 'INPUT_FILE_UNREADABLE',
      message: expect.stringContaining('cannot be opened, because its name is not UTF-8; rename it.'),
    });
    const unnamed: DmsError[] = [];
    const found = await loadSources(model, [folder], (error) => void unnamed.push(error));
    expect(found.map(({ file }) => path.basename(file))).toEqual(['good.jsonl']);
    expect(unnamed.map(({ code }) => code)).toEqual(['INPUT_FILE_UNREADABLE']);
  });

  it('does not matter for a file that nobody would read', async () => {
    expect(await loadSources(model, [folderWith('M\xfcller.txt')])).toHaveLength(1);
  });

  it('is not taken for one that has the character for unknown bytes', async () => {
    expect(await loadSources(model, [folderWith('\xef\xbf\xbd.jsonl')])).toHaveLength(2);
  });
});

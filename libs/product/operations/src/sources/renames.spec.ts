import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterAll, describe, expect, it } from 'vitest';
import { requestedRenames } from './renames.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-renames-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = path.join(scratch, 'renames.json');

/** What is wrong with a file: codes and places. */
async function diagnosticsOf(text: string): Promise<readonly (readonly [string, string | undefined, string])[]> {
  writeFileSync(file, text);
  try {
    await requestedRenames({ renames: file });
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return error.diagnostics.map(({ code, where, message }) => [code, where.path, message]);
  }
  return [];
}

describe('the renames of an upgrade', () => {
  it('come from the file first, then from the options', async () => {
    const renames = [{ $comment: 'agreed in May', before: 'Core:School', after: 'Core:Campus' }];
    writeFileSync(file, JSON.stringify({ $schema: './renames.schema.json', $comment: 1, renames }));
    expect(await requestedRenames({ renames: file, rename: ['Extra=Sports'] })).toEqual([
      { before: 'Core:School', after: 'Core:Campus' },
      { before: 'Extra', after: 'Sports' },
    ]);
    expect(await requestedRenames({})).toEqual([]);
  });

  it.each([
    ['[]', 'CONFIG_INVALID', '', 'A file of renames must be an object with "renames"; correct it.'],
    ['{}', 'CONFIG_INVALID', '/renames', '/renames must be a list of renames; correct it.'],
    ['{"renames": {}}', 'CONFIG_INVALID', '/renames', '/renames must be a list of renames; correct it.'],
    [
      '{"renames": [1]}',
      'CONFIG_INVALID',
      '/renames/0',
      '/renames/0 must be an object with "before" and "after"; correct it.',
    ],
    [
      '{"renames": [{"before": "A", "after": ""}]}',
      'CONFIG_INVALID',
      '/renames/0/after',
      '/renames/0/after must be the name of an object, such as "Ed-Fi:Student.$.birthCity"; correct it.',
    ],
    [
      '{"renames": [{"before": "A", "after": "B", "form": 1}]}',
      'CONFIG_MEMBER_UNKNOWN',
      '/renames/0/form',
      '/renames/0/form is unknown; the known members are "$comment", "before", "after". Remove it.',
    ],
    [
      '{"renames": [], "rename": []}',
      'CONFIG_MEMBER_UNKNOWN',
      '/rename',
      '/rename is unknown; did you mean "renames"? Correct or remove it.',
    ],
  ])('are refused in the file %s', async (text, code, place, message) => {
    expect(await diagnosticsOf(text)).toEqual([[code, place, message]]);
  });

  it('are refused in a file that is not JSON', async () => {
    const [problem] = await diagnosticsOf('{"renames": [],}');
    expect(problem?.[0]).toBe('CONFIG_INVALID');
  });

  it('are refused if their file does not exist', async () => {
    await expect(requestedRenames({ renames: path.join(scratch, 'none.json') })).rejects.toMatchObject({
      code: 'INPUT_FILE_NOT_FOUND',
    });
  });

  it('are refused if an option is not a rename', async () => {
    await expect(requestedRenames({ rename: ['Core:School'] })).rejects.toMatchObject({
      code: 'UPGRADE_RENAME_INVALID',
    });
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diagnostic } from '@dms/diagnostics';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { rejectsFile } from './rejects.ts';

/* The file of rejects, if an earlier run has left one (design 14a §1.2). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-rejects-file-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = path.join(scratch, 'rejects.jsonl');

const reject = {
  file: 'given.jsonl',
  line: 1,
  resource: 'Ed-Fi:Student',
  uuid: null,
  document: toJsonValue({ studentUniqueId: '1' }),
  diagnostics: [diagnostic('DOCUMENT_VALUE_INVALID', 'It does not fit.', {}, {})] as const,
};

describe('an earlier file', () => {
  beforeEach(() => writeFileSync(file, 'of an earlier run\n'));

  it('goes when a run has gone through that rejected nothing', async () => {
    const rejects = rejectsFile(file, undefined);
    await rejects.check([]);
    expect(existsSync(file)).toBe(true);
    await rejects.end();
    await rejects.close();
    expect(existsSync(file)).toBe(false);
  });

  it('stays when a run ends early', async () => {
    const rejects = rejectsFile(file, undefined);
    await rejects.check([]);
    await rejects.close();
    expect(readFileSync(file, 'utf8')).toBe('of an earlier run\n');
  });

  it('is replaced by what a run rejects', async () => {
    const rejects = rejectsFile(file, undefined);
    await rejects.check([]);
    await rejects.add(reject);
    await rejects.end();
    await rejects.close();
    expect(readFileSync(file, 'utf8')).toMatch(/^\{"resource":"Ed-Fi:Student",.*\}\n$/);
  });
});

it.skipIf(process.platform === 'win32')('anything but a plain file stays', async () => {
  const link = path.join(scratch, 'link');
  symlinkSync('/dev/null', link);
  for (const each of [link, '/dev/null']) {
    const rejects = rejectsFile(each, undefined);
    await rejects.check([]);
    await rejects.end();
    expect(existsSync(each)).toBe(true);
  }
});

it('a folder that was made for the file goes if there is none', async () => {
  const folder = path.join(scratch, 'new');
  const rejects = rejectsFile(path.join(folder, 'rejects.jsonl'), undefined);
  await rejects.check([]);
  expect(existsSync(folder)).toBe(true);
  await rejects.end();
  expect(existsSync(folder)).toBe(false);
});

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { derive, ownSchema } from '@dms/testing';
import { parseJson } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DocumentFolder } from './document-folder.ts';

const model = () => derive('pgsql', [ownSchema('campus'), ownSchema('athletics')]);

describe('a folder of documents', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'dms-documents-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));
  const place = (...names: string[]) => path.join(scratch, ...names);

  it('has one file per resource, one document per line, in order and as it is', async () => {
    await DocumentFolder.write(place('a', 'out'), model(), async (folder) => {
      await folder.add('Campus:School', parseJson('{"b":1.50,"a":"ü"}', 'x'));
      await folder.add('Athletics:Team', parseJson('{}', 'x'));
      await folder.add('Campus:School', parseJson('{"c":[]}', 'x'));
    });
    expect(readFileSync(place('a', 'out', 'campus', 'schools.jsonl'), 'utf8')).toBe('{"b":1.50,"a":"ü"}\n{"c":[]}\n');
    expect(readFileSync(place('a', 'out', 'athletics', 'teams.jsonl'), 'utf8')).toBe('{}\n');
    expect(readdirSync(place('a'))).toEqual(['out']);
  });

  it('is not there before it is whole, and leaves nothing when it fails', async () => {
    const failing = DocumentFolder.write(place('out'), model(), async (folder) => {
      await folder.add('Campus:School', new Map());
      expect(existsSync(place('out'))).toBe(false);
      throw new Error('broken off');
    });
    await expect(failing).rejects.toThrow('broken off');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('fills an empty one that a link leads to, which stays the one that it was', async () => {
    mkdirSync(place('real'));
    const { ino } = statSync(place('real'));
    symlinkSync(place('real'), place('out'));
    await DocumentFolder.write(place('out'), model(), (folder) => folder.add('Campus:School', new Map()));
    expect(readdirSync(place('real'))).toEqual(['campus']);
    expect([lstatSync(place('out')).isSymbolicLink(), statSync(place('real')).ino]).toEqual([true, ino]);
    mkdirSync(place('other'));
    const failing = DocumentFolder.write(place('other'), model(), async (folder) => {
      await folder.add('Campus:School', new Map());
      throw new Error('broken off');
    });
    await expect(failing).rejects.toThrow('broken off');
    expect(readdirSync(place('other'))).toEqual([]);
  });

  it('fills an empty one, and refuses one that is not', async () => {
    mkdirSync(place('out'));
    await DocumentFolder.write(place('out'), model(), (folder) => folder.add('Campus:School', new Map()));
    expect(readdirSync(place('out'))).toEqual(['campus']);
    const again = await DocumentFolder.write(place('out'), model(), async () => undefined).catch(
      (error: unknown) => error,
    );
    expect(again).toMatchObject({ code: 'DDL_OUTPUT_NOT_EMPTY' });
    writeFileSync(place('file'), '');
    const onFile = await DocumentFolder.write(place('file'), model(), async () => undefined).catch(
      (error: unknown) => error,
    );
    expect(onFile).toBeInstanceOf(DmsError);
    expect(onFile).toMatchObject({ code: 'OUTPUT_NOT_A_FOLDER' });
  });
});

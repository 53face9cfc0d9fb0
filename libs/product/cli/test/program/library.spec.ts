import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, DmsError, emit, hash, readMappingSet, translate } from '../../src/index.ts';
import { libraryOptions } from '../../src/library/library-options.ts';

/* Mistakes of a program with the library that no compiler has prevented. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-library-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const schemas = [ownSchemaFile('campus')];
const output = path.join(scratch, 'out');

/**
 * Calls a function with any options, and returns its diagnostics; a function that throws synchronously fails the test.
 */
async function reported(operation: (options: never) => Promise<unknown>, options: unknown) {
  const error = await operation(options as never).catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw error;
  return error.diagnostics.map(({ code, message, where }) => [code, where.path, message]);
}

describe('translate', () => {
  const place = (name: string) => path.join(scratch, name);
  const district = (districtId: number, districtName: string) =>
    `${JSON.stringify({ resource: 'Campus:District', document: { districtId, districtName } })}\n`;
  const name = 'Campus:District.$.districtName';
  const rules = { moves: [{ before: name, after: name, values: { N: 'North' } }] };

  beforeAll(async () => {
    await emit({ schemas, dialects: ['pgsql'], output: place('set') });
    writeFileSync(place('rules.json'), JSON.stringify(rules));
    writeFileSync(place('districts.jsonl'), district(1, 'N') + district(2, 'X'));
  });

  const given = () => ({
    paths: [place('districts.jsonl')],
    before: place('set'),
    translation: [place('rules.json')],
  });

  it('writes documents and gives the accounting', async () => {
    const parts: string[] = [];
    const onProgress = (part: string) => void parts.push(part);
    const result = await translate({ ...given(), output: place('later'), continue: true, onProgress });
    expect(readFileSync(place('later/campus/districts.jsonl'), 'utf8')).toBe(
      '{"districtId":1,"districtName":"North"}\n',
    );
    expect(result).toMatchObject({
      output: place('later'),
      rejected: 1,
      values: { read: 4, carried: 2, dropped: 0, rejected: 2 },
      documents: { read: 2, written: 1, made: 0, rejects: 1 },
      resources: [{ resource: 'Campus:District', read: 2, written: 1, made: 0, rejects: 1 }],
    });
    expect(result.diagnostics.map(({ code, where: { line } }) => [code, line])).toEqual([['TRANSLATION_VALUE', 2]]);
    expect(parts).toContain('check the translation');
  });

  it('throws for documents that are rejected, and writes nothing', async () => {
    const error = await translate({ ...given(), output: place('never') }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DmsError);
    expect((error as DmsError).diagnostics.map(({ code }) => code)).toEqual(['TRANSLATION_VALUE']);
    expect(readdirSync(scratch)).not.toContain('never');
  });

  it.each([
    ['no paths', { paths: undefined }, '/paths', /^The option \/paths must be given: /],
    ['no folder of artifacts', { before: undefined }, '/before', /^The option \/before must be given: /],
    ['schemas, which others take', { schemas }, '/schemas', /^There is no option "schemas"/],
    ['a flag of the command line', { list: true }, '/list', /^There is no option "list"/],
    ['a translation without its list', { translation: 'ed-fi-5.2-to-6.1' }, '/translation', /must be /],
  ])('refuses %s', async (_what, options, where, text) => {
    expect(await reported(translate, { ...given(), output: place('never'), ...options })).toEqual([
      ['OPTION_INVALID', where, expect.stringMatching(text)],
    ]);
  });
});

describe('options of the library', () => {
  it.each([
    [
      'an unknown dialect',
      { dialects: ['postgres'] },
      '/dialects/0',
      /^The option \/dialects\/0 "postgres" must be one of: pgsql, mssql\.$/,
    ],
    [
      'no dialect',
      { dialects: [] },
      '/dialects',
      /^The option \/dialects must be a list with at least one of: pgsql, mssql\.$/,
    ],
    ['a dialect without its list', { dialects: 'pgsql' }, '/dialects', /must be a list with/],
    [
      'a name that is written wrong',
      { dialect: ['pgsql'] },
      '/dialect',
      /^There is no option "dialect"; did you mean "dialects"\?$/,
    ],
    [
      'a connection',
      { output: 'postgres://u:geheim7@h/d' },
      '/output',
      /^The option \/output has a connection or a password, which does not belong there\.$/,
    ],
    ['no schemas', { schemas: [] }, '/schemas', /must be a list with at least one ApiSchema\.$/],
    ['one schema without its list', { schemas: schemas[0] }, '/schemas', /must be a list/],
    [
      'an empty path',
      { schemas: [''] },
      '/schemas/0',
      /"" must be the path of a file or of a folder with one, a pattern of paths, or an object/,
    ],
    ['a schema that is a number', { schemas: [3] }, '/schemas/0', /must be the path of a file or/],
    [
      'a content that is not one',
      { schemas: [{ name: 'a', content: { projectSchema: {} } }] },
      '/schemas/0',
      /must be the path/,
    ],
    [
      'no folder',
      { output: undefined },
      '/output',
      /^The option \/output must be given: a text \(folder for the artifacts;/,
    ],
    ['a path with the character U+0000', { schemas: ['a\0b'] }, '/schemas/0', /must be the path of a file/],
    ['an output with that character', { output: 'a\0b' }, '/output', /must be a text \(folder for the artifacts;/],
    ['overrides with that character', { odsOverrides: 'a\0b' }, '/odsOverrides', /must be a text \(/],
    ['an empty folder', { output: '' }, '/output', /"" must be a text \(folder for the artifacts;/],
    ['a flag of the command line', { check: true }, '/check', /^There is no option "check"/],
    ['a listener that is not a function', { onProgress: true }, '/onProgress', /must be a function\.$/],
  ])('are refused before anything is touched: %s', async (_, wrong, place, message) => {
    await emit({ schemas, output, dialects: ['pgsql'] });
    const before = readdirSync(output);
    expect(before).toContain('pgsql.sql');
    for (const operation of [emit, check])
      expect(await reported(operation, { schemas, output, ...wrong })).toEqual([
        ['OPTION_INVALID', place, expect.stringMatching(message)],
      ]);
    expect(readdirSync(output)).toEqual(before);
  });

  it('are reported with everything that is wrong with them', async () => {
    const found = await reported(emit, { schemas: [1, ''], output: 7, dialects: ['oracle', 'mssql'], outptu: 'x' });
    expect(found.map(([, place]) => place).sort()).toEqual([
      '/dialects/0',
      '/outptu',
      '/output',
      '/schemas/0',
      '/schemas/1',
    ]);
  });

  it.each([undefined, null, 'a.json', 3])('that are %j are refused', async (options) => {
    for (const operation of [emit, check, hash])
      expect(await reported(operation, options)).toEqual([['OPTION_INVALID', '', expect.any(String)]]);
  });

  it.each([undefined, '', 'a\0b', 3, {}])('of readMappingSet that are %j are refused', async (file) => {
    expect(await reported(readMappingSet, file)).toEqual([
      ['OPTION_INVALID', '', expect.stringContaining('the path of a dms.json')],
    ]);
  });

  it('may be undefined where they may be left out, and a text may be bytes of any kind', async () => {
    const content = Buffer.from('{ "projectSchema": 3 }');
    for (const given of [content, new Uint8Array(content), String(content)]) {
      const [[code] = []] = await reported(hash, { schemas: [{ name: 'mine', content: given }] });
      expect(code).toBe('INPUT_PROJECT_MALFORMED');
    }
    await expect(check({ schemas, output, dialects: undefined, onProgress: undefined })).resolves.toMatchObject({
      output,
    });
  });
});

describe('schemas of the library', () => {
  const folder = path.join(scratch, 'sets', 'campus');
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(ownSchemaFile('campus'), path.join(folder, 'ApiSchema.json'));
  });

  it.each([
    ['a folder with one', folder],
    ['a pattern of files', path.join(scratch, 'sets/*/*.json')],
  ])('may be %s', async (_, given) => {
    expect(await hash({ schemas: [given] })).toEqual(await hash({ schemas }));
    await emit({ schemas, output, dialects: ['pgsql'] });
    expect((await check({ schemas: [given], output, dialects: ['pgsql'] })).changes).toEqual([]);
  });

  it('are one file once, however it is named', async () => {
    const file = path.join(folder, 'ApiSchema.json');
    expect(await hash({ schemas: [file, path.join(scratch, 'sets/*/*.json')] })).toEqual(await hash({ schemas }));
  });

  it.each([
    ['a folder without one', path.join(scratch, 'sets'), 'INPUT_FILE_NOT_FOUND'],
    ['a pattern that matches nothing', path.join(scratch, '*.none'), 'INPUT_FILE_NOT_FOUND'],
    ['a file that is not there', path.join(scratch, 'none.json'), 'INPUT_FILE_NOT_FOUND'],
  ])('must be found: %s', async (_, given, code) => {
    for (const operation of [emit, check, hash]) {
      const [[found] = []] = await reported(operation, { schemas: [given], ...(operation === hash ? {} : { output }) });
      expect(found).toBe(code);
    }
  });
});

describe('the generation of a dms.json', () => {
  it('is among the options that it gives for the other functions', async () => {
    const file = path.join(scratch, 'dms.json');
    writeFileSync(file, JSON.stringify({ schemas: [schemas[0]?.replaceAll('\\', '/')], mappingVersion: 'v2' }));
    const { schemas: listed, dialects, mappingVersion } = await readMappingSet(file);
    expect([dialects, mappingVersion]).toEqual([['pgsql', 'mssql'], 'v2']);
    const ofFile = await hash({ schemas: listed, mappingVersion });
    const ofDefault = await hash({ schemas: listed });
    expect(ofFile.effectiveSchemaHash).not.toBe(ofDefault.effectiveSchemaHash);
  });
});

it('the README of the command line names every option of the library', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const row = (name: string) => readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
  for (const name of ['emit', 'hash'] as const)
    for (const option of Object.keys(libraryOptions(name)))
      expect([name, row(name)]).toEqual([name, expect.stringContaining(`\`${option}\``)]);
});

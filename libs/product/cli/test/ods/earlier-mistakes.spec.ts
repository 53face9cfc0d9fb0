import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breakingRelease } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* Mistakes about an earlier version, and the messages about them (design 21 §3). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-earlier-mistakes-'));
const place = (name: string) => path.join(scratch, name);
const { translation } = breakingRelease;
const emit = (
  set: 'before' | 'after',
  output: string,
  { generation = 'v2', dialect = 'pgsql' }: { readonly generation?: string; readonly dialect?: string } = {},
) => {
  const version = ['--mapping-version', generation, '--dialect', dialect];
  return ['emit', '--schema', ...breakingRelease[set], ...version, '--output', place(output)];
};
const withEarlier = (folder: string, ...translations: readonly string[]) => [
  ...['--earlier', place(folder)],
  ...translations.flatMap((each) => ['--earlier-translation', each]),
];

beforeAll(async () => {
  for (const args of [
    emit('before', 'before'),
    emit('before', 'before-v1', { generation: 'v1' }),
    emit('before', 'before-mssql', { dialect: 'mssql' }),
    emit('after', 'plain'),
  ])
    expect(await ran(args)).toMatchObject({ code: 0 });
  mkdirSync(place('empty'));
  writeFileSync(place('file.txt'), '');
  writeFileSync(place('damaged.json'), '{');
  writeFileSync(place('array.json'), '[]');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.each<[what: string, options: readonly string[], code: number, said: RegExp]>([
  [
    'no translation where names alone do not carry',
    withEarlier('before'),
    1,
    /^error TRANSLATION_INCOMPLETE Names alone do not carry the earlier version, .* --earlier-translation.*\nerror TRANSLATION_INCOMPLETE Ed-Fi:Assessment/,
  ],
  [
    'a folder that is not there',
    withEarlier('none', translation),
    1,
    /^error INPUT_FILE_NOT_FOUND The folder \S+none /,
  ],
  [
    'an empty folder',
    withEarlier('empty', translation),
    1,
    /^error INPUT_FILE_NOT_FOUND \S+ does not exist; dms-ddl emit /,
  ],
  ['a file', withEarlier('file.txt', translation), 1, /^error INPUT_FILE_UNREADABLE .*file\.txt is not a folder/],
  [
    'a translation between other versions',
    withEarlier('before', 'ed-fi-5.2-to-6.1'),
    1,
    /^error TRANSLATION_VERSIONS ed-fi-5\.2-to-6\.1 before: Ed-Fi: the file is for version 5\.2, and the set has version 1\.0\.0/,
  ],
  [
    'the set itself',
    withEarlier('plain', translation),
    1,
    /^error MODEL_FILE_INVALID .* are of this schema set itself/,
  ],
  [
    'a translation alone',
    ['--earlier-translation', translation],
    2,
    /^error: option '--earlier-translation <name>' needs '--earlier <dir>'/,
  ],
  [
    'a translation that is not there',
    withEarlier('before', 'nonsense'),
    1,
    /^error INPUT_FILE_NOT_FOUND nonsense does not exist; .* dms-ddl translate --list/,
  ],
  ['a mistyped name', withEarlier('before', 'ed-fi-5.2-to-6.2'), 1, /^error TRANSLATION_UNKNOWN .*did you mean/],
  ['a damaged file', withEarlier('before', place('damaged.json')), 1, /^error TRANSLATION_INVALID .*Invalid JSON/],
  ['another JSON', withEarlier('before', place('array.json')), 1, /^error TRANSLATION_INVALID .*is not an object with/],
  ['a folder as translation', withEarlier('before', place('empty')), 1, /^error INPUT_FILE_UNREADABLE .* is a folder/],
])('emit says what is wrong with %s', async (_, options, code, said) => {
  const run = await ran([...emit('after', 'out'), ...options]);
  expect([run.code, run.err]).toEqual([code, expect.stringMatching(said)]);
});

it.each([
  ['reporting emit', []],
  ['explore', ['--output', place('page.html')]],
  ['dictionary', []],
])('%s says what artifacts need that were emitted without an earlier version', async (command, options) => {
  const run = await ran([...command.split(' '), '--artifacts', place('plain'), '--earlier', ...options]);
  const said =
    /^error INPUT_FILE_NOT_FOUND .*earlier-mapping\.json does not exist; .*--earlier … --earlier-translation …/;
  expect([run.code, run.err]).toEqual([1, expect.stringMatching(said)]);
});

it('the generation and the dialects of the earlier version may be others: names of an ODS are the same', async () => {
  for (const folder of ['before-v1', 'before-mssql']) {
    const run = await ran([...emit('after', `on-${folder}`), ...withEarlier(folder, translation)]);
    expect([run.code, run.err]).toEqual([0, '']);
  }
});

it('emit has no notes on documents that a translation would reject: it translates none', async () => {
  const [core = '', ...extensions] = breakingRelease.before;
  const schema = JSON.parse(readFileSync(core, 'utf8'));
  const { jsonSchemaForInsert } = schema.projectSchema.resourceSchemas.students;
  jsonSchemaForInsert.required = jsonSchemaForInsert.required.filter((name: string) => name !== 'lastSurname');
  writeFileSync(place('optional.json'), JSON.stringify(schema));
  const files = ['--schema', place('optional.json'), ...extensions];
  const before = ['--mapping-version', 'v2', '--dialect', 'pgsql', '--output', place('optional')];
  expect(await ran(['emit', ...files, ...before])).toMatchObject({ code: 0 });
  const sets = ['--before', place('optional'), '--after', place('plain')];
  const checked = await ran(['translate', '--check', ...sets, '--translation', translation]);
  expect([checked.code, checked.err]).toEqual([0, expect.stringContaining('Ed-Fi:Student.$.lastSurname: documents')]);
  const run = await ran([...emit('after', 'on-optional'), ...withEarlier('optional', translation)]);
  expect([run.code, run.err]).toEqual([0, '']);
});

it('emit says which rules are left out, because the earlier version lacks a project', async () => {
  const [core = ''] = breakingRelease.before;
  const version = ['--mapping-version', 'v2', '--dialect', 'pgsql', '--output', place('core')];
  expect(await ran(['emit', '--schema', core, ...version])).toMatchObject({ code: 0 });
  const run = await ran([...emit('after', 'on-core'), ...withEarlier('core', translation)]);
  expect([run.code, run.err]).toEqual([0, expect.stringMatching(/^note TRANSLATION_PROJECT_ABSENT .*Preparation/)]);
});

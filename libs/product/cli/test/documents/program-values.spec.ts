import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmsError, type Documents, emit, type OpenedMappingSet, openMappingSet } from '../../src/index.ts';

/* Wrong arguments of the functions on documents, which are refused before anything is sent (design 14a §1.6). */

const output = mkdtempSync(path.join(tmpdir(), 'dms-program-'));
let set: OpenedMappingSet;
let documents: Documents;
let sent = 0;

beforeAll(async () => {
  await emit({ schemas: [ownSchemaFile('district')], dialects: ['pgsql'], mappingVersion: 'v2', output });
  set = await openMappingSet(output);
  const query = async () => {
    sent += 1;
    return { rows: [] };
  };
  documents = set.on({ query });
});
afterAll(() => rmSync(output, { recursive: true }));

/** The codes and paths of a refused call. */
async function refused(call: () => unknown): Promise<readonly (readonly [string, string | undefined])[]> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return error.diagnostics.map(({ code, where }) => [code, where.path]);
  }
  throw new Error('nothing was refused');
}

const uuid = '11111111-2222-4333-8444-555555555555';
const never = (value: unknown) => value as never;
const notUuids = [
  'x',
  '',
  ` ${uuid}`,
  `{${uuid}}`,
  `${uuid}0`,
  null,
  undefined,
  5,
  {},
  5n,
  Symbol('x'),
  'postgres://u:secret@h/d',
];

it.each(notUuids.map((value) => [value]))('a malformed uuid: %s', async (value) => {
  const invalid = (place = '/uuid') => [['DOCUMENT_VALUE_INVALID', place]];
  expect(await refused(() => documents.read(never(value)))).toEqual(invalid());
  expect(await refused(() => documents.remove(never(value)))).toEqual(invalid());
  expect(await refused(() => documents.remove([uuid, never(value)]))).toEqual(invalid('/uuid/1'));
  expect(await refused(() => documents.replace('Ed-Fi:Student', never(value), {}))).toEqual(invalid());
  // no option takes a connection, whatever it is for
  if (value !== undefined && !String(value).startsWith('postgres:'))
    expect(await refused(() => documents.write('Ed-Fi:Student', {}, { uuid: never(value) }))).toEqual(invalid());
  const said = await documents.read(never(value)).catch((error: Error) => error.message);
  expect(said).not.toContain('secret');
  expect(sent).toBe(0);
});

it.each<[name: string, call: () => unknown, path: string]>([
  ['a resource that is not a text', () => documents.write(never(5), {}), '/resource'],
  ['documents that are not a list', () => documents.writeAll('Ed-Fi:Student', never({})), '/documents'],
  ['an unknown option', () => documents.write('Ed-Fi:Student', {}, never({ onExisiting: 'skip' })), '/onExisiting'],
  ['a wrong choice', () => documents.write('Ed-Fi:Student', {}, never({ onExisting: 'keep' })), '/onExisting'],
  ['options that are null', () => documents.query('Ed-Fi:Student', never(null)), ''],
  [
    'a flag that is a text',
    () => documents.writeAll('Ed-Fi:Student', [], never({ ignoreUnknown: 'yes' })),
    '/ignoreUnknown',
  ],
  [
    'a version that is not a number',
    () => documents.replace('Ed-Fi:Student', uuid, {}, { ifVersion: 'x' }),
    '/ifVersion',
  ],
  ['a version of a removal', () => documents.remove(uuid, { ifVersion: '1.5' }), '/ifVersion'],
  ['a version beyond the greatest', () => documents.changes({ since: '9223372036854775808' }), '/since'],
  ['a version below zero', () => documents.changes({ since: '-1' }), '/since'],
  ['resources that are not a list', () => documents.changes(never({ resources: 'Ed-Fi:Student' })), '/resources'],
  ['a limit of zero', () => documents.query('Ed-Fi:Student', { limit: 0 }), '/limit'],
  ['a limit with a fraction', () => documents.query('Ed-Fi:Student', { limit: 1.5 }), '/limit'],
  ['a malformed cursor', () => documents.query('Ed-Fi:Student', { cursor: 'abc' }), '/cursor'],
  ['conditions that are a list', () => documents.query('Ed-Fi:Student', never({ where: [] })), '/where'],
  ['a condition without a value', () => documents.query('Ed-Fi:Student', never({ where: { a: null } })), '/where/a'],
  [
    'a condition that is not a number',
    () => documents.query('Ed-Fi:Student', { where: { a: Number.NaN } }),
    '/where/a',
  ],
  ['a client of neither kind', () => set.on(never(null)), ''],
  ['a client without queries', () => set.on(never({})), ''],
])('%s', async (_name, call, place) => {
  expect(await refused(call)).toEqual([['OPTION_INVALID', place]]);
  expect(sent).toBe(0);
});

it.each<[name: string, document: unknown, path: string]>([
  ['null', null, '$'],
  ['undefined', undefined, '$'],
  ['a number', 5, '$'],
  ['a BigInt', { studentUniqueId: 5n }, '$.studentUniqueId'],
  ['a promise', Promise.resolve({}), '$'],
])('a malformed document: %s', async (_name, document, place) => {
  for (const resource of ['Ed-Fi:Student', 'Ed-Fi:GradeLevelDescriptor']) {
    const calls = [
      () => documents.write(resource, never(document)),
      ...(resource === 'Ed-Fi:Student' ? [() => documents.replace(resource, uuid, never(document))] : []),
    ];
    for (const call of calls) expect((await refused(call))[0]).toEqual(['DOCUMENT_VALUE_INVALID', place]);
    const [outcome] = await documents.writeAll(resource, [never(document)]);
    expect(outcome).toMatchObject({ kind: 'rejected', diagnostics: [{ code: 'DOCUMENT_VALUE_INVALID' }] });
  }
  expect(sent).toBe(0);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolders, writeJson } from '../../../test/scratch-folder.ts';
import { parseMappingSet } from './mapping-set.ts';
import { mappingSetJsonSchema } from './mapping-set-format.ts';
import { placeOnDisk, sourceSpelling, spellingDiagnostic } from './path-spelling.ts';
import { readMappingSet } from './standalone-mapping-set.ts';

const scratchFolder = scratchFolders();

/** Every path that a `dms.json` can name, relative to itself; they exist in lower case. */
const everyPlace = {
  golden: 'golden',
  baseline: 'baseline',
  upgradeFrom: '../released/v1',
  translation: ['ed-fi-5.2-to-6.1', 'moves.json'],
  odsOverrides: 'ods.json',
  translate: { documents: 'documents', before: 'before', translation: ['ours.json'] },
  earlier: { artifacts: 'earlier', translation: ['theirs.json'] },
  databases: { fleet: 'fleet.json' },
};

/** The JSON pointers of the members whose description says that they are relative to the file, without positions. */
function pointersOfPlaces(schema: unknown, pointer = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { description = '', properties = {}, anyOf = [] } = schema as Record<string, never>;
  const own = pointer !== '' && /relative to this file/.test(description) ? [pointer] : [];
  return [
    ...own,
    ...(anyOf as unknown[]).flatMap((each) => pointersOfPlaces(each, pointer)),
    ...Object.entries(properties).flatMap(([name, each]) => pointersOfPlaces(each, `${pointer}/${name}`)),
  ];
}

test('every member that the format calls relative to the file is compared with the disk', () => {
  const described = [...new Set(pointersOfPlaces(mappingSetJsonSchema()))].sort();
  const { places, diagnostics } = parseMappingSet(
    Buffer.from(JSON.stringify({ schemas: ['x'], ...everyPlace })),
    'sets/dms/dms.json',
  );
  expect(diagnostics).toEqual([]);
  const compared = new Set(places.map(({ pointer }) => pointer.replace(/\/\d+$/, '')));
  // entries of `schemas` may also be names of projects, and are compared where they are looked up
  expect([...compared, '/schemas'].sort()).toEqual(described);
});

/** A workspace with everything that `everyPlace` names, and the `dms.json`. */
function workspaceOf(dms: unknown): string {
  const root = scratchFolder();
  writeJson(root, 'nx.json', {});
  const files = ['golden/x', 'baseline/x', '../released/v1/x', 'moves.json', 'ods.json', 'documents/x', 'before/x'];
  for (const name of [...files, 'ours.json', 'earlier/x', 'theirs.json', 'fleet.json', 'campus/ApiSchema.json']) {
    const file = path.join(root, 'sets/dms', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '{}');
  }
  return writeJson(path.join(root, 'sets/dms'), 'dms.json', dms);
}

const upper = (place: string) => place.toUpperCase().replace('.JSON', '.json');

test('each place in another letter case is refused by name, with the right spelling', async () => {
  const file = workspaceOf({
    schemas: ['campus'],
    ...(JSON.parse(JSON.stringify(everyPlace), (_, value) =>
      typeof value === 'string' && value !== 'ed-fi-5.2-to-6.1' ? upper(value) : value,
    ) as object),
  });
  const { diagnostics } = await readMappingSet(file).catch((error) => error);
  const found = (diagnostics as { code: string; where: { path: string }; details: { expected: string } }[]).map(
    ({ code, where, details }) => [code, where.path, details.expected],
  );
  expect(found).toEqual(
    [
      ['/golden', 'golden'],
      ['/baseline', 'baseline'],
      ['/upgradeFrom', '../released/v1'],
      ['/translation', 'moves.json'],
      ['/odsOverrides', 'ods.json'],
      ['/translate/documents', 'documents'],
      ['/translate/before', 'before'],
      ['/translate/translation/0', 'ours.json'],
      ['/earlier/artifacts', 'earlier'],
      ['/earlier/translation/0', 'theirs.json'],
      ['/databases/fleet', 'fleet.json'],
    ].map((each) => ['CONFIG_PATH_SPELLING', ...each]),
  );
});

test('an entry of schemas is compared with the disk too', async () => {
  const file = workspaceOf({ schemas: ['Campus', 'campus/apischema.json', '/SETS/dms/none', 'none'] });
  await expect(readMappingSet(file)).rejects.toThrow(
    '/schemas/0 is "Campus", but the name on the disk is "campus"; correct it. Nx, and other systems, would not find it as it is written.',
  );
  await expect(readMappingSet(file)).rejects.toThrow(
    '/schemas/1 is "campus/apischema.json", but the name on the disk is "campus/ApiSchema.json"',
  );
  await expect(readMappingSet(file)).rejects.toThrow('/schemas/3 names "none", which is neither');
  // relative to the workspace
  const workspaceEntry = workspaceOf({ schemas: ['Sets/dms/campus'] });
  await expect(readMappingSet(workspaceEntry)).rejects.toThrow(
    '/schemas/0 is "Sets/dms/campus", but the name on the disk is "sets/dms/campus"',
  );
});

test('the folders of the dms.json itself are not its spelling', () => {
  const root = scratchFolder();
  mkdirSync(path.join(root, 'Sets/dms/Rel'), { recursive: true });
  // a system without letter case lets a command name the file as sets/DMS/dms.json
  expect(placeOnDisk(root, 'Sets/dms', 'Sets/dms/rel')).toBe('Sets/dms/Rel');
  expect(placeOnDisk(root, 'Sets/dms', 'Sets/dms')).toBeUndefined();
  expect(placeOnDisk(root, '.', 'Sets/dms/Rel')).toBeUndefined();
  expect(placeOnDisk(root, '.', '.')).toBeUndefined();
});

test('letters that are composed otherwise are said to be so, because both texts look the same', () => {
  const root = scratchFolder();
  mkdirSync(path.join(root, 'Ausu\u0308'));
  const place = { pointer: '/golden', written: 'Aus\u00fc', place: 'Aus\u00fc' };
  expect(spellingDiagnostic(root, 'dms.json', place)?.message).toContain(', with its letters composed otherwise;');
});

test('the source of a target that is written by hand is compared too', () => {
  const root = scratchFolder();
  mkdirSync(path.join(root, 'schemas'));
  writeFileSync(path.join(root, 'schemas/ApiSchema.json'), '{}');
  expect(sourceSpelling(root, 'schemas/ApiSchema.json')).toBeUndefined();
  expect(sourceSpelling(root, 'Schemas/apischema.json')).toMatchObject({
    code: 'CONFIG_PATH_SPELLING',
    details: { expected: 'schemas/ApiSchema.json' },
  });
});

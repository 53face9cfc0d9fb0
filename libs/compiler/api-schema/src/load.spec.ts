import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  loadApiSchemaFile,
  loadApiSchemaFiles,
} from './index.ts';

async function failuresOf(run: () => unknown): Promise<readonly Diagnostic[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const toy = JSON.stringify(build.project('Toy', [build.resource('Widget', { identityJsonPaths: ['$.code'] })]));
const attic = JSON.stringify(build.project('Attic', [build.resource('Box')], { isExtension: true }));
const hashOf = (documents: readonly ApiSchemaDocument[]) => buildEffectiveSchema(documents).info.effectiveSchemaHash;

let folder = '';
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dms-load-'));
  await mkdir(at('folder.json'));
  const bom = Buffer.from([0xef, 0xbb, 0xbf]);
  const files: Record<string, string | Buffer> = {
    'toy.json': toy,
    'attic.json': attic,
    'toy-with-bom.json': Buffer.concat([bom, Buffer.from(toy)]),
    'toy-with-two-boms.json': Buffer.concat([bom, bom, Buffer.from(toy)]),
    'utf16le.json': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(toy, 'utf16le')]),
    'utf16be.json': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(toy, 'utf16le').swap16()]),
    'utf16le-without-bom.json': Buffer.from(toy, 'utf16le'),
    'latin1.json': Buffer.from('{"a":"caf\u00e9"}', 'latin1'),
    'not-json.json': '{\n  "apiSchemaVersion": "1.0.0",\n  "projectSchema": }\n',
    'doubled.json': '{"projectSchema":{"projectName":"A","projectName":"B"}}',
    'deep.json': '['.repeat(65) + ']'.repeat(65),
    'surrogate.json': '{"a":["\\ud800"]}',
    'empty.json': '',
    'null.json': 'null',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file', () => {
  it('is loaded under its path', async () => {
    const document = await loadApiSchemaFile(at('toy.json'));
    expect(document.file).toBe(at('toy.json'));
    expect(canonicalText(document.root)).toBe(canonicalText(toJsonValue(JSON.parse(toy))));
  });

  it('is loaded under the name that the caller gives', async () => {
    expect((await loadApiSchemaFile(at('toy.json'), 'schemas/toy')).file).toBe('schemas/toy');
  });

  it('with a byte order mark has the same hash as without', async () => {
    const [plain, marked] = await Promise.all([
      loadApiSchemaFile(at('toy.json')),
      loadApiSchemaFile(at('toy-with-bom.json')),
    ]);
    expect(hashOf([marked])).toBe(hashOf([plain]));
  });

  it.each<[string, string, object]>([
    ['nothing.json', 'INPUT_FILE_NOT_FOUND', {}],
    ['no-folder/nothing.json', 'INPUT_FILE_NOT_FOUND', {}],
    ['folder.json', 'INPUT_FILE_UNREADABLE', { cause: 'EISDIR' }],
    ['empty.json', 'INPUT_JSON_INVALID', { line: 1, column: 1 }],
    ['not-json.json', 'INPUT_JSON_INVALID', { line: 3, column: 20 }],
    ['null.json', 'INPUT_JSON_INVALID', { line: 1, column: 1 }],
    ['toy-with-two-boms.json', 'INPUT_JSON_INVALID', { line: 1, column: 1 }],
    ['utf16le-without-bom.json', 'INPUT_UNICODE_INVALID', { offset: 0, encoding: 'UTF-16' }],
    ['utf16le.json', 'INPUT_UNICODE_INVALID', { offset: 0 }],
    ['utf16be.json', 'INPUT_UNICODE_INVALID', { offset: 0 }],
    ['latin1.json', 'INPUT_UNICODE_INVALID', { offset: 9 }],
    ['surrogate.json', 'INPUT_UNICODE_INVALID', { pointer: '/a/0' }],
    ['doubled.json', 'INPUT_JSON_DUPLICATE_KEY', { pointer: '/projectSchema', key: 'projectName' }],
    ['deep.json', 'INPUT_JSON_TOO_DEEP', { limit: 64 }],
  ])('like %s is %s, with its path and the place in it', async (name, code, data) => {
    const found = await failuresOf(() => loadApiSchemaFile(at(name)));
    expect(found.map((entry) => entry.code)).toEqual([code]);
    expect({ ...found[0]?.where, ...found[0]?.details }).toMatchObject({ file: at(name), ...data });
  });

  it.each(['nothing.json', 'folder.json'])(
    'that cannot be opened (%s) is named in the message and in the data',
    async (name) => {
      const [failure] = await failuresOf(() => loadApiSchemaFile(at(name)));
      expect(failure?.details.path).toBe(at(name));
      expect(failure?.message).toContain(at(name));
    },
  );

  it('is never named by its path when the caller gives another name', async () => {
    for (const name of ['nothing.json', 'folder.json', 'not-json.json', 'latin1.json']) {
      const [failure] = await failuresOf(() => loadApiSchemaFile(at(name), `schemas/${name}`));
      expect(failure?.where.file).toBe(`schemas/${name}`);
      expect(JSON.stringify(failure)).not.toContain(folder);
    }
  });
});

describe('several files', () => {
  const load = (...names: string[]) => loadApiSchemaFiles(names.map((name) => ({ file: at(name) })));

  it('are loaded in the given order', async () => {
    expect((await load('toy.json', 'attic.json')).map(({ file }) => file)).toEqual([at('toy.json'), at('attic.json')]);
    expect((await load('attic.json', 'toy.json')).map(({ file }) => file)).toEqual([at('attic.json'), at('toy.json')]);
  });

  it('of which the second does not exist are INPUT_FILE_NOT_FOUND with its path', async () => {
    const found = await failuresOf(() => load('toy.json', 'nothing.json'));
    expect(found.map(({ code, details }) => [code, details.path])).toEqual([
      ['INPUT_FILE_NOT_FOUND', at('nothing.json')],
    ]);
    expect(await readdir(folder)).not.toContain('nothing.json');
  });

  it('report the problems of all of them together, one diagnostic per file, in the given order', async () => {
    const names = ['latin1.json', 'toy.json', 'nothing.json', 'not-json.json', 'attic.json', 'deep.json'];
    const found = await failuresOf(() => load(...names));
    expect(found.map(({ code, where }) => [code, where.file])).toEqual([
      ['INPUT_UNICODE_INVALID', at('latin1.json')],
      ['INPUT_FILE_NOT_FOUND', at('nothing.json')],
      ['INPUT_JSON_INVALID', at('not-json.json')],
      ['INPUT_JSON_TOO_DEEP', at('deep.json')],
    ]);
    const reversed = await failuresOf(() => load(...names.reverse()));
    expect(reversed.map(({ where }) => where.file)).toEqual(found.map(({ where }) => where.file).reverse());
  });

  it('may be none; a later step requires one', async () => {
    expect(await load()).toEqual([]);
    expect((await failuresOf(() => buildEffectiveSchema([])))[0]?.code).toBe('INPUT_NO_FILES');
  });
});

describe('documents given in any order', () => {
  const document = (file: string, root: unknown): ApiSchemaDocument => ({ file, root: toJsonValue(root) });
  const core = document('core', { projectSchema: { isExtensionProject: false } });
  const otherCore = document('other core', { projectSchema: { isExtensionProject: false } });
  const a = document('a', { projectSchema: { isExtensionProject: true } });
  const b = document('b', { projectSchema: { isExtensionProject: true } });
  const broken = [
    document('array', []),
    document('no project', {}),
    document('text', { projectSchema: { isExtensionProject: 'false' } }),
  ];

  it.each<[string, ApiSchemaDocument[], string[]]>([
    ['put the one core first and keep the order of the others', [b, a, core], ['core', 'b', 'a']],
    ['keep the core first', [core, b, a], ['core', 'b', 'a']],
    ['keep the given order without a core', [b, a], ['b', 'a']],
    ['keep the given order with two cores', [a, core, b, otherCore], ['a', 'core', 'b', 'other core']],
    ['take no broken document for the core', [...broken, a, core], ['core', 'array', 'no project', 'text', 'a']],
    ['may be none', [], []],
  ])('%s', (_name, documents, order) => {
    const given = [...documents];
    expect(coreFirst(documents).map(({ file }) => file)).toEqual(order);
    expect(documents).toEqual(given);
  });
});

describe('OpenAPI payloads', () => {
  const payload = { paths: { '/widgets': {} } };
  const load = async (projectSchema: object) => {
    const bytes = Buffer.from(JSON.stringify({ apiSchemaVersion: '1.0.0', projectSchema }, null, 2));
    const [document] = await loadApiSchemaFiles([{ file: 'a.json', bytes }]);
    return JSON.parse(canonicalText(document?.root ?? null)).projectSchema;
  };

  it('are not made into values', async () => {
    const loaded = await load({
      openApiBaseDocuments: payload,
      resourceSchemas: { widgets: { openApiFragments: payload, a: 1 } },
      abstractResources: { Flyer: { openApiFragment: payload, b: 2 } },
    });
    expect(loaded).toEqual({
      openApiBaseDocuments: null,
      resourceSchemas: { widgets: { openApiFragments: null, a: 1 } },
      abstractResources: { Flyer: { openApiFragment: null, b: 2 } },
    });
  });

  it('stay at any other place', async () => {
    const elsewhere = {
      openApiFragments: payload,
      resourceSchemas: { widgets: { openApiFragment: payload, a: { openApiFragments: payload } } },
    };
    expect(await load(elsewhere)).toEqual(elsewhere);
  });
});

it.each([
  ['a.nupkg', [0x50, 0x4b, 0x03, 0x04, 0]],
  ['a.tgz', [0x1f, 0x8b, 8]],
])('%s is a package, which another command reads', async (file, bytes) => {
  await expect(loadApiSchemaFiles([{ file, bytes: Uint8Array.from(bytes) }])).rejects.toThrow(
    `${file} is a package or a compressed file, not an ApiSchema file. dms-ddl schemas ${file} --output schemas writes the files in it.`,
  );
});

import { build } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failuresOf } from '../../test/failures.ts';
import { convertLegacySchema } from '../index.ts';

const { array, object, string } = build;

const kits: build.JsonRecord = {
  resourceName: 'Kit',
  isDescriptor: false,
  isResourceExtension: false,
  identityJsonPaths: ['$.code'],
  documentPathsMapping: {
    Code: { isReference: false, isPartOfIdentity: true, path: '$.code', type: 'string' },
    Part: { isReference: false, isPartOfIdentity: true, path: '$.parts[*].partCode', type: 'string' },
  },
  jsonSchemaForInsert: object({
    code: string(),
    size: { type: 'number' },
    weight: { type: 'number' },
    population: { type: 'integer' },
    parts: array(object({ partCode: string(), count: { type: 'integer' } }, ['partCode'])),
  }),
};
const legacy: build.JsonRecord = {
  apiSchemaVersion: '1.0.0',
  projectNameMapping: { Toy: 'toy', Attic: 'attic' },
  projectSchemas: {
    toy: {
      projectName: 'Toy',
      projectVersion: '1.0.0',
      isExtensionProject: false,
      abstractResources: {},
      resourceSchemas: { kits, boxes: { ...kits, resourceName: 'Box' } },
    },
    attic: {
      projectName: 'Attic',
      projectVersion: '1.0.0',
      isExtensionProject: true,
      abstractResources: {},
      resourceSchemas: { lids: { ...kits, resourceName: 'Lid' } },
    },
  },
};

const document = (root: unknown, file: string) => ({ file, root: toJsonValue(root) });
const convert = (supplement?: unknown) =>
  convertLegacySchema(
    document(legacy, 'legacy.json'),
    supplement === undefined ? undefined : document(supplement, 'supplement.json'),
  );

// biome-ignore lint/suspicious/noExplicitAny: tests look into converted documents freely
function resourcesOf(supplement?: unknown): any {
  return Object.assign(
    {},
    ...convert(supplement).schemas.map(({ root }) => JSON.parse(canonicalText(root)).projectSchema.resourceSchemas),
  );
}

describe('a supplement', () => {
  it.each<[string, build.Json]>([
    ['decimalPropertyValidationInfos', [{ path: '$.size', totalDigits: 9, decimalPlaces: 2 }]],
    ['relational', { rootTableNameOverride: 'TheKit', nameOverrides: { '$.parts[*]': 'Piece' } }],
    ['arrayUniquenessConstraints', [{ paths: ['$.parts[*].count'] }]],
    ['arrayUniquenessConstraints', []],
  ])('replaces the member %s of the resource it names, and of no other', (member, value) => {
    const before = resourcesOf();
    const after = resourcesOf({ kits: { [member]: value } });
    expect(after.kits[member]).toEqual(value);
    expect(after).toEqual({ ...before, kits: { ...before.kits, [member]: value } });
  });

  it('sets the format of the integers it names, at their place in the insert schema', () => {
    const before = resourcesOf();
    const after = resourcesOf({ kits: { integerFormats: { '$.population': 'int64', '$.parts[*].count': 'int32' } } });
    expect(after.kits.jsonSchemaForInsert.properties.population).toEqual({ type: 'integer', format: 'int64' });
    expect(after.kits.jsonSchemaForInsert.properties.parts.items.properties.count).toEqual({
      type: 'integer',
      format: 'int32',
    });
    expect(after.boxes).toEqual(before.boxes);
    expect(after.kits).not.toHaveProperty('integerFormats');
  });

  it('makes texts of the numbers that it calls durations, wherever the resource says that they are numbers', () => {
    const { Code } = kits.documentPathsMapping as build.JsonRecord;
    const size = { path: '$.size', type: 'number' };
    const own = {
      ...kits,
      numericJsonPaths: ['$.size', '$.weight'],
      documentPathsMapping: { Code, Size: { isReference: false, isPartOfIdentity: false, ...size } },
      queryFieldMapping: { size: [size], weight: [{ path: '$.weight', type: 'number' }] },
    };
    const file = {
      ...legacy,
      projectSchemas: {
        toy: {
          ...((legacy.projectSchemas as build.JsonRecord).toy as build.JsonRecord),
          resourceSchemas: { kits: own },
        },
      },
    };
    const { schemas } = convertLegacySchema(
      document(file, 'legacy.json'),
      document({ kits: { durations: ['$.size'] } }, 'supplement.json'),
    );
    const { kits: after } = JSON.parse(canonicalText(schemas[0]?.root ?? null)).projectSchema.resourceSchemas;
    expect(after.jsonSchemaForInsert.properties.size).toEqual({ type: 'string', maxLength: 30 });
    expect(after.jsonSchemaForInsert.properties.weight).toEqual({ type: 'number' });
    expect(after.numericJsonPaths).toEqual(['$.weight']);
    expect(after.documentPathsMapping.Size).toMatchObject({ path: '$.size', type: 'string' });
    expect(after.queryFieldMapping).toEqual({
      size: [{ path: '$.size', type: 'string' }],
      weight: [{ path: '$.weight', type: 'number' }],
    });
    expect(after).not.toHaveProperty('durations');
  });

  it('may name resources of all projects of the file', () => {
    const after = resourcesOf({
      kits: { relational: { rootTableNameOverride: 'A' } },
      lids: { relational: { rootTableNameOverride: 'B' } },
    });
    expect([after.kits.relational.rootTableNameOverride, after.lids.relational.rootTableNameOverride]).toEqual([
      'A',
      'B',
    ]);
  });

  it('may be empty', () => {
    expect(resourcesOf({})).toEqual(resourcesOf());
    expect(resourcesOf({ kits: {} })).toEqual(resourcesOf());
  });

  it('changes neither the file nor itself', () => {
    const file = document(legacy, 'legacy.json');
    const supplement = document(
      { kits: { integerFormats: { '$.population': 'int64' }, relational: {} } },
      'supplement.json',
    );
    convertLegacySchema(file, supplement);
    expect(canonicalText(file.root)).toBe(canonicalText(toJsonValue(legacy)));
    expect(canonicalText(supplement.root)).toBe('{"kits":{"integerFormats":{"$.population":"int64"},"relational":{}}}');
  });

  it('makes an item that it gives neither guessed nor lost in the report', () => {
    const { notes } = convert({
      kits: {
        decimalPropertyValidationInfos: [{ path: '$.size', totalDigits: 9, decimalPlaces: 2 }],
        arrayUniquenessConstraints: [{ paths: ['$.parts[*].partCode'] }],
      },
    }).report;
    const ofKit = notes.filter((note) => note.startsWith('Toy:Kit: '));
    expect(ofKit.filter((note) => note.includes('$.weight'))).toHaveLength(1);
    expect(ofKit.filter((note) => note.includes('$.size'))).toEqual([]);
    expect(ofKit.filter((note) => note.includes('$.parts[*]'))).toEqual([]);
  });
});

describe('a supplement is refused', () => {
  it.each<[string, unknown, string]>([
    ['that is not an object', ['kits'], ''],
    ['that names an unknown endpoint', { wodgets: {} }, 'wodgets'],
    ['that names a resource instead of an endpoint', { Kit: {} }, 'Kit'],
    ['whose entry is not an object', { kits: null }, 'kits'],
    ['with a member that it cannot give', { kits: { isDescriptor: true } }, 'kits.isDescriptor'],
    [
      'with integerFormats that is not an object',
      { kits: { integerFormats: ['$.population'] } },
      'kits.integerFormats',
    ],
    ['with the format of a path that does not exist', { kits: { integerFormats: { '$.gone': 'int64' } } }, '$.gone'],
    [
      'with the format of a path inside a scalar',
      { kits: { integerFormats: { '$.population.x': 'int64' } } },
      '$.population.x',
    ],
    [
      'with the format of a path that is not a JSONPath',
      { kits: { integerFormats: { population: 'int64' } } },
      'population',
    ],
    ['with the format of a text', { kits: { integerFormats: { '$.code': 'int64' } } }, '$.code'],
    ['with the format of a number', { kits: { integerFormats: { '$.size': 'int64' } } }, '$.size'],
    ['with the format of an array', { kits: { integerFormats: { '$.parts[*]': 'int64' } } }, '$.parts[*]'],
    ['with durations that are not an array', { kits: { durations: { '$.size': 30 } } }, 'kits.durations'],
    ['with a duration that is not a number', { kits: { durations: ['$.code'] } }, '$.code'],
    ['with a duration that does not exist', { kits: { durations: ['$.gone'] } }, '$.gone'],
    ['with a format that is not text', { kits: { integerFormats: { '$.population': 64 } } }, '$.population'],
  ])('%s, with its file and the place in it', (_name, supplement, path) => {
    const found = failuresOf(() => convert(supplement));
    expect(found.map(({ code, where }) => [code, where.file, where.path])).toEqual([
      ['INPUT_SUPPLEMENT_INVALID', 'supplement.json', path],
    ]);
    expect(found[0]?.message).toContain('supplement.json');
    expect(found[0]?.message).toContain(path);
  });

  it('for the path or for the format, whichever is wrong', () => {
    const messageOf = (integerFormats: object) => failuresOf(() => convert({ kits: { integerFormats } }))[0]?.message;
    expect(messageOf({ '$.gone': 'int64' })).toContain('$.gone, which is not an integer of the resource');
    expect(messageOf({ '$.population': 64 })).toContain(
      'gives $.population a format that is not a text, such as "int64"',
    );
  });

  it('with everything that is wrong at once', () => {
    const found = failuresOf(() =>
      convert({
        wodgets: {},
        kits: {
          relational: {},
          nothing: 1,
          integerFormats: { '$.population': 'int64', '$.gone': 'int64', '$.code': 'int64' },
        },
        lids: 1,
      }),
    );
    expect(found.map(({ where }) => where.path).sort()).toEqual([
      '$.code',
      '$.gone',
      'kits.nothing',
      'lids',
      'wodgets',
    ]);
  });
});

import { JsonNumber, type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import {
  abstractResourceSchema,
  type FormatFinding,
  findingText,
  readDocumentPathEntry,
  readFormat,
  readReferencePathPair,
  resourceSchema,
} from './index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look at what was read or at the findings
const result = (any: { value: unknown } | { findings: readonly FormatFinding[] }): any => any;
const entry = (value: unknown) => result(readDocumentPathEntry(toJsonValue(value)));
const findingMembers = (any: { findings?: readonly FormatFinding[] }) =>
  (any.findings ?? []).map(({ member }) => member);

describe('an entry of documentPathsMapping', () => {
  const scalar = { isReference: false, isPartOfIdentity: true, isRequired: true, path: '$.code', type: 'string' };
  const descriptor = {
    isReference: true,
    isDescriptor: true,
    isPartOfIdentity: false,
    isRequired: false,
    path: '$.shapeDescriptor',
    projectName: 'Toy',
    resourceName: 'ShapeDescriptor',
    type: 'string',
  };
  const referenceJsonPaths = [
    { identityJsonPath: '$.makerCode', referenceJsonPath: '$.makerReference.makerCode', type: 'string' },
  ];
  const reference = {
    isReference: true,
    isDescriptor: false,
    isPartOfIdentity: false,
    isRequired: true,
    projectName: 'Toy',
    resourceName: 'Maker',
    referenceJsonPaths,
  };

  it('without reference is a scalar with its path', () => {
    expect(entry(scalar)).toEqual({ value: { kind: 'scalar', path: '$.code' } });
  });

  it('with both flags is a descriptor with path and target', () => {
    expect(entry(descriptor)).toEqual({
      value: {
        kind: 'descriptor',
        path: '$.shapeDescriptor',
        target: { projectName: 'Toy', resourceName: 'ShapeDescriptor' },
      },
    });
  });

  it('with the first flag alone is a document reference with target, paths and isRequired', () => {
    const { value } = entry(reference);
    expect(value).toMatchObject({
      kind: 'reference',
      target: { projectName: 'Toy', resourceName: 'Maker' },
      isRequired: true,
    });
    expect(value.referenceJsonPaths).toEqual(toJsonValue(referenceJsonPaths));
  });

  it.each<[string, unknown, boolean]>([
    ['absent', undefined, false],
    ['null', null, false],
    ['false', false, false],
    ['true', true, true],
  ])('of a reference is required only when it says so: %s', (_name, isRequired, expected) => {
    const { isRequired: _dropped, ...rest } = reference;
    expect(entry(isRequired === undefined ? rest : { ...rest, isRequired }).value.isRequired).toBe(expected);
  });

  it('needs neither type nor isPartOfIdentity', () => {
    expect(entry({ isReference: false, path: '$.code' })).toEqual({ value: { kind: 'scalar', path: '$.code' } });
  });

  it.each<[string, unknown, string[]]>([
    ['no isReference', { path: '$.code' }, ['isReference']],
    ['an isReference that is a text', { ...scalar, isReference: 'false' }, ['isReference']],
    ['a scalar without path', { isReference: false }, ['path']],
    ['a scalar with an empty path', { ...scalar, path: '' }, ['path']],
    ['a reference without isDescriptor', { ...reference, isDescriptor: undefined }, ['isDescriptor']],
    ['a reference whose isDescriptor is null', { ...reference, isDescriptor: null }, ['isDescriptor']],
    ['an isDescriptor that is a text', { ...reference, isDescriptor: 'no' }, ['isDescriptor']],
    ['a descriptor without path', { ...descriptor, path: null }, ['path']],
    [
      'a descriptor without target',
      { ...descriptor, projectName: ' ', resourceName: 7 },
      ['projectName', 'resourceName'],
    ],
    [
      'a reference without target',
      { ...reference, projectName: null, resourceName: '' },
      ['projectName', 'resourceName'],
    ],
    ['a reference whose isRequired is a text', { ...reference, isRequired: 'yes' }, ['isRequired']],
  ])('has every member that its kind needs: %s is an issue', (_name, value, members) => {
    expect(findingMembers(entry(JSON.parse(JSON.stringify(value))))).toEqual(members);
  });

  it.each<[string, JsonValue]>([
    ['null', null],
    ['an array', []],
    ['a text', '$.code'],
    ['a number', new JsonNumber('1')],
  ])('must be an object, not %s', (_name, value) => {
    expect(result(readDocumentPathEntry(value)).findings).toEqual([
      { member: '', isMissing: value === null, expected: 'an object' },
    ]);
  });
});

describe('a pair of referenceJsonPaths', () => {
  it('has the path in the target and the path here; its type is not read', () => {
    const pair = toJsonValue({ identityJsonPath: '$.a', referenceJsonPath: '$.r.a', type: 7 });
    expect(readReferencePathPair(pair)).toEqual({
      value: { identityJsonPath: '$.a', referenceJsonPath: '$.r.a' },
    });
  });

  it('needs both', () => {
    expect(findingMembers(result(readReferencePathPair(toJsonValue({}))))).toEqual([
      'identityJsonPath',
      'referenceJsonPath',
    ]);
  });
});

describe('the members of a resource schema', () => {
  const sound = {
    resourceName: 'Widget',
    isDescriptor: false,
    isResourceExtension: false,
    allowIdentityUpdates: true,
    identityJsonPaths: ['$.b', '$.a'],
    jsonSchemaForInsert: {},
  };
  const read = (change: object) =>
    result(readFormat(resourceSchema, toJsonValue(JSON.parse(JSON.stringify({ ...sound, ...change })))));

  it('are read, identity paths in their order', () => {
    expect(read({}).value).toMatchObject({ ...sound, jsonSchemaForInsert: new Map() });
  });

  it('may be without the optional ones, or null there', () => {
    for (const value of [undefined, null]) {
      const { value: schema } = read({
        isSubclass: value,
        superclassIdentityJsonPath: value,
        documentPathsMapping: value,
        decimalPropertyValidationInfos: value,
      });
      expect(schema.isSubclass ?? false).toBe(false);
      expect(schema.superclassIdentityJsonPath).toBeUndefined();
      expect(schema.documentPathsMapping).toBeUndefined();
      expect(schema.decimalPropertyValidationInfos).toBeUndefined();
    }
  });

  it.each(Object.keys(sound))('must have %s', (member) => {
    expect(read({ [member]: undefined }).findings).toMatchObject([{ member, isMissing: true }]);
    expect(read({ [member]: null }).findings).toMatchObject([{ member, isMissing: true }]);
    expect(read({ [member]: 7 }).findings).toMatchObject([{ member, isMissing: false }]);
  });

  it('are all reported with their place, in the order of the members', () => {
    const { findings } = read({
      resourceName: '',
      isDescriptor: 'x',
      identityJsonPaths: ['$.a', '', 3],
      decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: '5' }],
    });
    expect(findingMembers({ findings })).toEqual([
      'resourceName',
      'isDescriptor',
      'identityJsonPaths[1]',
      'identityJsonPaths[2]',
      'decimalPropertyValidationInfos[0].totalDigits',
    ]);
  });

  it('are decimal facts with two integers or null', () => {
    const { value } = read({
      decimalPropertyValidationInfos: [
        { path: '$.a', totalDigits: 9, decimalPlaces: 2 },
        { path: '$.b', totalDigits: null },
      ],
    });
    expect(value.decimalPropertyValidationInfos).toEqual([
      { path: '$.a', totalDigits: 9, decimalPlaces: 2 },
      { path: '$.b', totalDigits: undefined, decimalPlaces: undefined },
    ]);
  });

  it.each<[string, boolean]>([
    ['5', true],
    ['-5', true],
    ['0', true],
    ['5.0', false],
    ['5e0', false],
    ['5E+1', false],
  ])('write an integer as plain digits: %s is one: %s', (lexeme, isInteger) => {
    const info = toJsonValue(
      new Map<string, unknown>([
        ['path', '$.a'],
        ['totalDigits', new JsonNumber(lexeme)],
      ]),
    );
    const any = readFormat(
      resourceSchema,
      new Map([...(toJsonValue(sound) as ReadonlyMap<string, JsonValue>), ['decimalPropertyValidationInfos', [info]]]),
    );
    expect('value' in any).toBe(isInteger);
  });
});

describe('the members of an abstract resource', () => {
  const read = (value: object) => result(readFormat(abstractResourceSchema, toJsonValue(value)));

  it('are its identity paths, at least one', () => {
    expect(read({ identityJsonPaths: ['$.id'] }).value.identityJsonPaths).toEqual(['$.id']);
    expect(read({ identityJsonPaths: [] }).findings).toMatchObject([{ member: 'identityJsonPaths', isMissing: false }]);
    expect(read({}).findings).toMatchObject([{ member: 'identityJsonPaths', isMissing: true }]);
    expect(read({ identityJsonPath: ['$.id'] }).findings).toMatchObject([{ misspelt: 'identityJsonPath' }]);
  });
});

describe('the text of an issue', () => {
  it('says whether the member is missing and what it must be', () => {
    expect(findingText({ member: 'a', isMissing: true, expected: 'an object' })).toBe(
      'is missing; it must be an object',
    );
    expect(findingText({ member: 'a', isMissing: false, expected: 'an object' })).toBe('must be an object');
    expect(findingText({ member: 'ab', isMissing: true, expected: 'an object', misspelt: 'ba' })).toBe(
      'is missing (is it misspelt as "ba"?); it must be an object',
    );
  });
});

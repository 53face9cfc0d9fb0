import {
  canonicalText,
  indentedText,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonValue,
  parseJson,
  toJsonValue,
} from '@dms/canonical-json';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { buildEffectiveSchema, convertLegacySchema, normalizedSchemaText } from '../index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into converted documents freely
type Any = any;

const { array, object, string } = build;

const marked = (path: string, isPartOfIdentity: boolean): build.JsonRecord => ({
  isReference: false,
  isPartOfIdentity,
  path,
  type: 'string',
});
const key = (path: string) => marked(path, true);
const value = (path: string) => marked(path, false);
const descriptor = (path: string, isPartOfIdentity = false): build.JsonRecord => ({
  isReference: true,
  isDescriptor: true,
  isPartOfIdentity,
  path,
  projectName: 'Toy',
  resourceName: 'ColorDescriptor',
  type: 'string',
});
const reference = (paths: readonly string[], isPartOfIdentity = false): build.JsonRecord => ({
  isReference: true,
  isDescriptor: false,
  isPartOfIdentity,
  projectName: 'Toy',
  resourceName: 'Maker',
  referenceJsonPaths: paths.map((path) => ({
    identityJsonPath: `$.${path.split('.').at(-1)}`,
    referenceJsonPath: path,
    type: 'string',
  })),
});

/** A resource of the old format: `kits` of a project `Toy`, with what the test is about. */
const kit = (
  mapping: build.JsonRecord,
  jsonSchemaForInsert: build.JsonRecord,
  members: build.JsonRecord = {},
): build.JsonRecord => ({
  resourceName: 'Kit',
  isDescriptor: false,
  isResourceExtension: false,
  isSubclass: false,
  isSchoolYearEnumeration: false,
  allowIdentityUpdates: false,
  identityJsonPaths: [],
  equalityConstraints: [],
  documentPathsMapping: mapping,
  jsonSchemaForInsert,
  ...members,
});

const legacyProject = (resourceSchemas: build.JsonRecord, members: build.JsonRecord = {}): build.JsonRecord => ({
  projectName: 'Toy',
  projectVersion: '1.0.0',
  isExtensionProject: false,
  description: '',
  abstractResources: {},
  caseInsensitiveEndpointNameMapping: {},
  compatibleDsRange: null,
  resourceNameMapping: {},
  resourceSchemas,
  ...members,
});

const legacy = (resourceSchemas: build.JsonRecord, members: build.JsonRecord = {}): build.JsonRecord => ({
  apiSchemaVersion: '1.0.0',
  projectNameMapping: { Toy: 'toy' },
  projectSchemas: { toy: legacyProject(resourceSchemas, members) },
});

const convert = (root: unknown) => convertLegacySchema({ file: 'legacy.json', root: toJsonValue(root) });
const plain = (any: JsonValue | undefined): Any => JSON.parse(canonicalText(any ?? null));
const projectOf = (root: unknown): Any => plain(convert(root).schemas[0]?.root).projectSchema;
const kitOf = (mapping: build.JsonRecord, schema: build.JsonRecord, members: build.JsonRecord = {}): Any =>
  projectOf(legacy({ kits: kit(mapping, schema, members) })).resourceSchemas.kits;
const constraintsOf = (mapping: build.JsonRecord, schema: build.JsonRecord): Any =>
  kitOf(mapping, schema).arrayUniquenessConstraints;
const isRequiredOf = (mapping: build.JsonRecord, schema: build.JsonRecord, entry = 'Entry'): Any =>
  kitOf(mapping, schema).documentPathsMapping[entry].isRequired;

function failuresOf(run: () => unknown): readonly Diagnostic[] {
  try {
    run();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Everything about a value, member order included. */
function snapshot(any: JsonValue): unknown {
  if (any instanceof JsonNumber) return { number: any.lexeme };
  if (isJsonArray(any)) return any.map(snapshot);
  if (isJsonObject(any)) return { members: [...any].map(([name, member]) => [name, snapshot(member)]) };
  return any;
}

describe('what can be converted', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], 'INPUT_ROOT_NOT_OBJECT'],
    ['a file of the current format', build.project('Toy', []), 'INPUT_PROJECT_MISSING'],
    ['a file without projects', { apiSchemaVersion: '1.0.0' }, 'INPUT_PROJECT_MISSING'],
    ['a file with an empty list of projects', { apiSchemaVersion: '1.0.0', projectSchemas: {} }, 'INPUT_PROJECT_MISSING'],
    ['projects that are an array', { apiSchemaVersion: '1.0.0', projectSchemas: [] }, 'INPUT_PROJECT_MISSING'],
    ['a project that is no object', { apiSchemaVersion: '1.0.0', projectSchemas: { toy: null } }, 'INPUT_PROJECT_MALFORMED'],
  ])('is not %s', (_name, root, code) => {
    const found = failuresOf(() => convert(root));
    expect(found.map((entry) => [entry.code, entry.where.file])).toEqual([[code, 'legacy.json']]);
  });

  it('holds paths of the subset only', () => {
    const found = failuresOf(() => convert(legacy({ kits: kit({ Entry: value('$.a[0]') }, object({})) })));
    expect(found.map(({ code, where, details }) => [code, where.resource, details.text])).toEqual([
      ['JSONPATH_INVALID', 'Toy:Kit', '$.a[0]'],
    ]);
  });

  it('is refused by the loader until it is converted, and loads then', () => {
    const root = legacy({
      kits: kit({ Code: value('$.code') }, object({ code: string() }), { identityJsonPaths: ['$.code'] }),
    });
    expect(
      failuresOf(() => buildEffectiveSchema([{ file: 'legacy.json', root: toJsonValue(root) }])).map(({ code }) => code),
    ).toEqual(['INPUT_LEGACY_FORMAT']);
    const documents = convert(root).schemas.map((schema) => ({ file: 'converted.json', root: schema.root }));
    expect(
      buildEffectiveSchema(documents).info.resourceKeys.map(({ projectName, resourceName }) => [projectName, resourceName]),
    ).toEqual([['Toy', 'Kit']]);
  });
});

describe('conversion', () => {
  const root = legacy({
    kits: kit(
      { Part: key('$.parts[*].partCode'), Maker: reference(['$.makerReference.makerCode']) },
      object({ parts: array(object({ partCode: string() }, ['partCode'])), size: { type: 'number' } }),
    ),
  });

  it('changes no input, and gives the same output twice', () => {
    const document = { file: 'legacy.json', root: toJsonValue(root) };
    const before = snapshot(document.root);
    const first = convertLegacySchema(document);
    expect(snapshot(document.root)).toEqual(before);
    const second = convertLegacySchema(document);
    expect(second.report).toEqual(first.report);
    expect(second.schemas.map((schema) => indentedText(schema.root))).toEqual(
      first.schemas.map((schema) => indentedText(schema.root)),
    );
  });

  it('does not depend on the order of members', () => {
    const reversed = (any: unknown): unknown => {
      if (Array.isArray(any)) return any.map(reversed);
      if (typeof any !== 'object' || any === null) return any;
      return Object.fromEntries(
        Object.entries(any)
          .reverse()
          .map(([name, member]) => [name, reversed(member)]),
      );
    };
    expect(convert(reversed(root)).schemas.map((schema) => indentedText(schema.root))).toEqual(
      convert(root).schemas.map((schema) => indentedText(schema.root)),
    );
  });

  it('written as a file and read again is normalized without a change', () => {
    const [schema] = convert(root).schemas;
    if (!schema) throw new Error('one project is converted');
    const again = { file: 'ApiSchema-toy.json', root: parseJson(indentedText(schema.root), 'ApiSchema-toy.json') };
    expect(normalizedSchemaText(again)).toBe(normalizedSchemaText({ file: 'in memory', root: schema.root }));
    expect(snapshot(parseJson(canonicalText(again.root), 'a'))).toEqual(snapshot(parseJson(canonicalText(schema.root), 'a')));
  });

  it('gives one root per project, named by its endpoint, with the version of the file', () => {
    const { schemas } = convert({
      apiSchemaVersion: '1.2.3',
      projectNameMapping: { Toy: 'toy', Attic: 'attic' },
      projectSchemas: {
        toy: legacyProject({}),
        attic: { ...legacyProject({}), projectName: 'Attic', isExtensionProject: true },
      },
    });
    expect(schemas.map(({ projectEndpointName }) => projectEndpointName)).toEqual(['attic', 'toy']);
    for (const schema of schemas) {
      expect([...schema.root.keys()].sort()).toEqual(['apiSchemaVersion', 'projectSchema']);
      expect(schema.root.get('apiSchemaVersion')).toBe('1.2.3');
      expect(plain(schema.root).projectSchema.projectEndpointName).toBe(schema.projectEndpointName);
    }
  });
});

describe('step 1: the project', () => {
  it('gets its key as projectEndpointName and keeps its members', () => {
    const project = projectOf(legacy({}, { description: 'x', compatibleDsRange: null, someMember: [1] }));
    expect(project).toMatchObject({
      projectEndpointName: 'toy',
      projectName: 'Toy',
      projectVersion: '1.0.0',
      isExtensionProject: false,
      description: 'x',
      compatibleDsRange: null,
      someMember: [1],
    });
  });

  it.each<[string, build.Json | undefined]>([
    ['names another endpoint', { Toy: 'toys' }],
    ['does not name the project', { Other: 'toy' }],
    ['is no object', 'toy'],
    ['is absent', undefined],
  ])('is warned about when projectNameMapping %s', (_name, projectNameMapping) => {
    const { projectNameMapping: _dropped, ...rest } = legacy({});
    const { schemas, report } = convert(projectNameMapping === undefined ? rest : { ...rest, projectNameMapping });
    expect(report.warnings.map((entry) => [entry.code, entry.class, entry.where.file])).toEqual([
      ['CONVERSION_PROJECT_NAME', 'W', 'legacy.json'],
    ]);
    expect(report.warnings[0]?.message).toMatch(/toy/);
    expect(schemas[0]?.projectEndpointName).toBe('toy');
  });

  it('is not warned about when projectNameMapping names its key', () => {
    expect(convert(legacy({})).report.warnings).toEqual([]);
  });
});

describe('step 2: the members of the project', () => {
  it('resourceNameMapping is built from the resource schemas, so that no descriptor hides a resource', () => {
    const mapping = projectOf(
      legacy(
        {
          gradingPeriods: kit({}, object({}), { resourceName: 'GradingPeriod' }),
          gradingPeriodDescriptors: kit({}, object({}), { resourceName: 'GradingPeriodDescriptor', isDescriptor: true }),
        },
        { resourceNameMapping: { GradingPeriod: 'gradingPeriodDescriptors', Gone: 'gones' } },
      ),
    ).resourceNameMapping;
    expect(mapping).toEqual({ GradingPeriod: 'gradingPeriods', GradingPeriodDescriptor: 'gradingPeriodDescriptors' });
  });

  it('resourceNameMapping lists no resource extension', () => {
    expect(projectOf(legacy({ kits: kit({}, object({}), { isResourceExtension: true }) })).resourceNameMapping).toEqual({});
  });

  it('domains, educationOrganizationHierarchy and educationOrganizationTypes are empty when absent', () => {
    expect(projectOf(legacy({}))).toMatchObject({
      domains: [],
      educationOrganizationHierarchy: {},
      educationOrganizationTypes: [],
    });
  });

  it('and stay as they are when present', () => {
    const members = { domains: ['a'], educationOrganizationHierarchy: { School: {} }, educationOrganizationTypes: ['School'] };
    expect(projectOf(legacy({}, members))).toMatchObject(members);
  });
});

describe('step 3: isPartOfIdentity', () => {
  const mapping = (members: object): build.JsonRecord => ({ Entry: { isReference: false, path: '$.code', ...members } });
  const identity = { identityJsonPaths: ['$.code'] };
  const flag = (entries: build.JsonRecord, members: build.JsonRecord) =>
    kitOf(entries, object({ code: string() }), members).documentPathsMapping.Entry.isPartOfIdentity;

  it('is true, when absent, for a path of identityJsonPaths', () => {
    expect(flag(mapping({}), identity)).toBe(true);
  });

  it('is false, when absent, for any other path', () => {
    expect(flag(mapping({}), { identityJsonPaths: ['$.codes', '$.other'] })).toBe(false);
    expect(flag(mapping({}), {})).toBe(false);
  });

  it('is false, when absent, for an entry without a path of its own', () => {
    const { isPartOfIdentity: _dropped, ...rest } = reference(['$.makerReference.makerCode']);
    expect(flag({ Entry: rest }, { identityJsonPaths: ['$.makerReference.makerCode'] })).toBe(false);
  });

  it.each([true, false])('stays as it is when present: %s', (isPartOfIdentity) => {
    expect(flag(mapping({ isPartOfIdentity }), {})).toBe(isPartOfIdentity);
    expect(flag(mapping({ isPartOfIdentity }), identity)).toBe(isPartOfIdentity);
  });
});

describe('step 4: isRequired', () => {
  const item = (properties: build.JsonRecord, required: readonly string[] = []) =>
    object({ parts: array(object(properties, required)) }, ['parts']);
  const makerReference = object({ makerCode: string() }, ['makerCode']);

  it.each<[string, build.JsonRecord, build.JsonRecord, boolean]>([
    ['a property listed in required', value('$.a'), object({ a: string() }, ['a']), true],
    ['a property not listed', value('$.a'), object({ a: string() }, ['b']), false],
    ['a part of the identity not listed', key('$.a'), object({ a: string() }), false],
    ['a nested property listed in its own object', value('$.o.a'), object({ o: object({ a: string() }, ['a']) }), true],
    [
      'a nested property listed in an outer object only',
      value('$.o.a'),
      object({ o: object({ a: string() }) }, ['o', 'a']),
      false,
    ],
    [
      'a property of items with several properties, listed',
      value('$.parts[*].a'),
      item({ a: string(), b: string() }, ['a']),
      true,
    ],
    [
      'a property of items with several properties, not listed',
      key('$.parts[*].a'),
      item({ a: string(), b: string() }, ['b']),
      false,
    ],
    [
      'the only property of items, listed but no part of the identity',
      value('$.parts[*].a'),
      item({ a: string() }, ['a']),
      false,
    ],
    ['the only property of items, part of the identity', key('$.parts[*].a'), item({ a: string() }), true],
    [
      'the only property of items but for _ext',
      value('$.parts[*].a'),
      item({ a: string(), _ext: build.ext('attic', object({ b: string() })) }, ['a']),
      false,
    ],
    [
      'a property nested in the only property of items',
      value('$.parts[*].o.a'),
      item({ o: object({ a: string() }, ['a']) }),
      true,
    ],
    ['a descriptor listed', descriptor('$.colorDescriptor'), object({ colorDescriptor: string() }, ['colorDescriptor']), true],
    ['a descriptor as the only property of items', descriptor('$.parts[*].c'), item({ c: string() }, ['c']), false],
    ['a value that is the item itself', value('$.names[*]'), object({ names: array(string()) }, ['names']), false],
    ['a value that is the item itself, part of the identity', key('$.names[*]'), object({ names: array(string()) }), true],
    [
      'a reference whose object is listed',
      reference(['$.makerReference.makerCode']),
      object({ makerReference }, ['makerReference']),
      true,
    ],
    ['a reference whose object is not listed', reference(['$.makerReference.makerCode']), object({ makerReference }), false],
    [
      'a reference in items, listed',
      reference(['$.parts[*].makerReference.makerCode']),
      item({ makerReference, b: string() }, ['makerReference']),
      true,
    ],
    [
      'a reference as the only property of items',
      reference(['$.parts[*].makerReference.makerCode']),
      item({ makerReference }, ['makerReference']),
      false,
    ],
    [
      'a reference as the only property of items, part of the identity',
      reference(['$.parts[*].makerReference.makerCode'], true),
      item({ makerReference }),
      true,
    ],
    ['a property that the insert schema does not have', value('$.gone'), object({ a: string() }, ['a']), false],
  ])('is derived for %s', (_name, entry, schema, expected) => {
    expect(isRequiredOf({ Entry: entry }, schema)).toBe(expected);
  });

  it.each([true, false])('stays as it is when present: %s', (isRequired) => {
    const entry = { ...value('$.a'), isRequired };
    expect(isRequiredOf({ Entry: entry }, object({ a: string() }, ['a']))).toBe(isRequired);
    expect(isRequiredOf({ Entry: entry }, object({ a: string() }))).toBe(isRequired);
  });
});

describe('step 5: arrayUniquenessConstraints', () => {
  const parts = (properties: build.JsonRecord, required: readonly string[] = []) =>
    object({ parts: array(object(properties, required)) });
  const makerReference = object({ makerCode: string(), makerKind: string() });

  it.each<[string, build.JsonRecord, build.JsonRecord, unknown]>([
    ['no array', { A: key('$.a') }, object({ a: string() }, ['a']), []],
    [
      'a marked property',
      { A: key('$.parts[*].a'), B: value('$.parts[*].b') },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'several marked properties, in ordinal order',
      { B: key('$.parts[*].b'), A: key('$.parts[*].a'), Z: key('$.parts[*].Z') },
      parts({ a: string(), b: string(), Z: string() }),
      [{ paths: ['$.parts[*].Z', '$.parts[*].a', '$.parts[*].b'] }],
    ],
    [
      'one path in two entries, once',
      { A: key('$.parts[*].a'), B: key('$.parts[*].a') },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a marked descriptor',
      { A: descriptor('$.parts[*].a', true) },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a marked reference: all its paths',
      {
        A: reference(['$.parts[*].makerReference.makerKind', '$.parts[*].makerReference.makerCode'], true),
        B: key('$.parts[*].a'),
      },
      parts({ makerReference, a: string() }),
      [{ paths: ['$.parts[*].a', '$.parts[*].makerReference.makerCode', '$.parts[*].makerReference.makerKind'] }],
    ],
    ['one property that is not marked', { A: value('$.parts[*].a') }, parts({ a: string() }), [{ paths: ['$.parts[*].a'] }]],
    [
      'one descriptor that is not marked',
      { A: descriptor('$.parts[*].a') },
      parts({ a: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'one property that is not marked, beside _ext',
      { A: value('$.parts[*].a') },
      parts({ a: string(), _ext: build.ext('attic', object({})) }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'one entry that is not marked, of items with more properties',
      { A: value('$.parts[*].a') },
      parts({ a: string(), b: string() }),
      [],
    ],
    [
      'two entries that are not marked',
      { A: value('$.parts[*].a'), B: value('$.parts[*].b') },
      parts({ a: string(), b: string() }),
      [],
    ],
    [
      'two entries of one path that are not marked',
      { A: value('$.parts[*].a'), B: descriptor('$.parts[*].a') },
      parts({ a: string() }),
      [],
    ],
    [
      'a collection of bare references',
      { A: reference(['$.parts[*].makerReference.makerCode']) },
      parts({ makerReference }),
      [],
    ],
    ['items that are values', { A: value('$.names[*]') }, object({ names: array(string()) }), [{ paths: ['$.names[*]'] }]],
    [
      'a key part inside an optional inline object, which is not part',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.size') },
      parts({ a: string(), box: object({ size: string() }, ['size']) }, ['a']),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a key part inside a required inline object, which is part even if it is optional there',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.size') },
      parts({ a: string(), box: object({ size: string() }) }, ['box']),
      [{ paths: ['$.parts[*].a', '$.parts[*].box.size'] }],
    ],
    [
      'a key part inside two inline objects of which the inner is optional',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.lid.size') },
      parts({ a: string(), box: object({ lid: object({ size: string() }, ['size']) }) }, ['a', 'box']),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a key part inside two required inline objects',
      { B: key('$.parts[*].box.lid.size') },
      parts({ a: string(), box: object({ lid: object({ size: string() }) }, ['lid']) }, ['box']),
      [{ paths: ['$.parts[*].box.lid.size'] }],
    ],
    [
      'a marked reference inside an optional inline object, which is not part',
      { A: key('$.parts[*].a'), B: reference(['$.parts[*].box.makerReference.makerCode'], true) },
      parts({ a: string(), box: object({ makerReference }, ['makerReference']) }),
      [{ paths: ['$.parts[*].a'] }],
    ],
  ])('are derived for %s', (_name, mapping, schema, expected) => {
    expect(constraintsOf(mapping, schema)).toEqual(expected);
  });

  const nestedParts = (properties: build.JsonRecord) => parts({ a: string(), b: string(), ...properties });
  it.each<[string, build.JsonRecord, build.JsonRecord, unknown]>([
    [
      'a scope inside another',
      { A: key('$.parts[*].a'), C: key('$.parts[*].colors[*].c') },
      nestedParts({ colors: array(object({ c: string() })) }),
      [{ paths: ['$.parts[*].a'], nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].c'] }] }],
    ],
    [
      'a scope inside an inline object of another',
      { A: key('$.parts[*].a'), C: key('$.parts[*].box.colors[*].c') },
      nestedParts({ box: object({ colors: array(object({ c: string() })) }) }),
      [{ paths: ['$.parts[*].a'], nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.box.colors[*].c'] }] }],
    ],
    [
      'two scopes inside another, in ordinal order',
      { C: key('$.parts[*].y[*].c'), A: key('$.parts[*].a'), D: key('$.parts[*].x[*].d') },
      nestedParts({ y: array(object({ c: string() })), x: array(object({ d: string() })) }),
      [
        {
          paths: ['$.parts[*].a'],
          nestedConstraints: [
            { basePath: '$.parts[*]', paths: ['$.x[*].d'] },
            { basePath: '$.parts[*]', paths: ['$.y[*].c'] },
          ],
        },
      ],
    ],
    [
      'three levels: the innermost scope around takes it',
      { A: key('$.parts[*].a'), C: key('$.parts[*].colors[*].c'), D: key('$.parts[*].colors[*].shades[*].d') },
      nestedParts({ colors: array(object({ c: string(), shades: array(object({ d: string() })) })) }),
      [
        {
          paths: ['$.parts[*].a'],
          nestedConstraints: [
            {
              basePath: '$.parts[*]',
              paths: ['$.colors[*].c'],
              nestedConstraints: [{ basePath: '$.parts[*].colors[*]', paths: ['$.shades[*].d'] }],
            },
          ],
        },
      ],
    ],
    [
      'a scope whose direct outer scope has no constraint: the next one around takes it',
      { A: key('$.parts[*].a'), C: value('$.parts[*].colors[*].c'), D: key('$.parts[*].colors[*].shades[*].d') },
      nestedParts({ colors: array(object({ c: string(), x: string(), shades: array(object({ d: string() })) })) }),
      [{ paths: ['$.parts[*].a'], nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].shades[*].d'] }] }],
    ],
    [
      'a scope with no constraint around it, which stands at the top with its whole path',
      { A: value('$.parts[*].a'), C: key('$.parts[*].colors[*].c') },
      nestedParts({ colors: array(object({ c: string() })) }),
      [{ paths: ['$.parts[*].colors[*].c'] }],
    ],
    [
      'scopes beside each other, in ordinal order',
      { Z: key('$.z[*].a'), B: key('$.B[*].a'), A: key('$.a[*].a') },
      object({ z: array(object({ a: string() })), B: array(object({ a: string() })), a: array(object({ a: string() })) }),
      [{ paths: ['$.B[*].a'] }, { paths: ['$.a[*].a'] }, { paths: ['$.z[*].a'] }],
    ],
    [
      'a scope whose name begins like another, which is not inside it',
      { A: key('$.part[*].a'), B: key('$.parts[*].a') },
      object({ part: array(object({ a: string() })), parts: array(object({ a: string() })) }),
      [{ paths: ['$.part[*].a'] }, { paths: ['$.parts[*].a'] }],
    ],
  ])('are nested: %s', (_name, mapping, schema, expected) => {
    expect(constraintsOf(mapping, schema)).toEqual(expected);
  });

  it('stay as they are when present', () => {
    const given = [{ paths: ['$.parts[*].b'] }];
    const mapping = { A: key('$.parts[*].a') };
    expect(kitOf(mapping, parts({ a: string() }), { arrayUniquenessConstraints: given }).arrayUniquenessConstraints).toEqual(
      given,
    );
    expect(kitOf(mapping, parts({ a: string() }), { arrayUniquenessConstraints: [] }).arrayUniquenessConstraints).toEqual([]);
  });
});

describe('the examples of the rules', () => {
  it('a part code that is part of the identity and inner colours: a key with a nested key', () => {
    const { arrayUniquenessConstraints, documentPathsMapping } = kitOf(
      { 'Part.PartCode': key('$.parts[*].partCode'), 'Part.Color': descriptor('$.parts[*].colors[*].colorDescriptor') },
      object(
        {
          parts: array(
            object(
              { partCode: string(), colors: array(object({ colorDescriptor: { type: 'string' } }, ['colorDescriptor'])) },
              ['partCode'],
            ),
          ),
        },
        ['parts'],
      ),
    );
    expect(arrayUniquenessConstraints).toEqual([
      {
        paths: ['$.parts[*].partCode'],
        nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].colorDescriptor'] }],
      },
    ]);
    expect(documentPathsMapping['Part.PartCode'].isRequired).toBe(true);
    expect(documentPathsMapping['Part.Color'].isRequired).toBe(false);
  });

  it('a reference as the only property of items: no key, not required', () => {
    const { arrayUniquenessConstraints, documentPathsMapping } = kitOf(
      { Maker: reference(['$.links[*].makerReference.makerCode']) },
      object({ links: array(object({ makerReference: object({ makerCode: string() }, ['makerCode']) }, ['makerReference'])) }),
    );
    expect(arrayUniquenessConstraints).toEqual([]);
    expect(documentPathsMapping.Maker.isRequired).toBe(false);
  });

  it('a key part in an optional inline object of an item: not part of the key', () => {
    expect(
      constraintsOf(
        { Code: key('$.parts[*].partCode'), Size: key('$.parts[*].box.size') },
        object({ parts: array(object({ partCode: string(), box: object({ size: string() }, ['size']) }, ['partCode'])) }),
      ),
    ).toEqual([{ paths: ['$.parts[*].partCode'] }]);
  });
});

describe('step 6: the members of a resource', () => {
  it('decimalPropertyValidationInfos, domains and authorizationPathways are empty when absent', () => {
    expect(kitOf({}, object({}))).toMatchObject({ decimalPropertyValidationInfos: [], domains: [], authorizationPathways: [] });
  });

  it('and stay as they are when present', () => {
    const members = {
      decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: 5, decimalPlaces: 2 }],
      domains: ['x'],
      authorizationPathways: ['y'],
    };
    expect(kitOf({}, object({}), members)).toMatchObject(members);
  });

  it('items of queryFieldMapping lose the flag identity and nothing else', () => {
    const { queryFieldMapping } = kitOf({}, object({}), {
      queryFieldMapping: {
        code: [{ path: '$.code', type: 'string', identity: true }],
        other: [
          { path: '$.a', type: 'number' },
          { path: '$.b', type: 'number', identity: false, more: 1 },
        ],
        identity: [],
      },
    });
    expect(queryFieldMapping).toEqual({
      code: [{ path: '$.code', type: 'string' }],
      other: [
        { path: '$.a', type: 'number' },
        { path: '$.b', type: 'number', more: 1 },
      ],
      identity: [],
    });
  });

  it('a resource without queryFieldMapping gets none', () => {
    expect(kitOf({}, object({}))).not.toHaveProperty('queryFieldMapping');
  });

  it('all other members stay as they are', () => {
    const members = {
      booleanJsonPaths: ['$.a'],
      allowIdentityUpdates: true,
      equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
    };
    const schema = object({ a: { type: 'string', maxLength: 5, description: 'é' } }, ['a']);
    expect(kitOf({}, schema, members)).toMatchObject({ ...members, jsonSchemaForInsert: schema });
  });
});

describe('conversion hides no defect of its input:', () => {
  const loading = (root: unknown) => () =>
    buildEffectiveSchema(convert(root).schemas.map((schema) => ({ file: 'converted.json', root: schema.root })));

  it.each<[string, unknown]>([
    ['an entry of resourceSchemas that is no object', legacy({ kits: null, boxes: kit({}, object({})) })],
    ['a resource without resourceName', legacy({ kits: kit({}, object({}), { resourceName: null }) })],
    ['resourceSchemas that is no object', legacy({}, { resourceSchemas: [] })],
    ['a project without projectName', legacy({}, { projectName: null })],
    ['a project without abstractResources', legacy({}, { abstractResources: null })],
    ['a file without apiSchemaVersion', { ...legacy({}), apiSchemaVersion: null }],
  ])('%s is refused when the result is loaded', (_name, root) => {
    expect(failuresOf(loading(root))[0]?.code).toMatch(/^INPUT_(?:PROJECT|RESOURCE)_MALFORMED$/);
  });

  it.each<[string, build.Json]>([
    ['a reference without paths', reference([])],
    ['a scalar without path', { isReference: false, isPartOfIdentity: false }],
    ['an entry that is no object', 'x'],
  ])('%s stays in documentPathsMapping beside sound entries', (_name, entry) => {
    const { documentPathsMapping } = kitOf({ Broken: entry, Sound: value('$.a') }, object({ a: string() }));
    expect(Object.keys(documentPathsMapping).sort()).toEqual(['Broken', 'Sound']);
    expect(documentPathsMapping).toMatchObject({ Broken: entry } as object);
  });
});

describe('the report', () => {
  const { report } = convert(
    legacy({
      kits: kit(
        {
          Code: value('$.code'),
          Part: key('$.parts[*].partCode'),
          Color: descriptor('$.parts[*].colors[*].colorDescriptor'),
          Maker: reference(['$.makerReference.makerCode']),
          Seller: reference(['$.sellerReference.makerCode']),
          Known: { ...value('$.known'), isRequired: true },
        },
        object(
          {
            code: string(),
            known: string(),
            size: { type: 'number' },
            count: { type: 'integer' },
            parts: array(
              object({ partCode: string(), weight: { type: 'number' }, colors: array(object({ colorDescriptor: string() })) }),
            ),
            makerReference: object({ makerCode: string() }),
            sellerReference: object({ makerCode: string() }),
          },
          ['makerReference'],
        ),
      ),
    }),
  );
  const notes = (pattern: RegExp) => report.notes.filter((note) => pattern.test(note));

  it('counts what was derived', () => {
    expect(report.counts).toMatchObject({ isRequired: 5, arrayUniquenessConstraints: 2 });
  });

  it('has a line with resource and path for every key that was guessed', () => {
    expect(notes(/^Toy:Kit: .*\$\.parts\[\*\]\.partCode/)).toHaveLength(1);
    expect(notes(/^Toy:Kit: .*\$\.parts\[\*\]\.colors\[\*\]\.colorDescriptor/)).toHaveLength(1);
  });

  it('has a line for every reference whose being required was guessed, with the guess', () => {
    expect(notes(/Maker.*required/)).toHaveLength(1);
    expect(notes(/Seller.*optional/)).toHaveLength(1);
    expect(notes(/\b(?:Code|Known)\b/)).toEqual([]);
  });

  it('has a line for every number whose precision was lost', () => {
    expect(notes(/\$\.size\b.*18.*4/)).toHaveLength(1);
    expect(notes(/\$\.parts\[\*\]\.weight\b.*18.*4/)).toHaveLength(1);
    expect(notes(/\$\.count\b/)).toEqual([]);
  });

  it('has no other line', () => {
    expect(report.notes).toHaveLength(6);
  });

  it('has no line for what the file says itself', () => {
    const members = { arrayUniquenessConstraints: [], decimalPropertyValidationInfos: [] };
    const mapping = {
      Part: { ...key('$.parts[*].a'), isRequired: true },
      Maker: { ...reference(['$.m.c']), isRequired: false },
    };
    const schema = object({ parts: array(object({ a: string(), size: { type: 'number' } })) });
    expect(convert(legacy({ kits: kit(mapping, schema, members) })).report).toEqual({ counts: {}, notes: [], warnings: [] });
  });
});

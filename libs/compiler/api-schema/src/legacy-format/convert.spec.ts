import { build } from '@dms/testing';
import { canonicalText, indentedText, parseJson, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failuresOf } from '../../test/failures.ts';
import {
  convert,
  key,
  kit,
  kitOf,
  legacy,
  legacyProject,
  plain,
  reference,
  value,
} from '../../test/legacy-format/toy-kit.ts';
import { reversed } from '../../test/reversed.ts';
import { snapshot } from '../../test/snapshot.ts';
import { buildEffectiveSchema, convertLegacySchema, normalizedSchemaText } from '../index.ts';

const { array, object, string } = build;

describe('input that can be converted', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], 'INPUT_ROOT_NOT_OBJECT'],
    ['a file of the current format', build.project('Toy', []), 'CONVERSION_NOT_NEEDED'],
    ['a file without projects', { apiSchemaVersion: '1.0.0' }, 'INPUT_PROJECT_MISSING'],
    [
      'a file with an empty list of projects',
      { apiSchemaVersion: '1.0.0', projectSchemas: {} },
      'INPUT_PROJECT_MISSING',
    ],
    ['projects that are an array', { apiSchemaVersion: '1.0.0', projectSchemas: [] }, 'INPUT_PROJECT_MISSING'],
    [
      'a project that is not an object',
      { apiSchemaVersion: '1.0.0', projectSchemas: { toy: null } },
      'INPUT_PROJECT_MALFORMED',
    ],
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
      failuresOf(() => buildEffectiveSchema([{ file: 'legacy.json', root: toJsonValue(root) }])).map(
        ({ code }) => code,
      ),
    ).toEqual(['INPUT_LEGACY_FORMAT']);
    const documents = convert(root).schemas.map((schema) => ({ file: 'converted.json', root: schema.root }));
    expect(
      buildEffectiveSchema(documents).info.resourceKeys.map(({ projectName, resourceName }) => [
        projectName,
        resourceName,
      ]),
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
    expect(convert(reversed(root)).schemas.map((schema) => indentedText(schema.root))).toEqual(
      convert(root).schemas.map((schema) => indentedText(schema.root)),
    );
  });

  it('written as a file and read again is normalized without a change', () => {
    const [schema] = convert(root).schemas;
    if (!schema) throw new Error('one project is converted');
    const again = { file: 'ApiSchema-toy.json', root: parseJson(indentedText(schema.root), 'ApiSchema-toy.json') };
    expect(normalizedSchemaText(again)).toBe(normalizedSchemaText({ file: 'in memory', root: schema.root }));
    expect(snapshot(parseJson(canonicalText(again.root), 'a'))).toEqual(
      snapshot(parseJson(canonicalText(schema.root), 'a')),
    );
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

describe('conversion hides no defect of its input:', () => {
  const loading = (root: unknown) => () =>
    buildEffectiveSchema(convert(root).schemas.map((schema) => ({ file: 'converted.json', root: schema.root })));

  it.each<[string, unknown]>([
    ['an entry of resourceSchemas that is not an object', legacy({ kits: null, boxes: kit({}, object({})) })],
    ['a resource without resourceName', legacy({ kits: kit({}, object({}), { resourceName: null }) })],
    ['resourceSchemas that is not an object', legacy({}, { resourceSchemas: [] })],
    ['a project without projectName', legacy({}, { projectName: null })],
    ['a project without abstractResources', legacy({}, { abstractResources: null })],
    ['a file without apiSchemaVersion', { ...legacy({}), apiSchemaVersion: null }],
  ])('%s is refused when the result is loaded', (_name, root) => {
    expect(failuresOf(loading(root))[0]?.code).toMatch(/^INPUT_(?:PROJECT|RESOURCE)_MALFORMED$/);
  });

  it.each<[string, build.Json]>([
    ['a reference without paths', reference([])],
    ['a scalar without path', { isReference: false, isPartOfIdentity: false }],
    ['an entry that is not an object', 'x'],
  ])('%s stays in documentPathsMapping beside sound entries', (_name, entry) => {
    const { documentPathsMapping } = kitOf({ Broken: entry, Sound: value('$.a') }, object({ a: string() }));
    expect(Object.keys(documentPathsMapping).sort()).toEqual(['Broken', 'Sound']);
    expect(documentPathsMapping).toMatchObject({ Broken: entry } as object);
  });
});

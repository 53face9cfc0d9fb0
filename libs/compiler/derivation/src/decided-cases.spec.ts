import { build, codesOf, edFi, extension, failureOf, modelOf, school, tableNames } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { overrides, person } from '../test/overridden-person.ts';

const { array, ext, extensionOf, object, string } = build;

/* Inputs that could be read in several ways, each with the reading that this product chose. */

const withMirror = (own: build.JsonRecord, base: build.JsonRecord | null = null) => [
  edFi([school, person(base === null ? null : { nameOverrides: base })]),
  extension([
    extensionOf('Person', {
      ...overrides(own),
      jsonSchemaForInsert: object({
        _ext: ext(
          'sample',
          object({
            addresses: array(
              object({ _ext: ext('sample', object({ zone: string(), terms: array(object({ note: string() })) })) }),
            ),
          }),
        ),
      }),
    }),
  ]),
];

describe('a collection of an extension that mirrors one of its base (design 03 §10.3)', () => {
  it.each(['$._ext.sample.addresses[*]', '$.addresses[*]'])(
    'makes no table, so an override of the extension on it, %s, is OVERRIDE_UNUSED',
    (path) => {
      const error = failureOf(() => modelOf(withMirror({ [path]: 'Place' })));
      expect(codesOf(error)).toEqual(['OVERRIDE_UNUSED']);
      expect(error.diagnostics[0].where.resource).toBe('Sample:Person');
      expect(error.message).toContain('$._ext.sample.addresses[*]');
    },
  );

  it('and on it of the base as well, where the path is that of the mirror', () => {
    const error = failureOf(() => modelOf(withMirror({}, { '$._ext.sample.addresses[*]': 'Place' })));
    expect(codesOf(error)).toEqual(['OVERRIDE_UNUSED']);
    expect(error.diagnostics[0].where.resource).toBe('Ed-Fi:Person');
  });

  it('is named by the base: an override of the base collection renames what the mirror adds', () => {
    const names = tableNames(modelOf(withMirror({}, { '$.addresses[*]': 'Place' })));
    expect(names.filter((name) => name.startsWith('sample.'))).toEqual([
      'sample.PersonExtension',
      'sample.PersonExtensionPlace',
      'sample.PersonExtensionPlaceTerm',
    ]);
    expect(names).toContain('edfi.PersonPlace');
  });

  it('leaves overrides below it to the extension', () => {
    const names = tableNames(modelOf(withMirror({ '$._ext.sample.addresses[*]._ext.sample.terms[*]': 'Span' })));
    expect(names.filter((name) => name.startsWith('sample.'))).toEqual([
      'sample.PersonExtension',
      'sample.PersonExtensionAddress',
      'sample.PersonExtensionAddressSpan',
    ]);
  });
});

describe('"properties": null in an insert schema (design 02 §6.2)', () => {
  it.each<[string, build.JsonRecord, string]>([
    ['the root', { type: 'object', properties: null }, '$'],
    ['the root without type', { properties: null }, '$'],
    ['an object', object({ a: { type: 'object', properties: null } }), '$.properties.a'],
    ['an object without type', object({ a: { properties: null } }), '$.properties.a'],
  ])('of %s is SCHEMA_SHAPE_INVALID, not an object without properties', (_, jsonSchemaForInsert, path) => {
    const error = failureOf(() => modelOf([edFi([build.resource('Thing', { jsonSchemaForInsert })])]));
    expect(codesOf(error)).toEqual(['SCHEMA_SHAPE_INVALID']);
    expect(error.diagnostics[0].where).toMatchObject({ resource: 'Ed-Fi:Thing', path });
  });

  it('differs from no properties, which an object may have', () => {
    expect(() => modelOf([edFi([build.resource('Thing', { jsonSchemaForInsert: { type: 'object' } })])])).not.toThrow();
  });
});

import {
  abstractResource,
  build,
  codesOf,
  columnNames,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  keyed,
  modelOf,
  plain,
  school,
  schoolReference,
  subclassOf,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { overrides } from '../../test/overridden-person.ts';

const { array, ext, extensionOf, integer, object, resource, string } = build;

describe('a base name that normalizes to nothing', () => {
  it.each<[string, build.BuiltResource, string]>([
    ['a property', plain('Thing', { __: string() }), '$.__'],
    ['an array whose singular is empty', plain('Thing', { s: array(object({ note: string() })) }), '$.s[*]'],
    ['an array of separators', plain('Thing', { '--': array(object({ note: string() })) }), '$.--[*]'],
    ['a resource name', plain('__', { note: string() }), 'Ed-Fi:__'],
    [
      'a mapping key',
      resource('Thing', {
        documentPathsMapping: { _: schoolReference(false) },
        jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
      }),
      'Ed-Fi:Thing',
    ],
  ])('is NAME_EMPTY: %s', (_, thing, place) => {
    const error = failureOf(() => modelOf([edFi([school, thing])]));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expectNamed(error.diagnostics[0], [`Ed-Fi:${thing.schema.resourceName}`, place]);
  });

  it('is NAME_EMPTY in an extension collection', () => {
    const documents = [
      edFi([school]),
      extension([
        extensionOf('School', {
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ s: array(object({ note: string() })) })) }),
        }),
      ]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expectNamed(error.diagnostics[0], ['Sample:School', '$._ext.sample.s[*]']);
  });

  it('is NAME_EMPTY for an abstract resource', () => {
    const member = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:__'));
    const error = failureOf(() =>
      modelOf([edFi([member], { abstractResources: { __: abstractResource(['$.eventId']) } })]),
    );
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:__']);
  });

  it('is NAME_EMPTY for an identity column of an abstract resource', () => {
    const member = keyed('Lecture', { lectureId: integer() }, subclassOf('Ed-Fi:Event', '$.__'));
    const error = failureOf(() =>
      modelOf([edFi([member], { abstractResources: { Event: abstractResource(['$.__']) } })]),
    );
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Event', '$.__']);
  });

  it('is mended by an override', () => {
    const thing = plain(
      'Thing',
      { __: string(), s: array(object({ note: string() })) },
      [],
      overrides({ '$.__': 'Blank', '$.s[*]': 'Row' }),
    );
    const model = modelOf([edFi([thing])]);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'Blank']);
    expect(tableNames(model)).toEqual(['edfi.Thing', 'edfi.ThingRow']);
  });
});

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
  resourceOf,
  school,
  schoolReference,
  subclassOf,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { keyOf, person } from '../../test/overridden-person.ts';

const { descriptor, ext, extensionOf, integer, object, resource, string } = build;

const withRelational = (relational: build.Json) => ({ relational });

describe('the relational block', () => {
  const plainTables = tableNames(resourceOf(modelOf([edFi([school, person()])]), 'Ed-Fi:Person'));

  it.each<[string, build.Json]>([
    ['null', null],
    ['{}', {}],
    ['with null overrides', { nameOverrides: null }],
    ['with empty overrides', { nameOverrides: {} }],
    ['with unknown members', { other: 1 }],
  ])('that is %s overrides nothing', (_, relational) => {
    expect(tableNames(resourceOf(modelOf([edFi([school, person(relational)])]), 'Ed-Fi:Person'))).toEqual(plainTables);
    expect(plainTables).toEqual(['edfi.Person', 'edfi.PersonAddress', 'edfi.PersonAddressPeriod']);
  });

  it.each<[string, build.Json, string]>([
    ['a text', 'Person', 'relational'],
    ['an array', [], 'relational'],
    ['a flag', true, 'relational'],
    ['with overrides that are an array', { nameOverrides: [] }, 'nameOverrides'],
    ['with overrides that are a text', { nameOverrides: '$.firstName' }, 'nameOverrides'],
    ['with a null root override', { rootTableNameOverride: null }, 'rootTableNameOverride'],
    ['with a numeric root override', { rootTableNameOverride: 5 }, 'rootTableNameOverride'],
    ['with a blank root override', { rootTableNameOverride: ' \t' }, 'rootTableNameOverride'],
    ['with a root override of separators', { rootTableNameOverride: '_-_' }, 'rootTableNameOverride'],
    ['with a null override', { nameOverrides: { '$.firstName': null } }, '$.firstName'],
    ['with a numeric override', { nameOverrides: { '$.firstName': 5 } }, '$.firstName'],
    ['with an empty override', { nameOverrides: { '$.firstName': '' } }, '$.firstName'],
    ['with an override of separators', { nameOverrides: { '$.firstName': '...' } }, '$.firstName'],
    ['with an override that is an object', { nameOverrides: { '$.firstName': {} } }, '$.firstName'],
  ])('that is %s is OVERRIDE_INVALID naming the resource and the member or key', (_, relational, member) => {
    const error = failureOf(() => modelOf([edFi([school, person(relational)])]));
    expect(codesOf(error)).toEqual(['OVERRIDE_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Person', member]);
  });

  it.each<[string, build.Json]>([
    ['null', null],
    ['an empty object', {}],
    ['an override', { rootTableNameOverride: 'Kind' }],
  ])('is forbidden on a descriptor even as %s', (_, relational) => {
    const error = failureOf(() => modelOf([edFi([descriptor('KindDescriptor', { relational })])]));
    expect(codesOf(error)).toEqual(['DESCRIPTOR_OVERRIDE_FORBIDDEN']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:KindDescriptor']);
  });

  it('gives no meaning to a nameOverride inside documentPathsMapping', () => {
    const mapped = resource('Person', {
      documentPathsMapping: { School: { ...schoolReference(false), nameOverride: 'Campus' } },
      jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
    });
    expect(columnNames(tableOf(modelOf([edFi([school, mapped])]), 'edfi.Person'))).toContain('School_DocumentId');
  });
});

describe('rootTableNameOverride', () => {
  it('is normalized and replaces the root name in tables, key columns and extension tables', () => {
    const documents = [
      edFi([school, person({ rootTableNameOverride: 'human_being' })]),
      extension([
        extensionOf('Person', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }) }),
      ]),
    ];
    const model = modelOf(documents);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Person'))).toEqual([
      'edfi.HumanBeing',
      'sample.HumanBeingExtension',
      'edfi.HumanBeingAddress',
      'edfi.HumanBeingAddressPeriod',
    ]);
    expect(keyOf(model, 'edfi.HumanBeingAddressPeriod')).toEqual([
      'HumanBeing_DocumentId',
      'AddressOrdinal',
      'Ordinal',
    ]);
  });

  it.each([
    ['SchoolExtension', undefined],
    ['school_extension', undefined],
    ['SchoolExt', 'OVERRIDE_ROOT_ON_EXTENSION'],
    ['School', 'OVERRIDE_ROOT_ON_EXTENSION'],
  ])('"%s" on a resource extension gives %s', (rootTableNameOverride, code) => {
    const documents = [
      edFi([school]),
      extension([
        extensionOf('School', {
          relational: { rootTableNameOverride },
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }),
        }),
      ]),
    ];
    if (code === undefined) expect(tableNames(modelOf(documents))).toEqual(['edfi.School', 'sample.SchoolExtension']);
    else {
      const error = failureOf(() => modelOf(documents));
      expect(codesOf(error)).toEqual([code]);
      expectNamed(error.diagnostics[0], ['Sample:School', rootTableNameOverride]);
    }
  });

  it('on an abstract resource replaces the base name of its identity table and view', () => {
    const member = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event'));
    const abstractResources = {
      Event: abstractResource(['$.eventId'], withRelational({ rootTableNameOverride: 'calendar_event' })),
    };
    const model = modelOf([edFi([member], { abstractResources })]);
    expect(model.abstractIdentityTables.map(({ table }) => table.table.name)).toEqual(['CalendarEventIdentity']);
    expect(model.abstractUnionViews.map(({ view }) => view.name)).toEqual(['CalendarEvent_View']);
    expect(model.abstractIdentityTables[0]?.table.key.constraintName).toBe('PK_CalendarEventIdentity');
  });

  it.each<[string, build.Json, string]>([
    ['a relational block that is not an object', 'Event', 'relational'],
    ['a null root override', { rootTableNameOverride: null }, 'rootTableNameOverride'],
    ['a blank root override', { rootTableNameOverride: ' ' }, 'rootTableNameOverride'],
  ])('on an abstract resource refuses %s as OVERRIDE_INVALID', (_, relational, member) => {
    const lecture = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event'));
    const abstractResources = { Event: abstractResource(['$.eventId'], withRelational(relational)) };
    const error = failureOf(() => modelOf([edFi([lecture], { abstractResources })]));
    expect(codesOf(error)).toEqual(['OVERRIDE_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Event', member]);
  });
});

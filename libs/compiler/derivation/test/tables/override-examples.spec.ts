import { build, columnNames, expectRejected, modelOf, resourceOf, tableNames, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../model-text.ts';

const { array, date, integer, object, reference } = build;

const school = (relational: build.Json = null) =>
  build.resource('School', {
    identityJsonPaths: ['$.schoolId'],
    relational,
    jsonSchemaForInsert: object({ schoolId: integer(), addresses: array(object({})) }, ['schoolId']),
  });

const withPeriods = (name: string, relational: build.Json, members: build.JsonRecord = {}) =>
  build.resource(name, {
    documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']], false) },
    relational,
    jsonSchemaForInsert: object({
      schoolReference: object({ schoolId: integer() }),
      addresses: array(object({ periods: array(object({ begin: date() })) })),
    }),
    ...members,
  });

const derived = (...resources: build.BuiltResource[]) => modelOf([build.project('Ed-Fi', [school(), ...resources])]);

// design 02 §14, test cases 34, 35, 38
describe('the overrides of the test cases', () => {
  it('34: a nested collection follows the override of the one around it', () => {
    const model = derived(withPeriods('Person', { nameOverrides: { '$.addresses[*]': 'Site' } }));
    const found = tableOf(model, 'edfi.PersonSitePeriod');
    expect(columnNames(found)).toEqual(['Person_DocumentId', 'SiteOrdinal', 'Ordinal', 'Begin']);
    expect(constraintsOf(found, 'ForeignKey')).toEqual([
      'ForeignKey FK_PersonSitePeriod_PersonSite (Person_DocumentId, SiteOrdinal) -> edfi.PersonSite (Person_DocumentId, Ordinal) Cascade/NoAction',
    ]);
  });

  it('35: the root of Student is Person, with all that is named after it', () => {
    const model = derived(withPeriods('Student', { rootTableNameOverride: 'Person' }));
    expect(tableNames(resourceOf(model, 'Ed-Fi:Student'))).toEqual([
      'edfi.Person',
      'edfi.PersonAddress',
      'edfi.PersonAddressPeriod',
    ]);
    expect(columnNames(tableOf(model, 'edfi.PersonAddressPeriod'))[0]).toBe('Person_DocumentId');
    expect(constraintsOf(tableOf(model, 'edfi.Person'), 'ForeignKey')).toEqual([
      'ForeignKey FK_Person_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
      'ForeignKey FK_Person_School_RefKey (School_DocumentId, School_SchoolId) -> edfi.School (DocumentId, SchoolId) NoAction/NoAction',
    ]);
  });

  it('38: a collection of School cannot be called School', () => {
    expectRejected([build.project('Ed-Fi', [school({ nameOverrides: { '$.addresses[*]': 'School' } })])], {
      code: 'OVERRIDE_EQUALS_PREFIX',
      resource: 'Ed-Fi:School',
      names: ['$.addresses[*]', 'School'],
    });
  });
});

// design 02 §14.3: only superclassResourceName is used, and P+S is a prefix besides P
describe('the name of a superclass in front of a collection override', () => {
  const named = (override: string, members: build.JsonRecord) => {
    const nameOverrides = { '$.addresses[*].periods[*]': override };
    return tableNames(resourceOf(derived(withPeriods('Person', { nameOverrides }, members)), 'Ed-Fi:Person')).at(-1);
  };
  const members = { superclassProjectName: 'Ed-Fi', superclassResourceName: 'GeneralBeing' };

  it.each(['GeneralBeingAddressWindow', 'BeingAddressWindow', 'GeneralBeingWindow', 'BeingWindow'])(
    'is removed, with the names of the collections around it: %s',
    (override) => expect(named(override, members)).toBe('edfi.PersonAddressWindow'),
  );

  it('is not a prefix of a resource without superclass', () => {
    expect(named('BeingWindow', {})).toBe('edfi.PersonAddressBeingWindow');
  });

  it('is not looked at when the override is the default name', () => {
    expect(named('Period', { superclassProjectName: 'Ed-Fi', superclassResourceName: 'Period' })).toBe(
      'edfi.PersonAddressPeriod',
    );
  });
});

import {
  build,
  columnNames,
  expectRejected,
  modelOf,
  resourceOf,
  rows,
  tableNames,
  tableOf,
  withSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf } from '../../test/model-text.ts';
import { person } from '../../test/overridden-inputs.ts';

const overridden = (nameOverrides: build.JsonRecord) => modelOf([withSchool(person({ nameOverrides }))]);

const personTables = (nameOverrides: build.JsonRecord) =>
  tableNames(resourceOf(overridden(nameOverrides), 'Ed-Fi:Person'));

describe('an override', () => {
  it('on a scalar replaces its column name and the names of the objects around it', () => {
    expect(columnNames(tableOf(overridden({ '$.home.streetNumberName': 'street_name' }), 'edfi.Person'))).toContain(
      'StreetName',
    );
    expect(columnNames(tableOf(overridden({ '$.home.streetNumberName': 'street_name' }), 'edfi.Person'))).not.toContain(
      'HomeStreetNumberName',
    );
  });

  it('on a descriptor replaces the name before its ending', () => {
    const model = overridden({ '$.kindDescriptor': 'Sort' });
    expect(columnNames(tableOf(model, 'edfi.Person'))).toContain('Sort_DescriptorId');
    expect(constraintsOf(tableOf(model, 'edfi.Person'), 'ForeignKey')).toContain(
      'ForeignKey FK_Person_Sort (Sort_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    );
  });

  it('on a reference object replaces the name of the reference in its columns and constraints', () => {
    const found = tableOf(overridden({ '$.schoolReference': 'Campus' }), 'edfi.Person');
    expect(columnLines(found).slice(1, 3)).toEqual([
      'Campus_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
      'Campus_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
    ]);
    expect(constraintsOf(found, 'ForeignKey')).toContain(
      'ForeignKey FK_Person_Campus_RefKey (Campus_DocumentId, Campus_SchoolId) -> edfi.School (DocumentId, SchoolId) NoAction/NoAction',
    );
    expect(constraintsOf(found, 'AllOrNone')).toEqual([
      'AllOrNone CK_Person_Campus_AllNone Campus_DocumentId: Campus_SchoolId',
    ]);
  });

  it('on a field of a reference replaces its part of the column name only', () => {
    const names = (nameOverrides: build.JsonRecord) =>
      columnNames(tableOf(overridden(nameOverrides), 'edfi.Person')).slice(1, 3);
    expect(names({ '$.schoolReference.schoolId': 'id' })).toEqual(['School_DocumentId', 'School_Id']);
    expect(names({ '$.schoolReference.schoolId': 'id', '$.schoolReference': 'campus' })).toEqual([
      'Campus_DocumentId',
      'Campus_Id',
    ]);
  });

  it('on a field of a reference that is a descriptor keeps the ending', () => {
    const target = build.resource('Target', {
      identityJsonPaths: ['$.kindDescriptor'],
      documentPathsMapping: { K: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }, ['kindDescriptor']),
    });
    const referrer = build.resource('Referrer', {
      documentPathsMapping: {
        Target: build.reference('Ed-Fi:Target', [['$.kindDescriptor', '$.targetReference.kind']]),
      },
      relational: { nameOverrides: { '$.targetReference.kind': 'Sort' } },
      jsonSchemaForInsert: build.object({ targetReference: build.object({ kind: build.uri() }) }),
    });
    expect(columnNames(tableOf(modelOf([withSchool(target, referrer)]), 'edfi.Referrer'))).toEqual([
      'DocumentId',
      'Target_DocumentId',
      'Target_Sort_DescriptorId',
    ]);
  });

  it('on a field that stands for two identity paths gives both columns one name, which is reported', () => {
    const two = build.resource('Two', {
      identityJsonPaths: ['$.a', '$.b'],
      equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string() }, ['a', 'b']),
    });
    const referrer = build.resource('Referrer', {
      documentPathsMapping: {
        Two: build.reference('Ed-Fi:Two', [
          ['$.a', '$.twoReference.v'],
          ['$.b', '$.twoReference.v'],
        ]),
      },
      relational: { nameOverrides: { '$.twoReference.v': 'Value' } },
      jsonSchemaForInsert: build.object({ twoReference: build.object({ v: build.string() }) }),
    });
    expectRejected([withSchool(two, referrer)], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Referrer',
      names: ['edfi.Referrer', 'Two_Value', '$.twoReference.v'],
    });
  });

  it('on an array replaces its collection name, in the tables and ordinals below it too', () => {
    expect(personTables({ '$.addresses[*]': 'Site' })).toEqual([
      'edfi.Person',
      'edfi.PersonSite',
      'edfi.PersonKind',
      'edfi.PersonSitePeriod',
      'edfi.PersonSitePeriodDay',
    ]);
    const found = tableOf(overridden({ '$.addresses[*]': 'Site' }), 'edfi.PersonSitePeriodDay');
    expect(columnNames(found)).toEqual(['Person_DocumentId', 'SiteOrdinal', 'PeriodOrdinal', 'Ordinal']);
  });

  it.each(['Window', 'PersonSiteWindow', 'SiteWindow', 'site_window', 'PersonWindow'])(
    'on a nested array may repeat the names around it: %s',
    (name) => {
      const model = overridden({ '$.addresses[*]': 'Site', '$.addresses[*].periods[*]': name });
      expect(columnNames(tableOf(model, 'edfi.PersonSiteWindow'))).toEqual([
        'Person_DocumentId',
        'SiteOrdinal',
        'Ordinal',
        'Begin',
      ]);
      expect(columnNames(tableOf(model, 'edfi.PersonSiteWindowDay'))).toEqual([
        'Person_DocumentId',
        'SiteOrdinal',
        'WindowOrdinal',
        'Ordinal',
      ]);
    },
  );

  it('on an array is not put in the singular', () => {
    expect(personTables({ '$.addresses[*]': 'Sites' })).toContain('edfi.PersonSites');
  });

  it('on an array of descriptors names the table, never the column', () => {
    const model = overridden({ '$.kinds[*]': 'Sort' });
    expect(columnNames(tableOf(model, 'edfi.PersonSort'))).toEqual([
      'Person_DocumentId',
      'Ordinal',
      'Kind_DescriptorId',
    ]);
  });
});

describe('the names around a collection that an override may repeat', () => {
  const collection = (resource: string, name: string, override: string, members: build.JsonRecord = {}) => {
    const base = build.resource(resource, {
      relational: { nameOverrides: { [`$.${name}[*]`]: override } },
      jsonSchemaForInsert: build.object({ memberId: build.integer(), [name]: rows({}) }, ['memberId']),
      identityJsonPaths: ['$.memberId'],
      ...members,
    });
    const document = build.project('Ed-Fi', [base], {
      abstractResources: members.isSubclass ? { StudentProgramAssociation: { identityJsonPaths: ['$.memberId'] } } : {},
    });
    return resourceOf(modelOf([document]), `Ed-Fi:${resource}`).tablesInDependencyOrder[1]?.table.name;
  };

  it.each([
    ['School', 'schoolCategories', 'SchoolCategory', 'SchoolCategory'],
    ['LocalEducationAgency', 'federalFunds', 'FederalFunds', 'LocalEducationAgencyFederalFunds'],
    ['CourseTranscript', 'awards', 'TranscriptAward', 'CourseTranscriptAward'],
    ['CourseTranscript', 'awards', 'CourseTranscriptAward', 'CourseTranscriptAward'],
    ['CourseTranscript', 'awards', 'CourseAward', 'CourseTranscriptCourseAward'],
    ['CourseTranscript', 'awards', 'scriptAward', 'CourseTranscriptScriptAward'],
    ['StudentCTEProgram', 'services', 'CTEProgramService', 'StudentCTEProgramService'],
    ['StudentCTEProgram', 'services', 'ProgramService', 'StudentCTEProgramService'],
    ['StudentCTEProgram', 'services', 'TEProgramService', 'StudentCTEProgramTEProgramService'],
    ['Section504Plan', 'items', 'PlanItem', 'Section504PlanItem'],
    ['Section504Plan', 'items', '504PlanItem', 'Section504Plan504PlanItem'],
  ])('of %s are all endings of its name that start a word: %s as %s gives %s', (resource, name, override, expected) => {
    expect(collection(resource, name, override)).toBe(expected);
  });

  const subclass = {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'StudentProgramAssociation',
  };

  it('include the superclass when the override differs from the default name', () => {
    expect(collection('Special', 'services', 'StudentProgramAssociationService', subclass)).toBe('SpecialService');
    expect(collection('Special', 'services', 'ProgramAssociationService', subclass)).toBe('SpecialService');
    expect(collection('Special', 'services', 'ProgramAssociationService')).toBe('SpecialProgramAssociationService');
  });

  it('do not include the superclass when the override is the default name', () => {
    expect(collection('Special', 'associationServices', 'AssociationService', subclass)).toBe(
      'SpecialAssociationService',
    );
  });

  it('must not be all that the override says', () => {
    const fault = { code: 'OVERRIDE_EQUALS_PREFIX', resource: 'Ed-Fi:Person' } as const;
    expectRejected([withSchool(person({ nameOverrides: { '$.addresses[*]': 'Person' } }))], {
      ...fault,
      names: ['$.addresses[*]', 'Person'],
    });
    expectRejected([withSchool(person({ nameOverrides: { '$.addresses[*].periods[*]': 'Address' } }))], {
      ...fault,
      names: ['$.addresses[*].periods[*]', 'Address'],
    });
  });
});

describe('the key of an override', () => {
  const rejects = (
    nameOverrides: build.JsonRecord,
    code: Parameters<typeof expectRejected>[1]['code'],
    names: readonly (string | readonly string[])[],
  ) => expectRejected([withSchool(person({ nameOverrides }))], { code, resource: 'Ed-Fi:Person', names });

  it.each(['home', '$..home', '$.a[0]', '$.a b', '$[*]'])('must be a JSONPath, which %s is not', (key) => {
    rejects({ [key]: 'X' }, 'OVERRIDE_PATH_INVALID', [key]);
  });

  it('must lead to something that has a name', () => {
    rejects({ '$.unknownProperty': 'X' }, 'OVERRIDE_UNUSED', ['$.unknownProperty']);
    // the path exists, so no other is suggested
    rejects({ '$.home': 'X' }, 'OVERRIDE_UNUSED', ['$.home', 'no table or column is named after it']);
    rejects({ '$.addresses': 'X' }, 'OVERRIDE_UNUSED', ['$.addresses']);
    rejects({ '$.home.streetNumberName[*]': 'X' }, 'OVERRIDE_UNUSED', ['$.home.streetNumberName[*]']);
    rejects({ $: 'X' }, 'OVERRIDE_UNUSED', ['$']);
  });

  it('that leads nowhere is reported with all others that do, sorted', () => {
    rejects({ '$.zoo': 'X', '$.addresses[*]': 'Site', '$.ark': 'X' }, 'OVERRIDE_UNUSED', [['$.ark', '$.zoo']]);
  });

  it('inside a reference object must be one of its identity fields', () => {
    rejects({ '$.schoolReference.note': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', ['$.schoolReference.note']);
    rejects({ '$.schoolReference.schoolId.deeper': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', [
      '$.schoolReference.schoolId.deeper',
    ]);
    rejects({ '$.schoolReference.link': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', ['$.schoolReference.link']);
  });

  it('inside two reference objects must be an identity field of one of them', () => {
    const nested = build.resource('Nested', {
      documentPathsMapping: {
        Inner: build.reference('Ed-Fi:School', [['$.schoolId', '$.outerReference.innerReference.schoolId']]),
        Outer: build.reference('Ed-Fi:School', [['$.schoolId', '$.outerReference.schoolId']]),
      },
      relational: { nameOverrides: { '$.outerReference.innerReference.schoolId': 'Id' } },
      jsonSchemaForInsert: build.object({
        outerReference: build.object({
          schoolId: build.integer(),
          innerReference: build.object({ schoolId: build.integer() }),
        }),
      }),
    });
    expect(columnNames(tableOf(modelOf([withSchool(nested)]), 'edfi.Nested'))).toEqual([
      'DocumentId',
      'Inner_DocumentId',
      'Inner_Id',
      'Outer_DocumentId',
      'Outer_SchoolId',
    ]);
  });
});

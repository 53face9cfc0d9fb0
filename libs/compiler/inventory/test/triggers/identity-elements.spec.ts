import { build, edFi, fields, numbered, path, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../derived.ts';
import { elementsOf, triggerOf } from '../inventory-lookup.ts';
import { int64, registry } from '../registry.ts';

const { descriptor, descriptorPath, integer, reference, resource, string, uri } = build;

describe('an identity element', () => {
  it('of a reference is the column of the identity part, never the document id (case 18)', () => {
    const { model, inventory } = derive('pgsql', ...registry);
    expect(elementsOf(inventory, 'edfi.Term')).toEqual([
      ['Person_PersonId', '$.personReference.personId'],
      ['Year', '$.year'],
    ]);
    expect(resourceOf(model, 'Ed-Fi:Term').naturalKey.columns).toEqual(['Person_DocumentId', 'Year']);
  });

  it('keeps an alias, while the projection holds the canonical column, once (case 20)', () => {
    const { model, inventory } = derive('pgsql', ...registry);
    const { identityElements, identityProjectionColumns } = triggerOf(
      inventory,
      'edfi.Enrolment',
      'ReferentialIdentityMaintenance',
    );
    const aliases = tableOf(model, 'edfi.Enrolment').columns.filter(({ storage }) => storage.kind === 'UnifiedAlias');
    expect(aliases.map(({ name }) => name).sort()).toEqual(['Person_PersonId', 'Term_PersonId']);
    expect(identityElements.map(({ column }) => column)).toEqual(
      expect.arrayContaining(['Person_PersonId', 'Term_PersonId']),
    );
    expect(identityProjectionColumns.filter((name) => name === 'PersonId_Unified')).toHaveLength(1);
    expect(identityProjectionColumns).not.toContain('Person_PersonId');
    expect(identityProjectionColumns).not.toContain('Term_PersonId');
  });

  it('that comes first decides the place of a shared canonical column in the projection', () => {
    const swapped = edFi([
      numbered('A', 'aId'),
      resource('B', {
        identityJsonPaths: ['$.note', '$.rank', '$.aReference.aId'],
        equalityConstraints: [{ sourceJsonPath: '$.aReference.aId', targetJsonPath: '$.rank' }],
        documentPathsMapping: { A: reference('Ed-Fi:A', [['$.aId', '$.aReference.aId']]) },
        jsonSchemaForInsert: fields({ note: string(), rank: integer(), aReference: fields({ aId: integer() }) }),
      }),
    ]);
    const trigger = triggerOf(derive('pgsql', swapped).inventory, 'edfi.B', 'ReferentialIdentityMaintenance');
    expect(trigger.identityElements.map(({ column }) => column)).toEqual(['Note', 'Rank', 'A_AId']);
    expect(trigger.identityProjectionColumns).toEqual(['Note', 'AId_Unified']);
  });

  const offering = (pairs: readonly (readonly [string, string])[]) =>
    edFi([
      resource('Session', {
        identityJsonPaths: ['$.schoolReference.schoolId', '$.schoolYear', '$.sessionName'],
        documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
        jsonSchemaForInsert: fields({
          schoolReference: fields({ schoolId: integer() }),
          schoolYear: integer(),
          sessionName: string(),
        }),
      }),
      numbered('School', 'schoolId'),
      resource('CourseOffering', {
        identityJsonPaths: [
          '$.localCourseCode',
          '$.schoolReference.schoolId',
          '$.sessionReference.schoolId',
          '$.sessionReference.schoolYear',
          '$.sessionReference.sessionName',
        ],
        equalityConstraints: [
          { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' },
        ],
        documentPathsMapping: {
          School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
          Session: reference('Ed-Fi:Session', [
            ['$.schoolReference.schoolId', '$.sessionReference.schoolId'],
            ['$.schoolYear', '$.sessionReference.schoolYear'],
            ['$.sessionName', '$.sessionReference.sessionName'],
          ]),
        },
        jsonSchemaForInsert: fields({
          localCourseCode: string(),
          schoolReference: fields({ schoolId: integer() }),
          sessionReference: fields({ schoolId: integer(), schoolYear: integer(), sessionName: string() }),
        }),
      }),
      resource('Section', {
        identityJsonPaths: [
          '$.courseOfferingReference.localCourseCode',
          '$.courseOfferingReference.schoolId',
          '$.courseOfferingReference.schoolYear',
          '$.courseOfferingReference.sessionName',
          '$.sectionIdentifier',
        ],
        documentPathsMapping: { CourseOffering: reference('Ed-Fi:CourseOffering', pairs) },
        jsonSchemaForInsert: fields({
          courseOfferingReference: fields({
            localCourseCode: string(),
            schoolId: integer(),
            schoolYear: integer(),
            sessionName: string(),
          }),
          sectionIdentifier: string(),
        }),
      }),
    ]);
  const pairs: (readonly [string, string])[] = [
    ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
    ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
    ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
    ['$.sessionReference.schoolYear', '$.courseOfferingReference.schoolYear'],
    ['$.sessionReference.sessionName', '$.courseOfferingReference.sessionName'],
  ];

  it('of a path that feeds two columns of a reference is one, with the first of them (case 19)', () => {
    const { inventory } = derive('pgsql', offering(pairs));
    expect(elementsOf(inventory, 'edfi.Section')).toEqual([
      ['CourseOffering_LocalCourseCode', '$.courseOfferingReference.localCourseCode'],
      ['CourseOffering_SchoolReferenceSchoolId', '$.courseOfferingReference.schoolId'],
      ['CourseOffering_SchoolYear', '$.courseOfferingReference.schoolYear'],
      ['CourseOffering_SessionName', '$.courseOfferingReference.sessionName'],
      ['SectionIdentifier', '$.sectionIdentifier'],
    ]);
  });

  it('of such a path is the first by the order of the reference paths, not by name', () => {
    const [code, first, second, ...rest] = pairs;
    const { inventory } = derive('pgsql', offering([second!, code!, first!, ...rest]));
    expect(elementsOf(inventory, 'edfi.Section')[1]).toEqual([
      'CourseOffering_SessionReferenceSchoolId',
      '$.courseOfferingReference.schoolId',
    ]);
    expect(triggerOf(inventory, 'edfi.Section', 'DocumentStamping').identityProjectionColumns).toEqual(
      triggerOf(derive('pgsql', offering(pairs)).inventory, 'edfi.Section', 'DocumentStamping')
        .identityProjectionColumns,
    );
  });

  it('of a descriptor within a reference is marked as a descriptor', () => {
    const documents = edFi([
      descriptor('KindDescriptor'),
      resource('A', {
        identityJsonPaths: ['$.kindDescriptor'],
        documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
        jsonSchemaForInsert: fields({ kindDescriptor: uri() }),
      }),
      resource('B', {
        identityJsonPaths: ['$.aReference.kindDescriptor'],
        documentPathsMapping: { A: reference('Ed-Fi:A', [['$.kindDescriptor', '$.aReference.kindDescriptor']]) },
        jsonSchemaForInsert: fields({ aReference: fields({ kindDescriptor: uri() }) }),
      }),
    ]);
    const trigger = triggerOf(derive('pgsql', documents).inventory, 'edfi.B', 'ReferentialIdentityMaintenance');
    expect(trigger.identityElements).toEqual([
      {
        column: 'A_KindDescriptor_DescriptorId',
        identityJsonPath: path('$.aReference.kindDescriptor'),
        scalarType: int64,
        isDescriptor: true,
      },
    ]);
  });

  it('keeps the identity paths in schema order, not sorted', () => {
    const documents = edFi([
      resource('A', {
        identityJsonPaths: ['$.zebra', '$.apple', '$.mango'],
        jsonSchemaForInsert: fields({ apple: integer(), mango: integer(), zebra: integer() }),
      }),
    ]);
    const { inventory } = derive('pgsql', documents);
    expect(elementsOf(inventory, 'edfi.A').map(([column]) => column)).toEqual(['Zebra', 'Apple', 'Mango']);
    expect(triggerOf(inventory, 'edfi.A', 'DocumentStamping').identityProjectionColumns).toEqual([
      'Zebra',
      'Apple',
      'Mango',
    ]);
  });
});

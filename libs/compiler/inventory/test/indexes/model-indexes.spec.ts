import { qualified } from '@dms/model';
import { dialects } from '@dms/sql';
import { build, fields, foreignKeyOf, schoolReference } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../derived.ts';
import { indexLines } from '../inventory-lookup.ts';

const {
  array,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

const school = resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: object(
    {
      schoolId: integer(),
      nameOfInstitution: string(),
      addresses: array(object({ city: string(), phones: array(object({ phone: string() }, ['phone'])) }, ['city'])),
    },
    ['schoolId'],
  ),
});

const academicWeek = resource('AcademicWeek', {
  identityJsonPaths: ['$.schoolReference.schoolId', '$.weekIdentifier'],
  documentPathsMapping: { School: schoolReference() },
  jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: build.integer() }), weekIdentifier: string() }, [
    'schoolReference',
    'weekIdentifier',
  ]),
});

const gradingPeriod = (identityJsonPaths: readonly string[]) =>
  resource('GradingPeriod', {
    identityJsonPaths,
    documentPathsMapping: { Kind: descriptorPath('Ed-Fi:GradingPeriodDescriptor', '$.gradingPeriodDescriptor') },
    jsonSchemaForInsert: object({ gradingPeriodDescriptor: uri(), periodSequence: integer() }, [
      'gradingPeriodDescriptor',
      'periodSequence',
    ]),
  });

describe.each(dialects)('the indexes of a derived model in %s', (dialect) => {
  it('cover the foreign keys of child tables to their parents by the primary keys (case 2)', () => {
    const { model, inventory } = derive(dialect, project('Ed-Fi', [school]));
    expect(foreignKeyOf(model, 'edfi.SchoolAddress', 'FK_SchoolAddress_School').columns).toEqual(['School_DocumentId']);
    expect(indexLines(inventory, 'edfi.SchoolAddress')).toEqual([
      'PrimaryKey PK_SchoolAddress (School_DocumentId, Ordinal)',
    ]);
    expect(foreignKeyOf(model, 'edfi.SchoolAddressPhone', 'FK_SchoolAddressPhone_SchoolAddress').columns).toEqual([
      'School_DocumentId',
      'AddressOrdinal',
    ]);
    expect(indexLines(inventory, 'edfi.SchoolAddressPhone')).toEqual([
      'PrimaryKey PK_SchoolAddressPhone (School_DocumentId, AddressOrdinal, Ordinal)',
    ]);
  });

  it('hold one for a reference, which the natural key with its document id alone does not cover', () => {
    const { inventory } = derive(dialect, project('Ed-Fi', [school, academicWeek]));
    expect(indexLines(inventory, 'edfi.AcademicWeek')).toEqual([
      'ForeignKeySupport IX_AcademicWeek_School_DocumentId_School_SchoolId (School_DocumentId, School_SchoolId)',
      'PrimaryKey PK_AcademicWeek (DocumentId)',
      'UniqueConstraint UX_AcademicWeek_NK (School_DocumentId, WeekIdentifier)',
    ]);
    expect(indexLines(inventory, 'edfi.School')).toEqual([
      'PrimaryKey PK_School (DocumentId)',
      'UniqueConstraint UX_School_NK (SchoolId)',
      'UniqueConstraint UX_School_RefKey (DocumentId, SchoolId)',
    ]);
  });

  it('hold none for a descriptor that is the first column of the natural key', () => {
    const first = derive(
      dialect,
      project('Ed-Fi', [
        descriptor('GradingPeriodDescriptor'),
        gradingPeriod(['$.gradingPeriodDescriptor', '$.periodSequence']),
      ]),
    );
    expect(indexLines(first.inventory, 'edfi.GradingPeriod')).toEqual([
      'PrimaryKey PK_GradingPeriod (DocumentId)',
      'UniqueConstraint UX_GradingPeriod_NK (GradingPeriodDescriptor_DescriptorId, PeriodSequence)',
    ]);
    const second = derive(
      dialect,
      project('Ed-Fi', [
        descriptor('GradingPeriodDescriptor'),
        gradingPeriod(['$.periodSequence', '$.gradingPeriodDescriptor']),
      ]),
    );
    expect(indexLines(second.inventory, 'edfi.GradingPeriod')).toEqual([
      'ForeignKeySupport IX_GradingPeriod_GradingPeriodDescriptor_DescriptorId (GradingPeriodDescriptor_DescriptorId)',
      'PrimaryKey PK_GradingPeriod (DocumentId)',
      'UniqueConstraint UX_GradingPeriod_NK (PeriodSequence, GradingPeriodDescriptor_DescriptorId)',
    ]);
  });

  it('are the two empty lists for a descriptor alone (case 12)', () => {
    const { inventory } = derive(dialect, project('Ed-Fi', [descriptor('TermDescriptor')]));
    expect(inventory).toMatchObject({ dialect, indexes: [], triggers: [], authEdOrgHierarchy: null });
  });

  it('do not come from what can be queried', () => {
    const queried = resource('School', {
      ...(school.schema as build.JsonRecord),
      queryFieldMapping: { nameOfInstitution: [{ path: '$.nameOfInstitution', type: 'string' }] },
    });
    expect(derive(dialect, project('Ed-Fi', [queried])).inventory).toEqual(
      derive(dialect, project('Ed-Fi', [school])).inventory,
    );
  });

  it('hold the key of an array uniqueness constraint, which covers what it begins with', () => {
    const visit = resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      arrayUniquenessConstraints: [{ paths: ['$.guides[*].guideReference.guideId'] }],
      documentPathsMapping: {
        Guide: reference('Ed-Fi:Guide', [['$.guideId', '$.guides[*].guideReference.guideId']], false),
      },
      jsonSchemaForInsert: object(
        {
          visitId: integer(),
          guides: array(object({ guideReference: object({ guideId: integer() }, ['guideId']) }, ['guideReference'])),
        },
        ['visitId'],
      ),
    });
    const guide = resource('Guide', {
      identityJsonPaths: ['$.guideId'],
      jsonSchemaForInsert: object({ guideId: integer() }, ['guideId']),
    });
    const { inventory } = derive(dialect, project('Ed-Fi', [visit, guide]));
    expect(indexLines(inventory, 'edfi.VisitGuide')).toEqual([
      'ForeignKeySupport IX_VisitGuide_Guide_DocumentId_Guide_GuideId (Guide_DocumentId, Guide_GuideId)',
      'PrimaryKey PK_VisitGuide (Visit_DocumentId, Ordinal)',
      'UniqueConstraint UX_VisitGuide_Guide_DocumentId_Visit_DocumentId (Visit_DocumentId, Guide_DocumentId)',
    ]);
  });

  it('exist for extension tables and abstract identity tables, not for union views', () => {
    const documents = [
      project(
        'Ed-Fi',
        [
          resource('Person', {
            isSubclass: true,
            superclassProjectName: 'Ed-Fi',
            superclassResourceName: 'Party',
            identityJsonPaths: ['$.partyId'],
            jsonSchemaForInsert: object({ partyId: integer(), addresses: array(object({ city: string() })) }, [
              'partyId',
            ]),
          }),
        ],
        { abstractResources: { Party: { identityJsonPaths: ['$.partyId'] } } },
      ),
      project(
        'Sample',
        [
          extensionOf('Person', {
            documentPathsMapping: {
              Patron: reference('Ed-Fi:Party', [['$.partyId', '$._ext.sample.patronReference.partyId']], false),
            },
            jsonSchemaForInsert: object({
              _ext: ext(
                'sample',
                object({
                  patronReference: object({ partyId: integer() }, ['partyId']),
                  pets: array(object({ pet: string() })),
                  addresses: array(object({ _ext: ext('sample', object({ floor: integer() })) })),
                }),
              ),
            }),
          }),
        ],
        { isExtension: true },
      ),
    ];
    const { model, inventory } = derive(dialect, ...documents);
    expect(model.abstractUnionViews.map(({ view }) => qualified(view))).toEqual(['edfi.Party_View']);
    expect([...new Set(inventory.indexes.map(({ table }) => qualified(table)))]).toEqual([
      'edfi.PartyIdentity',
      'edfi.Person',
      'edfi.PersonAddress',
      'sample.PersonExtension',
      'sample.PersonExtensionAddress',
      'sample.PersonExtensionPet',
    ]);
    expect(indexLines(inventory, 'edfi.PartyIdentity')).toEqual([
      'PrimaryKey PK_PartyIdentity (DocumentId)',
      'UniqueConstraint UX_PartyIdentity_NK (PartyId)',
      'UniqueConstraint UX_PartyIdentity_RefKey (DocumentId, PartyId)',
    ]);
    expect(indexLines(inventory, 'sample.PersonExtension')).toEqual([
      'ForeignKeySupport IX_PersonExtension_Patron_DocumentId_Patron_PartyId (Patron_DocumentId, Patron_PartyId)',
      'PrimaryKey PK_PersonExtension (DocumentId)',
    ]);
    expect(indexLines(inventory, 'sample.PersonExtensionAddress')).toEqual([
      'PrimaryKey PK_PersonExtensionAddress (Person_DocumentId, Ordinal)',
    ]);
    expect(indexLines(inventory, 'sample.PersonExtensionPet')).toEqual([
      'PrimaryKey PK_PersonExtensionPet (Person_DocumentId, Ordinal)',
    ]);
  });
});

describe('the index of a key that SQL Server cannot cascade', () => {
  const node = project('Ed-Fi', [
    resource('Node', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.nodeId'],
      documentPathsMapping: { Parent: reference('Ed-Fi:Node', [['$.nodeId', '$.parentReference.nodeId']], false) },
      jsonSchemaForInsert: object({ nodeId: integer(), parentReference: object({ nodeId: integer() }, ['nodeId']) }, [
        'nodeId',
      ]),
    }),
  ]);

  it('has the document id alone in mssql, all columns in pgsql', () => {
    const support = (dialect: (typeof dialects)[number]) =>
      indexLines(derive(dialect, node).inventory, 'edfi.Node').filter((line) => line.startsWith('ForeignKeySupport'));
    expect(support('mssql')).toEqual(['ForeignKeySupport IX_Node_Parent_DocumentId (Parent_DocumentId)']);
    expect(support('pgsql')).toEqual([
      'ForeignKeySupport IX_Node_Parent_DocumentId_Parent_NodeId (Parent_DocumentId, Parent_NodeId)',
    ]);
  });
});

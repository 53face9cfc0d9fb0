import { dialects } from '@dms/sql';
import { build, hasSharedData, readSharedJson } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from './index.ts';
import {
  derive,
  foreignKeyOf,
  type HandMadeTable,
  handMadeModel,
  indexLines,
  qualified,
  tableOf,
  withTable,
} from './inventory.spec-support.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, project, reference, resource, string, uri } =
  build;

/** Indexes of one hand-made table but those of its own keys, in the order of the inventory. */
function supportIndexes(table: Omit<HandMadeTable, 'name'>): string[] {
  const inventory = deriveInventory(handMadeModel('pgsql', { name: 'T', ...table }));
  return indexLines(inventory, 'edfi.T').filter((line) => line.startsWith('ForeignKeySupport '));
}

const isPrefix = (prefix: readonly string[], list: readonly string[]) =>
  prefix.every((column, index) => column === list[index]);

describe('the indexes of the keys of a table', () => {
  it('are the primary key alone for a root whose only key is that to its document (case 1)', () => {
    const inventory = deriveInventory(handMadeModel('pgsql', { name: 'T', foreignKeys: [['DocumentId']] }));
    expect(indexLines(inventory, 'edfi.T')).toEqual(['PrimaryKey PK_T (DocumentId)']);
  });

  it('have names and columns of the constraints, are unique and have no further columns', () => {
    const inventory = deriveInventory(
      handMadeModel('pgsql', {
        name: 'T',
        columns: ['b', 'a'],
        uniques: [['b', 'a'], ['a']],
        uniqueNames: ['UX_T_NK', 'UX_T_A'],
      }),
    );
    const table = { schema: 'edfi', name: 'T' };
    const common = { table, isUnique: true, includeColumns: [] };
    expect(inventory.indexes).toEqual([
      { ...common, name: 'PK_T', kind: 'PrimaryKey', keyColumns: ['DocumentId'] },
      { ...common, name: 'UX_T_A', kind: 'UniqueConstraint', keyColumns: ['a'] },
      { ...common, name: 'UX_T_NK', kind: 'UniqueConstraint', keyColumns: ['b', 'a'] },
    ]);
  });

  it('have the columns of a primary key in key order', () => {
    const model = withTable(handMadeModel('pgsql', { name: 'T', columns: ['Parent_DocumentId', 'Ordinal'] }), 'edfi.T', () => ({
      key: {
        constraintName: 'PK_T',
        columns: [
          { name: 'Parent_DocumentId', kind: 'ParentKeyPart' },
          { name: 'Ordinal', kind: 'Ordinal' },
        ],
      },
    }));
    expect(indexLines(deriveInventory(model), 'edfi.T')).toEqual(['PrimaryKey PK_T (Parent_DocumentId, Ordinal)']);
  });
});

describe('the index of a foreign key', () => {
  it('is not unique, has no further columns and is named by table and columns', () => {
    const inventory = deriveInventory(
      handMadeModel('pgsql', { name: 'T', columns: ['a', 'b_c'], foreignKeys: [['b_c', 'a']] }),
    );
    expect(inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport')).toEqual([
      {
        name: 'IX_T_b_c_a',
        table: { schema: 'edfi', name: 'T' },
        kind: 'ForeignKeySupport',
        isUnique: false,
        keyColumns: ['b_c', 'a'],
        includeColumns: [],
      },
    ]);
  });

  it.each<[string, Omit<HandMadeTable, 'name'>, string[]]>([
    [
      'covers shorter foreign keys that are its leftmost prefix (case 3)',
      { columns: ['a', 'b', 'c'], foreignKeys: [['a'], ['a', 'b'], ['a', 'b', 'c']] },
      ['ForeignKeySupport IX_T_a_b_c (a, b, c)'],
    ],
    [
      'covers none that begins with another of its columns (case 4)',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b'], ['b']] },
      ['ForeignKeySupport IX_T_a_b (a, b)', 'ForeignKeySupport IX_T_b (b)'],
    ],
    [
      'exists beside a UNIQUE of the same columns in another order (case 5)',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['b', 'a']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is suppressed by a UNIQUE that begins with its columns (case 6)',
      { columns: ['a', 'x'], foreignKeys: [['a']], uniques: [['a', 'x']] },
      [],
    ],
    [
      'is suppressed by a UNIQUE of exactly its columns',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['a', 'b']] },
      [],
    ],
    [
      'is not suppressed by a UNIQUE that is shorter',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['a']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is one for two foreign keys of equal columns and different targets (case 7)',
      {
        columns: ['a', 'b'],
        foreignKeys: [
          ['a', 'b'],
          ['a', 'b'],
        ],
      },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is one of two for equal columns in different order',
      {
        columns: ['a', 'b'],
        foreignKeys: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      },
      ['ForeignKeySupport IX_T_a_b (a, b)', 'ForeignKeySupport IX_T_b_a (b, a)'],
    ],
    ['is suppressed by a primary key that begins with its columns', { foreignKeys: [['DocumentId']] }, []],
    [
      'is not suppressed by a UNIQUE of another column whose name is theirs joined',
      { columns: ['a', 'b', 'a_b'], foreignKeys: [['a', 'b']], uniques: [['a_b']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
  ])('%s', (_, table, expected) => {
    expect(supportIndexes(table)).toEqual(expected);
  });

  it('covers the shorter key also when that comes first by constraint and by name', () => {
    const shorterFirst = { columns: ['a', 'b', 'c'], foreignKeys: [['a'], ['a', 'b'], ['a', 'b', 'c']] };
    expect(supportIndexes({ ...shorterFirst, foreignKeyNames: ['FK_T_A', 'FK_T_B', 'FK_T_C'] })).toHaveLength(1);
    expect(supportIndexes({ ...shorterFirst, foreignKeyNames: ['FK_T_C', 'FK_T_B', 'FK_T_A'] })).toHaveLength(1);
  });

  const columns = ['a', 'b', 'c', 'd'];
  const columnList = fc.shuffledSubarray(columns, { minLength: 1 });

  it('exists exactly for the longest lists that no key of the table begins with', () => {
    fc.assert(
      fc.property(fc.array(columnList, { maxLength: 7 }), fc.array(columnList, { maxLength: 2 }), (foreignKeys, uniques) => {
        const isLongest = (key: readonly string[]) =>
          ![...uniques, ...foreignKeys.filter(({ length }) => length > key.length)].some((other) => isPrefix(key, other));
        const expected = foreignKeys
          .filter(isLongest)
          .map((key) => `ForeignKeySupport IX_T_${key.join('_')} (${key.join(', ')})`);
        expect(supportIndexes({ columns, foreignKeys, uniques })).toEqual([...new Set(expected)].sort());
      }),
    );
  });

  it('depends neither on the order of the constraints nor on their names', () => {
    const renamedShuffle = fc.array(columnList, { minLength: 1, maxLength: 7 }).chain((foreignKeys) =>
      fc.tuple(
        fc.constant(foreignKeys),
        fc.shuffledSubarray(foreignKeys, { minLength: foreignKeys.length }),
        fc.shuffledSubarray(
          foreignKeys.map((_, index) => `FK_T_${index}`),
          { minLength: foreignKeys.length },
        ),
      ),
    );
    fc.assert(
      fc.property(renamedShuffle, ([foreignKeys, shuffledKeys, foreignKeyNames]) => {
        expect(supportIndexes({ columns, foreignKeys: shuffledKeys, foreignKeyNames })).toEqual(
          supportIndexes({ columns, foreignKeys }),
        );
      }),
    );
  });

  it('may hold a stored column whose name merely ends like a canonical one (case 11)', () => {
    expect(
      supportIndexes({
        columns: ['a_DocumentId', 'SchoolYear_Unified'],
        foreignKeys: [['a_DocumentId', 'SchoolYear_Unified']],
      }),
    ).toEqual(['ForeignKeySupport IX_T_a_DocumentId_SchoolYear_Unified (a_DocumentId, SchoolYear_Unified)']);
  });
});

const schoolReference = reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);
const schoolObject = object({ schoolId: integer() }, ['schoolId']);

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
  documentPathsMapping: { School: schoolReference },
  jsonSchemaForInsert: object({ schoolReference: schoolObject, weekIdentifier: string() }, [
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
    expect(indexLines(inventory, 'edfi.SchoolAddress')).toEqual(['PrimaryKey PK_SchoolAddress (School_DocumentId, Ordinal)']);
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
    expect(inventory).toEqual({ dialect, indexes: [], triggers: [], authEdOrgHierarchy: null });
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
            jsonSchemaForInsert: object({ partyId: integer(), addresses: array(object({ city: string() })) }, ['partyId']),
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

const surveyDocument = project('Ed-Fi', [
  descriptor('QuestionFormDescriptor'),
  resource('Survey', {
    identityJsonPaths: ['$.namespace', '$.surveyIdentifier'],
    jsonSchemaForInsert: object({ namespace: string(255), surveyIdentifier: string() }, ['namespace', 'surveyIdentifier']),
  }),
  resource('SurveySection', {
    identityJsonPaths: ['$.surveyReference.namespace', '$.surveyReference.surveyIdentifier', '$.surveySectionTitle'],
    documentPathsMapping: {
      Survey: reference('Ed-Fi:Survey', [
        ['$.namespace', '$.surveyReference.namespace'],
        ['$.surveyIdentifier', '$.surveyReference.surveyIdentifier'],
      ]),
    },
    jsonSchemaForInsert: object(
      {
        surveyReference: object({ namespace: string(255), surveyIdentifier: string() }, ['namespace', 'surveyIdentifier']),
        surveySectionTitle: string(255),
      },
      ['surveyReference', 'surveySectionTitle'],
    ),
  }),
  resource('SurveyQuestion', {
    identityJsonPaths: ['$.questionCode', '$.surveyReference.namespace', '$.surveyReference.surveyIdentifier'],
    equalityConstraints: [
      { sourceJsonPath: '$.surveyReference.namespace', targetJsonPath: '$.surveySectionReference.namespace' },
      { sourceJsonPath: '$.surveyReference.surveyIdentifier', targetJsonPath: '$.surveySectionReference.surveyIdentifier' },
    ],
    documentPathsMapping: {
      QuestionForm: descriptorPath('Ed-Fi:QuestionFormDescriptor', '$.questionFormDescriptor'),
      Survey: reference('Ed-Fi:Survey', [
        ['$.namespace', '$.surveyReference.namespace'],
        ['$.surveyIdentifier', '$.surveyReference.surveyIdentifier'],
      ]),
      SurveySection: reference(
        'Ed-Fi:SurveySection',
        [
          ['$.surveyReference.namespace', '$.surveySectionReference.namespace'],
          ['$.surveyReference.surveyIdentifier', '$.surveySectionReference.surveyIdentifier'],
          ['$.surveySectionTitle', '$.surveySectionReference.surveySectionTitle'],
        ],
        false,
      ),
    },
    jsonSchemaForInsert: object(
      {
        questionCode: string(),
        questionFormDescriptor: uri(),
        surveyReference: object({ namespace: string(255), surveyIdentifier: string() }, ['namespace', 'surveyIdentifier']),
        surveySectionReference: object(
          { namespace: string(255), surveyIdentifier: string(), surveySectionTitle: string(255) },
          ['namespace', 'surveyIdentifier', 'surveySectionTitle'],
        ),
      },
      ['questionCode', 'questionFormDescriptor', 'surveyReference'],
    ),
  }),
]);

describe('the indexes of key-unified references', () => {
  it.each(dialects)('are two, with different document ids before the shared canonical columns, in %s (case 8)', (dialect) => {
    const { inventory } = derive(dialect, surveyDocument);
    const support = inventory.indexes.filter(
      ({ table, kind }) => table.name === 'SurveyQuestion' && kind === 'ForeignKeySupport',
    );
    const lists = support.map(({ keyColumns }) => keyColumns);
    expect(lists).toHaveLength(3);
    expect(lists).toEqual(
      expect.arrayContaining([
        ['SurveySection_DocumentId', 'Namespace_Unified', 'SurveyIdentifier_Unified', 'SurveySection_SurveySectionTitle'],
        ['Survey_DocumentId', 'Namespace_Unified', 'SurveyIdentifier_Unified'],
        ['QuestionFormDescriptor_DescriptorId'],
      ]),
    );
    expect(indexLines(inventory, 'edfi.SurveyQuestion')).toContain(
      'UniqueConstraint UX_SurveyQuestion_NK (QuestionCode, Survey_DocumentId)',
    );
  });

  it('are named by the canonical columns; only pgsql has to shorten the name (§6)', () => {
    const names = (dialect: (typeof dialects)[number]) =>
      derive(dialect, surveyDocument).inventory.indexes.map(({ name }) => name);
    expect(names('pgsql')).toContain('IX_SurveyQuestion_Survey_DocumentId_Namespace_Unifie_c282b98d87');
    expect(names('mssql')).toContain('IX_SurveyQuestion_Survey_DocumentId_Namespace_Unified_SurveyIdentifier_Unified');
  });

  it('are made of what the foreign keys hold: no alias is in a support index', () => {
    const { model, inventory } = derive('mssql', surveyDocument);
    const aliases = tableOf(model, 'edfi.SurveyQuestion')
      .columns.filter(({ storage }) => storage.kind === 'UnifiedAlias')
      .map(({ name }) => name);
    expect(aliases).toEqual(expect.arrayContaining(['Survey_Namespace', 'SurveySection_Namespace']));
    const support = inventory.indexes.filter(
      ({ table, kind }) => table.name === 'SurveyQuestion' && kind === 'ForeignKeySupport',
    );
    const indexed = support.flatMap(({ keyColumns }) => keyColumns);
    expect(indexed.filter((column) => aliases.includes(column))).toEqual([]);
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

describe.runIf(hasSharedData)('the names of indexes (needs the shared conformance data)', () => {
  interface IndexName {
    readonly dialect: (typeof dialects)[number];
    readonly table: string;
    readonly columns: readonly string[];
    readonly final: string;
  }
  const vectors: IndexName[] = hasSharedData ? readSharedJson('design', 'vectors', 'names.json').indexNames : [];

  it('are given by vectors for both dialects', () => {
    expect(new Set(vectors.map(({ dialect }) => dialect))).toEqual(new Set(dialects));
  });

  it.each(vectors)('is $final for $table in $dialect', ({ dialect, table, columns, final }) => {
    const inventory = deriveInventory(handMadeModel(dialect, { name: table, columns, foreignKeys: [columns] }));
    expect(inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport').map(({ name }) => name)).toEqual([final]);
  });
});

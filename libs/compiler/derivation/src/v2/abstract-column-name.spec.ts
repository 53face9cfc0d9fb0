import {
  abstractResource,
  build,
  columnNames,
  diagnosticsOf,
  edFi,
  expectDiagnostics,
  extension,
  fields,
  modelV2,
  schemaSetV2,
  subclassOf,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../test/model-text.ts';
import { deriveModel } from '../index.ts';

const { descriptor, descriptorPath, object, reference, resource, string, integer, uri } = build;

const student = resource('Student', {
  identityJsonPaths: ['$.studentUniqueId'],
  jsonSchemaForInsert: fields({ studentUniqueId: string() }),
});
const program = resource('Program', {
  identityJsonPaths: ['$.programName', '$.programTypeDescriptor'],
  documentPathsMapping: { Type: descriptorPath('Ed-Fi:ProgramTypeDescriptor', '$.programTypeDescriptor') },
  jsonSchemaForInsert: fields({ programName: string(), programTypeDescriptor: uri() }),
});

const identity = [
  '$.studentReference.studentUniqueId',
  '$.programReference.programName',
  '$.programReference.programTypeDescriptor',
  '$.beginDate',
];

interface MemberParts {
  readonly programKey?: string;
  readonly overrides?: build.JsonRecord;
}

/** A member of `Ed-Fi:ProgramAssociation` with references to a student and a program. */
const member = (name: string, { programKey = 'Program', overrides }: MemberParts = {}) =>
  resource(name, {
    ...subclassOf('Ed-Fi:ProgramAssociation'),
    identityJsonPaths: identity,
    documentPathsMapping: {
      Student: reference('Ed-Fi:Student', [['$.studentUniqueId', '$.studentReference.studentUniqueId']]),
      [programKey]: reference('Ed-Fi:Program', [
        ['$.programName', '$.programReference.programName'],
        ['$.programTypeDescriptor', '$.programReference.programTypeDescriptor'],
      ]),
    },
    jsonSchemaForInsert: fields({
      studentReference: fields({ studentUniqueId: string() }),
      programReference: fields({ programName: string(), programTypeDescriptor: uri() }),
      beginDate: string(10),
    }),
    ...(overrides ? { relational: { nameOverrides: overrides } } : {}),
  });

const withMembers = (members: readonly build.BuiltResource[], identityJsonPaths = identity) => [
  edFi([descriptor('ProgramTypeDescriptor'), student, program, ...members], {
    abstractResources: { ProgramAssociation: abstractResource(identityJsonPaths) },
  }),
];

describe('the columns of an abstract identity (design 15 §8.1)', () => {
  const columns = [
    'DocumentId',
    'Student_StudentUniqueId',
    'Program_ProgramName',
    'Program_ProgramTypeDescriptor_DescriptorId',
    'BeginDate',
    'Discriminator',
  ];
  const names = (documents: readonly build.JsonRecord[]) =>
    columnNames(tableOf(modelV2(documents), 'edfi.ProgramAssociationIdentity'));

  it('are called what the references of its members are called', () => {
    expect(names(withMembers([member('FoodAssociation'), member('SportAssociation')]))).toEqual(columns);
  });

  it('are called so without the overrides of members', () => {
    const overridden = member('SportAssociation', {
      overrides: { '$.programReference': 'ProgramProgram', '$.studentReference.studentUniqueId': 'Pupil' },
    });
    const documents = withMembers([member('FoodAssociation'), overridden]);
    expect(names(documents)).toEqual(columns);
    const model = modelV2(documents);
    expect(columnNames(tableOf(model, 'edfi.SportAssociation'))).toContain('ProgramProgram_ProgramName');
    const [view] = model.abstractUnionViews;
    const arm = view?.unionArms.find(({ fromTable }) => fromTable.name === 'SportAssociation');
    const projected = arm?.projections.map((part) => (part.kind === 'SourceColumn' ? part.column : part.value));
    expect(view?.outputColumns.map(({ name }, index) => [name, projected?.[index]])).toEqual([
      ['DocumentId', 'DocumentId'],
      ['Student_StudentUniqueId', 'Student_Pupil'],
      ['Program_ProgramName', 'ProgramProgram_ProgramName'],
      ['Program_ProgramTypeDescriptor_DescriptorId', 'ProgramProgram_ProgramTypeDescriptor_DescriptorId'],
      ['BeginDate', 'BeginDate'],
      ['Discriminator', 'Ed-Fi:SportAssociation'],
    ]);
    expect(
      view?.outputColumns.filter(({ isDescriptorReference }) => isDescriptorReference).map(({ name }) => name),
    ).toEqual(['Program_ProgramTypeDescriptor_DescriptorId']);
  });

  it('are called by their path where no member has a reference for it, with the end of a descriptor', () => {
    const plain = (name: string) =>
      resource(name, {
        ...subclassOf('Ed-Fi:Place'),
        identityJsonPaths: ['$.site.code', '$.placeTypeDescriptor'],
        documentPathsMapping: { Type: descriptorPath('Ed-Fi:PlaceTypeDescriptor', '$.placeTypeDescriptor') },
        jsonSchemaForInsert: fields({ site: fields({ code: string() }), placeTypeDescriptor: uri() }),
        relational: { nameOverrides: { '$.site.code': 'Code' } },
      });
    const documents = [
      edFi([descriptor('PlaceTypeDescriptor'), plain('Hall'), plain('Yard')], {
        abstractResources: { Place: abstractResource(['$.site.code', '$.placeTypeDescriptor']) },
      }),
    ];
    expect(columnLines(tableOf(modelV2(documents), 'edfi.PlaceIdentity'))).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'SiteCode Scalar String(60) NOT NULL $.site.code',
      'PlaceTypeDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.placeTypeDescriptor',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
  });

  it('have a key with the document id at its end', () => {
    const { constraints } = tableOf(
      modelV2(withMembers([member('FoodAssociation')])),
      'edfi.ProgramAssociationIdentity',
    );
    const key = constraints.find(({ name }) => name === 'UX_ProgramAssociationIdentity_RefKey');
    expect(key).toMatchObject({
      columns: [
        'Student_StudentUniqueId',
        'Program_ProgramName',
        'Program_ProgramTypeDescriptor_DescriptorId',
        'BeginDate',
        'DocumentId',
      ],
    });
  });

  it('are ambiguous where members use different mapping keys (case 8)', () => {
    const documents = withMembers([
      member('FoodAssociation'),
      member('SportAssociation', { programKey: 'ProgramProgram' }),
    ]);
    const both = ['Program_ProgramName (Ed-Fi:FoodAssociation)', 'ProgramProgram_ProgramName (Ed-Fi:SportAssociation)'];
    expectDiagnostics(() => modelV2(documents), {
      code: 'ABSTRACT_NAME_AMBIGUOUS',
      resource: 'Ed-Fi:ProgramAssociation',
      names: [
        '$.programReference.programName',
        'later ApiSchema files of the same version of the standard',
        '--mapping-version v1',
      ],
    });
    const [fault] = diagnosticsOf(() => modelV2(documents));
    expect(fault?.details.names).toEqual([...both].sort());
    expect(fault?.message.split('\n').slice(1, -1)).toEqual([
      '  ProgramProgram_ProgramName, by Ed-Fi:SportAssociation',
      '  Program_ProgramName, by Ed-Fi:FoodAssociation',
    ]);
    expect(fault?.where).toEqual({ resource: 'Ed-Fi:ProgramAssociation', path: '$.programReference.programName' });
  });

  it('may not come from references of some members only (case 9)', () => {
    const plain = (name: string) =>
      resource(name, {
        ...subclassOf('Ed-Fi:ProgramAssociation'),
        identityJsonPaths: identity,
        documentPathsMapping: {
          Type: descriptorPath('Ed-Fi:ProgramTypeDescriptor', '$.programReference.programTypeDescriptor'),
        },
        jsonSchemaForInsert: fields({
          studentReference: fields({ studentUniqueId: string() }),
          programReference: fields({ programName: string(), programTypeDescriptor: uri() }),
          beginDate: string(10),
        }),
      });
    const documents = withMembers([plain('ZooAssociation'), member('SportAssociation'), plain('FoodAssociation')]);
    const others = ['Ed-Fi:FoodAssociation', 'Ed-Fi:ZooAssociation'];
    const mixed = (path: string) =>
      ({ code: 'ABSTRACT_BINDING_MIXED', resource: 'Ed-Fi:ProgramAssociation', names: [path, others] }) as const;
    expectDiagnostics(
      () => modelV2(documents),
      mixed('$.studentReference.studentUniqueId'),
      mixed('$.programReference.programName'),
    );
    expect(diagnosticsOf(() => modelV2(documents))[0]?.details.members).toEqual(others);
  });
});

describe('a path that a reference binds several times', () => {
  /** An association of two values that are stored once; a member refers to it and repeats the value once. */
  const pairs = (...paths: readonly (readonly [string, string])[]) => {
    const link = resource('Link', {
      identityJsonPaths: ['$.code', '$.otherReference.code', '$.thirdReference.code'],
      documentPathsMapping: {
        Other: reference('Ed-Fi:Item', [['$.code', '$.otherReference.code']]),
        Third: reference('Ed-Fi:Item', [['$.code', '$.thirdReference.code']]),
      },
      equalityConstraints: [
        { sourceJsonPath: '$.code', targetJsonPath: '$.otherReference.code' },
        { sourceJsonPath: '$.code', targetJsonPath: '$.thirdReference.code' },
      ],
      jsonSchemaForInsert: fields({
        code: string(),
        otherReference: fields({ code: string() }),
        thirdReference: fields({ code: string() }),
      }),
    });
    const item = resource('Item', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: fields({ code: string() }) });
    const names = [...new Set(paths.map(([, name]) => name))];
    const user = resource('User', {
      ...subclassOf('Ed-Fi:Party'),
      identityJsonPaths: names.map((name) => `$.linkReference.${name}`),
      documentPathsMapping: {
        Link: reference(
          'Ed-Fi:Link',
          paths.map(([path, name]) => [path, `$.linkReference.${name}`]),
        ),
      },
      jsonSchemaForInsert: fields({ linkReference: fields(Object.fromEntries(names.map((name) => [name, string()]))) }),
    });
    return [
      edFi([item, link, user], {
        abstractResources: { Party: abstractResource(names.map((name) => `$.linkReference.${name}`)) },
      }),
    ];
  };
  const columnsOf = (documents: readonly build.JsonRecord[]) =>
    columnNames(tableOf(modelV2(documents), 'edfi.PartyIdentity')).filter((name) => name.startsWith('Link'));

  it('is called by the part whose name is that of its identity path', () => {
    const documents = pairs(['$.otherReference.code', 'code'], ['$.code', 'code'], ['$.thirdReference.code', 'code']);
    expect(columnsOf(documents)).toEqual(['Link_Code']);
  });

  it('is ambiguous where no part is named so', () => {
    const documents = pairs(['$.code', 'mark'], ['$.otherReference.code', 'mark'], ['$.thirdReference.code', 'mark']);
    expectDiagnostics(() => modelV2(documents), {
      code: 'ABSTRACT_NAME_AMBIGUOUS',
      resource: 'Ed-Fi:Party',
      names: ['$.linkReference.mark', 'Ed-Fi:User', 'Link_Code', 'Link_OtherReferenceCode', 'Link_ThirdReferenceCode'],
    });
  });
});

describe('extensions', () => {
  it('give members that count like those of the core', () => {
    const own = resource('CampAssociation', {
      ...subclassOf('Ed-Fi:Party', '$.partyId'),
      identityJsonPaths: ['$.campId'],
      jsonSchemaForInsert: fields({ campId: integer('int64') }),
    });
    const documents = [
      edFi(
        [
          resource('Group', {
            ...subclassOf('Ed-Fi:Party', '$.partyId'),
            identityJsonPaths: ['$.groupId'],
            jsonSchemaForInsert: object({ groupId: integer() }, ['groupId']),
          }),
        ],
        { abstractResources: { Party: abstractResource(['$.partyId']) } },
      ),
      extension([own]),
    ];
    const { model } = deriveModel(schemaSetV2(...documents), 'mssql');
    expect(columnLines(tableOf(model, 'edfi.PartyIdentity'))).toContain('PartyId Scalar Int64 NOT NULL $.partyId');
  });
});

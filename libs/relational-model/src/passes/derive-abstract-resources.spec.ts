import { effectiveSchemaOf } from '@dms/api-schema';
import { isJsonObject, toJsonValue } from '@dms/canonical-json';
import { dialects } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';
import type { ScalarType } from '../model/model.ts';
import {
  abstractResource,
  codesOf,
  columnTexts,
  constraintText,
  constraintTexts,
  danglingNames,
  draftBefore,
  draftTable,
  edFi,
  extension,
  failureOf,
  fields,
  handMadeColumn,
  keyed,
  missingFacts,
  modelOf,
  plain,
  qualified,
  resourceOf,
  schemaSet,
  subclassOf,
  tableOf,
  typeText,
} from '../names-and-keys.spec-support.ts';
import { deriveAbstractResources, mergeTypes } from './derive-abstract-resources.ts';

const { array, descriptor, descriptorPath, integer, number, object, reference, resource, string, uri } = build;

type JsonRecord = build.JsonRecord;

const organization = 'Ed-Fi:EducationOrganization';
const organizationId = '$.educationOrganizationId';
const abstractResources = { EducationOrganization: abstractResource([organizationId]) };

/** A member that renames the abstract identity to `{name}Id`. */
const renamed = (name: string, type: JsonRecord = integer(), members: JsonRecord = {}) => {
  const property = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  return keyed(name, { [property]: type }, { ...subclassOf(organization, organizationId), ...members });
};

const withMembers = (...members: build.BuiltResource[]) => [edFi(members, { abstractResources })];

const armsOf = (model: ReturnType<typeof modelOf>) =>
  model.abstractUnionViews.flatMap(({ unionArms }) =>
    unionArms.map(({ fromTable, projections }) => [
      qualified(fromTable),
      ...projections.map((projection) => (projection.kind === 'StringLiteral' ? `'${projection.value}'` : projection.column)),
    ]),
  );

describe('an abstract resource with renamed identities', () => {
  const model = modelOf(withMembers(renamed('School'), renamed('LocalEducationAgency')));
  const [identity] = model.abstractIdentityTables;

  it('has an identity table of document id, identity and discriminator', () => {
    expect(qualified(identity!.table.table)).toBe('edfi.EducationOrganizationIdentity');
    expect(identity?.table.jsonScope.canonical).toBe('$');
    expect(columnTexts(identity!.table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'EducationOrganizationId Scalar Int32 NOT NULL $.educationOrganizationId',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
    expect(identity?.table.key).toEqual({
      constraintName: 'PK_EducationOrganizationIdentity',
      columns: [{ name: 'DocumentId', kind: 'ParentKeyPart' }],
    });
  });

  it('has a natural key, a reference key and a key to the document, in this order', () => {
    expect(constraintTexts(identity!.table)).toEqual([
      'Unique UX_EducationOrganizationIdentity_NK (EducationOrganizationId)',
      'Unique UX_EducationOrganizationIdentity_RefKey (DocumentId, EducationOrganizationId)',
      'ForeignKey FK_EducationOrganizationIdentity_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
    ]);
  });

  it('has a view with an arm per member, by resource name, that reads the renamed column and its label', () => {
    expect(armsOf(model)).toEqual([
      ['edfi.LocalEducationAgency', 'DocumentId', 'LocalEducationAgencyId', "'Ed-Fi:LocalEducationAgency'"],
      ['edfi.School', 'DocumentId', 'SchoolId', "'Ed-Fi:School'"],
    ]);
    const [view] = model.abstractUnionViews;
    expect(qualified(view!.view)).toBe('edfi.EducationOrganization_View');
    expect(
      view?.outputColumns.map(({ name, scalarType, sourcePath, targetResource }) => [
        name,
        typeText(scalarType),
        sourcePath?.canonical ?? null,
        targetResource,
      ]),
    ).toEqual([
      ['DocumentId', 'Int64', null, null],
      ['EducationOrganizationId', 'Int32', '$.educationOrganizationId', null],
      ['Discriminator', 'String(256)', null, null],
    ]);
    expect(view?.unionArms.map(({ concreteMember }) => concreteMember.resourceName)).toEqual([
      'LocalEducationAgency',
      'School',
    ]);
  });

  it('carries its resource key, marked abstract', () => {
    expect(identity?.resourceKey).toMatchObject({ resourceName: 'EducationOrganization', isAbstract: true });
    expect(model.abstractUnionViews[0]?.resourceKey).toEqual(identity?.resourceKey);
  });

  it('maps the renamed path even where the member has a property of the abstract name', () => {
    const school = resource('School', {
      ...subclassOf(organization, organizationId),
      identityJsonPaths: ['$.schoolId'],
      jsonSchemaForInsert: object({ schoolId: integer(), educationOrganizationId: integer() }, [
        'schoolId',
        'educationOrganizationId',
      ]),
    });
    expect(armsOf(modelOf(withMembers(school)))).toEqual([['edfi.School', 'DocumentId', 'SchoolId', "'Ed-Fi:School'"]]);
  });
});

describe('an abstract resource with a shared identity', () => {
  const paths = ['$.programReference.programTypeDescriptor', '$.studentReference.studentUniqueId', '$.beginDate'];
  const program = resource('Program', {
    identityJsonPaths: ['$.programTypeDescriptor'],
    documentPathsMapping: { Type: descriptorPath('Ed-Fi:ProgramTypeDescriptor', '$.programTypeDescriptor') },
    jsonSchemaForInsert: object({ programTypeDescriptor: uri() }, ['programTypeDescriptor']),
  });
  const member = (name: string, members: JsonRecord = {}) =>
    resource(name, {
      ...subclassOf('Ed-Fi:Association'),
      identityJsonPaths: ['$.beginDate', '$.studentReference.studentUniqueId', '$.programReference.programTypeDescriptor'],
      documentPathsMapping: {
        Program: reference('Ed-Fi:Program', [['$.programTypeDescriptor', '$.programReference.programTypeDescriptor']]),
        Student: reference('Ed-Fi:Student', [['$.studentUniqueId', '$.studentReference.studentUniqueId']]),
      },
      jsonSchemaForInsert: object(
        {
          beginDate: build.date(),
          programReference: fields({ programTypeDescriptor: uri() }),
          studentReference: fields({ studentUniqueId: string(32) }),
        },
        ['beginDate', 'programReference', 'studentReference'],
      ),
      ...members,
    });
  const documents = [
    edFi(
      [
        descriptor('ProgramTypeDescriptor'),
        program,
        keyed('Student', { studentUniqueId: string(32) }),
        member('StudentWalk'),
        plain('Note', { text: string() }),
      ],
      { abstractResources: { Association: abstractResource(paths) } },
    ),
    extension([member('StudentArt', { superclassProjectName: 'Ed-Fi' })], 'Alpha'),
  ];
  const model = modelOf(documents);
  const table = tableOf(model, 'edfi.AssociationIdentity');

  it('keeps the order of the abstract identity and gives a descriptor no ending', () => {
    expect(columnTexts(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'ProgramReferenceProgramTypeDescriptor DescriptorFk Int64 NOT NULL $.programReference.programTypeDescriptor',
      'StudentReferenceStudentUniqueId Scalar String(32) NOT NULL $.studentReference.studentUniqueId',
      'BeginDate Scalar Date NOT NULL $.beginDate',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
  });

  it('has no key to dms.Descriptor, and its view knows the descriptor', () => {
    expect(constraintTexts(table).some((text) => text.includes('dms.Descriptor'))).toBe(false);
    expect(table.constraints.filter(({ kind }) => kind === 'ForeignKey')).toHaveLength(1);
    expect(model.abstractUnionViews[0]?.outputColumns[1]?.targetResource).toEqual({
      projectName: 'Ed-Fi',
      resourceName: 'ProgramTypeDescriptor',
    });
  });

  it('reads reference parts from the columns of the reference, and members of an extension project join the view', () => {
    expect(armsOf(model)).toEqual([
      [
        'alpha.StudentArt',
        'DocumentId',
        'Program_ProgramTypeDescriptor_DescriptorId',
        'Student_StudentUniqueId',
        'BeginDate',
        "'Alpha:StudentArt'",
      ],
      [
        'edfi.StudentWalk',
        'DocumentId',
        'Program_ProgramTypeDescriptor_DescriptorId',
        'Student_StudentUniqueId',
        'BeginDate',
        "'Ed-Fi:StudentWalk'",
      ],
    ]);
  });

  it('sorts members by resource name before project, so one of an extension may precede those of the core', () => {
    const early = modelOf([
      ...documents.slice(0, 1),
      extension([member('StudentArt', { superclassProjectName: 'Ed-Fi' })], 'Zeta'),
    ]);
    expect(armsOf(early).map(([from]) => from)).toEqual(['zeta.StudentArt', 'edfi.StudentWalk']);
  });

  it('sorts members of one name by project', () => {
    const both = modelOf([
      ...documents.slice(0, 1),
      extension([member('StudentWalk', { superclassProjectName: 'Ed-Fi' })], 'Zeta'),
    ]);
    expect(armsOf(both).map(([from]) => from)).toEqual(['edfi.StudentWalk', 'zeta.StudentWalk']);
    const reversed = modelOf([
      ...documents.slice(0, 1),
      extension([member('StudentWalk', { superclassProjectName: 'Ed-Fi' })], 'Alpha'),
    ]);
    expect(armsOf(reversed).map(([from]) => from)).toEqual(['alpha.StudentWalk', 'edfi.StudentWalk']);
  });

  it('can be referred to through its own reference key', () => {
    const visit = resource('Visit', {
      documentPathsMapping: {
        Association: reference(
          'Ed-Fi:Association',
          paths.map((path) => [path, `$.associationReference.${path.split('.').at(-1)}`] as const),
        ),
      },
      jsonSchemaForInsert: object({
        associationReference: fields({ programTypeDescriptor: uri(), studentUniqueId: string(32), beginDate: build.date() }),
      }),
    });
    const [core, other] = documents as [JsonRecord, JsonRecord];
    const schemas = (core.projectSchema as JsonRecord).resourceSchemas as JsonRecord;
    const extended = {
      ...core,
      projectSchema: { ...(core.projectSchema as JsonRecord), resourceSchemas: { ...schemas, [visit.endpoint]: visit.schema } },
    };
    const key = tableOf(modelOf([extended, other]), 'edfi.Visit').constraints.find(
      (constraint) => constraint.kind === 'ForeignKey' && constraint.targetTable.name === 'AssociationIdentity',
    );
    expect(key).toMatchObject({
      columns: [
        'Association_DocumentId',
        'Association_ProgramTypeDescriptor_DescriptorId',
        'Association_StudentUniqueId',
        'Association_BeginDate',
      ],
      targetColumns: ['DocumentId', 'ProgramReferenceProgramTypeDescriptor', 'StudentReferenceStudentUniqueId', 'BeginDate'],
    });
  });

  it.each(dialects)('agrees with its view in names and types, and each arm has one projection per column, in %s', (dialect) => {
    const derived = modelOf(documents, dialect);
    for (const [index, { table: identity }] of derived.abstractIdentityTables.entries()) {
      const view = derived.abstractUnionViews[index]!;
      expect(view.outputColumns.map(({ name, scalarType }) => [name, scalarType])).toEqual(
        identity.columns.map(({ name, scalarType }) => [name, scalarType]),
      );
      for (const { projections, concreteMember } of view.unionArms) {
        expect(projections).toHaveLength(view.outputColumns.length);
        expect(projections.at(-1)).toEqual({
          kind: 'StringLiteral',
          value: `${concreteMember.projectName}:${concreteMember.resourceName}`,
        });
      }
    }
    expect(danglingNames(derived)).toEqual([]);
  });
});

describe('abstract resources of a set', () => {
  it('are sorted by project name, then resource name', () => {
    const member = (name: string, abstract: string) => keyed(name, { id: integer() }, subclassOf(abstract));
    const model = modelOf([
      edFi([member('A', 'Ed-Fi:Zebra'), member('B', 'Ed-Fi:Ape')], {
        abstractResources: { Zebra: abstractResource(['$.id']), Ape: abstractResource(['$.id']) },
      }),
      extension([member('C', 'Alpha:Middle')], 'Alpha', { abstractResources: { Middle: abstractResource(['$.id']) } }),
    ]);
    const labels = ({ resourceKey }: { resourceKey: { projectName: string; resourceName: string } }) =>
      `${resourceKey.projectName}:${resourceKey.resourceName}`;
    expect(model.abstractIdentityTables.map(labels)).toEqual(['Alpha:Middle', 'Ed-Fi:Ape', 'Ed-Fi:Zebra']);
    expect(model.abstractUnionViews.map(labels)).toEqual(['Alpha:Middle', 'Ed-Fi:Ape', 'Ed-Fi:Zebra']);
    expect(model.abstractIdentityTables.map(({ table }) => qualified(table.table))).toEqual([
      'alpha.MiddleIdentity',
      'edfi.ApeIdentity',
      'edfi.ZebraIdentity',
    ]);
  });

  it('are none when abstractResources is empty', () => {
    const model = modelOf([edFi([plain('Thing', { note: string() })])]);
    expect(model.abstractIdentityTables).toEqual([]);
    expect(model.abstractUnionViews).toEqual([]);
  });

  it('take no resource that is no subclass: an absent isSubclass means false', () => {
    const { isSubclass: _, ...schema } = keyed('Other', { educationOrganizationId: integer() }).schema;
    const other = { endpoint: 'others', schema };
    expect(armsOf(modelOf(withMembers(renamed('School'), other))).map(([from]) => from)).toEqual(['edfi.School']);
  });
});

const type = (kind: ScalarType['kind'], more: Partial<ScalarType> = {}): ScalarType => ({
  kind,
  maxLength: null,
  decimal: null,
  ...more,
});
const text = (maxLength: number | null) => type('String', { maxLength });
const decimal = (precision: number, scale: number) => type('Decimal', { decimal: { precision, scale } });

describe('the merged type of an identity column', () => {
  it.each<[string, ScalarType, ScalarType, ScalarType | undefined]>([
    ['the longer of two strings', text(20), text(60), text(60)],
    ['the longer, whichever comes first', text(60), text(20), text(60)],
    ['unbounded when either string is', text(20), text(null), text(null)],
    ['unbounded when the first string is', text(null), text(20), text(null)],
    ['a decimal that holds both integer and fraction digits', decimal(10, 2), decimal(8, 4), decimal(12, 4)],
    ['the wider decimal where it holds both', decimal(10, 2), decimal(8, 2), decimal(10, 2)],
    ['Int64 of Int32 and Int64', type('Int32'), type('Int64'), type('Int64')],
    ['Int64 of Int64 and Int32', type('Int64'), type('Int32'), type('Int64')],
    ['an equal type', type('Date'), type('Date'), type('Date')],
    ['an equal integer', type('Int32'), type('Int32'), type('Int32')],
    ['none for Int32 and String', type('Int32'), text(20), undefined],
    ['none for Date and DateTime', type('Date'), type('DateTime'), undefined],
    ['none for Int64 and Decimal', type('Int64'), decimal(10, 0), undefined],
    ['none for a decimal without precision', type('Decimal'), decimal(10, 2), undefined],
    ['none for a decimal with more fraction digits than digits', decimal(2, 3), decimal(10, 2), undefined],
    ['none for Boolean and String', type('Boolean'), text(5), undefined],
  ])('is %s', (_, a, b, expected) => {
    expect(mergeTypes(a, b)).toEqual(expected);
  });

  it.each<[string, JsonRecord, JsonRecord, string]>([
    ['String(20) and String(60)', string(20), string(60), 'String(60)'],
    ['Int32 and Int64', integer(), integer('int64'), 'Int64'],
  ])('of members with %s reaches identity table and view', (_, first, second, expected) => {
    const model = modelOf(withMembers(renamed('Agency', first), renamed('School', second)));
    const table = tableOf(model, 'edfi.EducationOrganizationIdentity');
    expect(typeText(table.columns[1]!.scalarType)).toBe(expected);
    expect(typeText(model.abstractUnionViews[0]!.outputColumns[1]!.scalarType)).toBe(expected);
    const own = (name: string) => typeText(tableOf(model, name).columns.at(-1)!.scalarType);
    expect([own('edfi.Agency'), own('edfi.School')]).not.toEqual([expected, expected]);
  });

  it('of decimals is found over all members', () => {
    const member = (name: string, totalDigits: number, decimalPlaces: number) =>
      keyed(
        name,
        { educationOrganizationId: number() },
        {
          ...subclassOf(organization),
          decimalPropertyValidationInfos: [{ path: organizationId, totalDigits, decimalPlaces }],
        },
      );
    const model = modelOf(withMembers(member('A', 10, 2), member('B', 8, 4), member('C', 11, 0)));
    // integer digits 8, 4, 11; fraction digits 2, 4, 0
    expect(typeText(tableOf(model, 'edfi.EducationOrganizationIdentity').columns[1]!.scalarType)).toBe('Decimal(15,4)');
  });

  it.each<[string, readonly build.BuiltResource[], readonly string[]]>([
    ['Int32 and String', [renamed('Agency'), renamed('School', string(20))], ['Int32', 'String(20)', 'Ed-Fi:School']],
    [
      'Date and DateTime',
      [renamed('Agency', build.date()), renamed('School', build.dateTime())],
      ['Date', 'DateTime', 'Ed-Fi:School'],
    ],
    [
      'a scalar and a descriptor',
      [
        keyed('Agency', { educationOrganizationId: uri() }, subclassOf(organization)),
        keyed(
          'School',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', organizationId) },
          },
        ),
        descriptor('KindDescriptor'),
      ],
      ['Scalar', 'DescriptorFk', 'Ed-Fi:School'],
    ],
    [
      'two descriptors',
      [
        keyed(
          'Agency',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', organizationId) },
          },
        ),
        keyed(
          'School',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:OtherDescriptor', organizationId) },
          },
        ),
        descriptor('KindDescriptor'),
        descriptor('OtherDescriptor'),
      ],
      ['Ed-Fi:School', 'DescriptorFk Ed-Fi:KindDescriptor', 'DescriptorFk Ed-Fi:OtherDescriptor'],
    ],
  ])(
    'does not exist for %s: ABSTRACT_TYPE_CONFLICT names path, abstract resource, member and both types',
    (_, members, facts) => {
      const error = failureOf(() => modelOf(withMembers(...members)));
      expect(codesOf(error)).toEqual(['ABSTRACT_TYPE_CONFLICT']);
      expect(missingFacts(error.diagnostics[0], [organizationId, organization, ...facts])).toEqual([]);
    },
  );
});

describe('an abstract resource that does not fit its members', () => {
  it('must have members: ABSTRACT_NO_MEMBERS', () => {
    const error = failureOf(() => modelOf(withMembers(plain('Thing', { note: string() }))));
    expect(codesOf(error)).toEqual(['ABSTRACT_NO_MEMBERS']);
    expect(missingFacts(error.diagnostics[0], [organization])).toEqual([]);
  });

  it.each<[string, JsonRecord, string]>([
    ['a missing project', { superclassProjectName: undefined as never }, 'superclassProjectName'],
    ['a null project', { superclassProjectName: null }, 'superclassProjectName'],
    ['a blank project', { superclassProjectName: ' ' }, 'superclassProjectName'],
    ['a numeric project', { superclassProjectName: 5 }, 'superclassProjectName'],
    ['a null name', { superclassResourceName: null }, 'superclassResourceName'],
    ['an empty name', { superclassResourceName: '' }, 'superclassResourceName'],
    ['a name that is a flag', { superclassResourceName: true }, 'superclassResourceName'],
  ])('has subclasses that name it: %s is ABSTRACT_SUPERCLASS_INVALID', (_, members, member) => {
    const schema = {
      ...keyed('School', { educationOrganizationId: integer() }, { ...subclassOf(organization), ...members }).schema,
    };
    const documents = withMembers({ endpoint: 'schools', schema: JSON.parse(JSON.stringify(schema)) });
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_INVALID']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School', member])).toEqual([]);
  });

  it.each([
    ['without', undefined],
    ['with', organizationId],
  ])('must exist: ABSTRACT_SUPERCLASS_UNKNOWN names both labels, %s rename', (_, rename) => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Nothing', rename));
    const error = failureOf(() => modelOf(withMembers(school, renamed('Agency'))));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_UNKNOWN']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School', 'Ed-Fi:Nothing'])).toEqual([]);
  });

  it.each([
    ['without', undefined],
    ['with', organizationId],
  ])('must be abstract: ABSTRACT_SUPERCLASS_NOT_ABSTRACT names both labels, %s rename', (_, rename) => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Agency', rename));
    const error = failureOf(() => modelOf(withMembers(school, renamed('Agency'))));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_NOT_ABSTRACT']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School', 'Ed-Fi:Agency'])).toEqual([]);
  });

  it.each<[string, build.Json]>([
    ['a missing', undefined as never],
    ['a null', null],
    ['a text', 'object'],
    ['an array', []],
  ])('has subclasses with an object schema: %s jsonSchemaForInsert is ABSTRACT_SCHEMA_MISSING', (_, jsonSchemaForInsert) => {
    const schema = JSON.parse(JSON.stringify({ ...renamed('School').schema, jsonSchemaForInsert }));
    const error = failureOf(() => modelOf(withMembers({ endpoint: 'schools', schema })));
    expect(codesOf(error)).toEqual(['ABSTRACT_SCHEMA_MISSING']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School'])).toEqual([]);
  });

  it.each([
    ['the member', { schoolId: integer(), otherId: integer() }, [organizationId], '2'],
    ['the member without identity', {}, [organizationId], '0'],
    ['the abstract resource', { schoolId: integer() }, [organizationId, '$.secondId'], '2'],
  ])(
    'is renamed one identity path to one: another number on %s is ABSTRACT_RENAME_ARITY with its count',
    (_, properties, paths, count) => {
      const school = keyed('School', properties, subclassOf(organization, organizationId));
      const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(paths) } })];
      const error = failureOf(() => modelOf(documents));
      expect(codesOf(error)).toEqual(['ABSTRACT_RENAME_ARITY']);
      expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School', count])).toEqual([]);
    },
  );

  it.each([
    ['the member', { schoolId: integer(), otherId: integer() }, [organizationId]],
    ['the abstract resource', { schoolId: integer() }, [organizationId, '$.secondId']],
  ])('with a wrong number of paths on %s is reported with both labels', (_, properties, paths) => {
    const school = keyed('School', properties, subclassOf(organization, organizationId));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(paths) } })];
    expect(missingFacts(failureOf(() => modelOf(documents)).diagnostics[0], ['Ed-Fi:School', organization])).toEqual([]);
  });

  it('is renamed by its own path: another one is ABSTRACT_RENAME_MISMATCH with both paths', () => {
    const school = keyed('School', { schoolId: integer() }, subclassOf(organization, '$.organizationId'));
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_RENAME_MISMATCH']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:School', organization, '$.organizationId', organizationId])).toEqual([]);
  });

  it('must be covered by the identity of a member without rename: ABSTRACT_PATH_MISSING', () => {
    const school = resource('School', {
      ...subclassOf(organization),
      identityJsonPaths: ['$.schoolId'],
      jsonSchemaForInsert: object({ schoolId: integer(), educationOrganizationId: integer() }, [
        'schoolId',
        'educationOrganizationId',
      ]),
    });
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_PATH_MISSING']);
    expect(missingFacts(error.diagnostics[0], [organizationId, organization, 'Ed-Fi:School'])).toEqual([]);
  });

  it('must find its path in the root table of a member: ABSTRACT_COLUMN_MISSING', () => {
    const school = resource('School', {
      ...subclassOf(organization, organizationId),
      identityJsonPaths: ['$.codes[*].value'],
      jsonSchemaForInsert: object({ codes: array(object({ value: integer() }, ['value'])) }),
    });
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_MISSING']);
    expect(missingFacts(error.diagnostics[0], ['$.codes[*].value', 'Ed-Fi:School', 'edfi.School'])).toEqual([]);
  });

  it.each([
    ['with [*]', '$.codes[*].value'],
    ['with [*] at the end', '$.codes[*]'],
    ['without a property', '$'],
  ])('must not have an identity path %s: IDENTITY_PATH_IN_ARRAY', (_, path) => {
    const school = keyed('School', { schoolId: integer() }, subclassOf(organization, path));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource([path]) } })];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['IDENTITY_PATH_IN_ARRAY']);
    expect(missingFacts(error.diagnostics[0], [organization, path])).toEqual([]);
  });

  it('must not repeat an identity path: IDENTITY_PATH_DUPLICATE', () => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf(organization));
    const documents = [
      edFi([school], { abstractResources: { EducationOrganization: abstractResource([organizationId, organizationId]) } }),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['IDENTITY_PATH_DUPLICATE']);
    expect(missingFacts(error.diagnostics[0], [organization, organizationId])).toEqual([]);
  });

  it('must not have an identity path outside the JSONPath subset', () => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf(organization));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(['$.a[0]']) } })];
    expect(failureOf(() => modelOf(documents)).code).toBe('JSONPATH_INVALID');
  });

  it('has labels that fit 256 characters: a longer one is ABSTRACT_DISCRIMINATOR_LENGTH with the value', () => {
    const ofLength = (length: number) => `S${'x'.repeat(length - 'Ed-Fi:'.length - 1)}`;
    const member = (length: number) =>
      keyed(ofLength(length), { educationOrganizationId: integer() }, subclassOf(organization));
    expect(armsOf(modelOf(withMembers(member(256))))[0]?.at(-1)).toBe(`'Ed-Fi:${ofLength(256)}'`);
    const error = failureOf(() => modelOf(withMembers(member(257))));
    expect(codesOf(error)).toEqual(['ABSTRACT_DISCRIMINATOR_LENGTH']);
    expect(missingFacts(error.diagnostics[0], [`Ed-Fi:${ofLength(257)}`])).toEqual([]);
  });

  it('must not share its name with a concrete resource: RESOURCE_KEY_DUPLICATE', () => {
    const documents = [edFi([renamed('School'), keyed('EducationOrganization', { id: integer() })], { abstractResources })];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['RESOURCE_KEY_DUPLICATE']);
    expect(missingFacts(error.diagnostics[0], [organization])).toEqual([]);
  });

  it('whose name is concrete, too, is reported with both locations', () => {
    const documents = [edFi([renamed('School'), keyed('EducationOrganization', { id: integer() })], { abstractResources })];
    const places = ['resourceSchemas', 'abstractResources'];
    expect(missingFacts(failureOf(() => modelOf(documents)).diagnostics[0], places)).toEqual([]);
  });

  it('whose name is concrete, too, is found by derivation itself when the set was numbered without it', () => {
    const sound = schemaSet(...withMembers(renamed('School')));
    const [project] = sound.projects;
    const schemas = project!.projectSchema.get('resourceSchemas');
    if (!isJsonObject(schemas)) throw new Error('no resourceSchemas');
    const second = keyed('EducationOrganization', { id: integer() });
    const resourceSchemas = new Map([...schemas, [second.endpoint, toJsonValue(second.schema)]]);
    const broken = {
      info: effectiveSchemaOf('1.0.0', sound.projects).info,
      projects: [{ ...project!, projectSchema: new Map([...project!.projectSchema, ['resourceSchemas', resourceSchemas]]) }],
    };
    const error = failureOf(() => deriveModel(broken, 'pgsql'));
    expect(codesOf(error)).toEqual(['RESOURCE_KEY_DUPLICATE']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: organization,
      locations: ['abstractResources.EducationOrganization', 'resourceSchemas.educationOrganizations'],
    });
    expect(missingFacts(error.diagnostics[0], [organization, 'resourceSchemas', 'abstractResources'])).toEqual([]);
  });

  it('reports the faults of several members together', () => {
    const member = (name: string) => keyed(name, { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Nothing'));
    expect(codesOf(failureOf(() => modelOf(withMembers(member('A'), member('B'), renamed('School')))))).toEqual([
      'ABSTRACT_SUPERCLASS_UNKNOWN',
      'ABSTRACT_SUPERCLASS_UNKNOWN',
    ]);
  });
});

describe('the root column of a member, changed by hand', () => {
  const draft = () => draftBefore(deriveAbstractResources, withMembers(renamed('School')));
  const root = (of: ReturnType<typeof draft>) => draftTable(of, 'Ed-Fi:School', '$');

  it('must be one stored column where several have the path: ABSTRACT_COLUMN_AMBIGUOUS lists them', () => {
    const changed = draft();
    root(changed).addColumn(handMadeColumn('Second', '$.schoolId'));
    const error = failureOf(() => deriveAbstractResources(changed));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_AMBIGUOUS']);
    expect(missingFacts(error.diagnostics[0], ['$.schoolId', 'SchoolId', 'Second', 'Ed-Fi:School'])).toEqual([]);
  });

  it('must not be of different kinds where several have the path, even if they are one stored column', () => {
    const changed = draft();
    const table = root(changed);
    table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId', { kind: 'DescriptorFk' }));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonicalColumn: 'Shared', presenceColumn: null };
    expect(failureOf(() => deriveAbstractResources(changed)).code).toBe('ABSTRACT_COLUMN_AMBIGUOUS');
  });

  it('must not be a gate where several have the path', () => {
    const changed = draft();
    const table = root(changed);
    table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId'));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonicalColumn: 'Shared', presenceColumn: 'Shared' };
    expect(failureOf(() => deriveAbstractResources(changed)).code).toBe('ABSTRACT_COLUMN_AMBIGUOUS');
  });

  it('is the stored column that several with the path share', () => {
    const changed = draft();
    const table = root(changed);
    table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId'));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonicalColumn: 'Shared', presenceColumn: null };
    deriveAbstractResources(changed);
    expect(changed.abstracts.get(organization)?.members[0]?.mappings).toEqual([
      { sourceColumn: 'Shared', targetColumn: 'EducationOrganizationId' },
    ]);
  });

  it('must not be nullable: ABSTRACT_COLUMN_NULLABLE names path, column and member', () => {
    const changed = draft();
    Object.assign(root(changed).columns.get('SchoolId')!, { isNullable: true });
    const error = failureOf(() => deriveAbstractResources(changed));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_NULLABLE']);
    expect(missingFacts(error.diagnostics[0], ['$.schoolId', 'SchoolId', 'Ed-Fi:School'])).toEqual([]);
  });
});

describe('a subclass', () => {
  it('keeps its superclass and rename in the model', () => {
    const model = modelOf(
      withMembers(renamed('School'), keyed('Agency', { educationOrganizationId: integer() }, subclassOf(organization))),
    );
    const superclass = { projectName: 'Ed-Fi', resourceName: 'EducationOrganization' };
    expect(resourceOf(model, 'Ed-Fi:School').superclass).toMatchObject({
      resource: superclass,
      identityJsonPath: { canonical: organizationId },
    });
    expect(resourceOf(model, 'Ed-Fi:Agency').superclass).toEqual({ resource: superclass, identityJsonPath: null });
  });

  it('keeps its own natural key', () => {
    const table = tableOf(modelOf(withMembers(renamed('School'))), 'edfi.School');
    expect(constraintText(table, 'UX_School_NK')).toBe('Unique UX_School_NK (SchoolId)');
  });
});

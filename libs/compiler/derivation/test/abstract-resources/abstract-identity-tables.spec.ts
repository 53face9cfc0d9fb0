import { brokenInvariants, qualified } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  abstractResource,
  build,
  edFi,
  extension,
  fields,
  keyed,
  modelOf,
  plain,
  resourceOf,
  subclassOf,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintLine, constraintLines, typeText } from '../model-text.ts';
import { armsOf, organization, organizationId, renamed, withMembers } from '../organization-members.ts';

const { descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

describe('an abstract resource with renamed identities', () => {
  const model = modelOf(withMembers(renamed('School'), renamed('LocalEducationAgency')));
  const [identity] = model.abstractIdentityTables;

  it('has an identity table of document id, identity and discriminator', () => {
    expect(qualified(identity!.table.table)).toBe('edfi.EducationOrganizationIdentity');
    expect(identity?.table.jsonScope.canonical).toBe('$');
    expect(columnLines(identity!.table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'EducationOrganizationId Scalar Int32 NOT NULL $.educationOrganizationId',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
    expect(identity?.table.key).toEqual({
      constraintName: 'PK_EducationOrganizationIdentity',
      columns: [{ name: 'DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' }],
    });
  });

  it('has a natural key, a reference key and a key to the document, in this order', () => {
    expect(constraintLines(identity!.table)).toEqual([
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
  const member = (name: string, members: build.JsonRecord = {}) =>
    resource(name, {
      ...subclassOf('Ed-Fi:Association'),
      identityJsonPaths: [
        '$.beginDate',
        '$.studentReference.studentUniqueId',
        '$.programReference.programTypeDescriptor',
      ],
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
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'ProgramReferenceProgramTypeDescriptor DescriptorFk Int64 NOT NULL $.programReference.programTypeDescriptor',
      'StudentReferenceStudentUniqueId Scalar String(32) NOT NULL $.studentReference.studentUniqueId',
      'BeginDate Scalar Date NOT NULL $.beginDate',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
  });

  it('has no key to dms.Descriptor, and its view knows the descriptor', () => {
    expect(constraintLines(table).some((text) => text.includes('dms.Descriptor'))).toBe(false);
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
        associationReference: fields({
          programTypeDescriptor: uri(),
          studentUniqueId: string(32),
          beginDate: build.date(),
        }),
      }),
    });
    const [core, other] = documents as [build.JsonRecord, build.JsonRecord];
    const schemas = (core.projectSchema as build.JsonRecord).resourceSchemas as build.JsonRecord;
    const extended = {
      ...core,
      projectSchema: {
        ...(core.projectSchema as build.JsonRecord),
        resourceSchemas: { ...schemas, [visit.endpoint]: visit.schema },
      },
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
      targetColumns: [
        'DocumentId',
        'ProgramReferenceProgramTypeDescriptor',
        'StudentReferenceStudentUniqueId',
        'BeginDate',
      ],
    });
  });

  it.each(dialects)(
    'agrees with its view in names and types, and each arm has one projection per column, in %s',
    (dialect) => {
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
      expect(brokenInvariants(derived)).toEqual([]);
    },
  );
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

  it('take no resource that is not a subclass: an absent isSubclass means false', () => {
    const { isSubclass: _, ...schema } = keyed('Other', { educationOrganizationId: integer() }).schema;
    const other = { endpoint: 'others', schema };
    expect(armsOf(modelOf(withMembers(renamed('School'), other))).map(([from]) => from)).toEqual(['edfi.School']);
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
    expect(constraintLine(table, 'UX_School_NK')).toBe('Unique UX_School_NK (SchoolId)');
  });
});

import { dialects } from '@dms/sql';
import { abstractResource, build, edFi, extension, keyed, rows, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { association, derivedV2, identified, school, toSchool } from '../../test/associations.ts';
import { indexLines, triggerNames, triggerOf } from '../../test/inventory-lookup.ts';
import { modelManifestText } from '../manifest/model-manifest.ts';

const { descriptor, ext, extensionOf, object, string } = build;

const hall = keyed(
  'Hall',
  { hallId: string() },
  {
    arrayUniquenessConstraints: [['$.rooms[*].code'], ['$.rooms[*].seats[*].row']],
    jsonSchemaForInsert: object({ hallId: string(), rooms: rows({ code: string(), seats: rows({ row: string() }) }) }, [
      'hallId',
    ]),
  },
);
const hallExtension = extension([
  extensionOf('Hall', {
    jsonSchemaForInsert: object({
      _ext: ext('sample', object({ motto: string() })),
      rooms: rows({
        _ext: ext('sample', object({ hint: string() })),
        seats: rows({ _ext: ext('sample', object({ note: string() })) }),
      }),
    }),
  }),
]);
const documents = [edFi([hall]), hallExtension];

describe('the triggers that stamp documents (design 15a §3)', () => {
  const { inventory } = derivedV2(documents);
  const root = { schema: 'edfi', name: 'Hall' };
  const tracked = { trackedChangeTable: { schema: 'tracked_changes_edfi', name: 'Hall' } };

  it.each([
    ['edfi.Hall', 'DocumentId', tracked],
    ['edfi.HallRoom', 'Hall_DocumentId', null],
    ['edfi.HallRoomSeat', 'Hall_DocumentId', null],
    ['sample.HallExtension', 'DocumentId', null],
    ['sample.HallExtensionRoom', 'Hall_DocumentId', null],
    ['sample.HallExtensionRoomSeat', 'Hall_DocumentId', null],
  ])('of %s finds the document by %s and stamps the root', (table, keyColumn, changeTracking) => {
    expect(triggerOf(inventory, table, 'DocumentStamping')).toMatchObject({
      name: `TR_${table.split('.')[1]}_Stamp`,
      keyColumns: [keyColumn],
      mirrorStampTargetTable: root,
      changeTracking,
    });
  });

  const shared = (own: typeof inventory) => own.triggers.find(({ name }) => name === 'TR_Descriptor_Stamp_Document');

  it('stand for descriptors once, also where there are none (case 9)', () => {
    const stamp = {
      name: 'TR_Descriptor_Stamp_Document',
      kind: 'DocumentStamping',
      table: { schema: 'dms', name: 'Descriptor' },
      keyColumns: ['DocumentId'],
      identityProjectionColumns: [],
      mirrorStampTargetTable: { schema: 'dms', name: 'Descriptor' },
    };
    expect(shared(inventory)).toEqual({ ...stamp, changeTracking: null });
    expect(inventory.trackedChangeTables.filter(({ kind }) => kind === 'SharedDescriptor')).toEqual([]);
    const { inventory: own } = derivedV2([edFi([descriptor('KindDescriptor'), descriptor('TermDescriptor')])]);
    expect(triggerNames(own)).toEqual(['dms.Descriptor TR_Descriptor_Stamp_Document']);
    expect(shared(own)).toEqual({
      ...stamp,
      changeTracking: { trackedChangeTable: { schema: 'tracked_changes_edfi', name: 'Descriptor' } },
    });
  });

  it('name what they stamp in the manifest, and where changes are tracked only where they are', () => {
    const { model, inventory: own } = derivedV2([edFi([hall])]);
    const fingerprint = { effectiveSchemaHash: 'a'.repeat(64), relationalMappingVersion: 'v2' } as const;
    const { triggers, tracked_change_tables } = JSON.parse(modelManifestText(model, own, fingerprint));
    const of = (name: string) => triggers.find((trigger: { name: string }) => trigger.name === name);
    expect(of('TR_Hall_Stamp')).toMatchObject({
      mirror_stamp_target_table: root,
      change_tracking: { tracked_change_table: tracked.trackedChangeTable },
    });
    expect(of('TR_HallRoom_Stamp')).not.toHaveProperty('change_tracking');
    expect(tracked_change_tables).toHaveLength(1);
  });
});

describe('the elements of identities (design 15a §3)', () => {
  const link = association('Link', {
    values: { '$.code': string() },
    references: { Other: { to: 'Ed-Fi:Item', pairs: { '$.code': '$.otherReference.code' } } },
    identity: ['$.otherReference.code', '$.code'],
    members: { equalityConstraints: [{ sourceJsonPath: '$.code', targetJsonPath: '$.otherReference.code' }] },
  });
  /** Refers to a link, and repeats its two paths with one value in one field. */
  const user = build.resource('User', {
    ...subclassOf('Ed-Fi:Party'),
    identityJsonPaths: ['$.linkReference.code'],
    documentPathsMapping: {
      Link: build.reference('Ed-Fi:Link', [
        ['$.otherReference.code', '$.linkReference.code'],
        ['$.code', '$.linkReference.code'],
      ]),
    },
    jsonSchemaForInsert: object({ linkReference: object({ code: string() }, ['code']) }, ['linkReference']),
  });
  const set = [
    edFi([identified('Item', 'code'), link, user], {
      abstractResources: { Party: abstractResource(['$.linkReference.code']) },
    }),
  ];

  it('have the column of the part that is named like its path, as it is', () => {
    const { model, inventory } = derivedV2(set);
    const columns = model.resources
      .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
      .find(({ table }) => table.name === 'User')?.columns;
    expect(
      columns
        ?.filter(({ sourcePath }) => sourcePath?.canonical === '$.linkReference.code')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Link_Code', 'Link_OtherReferenceCode']);
    const elements = triggerOf(inventory, 'edfi.User', 'ReferentialIdentityMaintenance').identityElements;
    expect(elements.map(({ column }) => column)).toEqual(['Link_Code']);
    const { targetColumnMappings } = triggerOf(inventory, 'edfi.User', 'AbstractIdentityMaintenance');
    expect(targetColumnMappings).toEqual([{ sourceColumn: 'Link_Code', targetColumn: 'Link_Code' }]);
  });

  it('say which are descriptors', () => {
    const term = association('Term', {
      values: { '$.code': string() },
      descriptors: { Kind: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor'] },
      identity: ['$.code', '$.kindDescriptor'],
    });
    const { model, inventory } = derivedV2([edFi([descriptor('KindDescriptor'), term])]);
    const fingerprint = { effectiveSchemaHash: 'a'.repeat(64), relationalMappingVersion: 'v2' } as const;
    const { triggers } = JSON.parse(modelManifestText(model, inventory, fingerprint));
    const { identity_elements } = triggers.find(({ name }: { name: string }) => name === 'TR_Term_ReferentialIdentity');
    expect(
      identity_elements.map((element: Record<string, unknown>) => [element.column, element.is_descriptor_reference]),
    ).toEqual([
      ['Code', undefined],
      ['KindDescriptor_DescriptorId', true],
    ]);
  });

  it('have no triggers that move identities', () => {
    for (const dialect of dialects) {
      const { inventory } = derivedV2(set, { dialect });
      expect(inventory.triggers.map(({ kind }) => kind)).not.toContain('IdentityPropagationFallback');
    }
  });
});

describe('the indexes of tables (design 15 §10)', () => {
  it('cover keys to parents by those of siblings, and give nested tables an index of their own', () => {
    const { inventory } = derivedV2(documents, { dialect: 'mssql' });
    expect(indexLines(inventory, 'edfi.Hall')).toEqual([
      'Explicit IX_Hall_ContentVersion (ContentVersion)',
      'PrimaryKey PK_Hall (DocumentId)',
      'UniqueConstraint UX_Hall_NK (HallId)',
    ]);
    expect(indexLines(inventory, 'edfi.HallRoom')).toEqual([
      'PrimaryKey PK_HallRoom (CollectionItemId)',
      'UniqueConstraint UX_HallRoom_Code_Hall_DocumentId (Hall_DocumentId, Code)',
      'UniqueConstraint UX_HallRoom_CollectionItemId_Hall_DocumentId (CollectionItemId, Hall_DocumentId)',
      'UniqueConstraint UX_HallRoom_Ordinal_Hall_DocumentId (Hall_DocumentId, Ordinal)',
    ]);
    expect(indexLines(inventory, 'edfi.HallRoomSeat')).toContain(
      'ForeignKeySupport IX_HallRoomSeat_ParentCollectionItemId_Hall_DocumentId (ParentCollectionItemId, Hall_DocumentId)',
    );
    expect(indexLines(inventory, 'sample.HallExtensionRoom')).toEqual([
      'ForeignKeySupport IX_HallExtensionRoom_BaseCollectionItemId_Hall_DocumentId (BaseCollectionItemId, Hall_DocumentId)',
      'PrimaryKey PK_HallExtensionRoom (BaseCollectionItemId)',
    ]);
  });

  it('need none for a companion that tables below refer to', () => {
    const withKeys = extension([
      extensionOf('Hall', {
        jsonSchemaForInsert: object({
          rooms: rows({ _ext: ext('sample', object({ keys: rows({ code: string() }) })) }),
        }),
      }),
    ]);
    const { inventory } = derivedV2([edFi([hall]), withKeys], { dialect: 'mssql' });
    expect(indexLines(inventory, 'sample.HallExtensionRoom')).toEqual([
      'PrimaryKey PK_HallExtensionRoom (BaseCollectionItemId)',
      'UniqueConstraint UX_HallExtensionRoom_BaseCollectionItemId_Hall_DocumentId (BaseCollectionItemId, Hall_DocumentId)',
    ]);
  });

  it('of references begin with the identity and end with the document', () => {
    const visit = association('Visit', {
      values: { '$.visitId': string() },
      references: { School: toSchool() },
      identity: ['$.visitId'],
    });
    const { inventory } = derivedV2([edFi([school, visit])]);
    expect(indexLines(inventory, 'edfi.Visit')).toContain(
      'ForeignKeySupport IX_Visit_School_SchoolId_School_DocumentId (School_SchoolId, School_DocumentId)',
    );
    expect(indexLines(inventory, 'edfi.School')).toContain('UniqueConstraint UX_School_RefKey (SchoolId, DocumentId)');
  });

  it('of descriptors are two of their shared table, where there is one (case 9)', () => {
    const { inventory } = derivedV2([edFi([descriptor('KindDescriptor'), descriptor('TermDescriptor')])]);
    expect(indexLines(inventory, 'dms.Descriptor')).toEqual([
      'Explicit IX_Descriptor_Discriminator_ContentVersion (Discriminator, ContentVersion)',
      'Explicit IX_Descriptor_ResourceKeyId_ContentVersion_DocumentId (ResourceKeyId, ContentVersion, DocumentId)',
    ]);
    expect(indexLines(derivedV2(documents).inventory, 'dms.Descriptor')).toEqual([]);
  });
});

describe('the views of schema auth (design 15a §5)', () => {
  const organizationId = '$.educationOrganizationReference.educationOrganizationId';
  const toOrganization = { to: 'Ed-Fi:EducationOrganization', pairs: { '$.educationOrganizationId': organizationId } };
  const person = (name: string) => {
    const id = `${name.toLowerCase()}UniqueId`;
    return { to: `Ed-Fi:${name}`, pairs: { [`$.${id}`]: `$.${name.toLowerCase()}Reference.${id}` } };
  };
  const academy = build.resource('School', {
    ...subclassOf('Ed-Fi:EducationOrganization', '$.educationOrganizationId'),
    identityJsonPaths: ['$.schoolId'],
    jsonSchemaForInsert: object({ schoolId: build.integer() }, ['schoolId']),
  });
  const ofOrganization = (name: string, who: string, isIdentified = true) => {
    const personId = `$.${who.toLowerCase()}Reference.${who.toLowerCase()}UniqueId`;
    return association(name, {
      values: { '$.beginDate': build.date(), [organizationId]: build.integer() },
      references: { EducationOrganization: toOrganization, [who]: person(who) },
      identity: ['$.beginDate', organizationId, ...(isIdentified ? [personId] : [])],
    });
  };
  const studentSchool = association('StudentSchoolAssociation', {
    values: { '$.schoolReference.schoolId': build.integer(), '$.nextReference.schoolId': build.integer() },
    references: {
      School: { to: 'Ed-Fi:School', pairs: { '$.schoolId': '$.schoolReference.schoolId' } },
      Next: { to: 'Ed-Fi:School', pairs: { '$.schoolId': '$.nextReference.schoolId' }, isOptional: true },
      Student: person('Student'),
    },
    identity: ['$.schoolReference.schoolId', '$.studentReference.studentUniqueId'],
    members: {
      equalityConstraints: [
        { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.nextReference.schoolId' },
      ],
    },
  });
  const studentContact = association('StudentContactAssociation', {
    references: { Student: person('Student'), Contact: person('Contact') },
    identity: ['$.studentReference.studentUniqueId', '$.contactReference.contactUniqueId'],
  });
  const people = ['Student', 'Contact', 'Staff'].map((name) => identified(name, `${name.toLowerCase()}UniqueId`));
  const associations = [
    studentSchool,
    studentContact,
    ofOrganization('StaffEducationOrganizationAssignmentAssociation', 'Staff'),
    ofOrganization('StaffEducationOrganizationEmploymentAssociation', 'Staff'),
    ofOrganization('StudentEducationOrganizationResponsibilityAssociation', 'Student'),
  ];
  const abstractResources = { EducationOrganization: abstractResource(['$.educationOrganizationId']) };
  const viewsOf = (resources: readonly build.BuiltResource[], endpoint = 'ed-fi') =>
    derivedV2([edFi([academy, ...people, ...resources], { abstractResources, endpoint })], { strict: true }).inventory
      .authViews;

  it('are four, and four that include what was deleted, where the core has all five associations', () => {
    expect(
      viewsOf(associations).map(({ view, includesDeletes, armsSetOperator, arms }) => [
        view.name,
        includesDeletes,
        armsSetOperator,
        arms.length,
      ]),
    ).toEqual([
      ['EducationOrganizationIdToContactDocumentId', false, 'NONE', 1],
      ['EducationOrganizationIdToStaffDocumentId', false, 'UNION_ALL', 2],
      ['EducationOrganizationIdToStudentDocumentId', false, 'NONE', 1],
      ['EducationOrganizationIdToStudentDocumentIdThroughResponsibility', false, 'NONE', 1],
      ['EducationOrganizationIdToContactDocumentIdIncludingDeletes', true, 'UNION', 4],
      ['EducationOrganizationIdToStaffDocumentIdIncludingDeletes', true, 'UNION', 3],
      ['EducationOrganizationIdToStudentDocumentIdDeletedResponsibility', true, 'UNION', 2],
      ['EducationOrganizationIdToStudentDocumentIdIncludingDeletes', true, 'UNION', 2],
    ]);
  });

  it.each(associations.map(({ schema }) => String(schema.resourceName)))('are none without %s', (name) => {
    expect(viewsOf(associations.filter(({ schema }) => schema.resourceName !== name))).toEqual([]);
  });

  it('are those without deletes alone where changes are not tracked in schema tracked_changes_edfi', () => {
    expect(viewsOf(associations, 'edfi-core').map(({ includesDeletes }) => includesDeletes)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('read the people of associations whose identity contains them, also where the schema does not secure them', () => {
    const { inventory } = derivedV2([edFi([academy, ...people, ...associations], { abstractResources })], {
      strict: true,
    });
    const tracked = inventory.trackedChangeTables.flatMap(({ table, valueColumns, personJoins }) =>
      valueColumns
        .filter(({ role }) => role === 'PersonDocumentId')
        .map(({ oldColumn, origins, personJoinName }) =>
          [table.name, oldColumn, origins, personJoinName, personJoins.map(({ name }) => name)].join(' '),
        ),
    );
    expect(tracked).toEqual([
      'StaffEducationOrganizationAssignmentAssociation OldStaff_DocumentId Identity Staff Staff',
      'StaffEducationOrganizationEmploymentAssociation OldStaff_DocumentId Identity Staff Staff',
      'StudentContactAssociation OldStudent_DocumentId Identity Student Contact,Student',
      'StudentContactAssociation OldContact_DocumentId Identity Contact Contact,Student',
      'StudentEducationOrganizationResponsibilityAssociation OldStudent_DocumentId Identity Student Student',
      'StudentSchoolAssociation OldStudent_DocumentId Identity Student Student',
    ]);
    // without all associations there are no views that read the people
    const others = derivedV2([edFi([academy, ...people, ...associations.slice(1)], { abstractResources })]).inventory;
    const roles = others.trackedChangeTables.flatMap(({ valueColumns }) => valueColumns.map(({ role }) => role));
    expect(roles).not.toContain('PersonDocumentId');
  });

  it('go without what changes of an association do not record', () => {
    const unidentified = ofOrganization('StaffEducationOrganizationAssignmentAssociation', 'Staff', false);
    const views = viewsOf(associations.map((each) => (each === associations[2] ? unidentified : each)));
    const aliases = (name: string) =>
      views
        .find(({ view }) => view.name === name)
        ?.arms.map(({ source, joins }) => joins.at(-1)?.alias ?? source.alias);
    expect(aliases('EducationOrganizationIdToStaffDocumentId')).toEqual(['seoaa', 'seoea']);
    expect(aliases('EducationOrganizationIdToStaffDocumentIdIncludingDeletes')).toEqual(['edOrgToStaff', 'seoea_tc']);
    const none = ofOrganization('StudentEducationOrganizationResponsibilityAssociation', 'Student', false);
    const last = viewsOf(associations.map((each) => (each === associations[4] ? none : each))).find(({ view }) =>
      view.name.endsWith('DeletedResponsibility'),
    );
    expect([last?.armsSetOperator, last?.arms.length]).toEqual(['NONE', 1]);
  });

  it('stand in the manifest with the table of the hierarchy, which is there where it has entities', () => {
    const fingerprint = { effectiveSchemaHash: 'a'.repeat(64), relationalMappingVersion: 'v2' } as const;
    const authObjects = (resources: readonly build.BuiltResource[]) => {
      const { model, inventory } = derivedV2([edFi(resources, { abstractResources })]);
      return JSON.parse(modelManifestText(model, inventory, fingerprint)).auth_objects;
    };
    const table = {
      table: { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' },
      columns: [
        { name: 'SourceEducationOrganizationId', type: 'bigint', is_nullable: false },
        { name: 'TargetEducationOrganizationId', type: 'bigint', is_nullable: false },
      ],
      primary_key: {
        name: 'PK_EducationOrganizationIdToEducationOrganizationId',
        columns: ['SourceEducationOrganizationId', 'TargetEducationOrganizationId'],
      },
    };
    expect(authObjects([academy])).toEqual({ table });
    expect(Object.keys(authObjects([academy, ...people, ...associations]))).toEqual([
      'table',
      'views',
      'read_changes_views',
    ]);
    const { model, inventory } = derivedV2([edFi([school])]);
    expect(JSON.parse(modelManifestText(model, inventory, fingerprint))).not.toHaveProperty('auth_objects');
  });
});

import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { DraftResource } from '../draft/model-draft.ts';
import {
  columnLines,
  columnNames,
  deriveFrom,
  draftBefore,
  expectFaults,
  expectRejected,
  resourceModel,
  table,
} from '../spec-support.ts';
import { bindReferences } from './bind-references.ts';

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: build.object({ schoolId: build.integer() }, ['schoolId']),
});

const edFi = (...resources: build.BuiltResource[]) => build.project('Ed-Fi', [school, ...resources]);
const sample = (...resources: build.BuiltResource[]) => build.project('Sample', resources, { isExtension: true });

const toSchool = (objectPath: string, isRequired?: boolean) =>
  build.reference('Ed-Fi:School', [['$.schoolId', `${objectPath}.schoolId`]], isRequired);

const schoolReference = build.object({ schoolId: build.integer() }, ['schoolId']);

const thing = (documentPathsMapping: build.JsonRecord, properties: build.JsonRecord, required: readonly string[] = []) =>
  build.resource('Thing', { documentPathsMapping, jsonSchemaForInsert: build.object(properties, required) });

const columns = (model: ReturnType<typeof deriveFrom>, name: string) => columnLines(table(model, name));

describe('a document reference', () => {
  it('has a key column and the identity columns of the target, named after the mapping key', () => {
    const model = deriveFrom(edFi(thing({ 'campus-School': toSchool('$.schoolReference') }, { schoolReference })));
    expect(columns(model, 'edfi.Thing')).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'CampusSchool_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
      'CampusSchool_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
    ]);
    expect(table(model, 'edfi.Thing').columns[1]?.targetResource).toEqual({ projectName: 'Ed-Fi', resourceName: 'School' });
  });

  it('belongs to the table of the collection item that holds it, also inside an inlined object of the item', () => {
    const model = deriveFrom(
      edFi(
        thing(
          { School: toSchool('$.rows[*].schoolReference'), Home: toSchool('$.rows[*].place.homeReference') },
          { rows: build.array(build.object({ schoolReference, place: build.object({ homeReference: schoolReference }) })) },
        ),
      ),
    );
    expect(columnNames(table(model, 'edfi.ThingRow'))).toEqual([
      'Thing_DocumentId',
      'Ordinal',
      'Home_DocumentId',
      'Home_SchoolId',
      'School_DocumentId',
      'School_SchoolId',
    ]);
    expect(columnNames(table(model, 'edfi.Thing'))).toEqual(['DocumentId']);
    const tablesOfBindings = resourceModel(model, 'Ed-Fi:Thing').documentReferenceBindings.map((binding) => binding.table.name);
    expect(tablesOfBindings).toEqual(['ThingRow', 'ThingRow']);
  });

  it('belongs to the innermost of nested collections, by whole segments', () => {
    const inner = build.array(build.object({ schoolReference }));
    const model = deriveFrom(
      edFi(
        thing(
          { School: toSchool('$.rows[*].cells[*].schoolReference'), Other: toSchool('$.rowsOther.schoolReference') },
          { rows: build.array(build.object({ cells: inner })), rowsOther: build.object({ schoolReference }) },
        ),
      ),
    );
    expect(columnNames(table(model, 'edfi.ThingRowCell')).slice(3)).toEqual(['School_DocumentId', 'School_SchoolId']);
    expect(columnNames(table(model, 'edfi.ThingRow'))).toEqual(['Thing_DocumentId', 'Ordinal']);
    expect(columnNames(table(model, 'edfi.Thing'))).toEqual(['DocumentId', 'Other_DocumentId', 'Other_SchoolId']);
  });

  it('that is not required has nullable columns in the child table, although every row has one', () => {
    const rows = build.array(build.object({ schoolReference }, ['schoolReference']));
    const model = deriveFrom(edFi(thing({ School: toSchool('$.rows[*].schoolReference', false) }, { rows }, ['rows'])));
    expect(columns(model, 'edfi.ThingRow').slice(2)).toEqual([
      'School_DocumentId DocumentFk Int64 NULL $.rows[*].schoolReference',
      'School_SchoolId Scalar Int32 NULL $.rows[*].schoolReference.schoolId',
    ]);
  });

  it('that is required has NOT NULL columns, although it sits in an optional object', () => {
    const home = build.object({ schoolReference: build.object({ schoolId: build.integer() }) });
    const model = deriveFrom(edFi(thing({ School: toSchool('$.home.schoolReference') }, { home })));
    expect(columns(model, 'edfi.Thing').slice(1)).toEqual([
      'School_DocumentId DocumentFk Int64 NOT NULL $.home.schoolReference',
      'School_SchoolId Scalar Int32 NOT NULL $.home.schoolReference.schoolId',
    ]);
  });

  it('under _ext belongs to the extension table, and is bound on the base resource', () => {
    const base = build.resource('Base', { jsonSchemaForInsert: build.object({}) });
    const extension = build.extensionOf('Base', {
      documentPathsMapping: { School: toSchool('$._ext.sample.schoolReference', false) },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ schoolReference })) }),
    });
    const model = deriveFrom(edFi(base), sample(extension));
    expect(columnNames(table(model, 'sample.BaseExtension'))).toEqual(['DocumentId', 'School_DocumentId', 'School_SchoolId']);
    expect(columnNames(table(model, 'edfi.Base'))).toEqual(['DocumentId']);
    expect(resourceModel(model, 'Ed-Fi:Base').documentReferenceBindings).toMatchObject([
      { table: { schema: 'sample', name: 'BaseExtension' }, fkColumn: 'School_DocumentId' },
    ]);
  });

  it('under _ext must have an extension table', () => {
    const broken = thing(
      { School: toSchool('$._ext.sample.schoolReference', false) },
      { _ext: build.ext('sample', build.object({ schoolReference })) },
    );
    expectRejected([edFi(broken), sample()], {
      code: 'REFERENCE_EXTENSION_SCOPE_MISSING',
      resource: 'Ed-Fi:Thing',
      names: ['$._ext.sample.schoolReference', '$'],
    });
  });

  it('must lie in some table', () => {
    // every path lies in the root table, so the root is taken away
    const rows = build.array(build.object({}));
    const draft = draftBefore(
      bindReferences,
      edFi(thing({ School: toSchool('$.schoolReference') }, { schoolReference, rows })),
    );
    const { input, resourceKey, tables } = draft.resources.get('Ed-Fi:Thing') as DraftResource;
    const rootless = new DraftResource(input, resourceKey);
    for (const child of tables.slice(1)) rootless.addTable(child);
    draft.resources.set('Ed-Fi:Thing', rootless);
    expectFaults(() => bindReferences(draft), {
      code: 'REFERENCE_SCOPE_NOT_FOUND',
      resource: 'Ed-Fi:Thing',
      names: ['$.schoolReference', '$.rows[*]'],
    });
  });

  it('must be the only one of its object', () => {
    expectRejected(
      [edFi(thing({ One: toSchool('$.schoolReference'), Two: toSchool('$.schoolReference') }, { schoolReference }))],
      {
        code: 'REFERENCE_OBJECT_DUPLICATE',
        resource: 'Ed-Fi:Thing',
        names: ['$.schoolReference'],
      },
    );
  });

  it('must not be repeated by a resource extension', () => {
    const extension = build.extensionOf('Thing', {
      documentPathsMapping: { Again: toSchool('$.schoolReference') },
      jsonSchemaForInsert: build.object({ schoolReference, _ext: build.ext('sample', build.object({})) }),
    });
    expectRejected([edFi(thing({ School: toSchool('$.schoolReference') }, { schoolReference })), sample(extension)], {
      code: 'REFERENCE_OBJECT_DUPLICATE',
      resource: 'Sample:Thing',
      names: ['$.schoolReference'],
    });
  });

  it('that takes a column name already used is reported', () => {
    const rows = build.array(build.object({ thingReference: schoolReference }));
    expectRejected([edFi(thing({ Thing: toSchool('$.rows[*].thingReference') }, { rows }))], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Thing',
      names: ['edfi.ThingRow', 'Thing_DocumentId', '$.rows[*].thingReference', '$.rows[*]'],
    });
  });

  it('gets another column name by an override on its object path', () => {
    const rows = build.array(build.object({ thingReference: schoolReference }));
    const model = deriveFrom(
      edFi(
        build.resource('Thing', {
          documentPathsMapping: { Thing: toSchool('$.rows[*].thingReference') },
          jsonSchemaForInsert: build.object({ rows }),
          relational: { nameOverrides: { '$.rows[*].thingReference': 'Other' } },
        }),
      ),
    );
    expect(columnNames(table(model, 'edfi.ThingRow'))).toEqual([
      'Thing_DocumentId',
      'Ordinal',
      'Other_DocumentId',
      'Other_SchoolId',
    ]);
  });
});

describe('the identity columns of a reference', () => {
  const session = build.resource('Session', {
    identityJsonPaths: ['$.schoolReference.schoolId', '$.schoolYear', '$.sessionName'],
    documentPathsMapping: { School: toSchool('$.schoolReference') },
    jsonSchemaForInsert: build.object({ schoolReference, schoolYear: build.integer(), sessionName: build.string(60) }, [
      'schoolReference',
      'schoolYear',
      'sessionName',
    ]),
  });

  const courseOffering = build.resource('CourseOffering', {
    identityJsonPaths: [
      '$.localCourseCode',
      '$.schoolReference.schoolId',
      '$.sessionReference.schoolId',
      '$.sessionReference.schoolYear',
      '$.sessionReference.sessionName',
    ],
    documentPathsMapping: {
      School: toSchool('$.schoolReference'),
      Session: build.reference('Ed-Fi:Session', [
        ['$.schoolReference.schoolId', '$.sessionReference.schoolId'],
        ['$.schoolYear', '$.sessionReference.schoolYear'],
        ['$.sessionName', '$.sessionReference.sessionName'],
      ]),
    },
    equalityConstraints: [{ sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' }],
    jsonSchemaForInsert: build.object(
      {
        localCourseCode: build.string(60),
        schoolReference,
        sessionReference: build.object(
          { schoolId: build.integer(), schoolYear: build.integer(), sessionName: build.string(60) },
          ['schoolId', 'schoolYear', 'sessionName'],
        ),
      },
      ['localCourseCode', 'schoolReference', 'sessionReference'],
    ),
  });

  const section = thing(
    {
      CourseOffering: build.reference('Ed-Fi:CourseOffering', [
        ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
        ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
        ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
        ['$.sessionReference.schoolYear', '$.courseOfferingReference.schoolYear'],
        ['$.sessionReference.sessionName', '$.courseOfferingReference.sessionName'],
      ]),
    },
    {
      courseOfferingReference: build.object({
        localCourseCode: build.string(60),
        schoolId: build.integer(),
        schoolYear: build.integer(),
        sessionName: build.string(60),
      }),
    },
  );

  it('are named by the fields of the reference, and by the identity paths where one field stands for several', () => {
    const model = deriveFrom(edFi(session, courseOffering, section));
    const named = table(model, 'edfi.Thing').columns.flatMap(({ name, kind, sourcePath }) =>
      sourcePath ? [`${name} ${kind} ${sourcePath.canonical}`] : [],
    );
    expect(named).toEqual([
      'CourseOffering_DocumentId DocumentFk $.courseOfferingReference',
      'CourseOffering_LocalCourseCode Scalar $.courseOfferingReference.localCourseCode',
      'CourseOffering_SchoolReferenceSchoolId Scalar $.courseOfferingReference.schoolId',
      'CourseOffering_SessionReferenceSchoolId Scalar $.courseOfferingReference.schoolId',
      'CourseOffering_SchoolYear Scalar $.courseOfferingReference.schoolYear',
      'CourseOffering_SessionName Scalar $.courseOfferingReference.sessionName',
    ]);
  });

  it("are named by the referring side's field where it stands for one path only", () => {
    const classPeriod = build.resource('ClassPeriod', {
      identityJsonPaths: ['$.classPeriodName', '$.schoolReference.schoolId'],
      documentPathsMapping: { School: toSchool('$.schoolReference') },
      jsonSchemaForInsert: build.object({ classPeriodName: build.string(60), schoolReference }, [
        'classPeriodName',
        'schoolReference',
      ]),
    });
    const bellSchedule = build.resource('BellSchedule', {
      documentPathsMapping: {
        ClassPeriod: build.reference(
          'Ed-Fi:ClassPeriod',
          [
            ['$.classPeriodName', '$.classPeriods[*].classPeriodReference.classPeriodName'],
            ['$.schoolReference.schoolId', '$.classPeriods[*].classPeriodReference.schoolId'],
          ],
          false,
        ),
      },
      jsonSchemaForInsert: build.object({
        classPeriods: build.array(
          build.object({
            classPeriodReference: build.object({ classPeriodName: build.string(60), schoolId: build.integer() }),
          }),
        ),
      }),
    });
    const model = deriveFrom(edFi(classPeriod, bellSchedule));
    expect(columnNames(table(model, 'edfi.BellScheduleClassPeriod'))).toEqual([
      'BellSchedule_DocumentId',
      'Ordinal',
      'ClassPeriod_DocumentId',
      'ClassPeriod_ClassPeriodName',
      'ClassPeriod_SchoolId',
    ]);
  });

  it('take their type from the referring schema', () => {
    const named = build.resource('Named', {
      identityJsonPaths: ['$.name'],
      jsonSchemaForInsert: build.object({ name: build.string(20) }, ['name']),
    });
    const model = deriveFrom(
      edFi(
        named,
        thing(
          { Named: build.reference('Ed-Fi:Named', [['$.name', '$.namedReference.name']]) },
          {
            namedReference: build.object({ name: build.string(75) }),
          },
        ),
      ),
    );
    expect(columns(model, 'edfi.Thing')[2]).toBe('Named_Name Scalar String(75) NOT NULL $.namedReference.name');
  });

  it('that are numbers without decimal info are (18, 4), recorded on the resource, in an extension table too', () => {
    const priced = build.resource('Priced', {
      identityJsonPaths: ['$.price'],
      decimalPropertyValidationInfos: [{ path: '$.price', totalDigits: 18, decimalPlaces: 4 }],
      jsonSchemaForInsert: build.object({ price: build.number() }, ['price']),
    });
    const pricedReference = build.object({ price: build.number() });
    const toPriced = (path: string) => build.reference('Ed-Fi:Priced', [['$.price', `${path}.price`]], false);
    const extension = build.extensionOf('Thing', {
      documentPathsMapping: { Extra: toPriced('$._ext.sample.pricedReference') },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ pricedReference })) }),
    });
    const model = deriveFrom(
      edFi(priced, thing({ Priced: toPriced('$.pricedReference') }, { pricedReference })),
      sample(extension),
    );
    expect(columns(model, 'edfi.Thing')[2]).toBe('Priced_Price Scalar Decimal(18,4) NULL $.pricedReference.price');
    expect(columns(model, 'sample.ThingExtension')[2]).toBe(
      'Extra_Price Scalar Decimal(18,4) NULL $._ext.sample.pricedReference.price',
    );
    expect(
      resourceModel(model, 'Ed-Fi:Thing').decimalPrecisionFallbacks.map(({ sourcePath, reason }) => [
        sourcePath.canonical,
        reason,
      ]),
    ).toEqual([
      ['$._ext.sample.pricedReference.price', 'missing'],
      ['$.pricedReference.price', 'missing'],
    ]);
  });

  it('must be found in the referring schema', () => {
    expectRejected(
      [edFi(thing({ School: toSchool('$.schoolReference') }, { schoolReference: build.object({ id: build.integer() }) }))],
      {
        code: 'REFERENCE_PATH_NOT_IN_SCHEMA',
        resource: 'Ed-Fi:Thing',
        names: ['$.schoolReference.schoolId'],
      },
    );
  });

  it.each([
    ['an object', build.object({})],
    ['an array', build.array(build.object({}))],
  ])('must be scalars there, not %s', (_, schema) => {
    expectRejected(
      [edFi(thing({ School: toSchool('$.schoolReference') }, { schoolReference: build.object({ schoolId: schema }) }))],
      {
        code: 'REFERENCE_PATH_NOT_SCALAR',
        resource: 'Ed-Fi:Thing',
        names: ['$.schoolReference.schoolId'],
      },
    );
  });

  it('have the types of scalars: a text needs its maxLength', () => {
    expectRejected(
      [
        edFi(
          thing({ School: toSchool('$.schoolReference') }, { schoolReference: build.object({ schoolId: { type: 'string' } }) }),
        ),
      ],
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Ed-Fi:Thing', names: ['$.schoolReference.schoolId'] },
    );
  });

  it('must be known descriptors where the target path ends with "Descriptor"', () => {
    const target = build.resource('Target', {
      identityJsonPaths: ['$.kindDescriptor'],
      jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }, ['kindDescriptor']),
    });
    const referrer = thing(
      { Target: build.reference('Ed-Fi:Target', [['$.kindDescriptor', '$.targetReference.kind']]) },
      {
        targetReference: build.object({ kind: build.uri() }),
      },
    );
    expectRejected([edFi(target, referrer)], {
      code: 'DESCRIPTOR_IDENTITY_UNRESOLVED',
      resource: 'Ed-Fi:Thing',
      names: ['$.kindDescriptor', 'Ed-Fi:Target'],
    });
  });

  it('that are descriptors are edge sources, of the identity when their path is', () => {
    const kind = build.resource('Kind', {
      identityJsonPaths: ['$.kindDescriptor'],
      documentPathsMapping: { K: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }, ['kindDescriptor']),
    });
    const toKind = (path: string, isRequired?: boolean) =>
      build.reference('Ed-Fi:Kind', [['$.kindDescriptor', `${path}.kind`]], isRequired);
    const kindReference = build.object({ kind: build.uri() }, ['kind']);
    const referrer = build.resource('Thing', {
      identityJsonPaths: ['$.kindReference.kind'],
      documentPathsMapping: { Kind: toKind('$.kindReference'), Other: toKind('$.otherReference', false) },
      jsonSchemaForInsert: build.object({ kindReference, otherReference: kindReference }, ['kindReference']),
    });
    const model = deriveFrom(edFi(build.descriptor('KindDescriptor'), kind, referrer));
    expect(columns(model, 'edfi.Thing').slice(1)).toEqual([
      'Kind_DocumentId DocumentFk Int64 NOT NULL $.kindReference',
      'Kind_Kind_DescriptorId DescriptorFk Int64 NOT NULL $.kindReference.kind',
      'Other_DocumentId DocumentFk Int64 NULL $.otherReference',
      'Other_Kind_DescriptorId DescriptorFk Int64 NULL $.otherReference.kind',
    ]);
    expect(
      resourceModel(model, 'Ed-Fi:Thing').descriptorEdgeSources.map(
        ({ isIdentityComponent, fkColumn, descriptorValuePath }) => [
          isIdentityComponent,
          fkColumn,
          descriptorValuePath.canonical,
        ],
      ),
    ).toEqual([
      [true, 'Kind_Kind_DescriptorId', '$.kindReference.kind'],
      [false, 'Other_Kind_DescriptorId', '$.otherReference.kind'],
    ]);
  });
});

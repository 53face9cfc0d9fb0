import { mappingVersions } from '@dms/api-schema';
import {
  build,
  columnNames,
  expectDiagnostics,
  expectRejected,
  extension,
  modelOf,
  modelV2,
  resourceOf,
  tableOf,
  withSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { courseOffering, offered, schoolReference, session, toSchool } from '../../test/course-offering.ts';
import { draftBefore } from '../../test/drafts.ts';
import { columnLines } from '../../test/model-text.ts';
import { DraftResource } from '../draft/model-draft.ts';
import { bindReferences } from './bind-references.ts';

const thing = (
  documentPathsMapping: build.JsonRecord,
  properties: build.JsonRecord,
  required: readonly string[] = [],
) => build.resource('Thing', { documentPathsMapping, jsonSchemaForInsert: build.object(properties, required) });

const columns = (model: ReturnType<typeof modelOf>, name: string) => columnLines(tableOf(model, name));

describe('a document reference', () => {
  it('has a key column and the identity columns of the target, named after the mapping key', () => {
    const model = modelOf([withSchool(thing({ 'campus-School': toSchool('$.schoolReference') }, { schoolReference }))]);
    expect(columns(model, 'edfi.Thing')).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'CampusSchool_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
      'CampusSchool_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
    ]);
    expect(tableOf(model, 'edfi.Thing').columns[1]?.targetResource).toEqual({
      projectName: 'Ed-Fi',
      resourceName: 'School',
    });
  });

  it('belongs to the table of the collection item that holds it, also inside an inlined object of the item', () => {
    const model = modelOf([
      withSchool(
        thing(
          { School: toSchool('$.rows[*].schoolReference'), Home: toSchool('$.rows[*].place.homeReference') },
          {
            rows: build.array(
              build.object({ schoolReference, place: build.object({ homeReference: schoolReference }) }),
            ),
          },
        ),
      ),
    ]);
    expect(columnNames(tableOf(model, 'edfi.ThingRow'))).toEqual([
      'Thing_DocumentId',
      'Ordinal',
      'Home_DocumentId',
      'Home_SchoolId',
      'School_DocumentId',
      'School_SchoolId',
    ]);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId']);
    const tablesOfBindings = resourceOf(model, 'Ed-Fi:Thing').documentReferenceBindings.map(
      (binding) => binding.table.name,
    );
    expect(tablesOfBindings).toEqual(['ThingRow', 'ThingRow']);
  });

  it('belongs to the innermost of nested collections, by whole segments', () => {
    const inner = build.array(build.object({ schoolReference }));
    const model = modelOf([
      withSchool(
        thing(
          { School: toSchool('$.rows[*].cells[*].schoolReference'), Other: toSchool('$.rowsOther.schoolReference') },
          { rows: build.array(build.object({ cells: inner })), rowsOther: build.object({ schoolReference }) },
        ),
      ),
    ]);
    expect(columnNames(tableOf(model, 'edfi.ThingRowCell')).slice(3)).toEqual(['School_DocumentId', 'School_SchoolId']);
    expect(columnNames(tableOf(model, 'edfi.ThingRow'))).toEqual(['Thing_DocumentId', 'Ordinal']);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'Other_DocumentId', 'Other_SchoolId']);
  });

  it('that is not required has nullable columns in the child table, although every row has one', () => {
    const rows = build.array(build.object({ schoolReference }, ['schoolReference']));
    const model = modelOf([
      withSchool(thing({ School: toSchool('$.rows[*].schoolReference', false) }, { rows }, ['rows'])),
    ]);
    expect(columns(model, 'edfi.ThingRow').slice(2)).toEqual([
      'School_DocumentId DocumentFk Int64 NULL $.rows[*].schoolReference',
      'School_SchoolId Scalar Int32 NULL $.rows[*].schoolReference.schoolId',
    ]);
  });

  it('that is required has NOT NULL columns, although it sits in an optional object', () => {
    const home = build.object({ schoolReference: build.object({ schoolId: build.integer() }) });
    const model = modelOf([withSchool(thing({ School: toSchool('$.home.schoolReference') }, { home }))]);
    expect(columns(model, 'edfi.Thing').slice(1)).toEqual([
      'School_DocumentId DocumentFk Int64 NOT NULL $.home.schoolReference',
      'School_SchoolId Scalar Int32 NOT NULL $.home.schoolReference.schoolId',
    ]);
  });

  it('under _ext belongs to the extension table, and is bound on the base resource', () => {
    const base = build.resource('Base', { jsonSchemaForInsert: build.object({}) });
    const own = build.extensionOf('Base', {
      documentPathsMapping: { School: toSchool('$._ext.sample.schoolReference', false) },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ schoolReference })) }),
    });
    const model = modelOf([withSchool(base), extension([own])]);
    expect(columnNames(tableOf(model, 'sample.BaseExtension'))).toEqual([
      'DocumentId',
      'School_DocumentId',
      'School_SchoolId',
    ]);
    expect(columnNames(tableOf(model, 'edfi.Base'))).toEqual(['DocumentId']);
    expect(resourceOf(model, 'Ed-Fi:Base').documentReferenceBindings).toMatchObject([
      { table: { schema: 'sample', name: 'BaseExtension' }, fkColumn: 'School_DocumentId' },
    ]);
  });

  it('under _ext must have an extension table', () => {
    const broken = thing(
      { School: toSchool('$._ext.sample.schoolReference', false) },
      { _ext: build.ext('sample', build.object({ schoolReference })) },
    );
    expectRejected([withSchool(broken), extension([])], {
      code: 'REFERENCE_EXTENSION_SCOPE_MISSING',
      resource: 'Ed-Fi:Thing',
      names: ['$._ext.sample.schoolReference', '$'],
    });
  });

  it('in an element of a mirrored base collection must lie in the project object of the element', () => {
    const base = build.resource('Base', {
      jsonSchemaForInsert: build.object({ addresses: build.array(build.object({ city: build.string() })) }),
    });
    const element = build.object({
      schoolReference,
      _ext: build.ext('sample', build.object({ zone: build.string() })),
    });
    const own = build.extensionOf('Base', {
      documentPathsMapping: { School: toSchool('$._ext.sample.addresses[*].schoolReference', false) },
      jsonSchemaForInsert: build.object({
        _ext: build.ext('sample', build.object({ addresses: build.array(element) })),
      }),
    });
    expectRejected([withSchool(base), extension([own])], {
      code: 'REFERENCE_EXTENSION_SCOPE_MISSING',
      resource: 'Sample:Base',
      names: ['$._ext.sample.addresses[*].schoolReference', '$._ext.sample', '$._ext.sample.addresses[*]._ext.sample'],
    });
  });

  it('of an extension, in an array that the base has no table for, lies in no table', () => {
    const own = build.extensionOf('Base', {
      documentPathsMapping: { School: toSchool('$.visits[*].schoolReference', false) },
      jsonSchemaForInsert: build.object({
        visits: build.array(build.object({ schoolReference })),
        _ext: build.ext('sample', build.object({})),
      }),
    });
    expectRejected([withSchool(build.resource('Base', { jsonSchemaForInsert: build.object({}) })), extension([own])], {
      code: 'REFERENCE_SCOPE_NOT_FOUND',
      resource: 'Sample:Base',
      names: ['$.visits[*].schoolReference', '$'],
    });
  });

  it('must lie in some table', () => {
    // the root table contains every path, so the root is removed
    const rows = build.array(build.object({}));
    const draft = draftBefore(bindReferences, [
      withSchool(thing({ School: toSchool('$.schoolReference') }, { schoolReference, rows })),
    ]);
    const { input, resourceKey, tables } = draft.resources.get('Ed-Fi:Thing') as DraftResource;
    const rootless = new DraftResource(input, resourceKey);
    for (const child of tables.slice(1)) rootless.addTable(child);
    draft.resources.set('Ed-Fi:Thing', rootless);
    expectDiagnostics(() => bindReferences(draft), {
      code: 'REFERENCE_SCOPE_NOT_FOUND',
      resource: 'Ed-Fi:Thing',
      names: ['$.schoolReference', '$.rows[*]'],
    });
  });

  it('must be the only one of its object', () => {
    expectRejected(
      [
        withSchool(
          thing({ One: toSchool('$.schoolReference'), Two: toSchool('$.schoolReference') }, { schoolReference }),
        ),
      ],
      {
        code: 'REFERENCE_OBJECT_DUPLICATE',
        resource: 'Ed-Fi:Thing',
        names: ['$.schoolReference'],
      },
    );
  });

  it('must not be repeated by a resource extension', () => {
    const own = build.extensionOf('Thing', {
      documentPathsMapping: { Again: toSchool('$.schoolReference') },
      jsonSchemaForInsert: build.object({ schoolReference, _ext: build.ext('sample', build.object({})) }),
    });
    expectRejected(
      [withSchool(thing({ School: toSchool('$.schoolReference') }, { schoolReference })), extension([own])],
      {
        code: 'REFERENCE_OBJECT_DUPLICATE',
        resource: 'Sample:Thing',
        names: ['$.schoolReference'],
      },
    );
  });

  it('that takes a column name already used is reported', () => {
    const rows = build.array(build.object({ thingReference: schoolReference }));
    expectRejected([withSchool(thing({ Thing: toSchool('$.rows[*].thingReference') }, { rows }))], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Thing',
      names: ['edfi.ThingRow', 'Thing_DocumentId', '$.rows[*].thingReference', '$.rows[*]'],
    });
  });

  it('gets another column name by an override on its object path', () => {
    const rows = build.array(build.object({ thingReference: schoolReference }));
    const model = modelOf([
      withSchool(
        build.resource('Thing', {
          documentPathsMapping: { Thing: toSchool('$.rows[*].thingReference') },
          jsonSchemaForInsert: build.object({ rows }),
          relational: { nameOverrides: { '$.rows[*].thingReference': 'Other' } },
        }),
      ),
    ]);
    expect(columnNames(tableOf(model, 'edfi.ThingRow'))).toEqual([
      'Thing_DocumentId',
      'Ordinal',
      'Other_DocumentId',
      'Other_SchoolId',
    ]);
  });
});

describe('the identity columns of a reference', () => {
  const section = build.resource('Thing', offered);

  it('are named by the fields of the reference, and by the identity paths where one field stands for several', () => {
    const model = modelOf([withSchool(session, courseOffering, section)]);
    const named = tableOf(model, 'edfi.Thing').columns.flatMap(({ name, kind, sourcePath }) =>
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
    const model = modelOf([withSchool(classPeriod, bellSchedule)]);
    expect(columnNames(tableOf(model, 'edfi.BellScheduleClassPeriod'))).toEqual([
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
    const model = modelOf([
      withSchool(
        named,
        thing(
          { Named: build.reference('Ed-Fi:Named', [['$.name', '$.namedReference.name']]) },
          {
            namedReference: build.object({ name: build.string(75) }),
          },
        ),
      ),
    ]);
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
    const own = build.extensionOf('Thing', {
      documentPathsMapping: { Extra: toPriced('$._ext.sample.pricedReference') },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ pricedReference })) }),
    });
    const model = modelOf([
      withSchool(priced, thing({ Priced: toPriced('$.pricedReference') }, { pricedReference })),
      extension([own]),
    ]);
    expect(columns(model, 'edfi.Thing')[2]).toBe('Priced_Price Scalar Decimal(18,4) NULL $.pricedReference.price');
    expect(columns(model, 'sample.ThingExtension')[2]).toBe(
      'Extra_Price Scalar Decimal(18,4) NULL $._ext.sample.pricedReference.price',
    );
    expect(
      resourceOf(model, 'Ed-Fi:Thing').decimalPrecisionFallbacks.map(({ sourcePath, reason }) => [
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
      [
        withSchool(
          thing({ School: toSchool('$.schoolReference') }, { schoolReference: build.object({ id: build.integer() }) }),
        ),
      ],
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
      [
        withSchool(
          thing({ School: toSchool('$.schoolReference') }, { schoolReference: build.object({ schoolId: schema }) }),
        ),
      ],
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
        withSchool(
          thing(
            { School: toSchool('$.schoolReference') },
            { schoolReference: build.object({ schoolId: { type: 'string' } }) },
          ),
        ),
      ],
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Ed-Fi:Thing', names: ['$.schoolReference.schoolId'] },
    );
  });

  it.each<[string, build.JsonRecord, string]>([
    ['a text for an integer', build.string(30), 'String(30)'],
    ['a boolean for an integer', { type: 'boolean' }, 'Boolean'],
    ['a date for an integer', { type: 'string', format: 'date' }, 'Date'],
  ])('must have the type of the identity: %s is REFERENCE_TYPE_MISMATCH', (_, schema, type) => {
    const properties = { schoolReference: build.object({ schoolId: schema }) };
    expectRejected([withSchool(thing({ School: toSchool('$.schoolReference') }, properties))], {
      code: 'REFERENCE_TYPE_MISMATCH',
      resource: 'Ed-Fi:Thing',
      names: ['School', '$.schoolReference.schoolId', type, 'Ed-Fi:School', '$.schoolId', 'Int32'],
    });
  });

  describe('to an identity with a decimal', () => {
    const rated = (identityInfo: readonly build.JsonRecord[], name = 'Rated', more: object = {}) =>
      build.resource(name, {
        identityJsonPaths: ['$.rate'],
        jsonSchemaForInsert: build.object({ rate: build.number() }, ['rate']),
        decimalPropertyValidationInfos: identityInfo,
        ...more,
      });
    const digits = [{ path: '$.rate', totalDigits: 9, decimalPlaces: 2 }];
    const copying = (name: string, target: string, targetPath: string, path: string, more: object = {}) => {
      const [, object = '', field = ''] = path.split('.');
      return build.resource(name, {
        identityJsonPaths: [path],
        documentPathsMapping: { [target.replace('Ed-Fi:', '')]: build.reference(target, [[targetPath, path]]) },
        jsonSchemaForInsert: build.object({ [object]: build.object({ [field]: build.number() }, [field]) }, [object]),
        ...more,
      });
    };
    const typesOf = (model: ReturnType<typeof modelOf>, table: string) =>
      tableOf(model, table).columns.flatMap(({ scalarType }) =>
        scalarType?.decimal ? [`${scalarType.decimal.precision},${scalarType.decimal.scale}`] : [],
      );
    const ofTwo = [
      copying('First', 'Ed-Fi:Rated', '$.rate', '$.ratedReference.rate'),
      copying('Second', 'Ed-Fi:First', '$.ratedReference.rate', '$.firstReference.rate'),
    ];

    it.each(mappingVersions)('has its digits, however many references lie between, %s', (version) => {
      const documents = [build.project('Ed-Fi', [rated(digits), ...ofTwo])];
      const model = version === 'v1' ? modelOf(documents) : modelV2(documents);
      expect(['Rated', 'First', 'Second'].map((name) => typesOf(model, `edfi.${name}`))).toEqual([
        ['9,2'],
        ['9,2'],
        ['9,2'],
      ]);
    });

    it('has them against digits of its own', () => {
      const own = {
        decimalPropertyValidationInfos: [{ path: '$.ratedReference.rate', totalDigits: 5, decimalPlaces: 1 }],
      };
      const model = modelOf([
        build.project('Ed-Fi', [
          rated(digits),
          copying('First', 'Ed-Fi:Rated', '$.rate', '$.ratedReference.rate', own),
        ]),
      ]);
      expect(typesOf(model, 'edfi.First')).toEqual(['9,2']);
    });

    it('has those of the fallback where the target has none, which is recorded for each', () => {
      const model = modelOf([build.project('Ed-Fi', [rated([]), ...ofTwo])]);
      expect(typesOf(model, 'edfi.Second')).toEqual(['18,4']);
      const missing = model.resources.flatMap(({ resourceKey, decimalPrecisionFallbacks }) =>
        decimalPrecisionFallbacks.map(({ sourcePath }) => `${resourceKey.resourceName} ${sourcePath.canonical}`),
      );
      expect(missing).toEqual(['First $.ratedReference.rate', 'Rated $.rate', 'Second $.firstReference.rate']);
    });

    it('has those of the table of an abstract resource, which fit all members', () => {
      const member = (name: string, totalDigits: number, decimalPlaces: number) =>
        rated([{ path: '$.rate', totalDigits, decimalPlaces }], name, {
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'Thing',
        });
      const model = modelOf([
        build.project(
          'Ed-Fi',
          [
            member('Narrow', 5, 1),
            member('Wide', 7, 3),
            copying('First', 'Ed-Fi:Thing', '$.rate', '$.thingReference.rate'),
          ],
          { abstractResources: { Thing: { identityJsonPaths: ['$.rate'] } } },
        ),
      ]);
      // 03 §9: scale 3, with four digits before the decimal point
      expect(typesOf(model, 'edfi.First')).toEqual(['7,3']);
    });
  });

  it('must have the type of the identity however many references lead to it', () => {
    const visit = build.resource('Visit', {
      identityJsonPaths: ['$.schoolReference.schoolId'],
      documentPathsMapping: { School: toSchool('$.schoolReference') },
      jsonSchemaForInsert: build.object({ schoolReference }, ['schoolReference']),
    });
    const mapping = build.reference('Ed-Fi:Visit', [['$.schoolReference.schoolId', '$.visitReference.schoolId']]);
    const properties = { visitReference: build.object({ schoolId: build.string(30) }) };
    expectRejected([withSchool(visit, thing({ Visit: mapping }, properties))], {
      code: 'REFERENCE_TYPE_MISMATCH',
      resource: 'Ed-Fi:Thing',
      names: ['$.visitReference.schoolId', 'String(30)', 'Ed-Fi:Visit', '$.schoolReference.schoolId', 'Int32'],
    });
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
    expectRejected([withSchool(target, referrer)], {
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
    const model = modelOf([withSchool(build.descriptor('KindDescriptor'), kind, referrer)]);
    expect(columns(model, 'edfi.Thing').slice(1)).toEqual([
      'Kind_DocumentId DocumentFk Int64 NOT NULL $.kindReference',
      'Kind_Kind_DescriptorId DescriptorFk Int64 NOT NULL $.kindReference.kind',
      'Other_DocumentId DocumentFk Int64 NULL $.otherReference',
      'Other_Kind_DescriptorId DescriptorFk Int64 NULL $.otherReference.kind',
    ]);
    expect(
      resourceOf(model, 'Ed-Fi:Thing').descriptorEdgeSources.map(
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

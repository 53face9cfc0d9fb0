import { build, columnNames, expectRejected, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, lines } from '../model-text.ts';

const withDescriptors = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [...resources, build.descriptor('GradeLevelDescriptor'), build.descriptor('SexDescriptor')]);

const withSchema = (schema: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.resource('Person', { jsonSchemaForInsert: schema, ...members });

const descriptors = (paths: Readonly<Record<string, string>>) => ({
  documentPathsMapping: Object.fromEntries(
    Object.entries(paths).map(([path, name]) => [`Mapped ${path}`, build.descriptorPath(`Ed-Fi:${name}`, path)]),
  ),
});

const columnsOf = (schema: build.JsonRecord, members?: build.JsonRecord) =>
  columnLines(tableOf(modelOf([withDescriptors(withSchema(schema, members))]), 'edfi.Person'));

const key = 'DocumentId ParentKeyPart Int64 NOT NULL -';
const childKey = ['Person_DocumentId ParentKeyPart Int64 NOT NULL -', 'Ordinal Ordinal Int32 NOT NULL -'];

describe('the columns of a table', () => {
  it('are those of the example in 02 §7.3', () => {
    const schema = build.object(
      {
        roomName: build.string(60),
        hours: build.object({ opens: build.time(), closes: build.time() }, ['opens']),
        lease: build.object({ fee: build.number() }, ['fee']),
      },
      ['roomName', 'hours'],
    );
    const model = modelOf([withDescriptors(withSchema(schema))]);
    expect(columnLines(tableOf(model, 'edfi.Person'))).toEqual([
      key,
      ...lines(`
        HoursCloses Scalar Time          NULL     $.hours.closes
        HoursOpens  Scalar Time          NOT NULL $.hours.opens
        LeaseFee    Scalar Decimal(18,4) NULL     $.lease.fee
        RoomName    Scalar String(60)    NOT NULL $.roomName`),
    ]);
    expect(resourceOf(model, 'Ed-Fi:Person').decimalPrecisionFallbacks).toEqual([
      { sourcePath: expect.objectContaining({ canonical: '$.lease.fee' }), reason: 'missing' },
    ]);
  });

  it('are named by all objects around the value, in PascalCase', () => {
    expect(
      columnsOf(
        build.object({ 'birth-data': build.object({ birth_place: build.object({ '2ndCity': build.string() }) }) }),
      ),
    ).toEqual([key, 'BirthDataBirthPlace2ndCity Scalar String(60) NULL $.birth-data.birth_place.2ndCity']);
  });

  it('forget the objects around an array', () => {
    const model = modelOf([
      withDescriptors(
        withSchema(
          build.object({
            home: build.object({ rooms: build.array(build.object({ door: build.object({ color: build.string() }) })) }),
          }),
        ),
      ),
    ]);
    expect(columnLines(tableOf(model, 'edfi.PersonRoom'))).toEqual([
      ...childKey,
      'DoorColor Scalar String(60) NULL $.home.rooms[*].door.color',
    ]);
  });

  it('are not made for anything below _ext', () => {
    const model = modelOf([
      withDescriptors(
        withSchema(
          build.object({ name: build.string(), _ext: build.ext('sample', build.object({ extra: build.string() })) }),
        ),
      ),
      build.project('Sample', [], { isExtension: true }),
    ]);
    expect(columnNames(tableOf(model, 'edfi.Person'))).toEqual(['DocumentId', 'Name']);
  });
});

describe('a column is nullable', () => {
  it.each([
    ['when its property is not required', build.object({ a: build.string() }), 'NULL'],
    ['but not when it is required', build.object({ a: build.string() }, ['a']), 'NOT NULL'],
    [
      'when a required property says x-nullable',
      build.object({ a: { ...build.string(), 'x-nullable': true } }, ['a']),
      'NULL',
    ],
    [
      'but not when x-nullable is false',
      build.object({ a: { ...build.string(), 'x-nullable': false } }, ['a']),
      'NOT NULL',
    ],
    ['when "required" is null', { ...build.object({ a: build.string() }), required: null }, 'NULL'],
  ] as const)('%s', (_, schema, nullability) => {
    expect(columnsOf(schema)).toEqual([key, `A Scalar String(60) ${nullability} $.a`]);
  });

  const inner = build.object({ b: build.string() }, ['b']);

  it.each([
    ['when an object around it is optional', build.object({ a: inner }), 'NULL'],
    ['but not when every object around it is required', build.object({ a: inner }, ['a']), 'NOT NULL'],
    ['when an object around it says x-nullable', build.object({ a: { ...inner, 'x-nullable': true } }, ['a']), 'NULL'],
  ] as const)('%s', (_, schema, nullability) => {
    expect(columnsOf(schema)).toEqual([key, `AB Scalar String(60) ${nullability} $.a.b`]);
  });

  it('when an outer object is optional, however many required objects lie between', () => {
    expect(columnsOf(build.object({ x: build.object({ a: inner }, ['a']) }))).toEqual([
      key,
      'XAB Scalar String(60) NULL $.x.a.b',
    ]);
  });

  it('never because its array is optional: a row that exists has its required members', () => {
    const model = modelOf([
      withDescriptors(withSchema(build.object({ home: build.object({ rooms: build.array(inner) }) }))),
    ]);
    expect(columnLines(tableOf(model, 'edfi.PersonRoom'))).toEqual([
      ...childKey,
      'B Scalar String(60) NOT NULL $.home.rooms[*].b',
    ]);
  });
});

describe('an identity value', () => {
  const identity = { identityJsonPaths: ['$.a.b'] };
  const b = build.object({ b: build.string() }, ['b']);

  it.each([
    ['is not required', build.object({ a: build.object({ b: build.string() }) }, ['a'])],
    ['lies in an optional object', build.object({ a: b })],
    [
      'says x-nullable',
      build.object({ a: build.object({ b: { ...build.string(), 'x-nullable': true } }, ['b']) }, ['a']),
    ],
  ] as const)('must not be nullable: it is reported when it %s', (_, schema) => {
    expectRejected([withDescriptors(withSchema(schema, identity))], {
      code: 'IDENTITY_NULLABLE',
      resource: 'Ed-Fi:Person',
      names: ['$.a.b'],
    });
  });

  it('must not be nullable when it is a descriptor either', () => {
    const members = { ...descriptors({ '$.sexDescriptor': 'SexDescriptor' }), identityJsonPaths: ['$.sexDescriptor'] };
    expectRejected([withDescriptors(withSchema(build.object({ sexDescriptor: build.uri() }), members))], {
      code: 'IDENTITY_NULLABLE',
      resource: 'Ed-Fi:Person',
      names: ['$.sexDescriptor'],
    });
  });
});

describe('a descriptor value', () => {
  it('is stored as a key to the descriptor, with an edge source', () => {
    const model = modelOf([
      withDescriptors(
        withSchema(
          build.object(
            { code: build.string(), birth: build.object({ sexDescriptor: build.uri() }, ['sexDescriptor']) },
            ['birth', 'code'],
          ),
          {
            ...descriptors({ '$.birth.sexDescriptor': 'SexDescriptor' }),
            identityJsonPaths: ['$.code', '$.birth.sexDescriptor'],
          },
        ),
      ),
    ]);
    const found = tableOf(model, 'edfi.Person');
    expect(columnLines(found)).toEqual([
      key,
      'BirthSexDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.birth.sexDescriptor',
      'Code Scalar String(60) NOT NULL $.code',
    ]);
    const target = { projectName: 'Ed-Fi', resourceName: 'SexDescriptor' };
    expect(found.columns[1]?.targetResource).toEqual(target);
    expect(resourceOf(model, 'Ed-Fi:Person').descriptorEdgeSources).toEqual([
      {
        isIdentityComponent: true,
        isRequired: true,
        isRoleNamed: false,
        descriptorValuePath: expect.objectContaining({ canonical: '$.birth.sexDescriptor' }),
        table: { schema: 'edfi', name: 'Person' },
        fkColumn: 'BirthSexDescriptor_DescriptorId',
        descriptorResource: target,
      },
    ]);
  });

  it('needs no maxLength, for its text is not stored', () => {
    const members = descriptors({ '$.sexDescriptor': 'SexDescriptor' });
    expect(columnsOf(build.object({ sexDescriptor: { type: 'string' } }), members)).toEqual([
      key,
      'SexDescriptor_DescriptorId DescriptorFk Int64 NULL $.sexDescriptor',
    ]);
  });

  it('that is an array item gets a child table with one column, named by the singular of the array', () => {
    const members = descriptors({ '$.gradeLevelDescriptors[*]': 'GradeLevelDescriptor' });
    const model = modelOf([
      withDescriptors(withSchema(build.object({ gradeLevelDescriptors: build.array(build.uri()) }), members)),
    ]);
    expect(columnLines(tableOf(model, 'edfi.PersonGradeLevelDescriptor'))).toEqual([
      ...childKey,
      'GradeLevelDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.gradeLevelDescriptors[*]',
    ]);
    expect(resourceOf(model, 'Ed-Fi:Person').descriptorEdgeSources).toEqual([
      {
        isIdentityComponent: false,
        isRequired: true,
        isRoleNamed: false,
        descriptorValuePath: expect.objectContaining({ canonical: '$.gradeLevelDescriptors[*]' }),
        table: { schema: 'edfi', name: 'PersonGradeLevelDescriptor' },
        fkColumn: 'GradeLevelDescriptor_DescriptorId',
        descriptorResource: { projectName: 'Ed-Fi', resourceName: 'GradeLevelDescriptor' },
      },
    ]);
  });

  it('that is an array item is nullable only when the items say x-nullable', () => {
    const members = descriptors({ '$.grades[*]': 'GradeLevelDescriptor' });
    const schema = build.object({ grades: build.array({ ...build.uri(), 'x-nullable': true }) });
    const model = modelOf([withDescriptors(withSchema(schema, members))]);
    expect(columnLines(tableOf(model, 'edfi.PersonGrade'))).toEqual([
      ...childKey,
      'Grade_DescriptorId DescriptorFk Int64 NULL $.grades[*]',
    ]);
  });

  it('that the schema does not have is reported, all of them sorted', () => {
    const members = descriptors({ '$.z': 'SexDescriptor', '$.name': 'SexDescriptor', '$.b.c': 'SexDescriptor' });
    expectRejected([withDescriptors(withSchema(build.object({ name: build.uri() }), members))], {
      code: 'DESCRIPTOR_PATH_NOT_IN_SCHEMA',
      resource: 'Ed-Fi:Person',
      names: [['$.b.c', '$.z']],
    });
  });

  it('that names an object instead of a scalar is not in the schema either', () => {
    const schema = build.object({ sex: build.object({ sexDescriptor: build.uri() }) });
    expectRejected([withDescriptors(withSchema(schema, descriptors({ '$.sex': 'SexDescriptor' })))], {
      code: 'DESCRIPTOR_PATH_NOT_IN_SCHEMA',
      resource: 'Ed-Fi:Person',
      names: ['$.sex'],
    });
  });
});

describe('a reference object', () => {
  const school = build.resource('School', {
    identityJsonPaths: ['$.schoolId'],
    jsonSchemaForInsert: build.object({ schoolId: build.integer() }, ['schoolId']),
  });
  const link = build.object({ rel: { type: 'string' }, href: { type: 'string' } });
  const reference = (properties: build.JsonRecord) =>
    withSchema(build.object({ schoolReference: build.object({ schoolId: build.integer(), ...properties }) }), {
      documentPathsMapping: { School: build.reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
    });
  const referenceColumns = ['DocumentId', 'School_DocumentId', 'School_SchoolId'];

  it('has no column for its link', () => {
    const model = modelOf([withDescriptors(school, reference({ link }))]);
    expect(columnNames(tableOf(model, 'edfi.Person'))).toEqual(referenceColumns);
  });

  it('has an ordinary column for every other member that is not part of the identity', () => {
    const model = modelOf([withDescriptors(school, reference({ comment: build.string(20) }))]);
    expect(columnLines(tableOf(model, 'edfi.Person')).slice(3)).toEqual([
      'SchoolReferenceComment Scalar String(20) NULL $.schoolReference.comment',
    ]);
  });

  it('is the only place where "link" is left out', () => {
    expect(columnsOf(build.object({ link: build.string(), home: build.object({ link: build.string() }) }))).toEqual([
      key,
      'HomeLink Scalar String(60) NULL $.home.link',
      'Link Scalar String(60) NULL $.link',
    ]);
  });
});

describe('a column name that is taken', () => {
  it('is reported with both paths', () => {
    const schema = build.object({ room: build.object({ number: build.string() }), roomNumber: build.string() });
    expectRejected([withDescriptors(withSchema(schema))], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Person',
      names: ['edfi.Person', 'RoomNumber', '$.room.number', '$.roomNumber'],
    });
  });

  it('is reported against a key column', () => {
    expectRejected(
      [withDescriptors(withSchema(build.object({ rooms: build.array(build.object({ ordinal: build.integer() })) })))],
      {
        code: 'COLUMN_NAME_COLLISION',
        resource: 'Ed-Fi:Person',
        names: ['edfi.PersonRoom', 'Ordinal', '$.rooms[*].ordinal'],
      },
    );
  });

  it('is another name in PostgreSQL when only the case differs', () => {
    expect(
      columnNames(
        tableOf(
          modelOf(
            [withDescriptors(withSchema(build.object({ roomNo: build.string(), roomNO: build.string() })))],
            'pgsql',
          ),
          'edfi.Person',
        ),
      ),
    ).toEqual(['DocumentId', 'RoomNO', 'RoomNo']);
  });

  it('is free in another table', () => {
    const name = build.string();
    const model = modelOf([
      withDescriptors(withSchema(build.object({ name, rooms: build.array(build.object({ name })) }))),
    ]);
    expect(columnNames(tableOf(model, 'edfi.PersonRoom'))).toEqual(['Person_DocumentId', 'Ordinal', 'Name']);
  });
});

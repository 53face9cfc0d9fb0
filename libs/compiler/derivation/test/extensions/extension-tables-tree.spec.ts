import {
  build,
  columnNames,
  expectDiagnostics,
  expectRejected,
  extension,
  modelOf,
  resourceOf,
  rows,
  tableNames,
  tableOf,
  uncheckedSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';
import { columnLines, constraintsOf, lines, tableLines } from '../model-text.ts';

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: build.object(
    {
      schoolId: build.integer(),
      addresses: rows({ city: build.string(), periods: rows({ begin: build.date() }) }),
      home: build.object({ rooms: rows({ name: build.string() }) }),
    },
    ['schoolId'],
  ),
});

const withSchool = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [school, build.descriptor('KindDescriptor'), ...resources]);

/** An extension of `School` with this schema. */
const extending = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.extensionOf('School', { jsonSchemaForInsert, ...members });

/** An extension of `School` whose `_ext.sample` has these properties. */
const extended = (properties: build.JsonRecord, members?: build.JsonRecord) =>
  extending(build.object({ _ext: build.ext('sample', build.object(properties)) }), members);

const derived = (own: build.BuiltResource) => modelOf([withSchool(), extension([own])]);

const extensionTables = (own: build.BuiltResource) =>
  tableNames(resourceOf(derived(own), 'Ed-Fi:School')).filter((name) => name.startsWith('sample.'));

const baseTables = ['edfi.School', 'edfi.SchoolAddress', 'edfi.SchoolAddressPeriod', 'edfi.SchoolRoom'];

describe('a resource extension', () => {
  it('adds companions of base tables and collections of its own, as in the example of 02 §12', () => {
    const model = derived(
      extended({
        extensionData: build.string(20),
        addresses: rows({ _ext: build.ext('sample', build.object({ addressExtData: build.string(30) })) }),
      }),
    );
    expect(tableLines(tableOf(model, 'sample.SchoolExtension'))).toEqual(
      lines(`
        sample.SchoolExtension $._ext.sample PK_SchoolExtension (DocumentId)
        DocumentId ParentKeyPart Int64 NOT NULL -
        ExtensionData Scalar String(20) NULL $._ext.sample.extensionData
        ForeignKey FK_SchoolExtension_School (DocumentId) -> edfi.School (DocumentId) Cascade/NoAction`),
    );
    expect(tableLines(tableOf(model, 'sample.SchoolExtensionAddress'))).toEqual(
      lines(`
        sample.SchoolExtensionAddress $._ext.sample.addresses[*]._ext.sample PK_SchoolExtensionAddress (School_DocumentId, Ordinal)
        School_DocumentId ParentKeyPart Int64 NOT NULL -
        Ordinal Ordinal Int32 NOT NULL -
        AddressExtData Scalar String(30) NULL $._ext.sample.addresses[*]._ext.sample.addressExtData
        ForeignKey FK_SchoolExtensionAddress_SchoolAddress (School_DocumentId, Ordinal) -> edfi.SchoolAddress (School_DocumentId, Ordinal) Cascade/NoAction`),
    );
  });

  it('has its tables in the model of the base resource, by array depth and scope, and no resource of its own', () => {
    const model = derived(
      extended({
        addresses: rows({ _ext: build.ext('sample', build.object({ terms: rows({ word: build.string() }) })) }),
        authors: rows({ books: rows({}) }),
      }),
    );
    const found = resourceOf(model, 'Ed-Fi:School');
    expect(
      found.tablesInDependencyOrder.map(({ table: { name }, jsonScope }) => `${jsonScope.canonical} ${name}`),
    ).toEqual([
      '$ School',
      '$._ext.sample SchoolExtension',
      '$._ext.sample.addresses[*]._ext.sample SchoolExtensionAddress',
      '$._ext.sample.authors[*] SchoolExtensionAuthor',
      '$.addresses[*] SchoolAddress',
      '$.home.rooms[*] SchoolRoom',
      '$._ext.sample.addresses[*]._ext.sample.terms[*] SchoolExtensionAddressTerm',
      '$._ext.sample.authors[*].books[*] SchoolExtensionAuthorBook',
      '$.addresses[*].periods[*] SchoolAddressPeriod',
    ]);
    expect(found.physicalSchema).toBe('edfi');
    expect(model.resources.map(({ resourceKey }) => resourceKey.resourceName)).toEqual(['KindDescriptor', 'School']);
  });

  it('has child tables whose keys continue those of the extension table they hang on', () => {
    const model = derived(
      extended({
        addresses: rows({
          _ext: build.ext('sample', build.object({ terms: rows({ word: build.string() }, ['word']) })),
        }),
        authors: rows({ books: rows({ title: build.string() }) }),
      }),
    );
    expect(tableLines(tableOf(model, 'sample.SchoolExtensionAddressTerm'))).toEqual(
      lines(`
        sample.SchoolExtensionAddressTerm $._ext.sample.addresses[*]._ext.sample.terms[*] PK_SchoolExtensionAddressTerm (School_DocumentId, AddressOrdinal, Ordinal)
        School_DocumentId ParentKeyPart Int64 NOT NULL -
        AddressOrdinal ParentKeyPart Int32 NOT NULL -
        Ordinal Ordinal Int32 NOT NULL -
        Word Scalar String(60) NOT NULL $._ext.sample.addresses[*]._ext.sample.terms[*].word
        ForeignKey FK_SchoolExtensionAddressTerm_SchoolExtensionAddress (School_DocumentId, AddressOrdinal) -> sample.SchoolExtensionAddress (School_DocumentId, Ordinal) Cascade/NoAction`),
    );
    expect(constraintsOf(tableOf(model, 'sample.SchoolExtensionAuthor'), 'ForeignKey')).toEqual([
      'ForeignKey FK_SchoolExtensionAuthor_SchoolExtension (School_DocumentId) -> sample.SchoolExtension (DocumentId) Cascade/NoAction',
    ]);
    expect(constraintsOf(tableOf(model, 'sample.SchoolExtensionAuthorBook'), 'ForeignKey')).toEqual([
      'ForeignKey FK_SchoolExtensionAuthorBook_SchoolExtensionAuthor (School_DocumentId, AuthorOrdinal) -> sample.SchoolExtensionAuthor (School_DocumentId, Ordinal) Cascade/NoAction',
    ]);
  });

  it('extends collections at any depth, and those inside inlined objects', () => {
    const model = derived(
      extended({
        addresses: rows({
          periods: rows({ _ext: build.ext('sample', build.object({ note: build.string() })) }),
          _ext: build.ext('sample', build.object({})),
        }),
        home: build.object({ rooms: rows({ _ext: build.ext('sample', build.object({ color: build.string() })) }) }),
      }),
    );
    expect(constraintsOf(tableOf(model, 'sample.SchoolExtensionAddressPeriod'), 'ForeignKey')).toEqual([
      'ForeignKey FK_SchoolExtensionAddressPeriod_SchoolAddressPeriod (School_DocumentId, AddressOrdinal, Ordinal) -> edfi.SchoolAddressPeriod (School_DocumentId, AddressOrdinal, Ordinal) Cascade/NoAction',
    ]);
    expect(constraintsOf(tableOf(model, 'sample.SchoolExtensionRoom'), 'ForeignKey')).toEqual([
      'ForeignKey FK_SchoolExtensionRoom_SchoolRoom (School_DocumentId, Ordinal) -> edfi.SchoolRoom (School_DocumentId, Ordinal) Cascade/NoAction',
    ]);
  });

  it('may repeat a base collection without the prefix of its own', () => {
    const own = extending(
      build.object({
        addresses: rows({ city: build.string(), _ext: build.ext('sample', build.object({ note: build.string() })) }),
      }),
    );
    expect(tableLines(tableOf(derived(own), 'sample.SchoolExtensionAddress'))).toEqual(
      lines(`
        sample.SchoolExtensionAddress $.addresses[*]._ext.sample PK_SchoolExtensionAddress (School_DocumentId, Ordinal)
        School_DocumentId ParentKeyPart Int64 NOT NULL -
        Ordinal Ordinal Int32 NOT NULL -
        Note Scalar String(60) NULL $.addresses[*]._ext.sample.note
        ForeignKey FK_SchoolExtensionAddress_SchoolAddress (School_DocumentId, Ordinal) -> edfi.SchoolAddress (School_DocumentId, Ordinal) Cascade/NoAction`),
    );
  });

  it('extends the root where the object with _ext is inlined in it', () => {
    const own = extending(
      build.object({ home: build.object({ _ext: build.ext('sample', build.object({ note: build.string() })) }) }),
    );
    expect(tableLines(tableOf(derived(own), 'sample.SchoolExtension'))).toEqual(
      lines(`
        sample.SchoolExtension $.home._ext.sample PK_SchoolExtension (DocumentId)
        DocumentId ParentKeyPart Int64 NOT NULL -
        Note Scalar String(60) NULL $.home._ext.sample.note
        ForeignKey FK_SchoolExtension_School (DocumentId) -> edfi.School (DocumentId) Cascade/NoAction`),
    );
  });

  it('has a collection of its own where the items of an array have no _ext, even if the base has one of that name', () => {
    const model = derived(extended({ addresses: rows({ city: build.string() }) }));
    expect(constraintsOf(tableOf(model, 'sample.SchoolExtensionAddress'), 'ForeignKey')).toEqual([
      'ForeignKey FK_SchoolExtensionAddress_SchoolExtension (School_DocumentId) -> sample.SchoolExtension (DocumentId) Cascade/NoAction',
    ]);
    expect(tableOf(model, 'sample.SchoolExtensionAddress').jsonScope.canonical).toBe('$._ext.sample.addresses[*]');
  });

  it('has nothing of what its schema repeats of the base outside _ext', () => {
    const own = extending(
      build.object({
        schoolId: build.integer(),
        other: { type: 'string' },
        rows: rows({ a: build.string() }),
        _ext: build.ext('sample', build.object({})),
      }),
    );
    expect(tableNames(resourceOf(derived(own), 'Ed-Fi:School')).sort()).toEqual([
      ...baseTables,
      'sample.SchoolExtension',
    ]);
    expect(columnNames(tableOf(derived(own), 'edfi.School'))).toEqual(['DocumentId', 'SchoolId']);
  });

  it('has no column for the scalars beside the _ext of a repeated base collection', () => {
    const own = extended({
      addresses: rows({ city: build.string(), _ext: build.ext('sample', build.object({ note: build.string() })) }),
    });
    expect(columnNames(tableOf(derived(own), 'sample.SchoolExtensionAddress'))).toEqual([
      'School_DocumentId',
      'Ordinal',
      'Note',
    ]);
    expect(columnNames(tableOf(derived(own), 'sample.SchoolExtension'))).toEqual(['DocumentId']);
  });

  it('ignores the keys of other projects under _ext', () => {
    const own = extending(
      build.object({
        _ext: build.object({ other: build.object({ x: build.string() }), sample: build.object({ y: build.string() }) }),
      }),
    );
    expect(extensionTables(own)).toEqual(['sample.SchoolExtension']);
    expect(columnNames(tableOf(derived(own), 'sample.SchoolExtension'))).toEqual(['DocumentId', 'Y']);
  });

  it('finds its key in any case, by endpoint name before project name, and keeps its spelling in paths', () => {
    const own = extending(build.object({ _ext: build.ext('SAMPLE', build.object({ y: build.string() })) }));
    expect(columnLines(tableOf(derived(own), 'sample.SchoolExtension'))[1]).toBe(
      'Y Scalar String(60) NULL $._ext.SAMPLE.y',
    );
    const named = build.project(
      'Sample',
      [
        extending(
          build.object({
            _ext: build.object({
              sample: build.object({ a: build.string() }),
              smp: build.object({ b: build.string() }),
            }),
          }),
        ),
      ],
      { endpoint: 'smp', isExtension: true },
    );
    expect(columnNames(tableOf(modelOf([withSchool(), named]), 'smp.SchoolExtension'))).toEqual(['DocumentId', 'B']);
    const byName = build.project(
      'Sample',
      [extending(build.object({ _ext: build.ext('sample', build.object({ a: build.string() })) }))],
      {
        endpoint: 'smp',
        isExtension: true,
      },
    );
    expect(columnNames(tableOf(modelOf([withSchool(), byName]), 'smp.SchoolExtension'))).toEqual(['DocumentId', 'A']);
  });

  it('exists beside the extensions of other projects', () => {
    const other = build.project(
      'Other',
      [extending(build.object({ _ext: build.ext('other', build.object({ b: build.string() })) }))],
      { isExtension: true },
    );
    const model = modelOf([withSchool(), extension([extended({ a: build.string() })]), other]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:School')).filter((name) => name.endsWith('Extension'))).toEqual([
      'other.SchoolExtension',
      'sample.SchoolExtension',
    ]);
  });

  it('is named after the root table of its base, which an override may have renamed', () => {
    const base = build.resource('Staff', {
      relational: { rootTableNameOverride: 'Employee' },
      jsonSchemaForInsert: build.object({ rows: rows({}) }),
    });
    const own = build.extensionOf('Staff', {
      jsonSchemaForInsert: build.object({
        _ext: build.ext('sample', build.object({ rows: rows({ _ext: build.ext('sample', build.object({})) }) })),
      }),
    });
    const model = modelOf([withSchool(base), extension([own])]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Staff'))).toEqual([
      'edfi.Employee',
      'sample.EmployeeExtension',
      'sample.EmployeeExtensionRow',
      'edfi.EmployeeRow',
    ]);
    expect(columnNames(tableOf(model, 'sample.EmployeeExtensionRow'))).toEqual(['Employee_DocumentId', 'Ordinal']);
  });
});

describe('the columns of an extension table', () => {
  const column = (schema: build.JsonRecord) =>
    columnLines(tableOf(derived(extending(schema)), 'sample.SchoolExtension'))[1];
  const inner = build.object({ a: build.string() }, ['a']);

  it('are nullable, for _ext and the key are optional', () => {
    expect(column(build.object({ _ext: build.object({ sample: inner }) }))).toBe(
      'A Scalar String(60) NULL $._ext.sample.a',
    );
    expect(column(build.object({ _ext: build.object({ sample: inner }, ['sample']) }))).toBe(
      'A Scalar String(60) NULL $._ext.sample.a',
    );
    expect(column(build.object({ _ext: build.object({ sample: inner }) }, ['_ext']))).toBe(
      'A Scalar String(60) NULL $._ext.sample.a',
    );
  });

  it('are NOT NULL only when _ext, the key and the value are required and none says x-nullable', () => {
    const required = build.object({ _ext: build.object({ sample: inner }, ['sample']) }, ['_ext']);
    expect(column(required)).toBe('A Scalar String(60) NOT NULL $._ext.sample.a');
    const nullable = (schema: build.JsonRecord) => ({ ...schema, 'x-nullable': true });
    expect(column(build.object({ _ext: nullable(build.object({ sample: inner }, ['sample'])) }, ['_ext']))).toMatch(
      / NULL /,
    );
    expect(column(build.object({ _ext: build.object({ sample: nullable(inner) }, ['sample']) }, ['_ext']))).not.toMatch(
      /NOT NULL/,
    );
    expect(
      column(
        build.object({ _ext: build.object({ sample: build.object({ a: build.string() }) }, ['sample']) }, ['_ext']),
      ),
    ).not.toMatch(/NOT NULL/);
  });

  it('are NOT NULL for the required members of a collection item of the extension', () => {
    const model = derived(extended({ authors: rows({ name: build.string(), age: build.integer() }, ['name']) }));
    expect(columnLines(tableOf(model, 'sample.SchoolExtensionAuthor')).slice(2)).toEqual([
      'Age Scalar Int32 NULL $._ext.sample.authors[*].age',
      'Name Scalar String(60) NOT NULL $._ext.sample.authors[*].name',
    ]);
  });

  it('are named from the extension scope on, with inlined objects in front', () => {
    const model = derived(extended({ plan: build.object({ start: build.date() }) }));
    expect(columnNames(tableOf(model, 'sample.SchoolExtension'))).toEqual(['DocumentId', 'PlanStart']);
  });

  it('are keys for the descriptors below _ext, with edge sources of the base resource', () => {
    const model = derived(
      extended(
        { kindDescriptor: build.uri(), kinds: build.array(build.uri()) },
        {
          documentPathsMapping: {
            Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor'),
            Kinds: build.descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kinds[*]'),
          },
        },
      ),
    );
    expect(columnNames(tableOf(model, 'sample.SchoolExtension'))).toEqual([
      'DocumentId',
      'KindDescriptor_DescriptorId',
    ]);
    expect(columnLines(tableOf(model, 'sample.SchoolExtensionKind'))[2]).toBe(
      'Kind_DescriptorId DescriptorFk Int64 NOT NULL $._ext.sample.kinds[*]',
    );
    expect(
      resourceOf(model, 'Ed-Fi:School').descriptorEdgeSources.map(
        (edge) => `${edge.table.schema}.${edge.table.name}.${edge.fkColumn} ${edge.isIdentityComponent}`,
      ),
    ).toEqual([
      'sample.SchoolExtension.KindDescriptor_DescriptorId false',
      'sample.SchoolExtensionKind.Kind_DescriptorId false',
    ]);
  });

  it('must cover every descriptor path below _ext; those that no walk meets are listed, sorted', () => {
    const paths = ['$._ext.sample.zDescriptor', '$._ext.sample.kindDescriptor', '$._ext.other.aDescriptor'];
    const own = extended(
      { kindDescriptor: build.uri() },
      {
        documentPathsMapping: Object.fromEntries(
          paths.map((path) => [`M ${path}`, build.descriptorPath('Ed-Fi:KindDescriptor', path)]),
        ),
      },
    );
    expectRejected([withSchool(), extension([own])], {
      code: 'DESCRIPTOR_PATH_NOT_IN_SCHEMA',
      resource: 'Sample:School',
      names: [['$._ext.other.aDescriptor', '$._ext.sample.zDescriptor']],
    });
  });
});

describe('a resource extension that does not fit', () => {
  const empty = build.object({ _ext: build.ext('sample', build.object({})) });

  it('must stand in an extension project', () => {
    expectRejected([withSchool(build.extensionOf('Other', { jsonSchemaForInsert: empty }))], {
      code: 'EXTENSION_NOT_IN_EXTENSION_PROJECT',
      resource: 'Ed-Fi:Other',
    });
  });

  it('must have a base', () => {
    expectRejected([withSchool(), extension([build.extensionOf('Missing', { jsonSchemaForInsert: empty })])], {
      code: 'EXTENSION_BASE_UNRESOLVED',
      resource: 'Sample:Missing',
    });
  });

  it('must have a base outside extension projects', () => {
    const other = build.project('Other', [build.resource('Foreign', { jsonSchemaForInsert: build.object({}) })], {
      isExtension: true,
    });
    expectRejected([withSchool(), other, extension([build.extensionOf('Foreign', { jsonSchemaForInsert: empty })])], {
      code: 'EXTENSION_BASE_UNRESOLVED',
      resource: 'Sample:Foreign',
    });
  });

  it('must have only one base; then all candidates are listed', () => {
    const second = build.project('Second', [school]);
    expectDiagnostics(() => deriveModel(uncheckedSet(withSchool(), second, extension([extending(empty)])), 'pgsql'), {
      code: 'EXTENSION_BASE_UNRESOLVED',
      resource: 'Sample:School',
      names: [['Ed-Fi:School', 'Second:School']],
    });
  });

  it('must have a key of its project under every _ext on the way', () => {
    const other = build.ext('other', build.object({ x: build.string() }));
    expectRejected([withSchool(), extension([extending(build.object({ _ext: other }))])], {
      code: 'EXTENSION_KEY_UNRESOLVED',
      resource: 'Sample:School',
      names: ['sample', '$.properties._ext', 'other'],
    });
  });

  it('is reported with the owning scope of an _ext without its key', () => {
    const other = build.ext('other', build.object({ x: build.string() }));
    expectRejected([withSchool(), extension([extended({ addresses: rows({ _ext: other }) })])], {
      code: 'EXTENSION_KEY_UNRESOLVED',
      resource: 'Sample:School',
      names: ['sample', '$._ext.sample.addresses[*]', 'other'],
    });
  });

  it('must extend a scope that the base has as a table', () => {
    const site = rows({ _ext: build.ext('sample', build.object({})) });
    expectRejected([withSchool(), extension([extended({ phones: site })])], {
      code: 'EXTENSION_BASE_TABLE_MISSING',
      resource: 'Sample:School',
      names: ['$._ext.sample.phones[*]._ext.sample', '$.phones[*]'],
    });
  });
});

describe('adding a resource extension', () => {
  it('changes of the base tables only the constraints that it declares', () => {
    const reference = build.object({ schoolId: build.integer() });
    const plain = modelOf([withSchool(), extension([])]);
    const model = derived(
      extended(
        {
          nickName: build.string(),
          peerReference: reference,
          addresses: rows({ _ext: build.ext('sample', build.object({})) }),
        },
        {
          documentPathsMapping: {
            Peer: build.reference('Ed-Fi:School', [['$.schoolId', '$._ext.sample.peerReference.schoolId']], false),
          },
          arrayUniquenessConstraints: [{ paths: ['$._ext.sample.addresses[*].city'] }],
        },
      ),
    );
    const added = (name: string) => {
      const before = tableLines(tableOf(plain, name));
      return tableLines(tableOf(model, name)).filter((line) => !before.includes(line));
    };
    expect(baseTables.map((name) => [name, added(name)])).toEqual([
      ['edfi.School', ['Unique UX_School_RefKey (DocumentId, SchoolId)']],
      ['edfi.SchoolAddress', ['Unique UX_SchoolAddress_City_School_DocumentId (School_DocumentId, City)']],
      ['edfi.SchoolAddressPeriod', []],
      ['edfi.SchoolRoom', []],
    ]);
    for (const name of baseTables)
      expect(tableLines(tableOf(model, name))).toEqual(expect.arrayContaining(tableLines(tableOf(plain, name))));
  });
});

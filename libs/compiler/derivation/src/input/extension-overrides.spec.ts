import {
  build,
  columnNames,
  expectRejected,
  extension,
  modelOf,
  resourceOf,
  rows,
  tableNames,
  tableOf,
  withSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../../test/model-text.ts';
import { schoolReference } from '../../test/overridden-inputs.ts';

describe('overrides of a resource extension', () => {
  const base = (nameOverrides: build.JsonRecord = {}) =>
    build.resource('Staff', {
      relational: { nameOverrides },
      jsonSchemaForInsert: build.object({
        addresses: rows({}),
        _ext: build.ext('sample', build.object({ nickName: build.string() })),
      }),
    });
  const own = (nameOverrides: build.JsonRecord, schema?: build.JsonRecord) =>
    build.extensionOf('Staff', {
      documentPathsMapping: {
        School: build.reference('Ed-Fi:School', [['$.schoolId', '$._ext.sample.schoolReference.schoolId']], false),
      },
      relational: { nameOverrides },
      jsonSchemaForInsert:
        schema ??
        build.object({
          _ext: build.ext(
            'sample',
            build.object({
              nickName: build.string(),
              schoolReference,
              authors: rows({ books: rows({ title: build.string() }) }),
              addresses: rows({ _ext: build.ext('sample', build.object({ floors: rows({}) })) }),
            }),
          ),
        }),
    });
  const derived = (ofExtension: build.JsonRecord, ofBase: build.JsonRecord = {}) =>
    modelOf([withSchool(base(ofBase)), extension([own(ofExtension)])]);
  const names = (model: ReturnType<typeof modelOf>) =>
    tableNames(resourceOf(model, 'Ed-Fi:Staff')).filter((name) => name.startsWith('sample.'));

  it('need not repeat the _ext prefix in their keys', () => {
    const columns = (key: string) => columnNames(tableOf(derived({ [key]: 'Alias' }), 'sample.StaffExtension'));
    expect(columns('$.nickName')).toContain('Alias');
    expect(columns('$._ext.sample.nickName')).toContain('Alias');
    expect(
      columnNames(
        tableOf(
          derived({ '$.schoolReference': 'Campus', '$.schoolReference.schoolId': 'Id' }),
          'sample.StaffExtension',
        ),
      ),
    ).toEqual(['DocumentId', 'Campus_DocumentId', 'Campus_Id', 'NickName', 'SchoolReferenceNote']);
  });

  it.each(['Writer', 'StaffExtensionWriter', 'StaffWriter', 'ExtensionWriter'])(
    'may repeat the names of the extension root and the base root: %s',
    (name) => {
      expect(names(derived({ '$.authors[*]': name }))).toEqual([
        'sample.StaffExtension',
        'sample.StaffExtensionAddress',
        'sample.StaffExtensionWriter',
        'sample.StaffExtensionAddressFloor',
        'sample.StaffExtensionWriterBook',
      ]);
    },
  );

  it('of the base apply to the companions of its collections', () => {
    const model = derived({}, { '$.addresses[*]': 'Site' });
    expect(names(model)).toContain('sample.StaffExtensionSite');
    expect(columnNames(tableOf(model, 'sample.StaffExtensionSiteFloor'))).toEqual([
      'Staff_DocumentId',
      'SiteOrdinal',
      'Ordinal',
    ]);
    expect(constraintsOf(tableOf(model, 'sample.StaffExtensionSite'), 'ForeignKey')).toEqual([
      'ForeignKey FK_StaffExtensionSite_StaffSite (Staff_DocumentId, Ordinal) -> edfi.StaffSite (Staff_DocumentId, Ordinal) Cascade/NoAction',
    ]);
  });

  it('of the base apply to extension paths too', () => {
    expect(columnNames(tableOf(derived({}, { '$._ext.sample.nickName': 'Alias' }), 'sample.StaffExtension'))).toContain(
      'Alias',
    );
  });

  it('must not repeat one of the base; both labels and all such paths are named, sorted', () => {
    const shared = ['$._ext.sample.nickName', '$._ext.sample.authors[*]'];
    const overrides = Object.fromEntries(shared.map((path) => [path, 'X']));
    expectRejected(
      [
        withSchool(base(overrides)),
        extension([own({ '$.nickName': 'Y', '$.authors[*]': 'Y', '$.schoolReference': 'Z' })]),
      ],
      {
        code: 'OVERRIDE_CONFLICT',
        resource: 'Sample:Staff',
        names: ['Ed-Fi:Staff', ['$._ext.sample.authors[*]', '$._ext.sample.nickName']],
      },
    );
  });

  it('must not have two keys for one path; both are named', () => {
    expectRejected([withSchool(base()), extension([own({ '$.nickName': 'A', '$._ext.sample.nickName': 'B' })])], {
      code: 'OVERRIDE_DUPLICATE',
      resource: 'Sample:Staff',
      names: ['$.nickName', '$._ext.sample.nickName'],
    });
  });

  it('are used, or reported with the key as written and the path it means', () => {
    expectRejected([withSchool(base()), extension([own({ '$.unknown': 'A' })])], {
      code: 'OVERRIDE_UNUSED',
      resource: 'Sample:Staff',
      names: ['$.unknown', '$._ext.sample.unknown'],
    });
  });

  it('cannot be placed without a key of the project under _ext', () => {
    expectRejected([withSchool(base()), extension([own({ '$.nickName': 'A' }, build.object({}))])], {
      code: 'EXTENSION_KEY_UNRESOLVED',
      resource: 'Sample:Staff',
      names: ['$.nickName', 'sample'],
    });
  });
});

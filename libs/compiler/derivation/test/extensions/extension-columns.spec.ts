import { build, codesOf, columnNames, expectNamed, modelOf, schoolReference, tableNames, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { below, extensionTables, failing, setOf } from '../contact-extension.ts';
import { columnLines } from '../model-text.ts';

const { array, ext, integer, number, object, string } = build;

describe('columns of extension tables', () => {
  const columns = (
    jsonSchemaForInsert: build.JsonRecord,
    table = 'sample.ContactExtension',
    members: build.JsonRecord = {},
  ) =>
    columnLines(tableOf(modelOf(setOf(jsonSchemaForInsert, members)), table)).filter(
      (text) => !/ParentKeyPart|Ordinal/.test(text),
    );

  it('are nullable even when the extension requires them, for _ext and the key are optional', () => {
    expect(columns(below({ a: integer(), b: integer() }, ['a']))).toEqual([
      'A Scalar Int32 NULL $._ext.sample.a',
      'B Scalar Int32 NULL $._ext.sample.b',
    ]);
  });

  const required = (
    inner: build.JsonRecord,
    more: { ext?: build.JsonRecord; key?: build.JsonRecord; isExtRequired?: boolean; isKeyRequired?: boolean } = {},
  ) =>
    object(
      {
        _ext: {
          ...object({ sample: { ...inner, ...more.key } }, (more.isKeyRequired ?? true) ? ['sample'] : []),
          ...more.ext,
        },
      },
      (more.isExtRequired ?? true) ? ['_ext'] : [],
    );

  it.each<[string, build.JsonRecord, string]>([
    ['all is required', required(object({ a: integer() }, ['a'])), 'NOT NULL'],
    ['_ext is not required', required(object({ a: integer() }, ['a']), { isExtRequired: false }), 'NULL'],
    ['the key is not required', required(object({ a: integer() }, ['a']), { isKeyRequired: false }), 'NULL'],
    ['_ext is x-nullable', required(object({ a: integer() }, ['a']), { ext: { 'x-nullable': true } }), 'NULL'],
    ['the key is x-nullable', required(object({ a: integer() }, ['a']), { key: { 'x-nullable': true } }), 'NULL'],
    ['the value is x-nullable', required(object({ a: { ...integer(), 'x-nullable': true } }, ['a'])), 'NULL'],
    ['the value is not required', required(object({ a: integer() })), 'NULL'],
  ])('are NOT NULL only when everything around them is required: %s', (_, schema, nullability) => {
    expect(columns(schema)).toEqual([`A Scalar Int32 ${nullability} $._ext.sample.a`]);
  });

  it('may be NULL even if the extension marks them as part of an identity, since the base defines the identity', () => {
    const identity = {
      identityJsonPaths: ['$._ext.sample.a'],
      documentPathsMapping: { A: build.scalarPath('$._ext.sample.a') },
    };
    expect(columns(below({ a: integer() }), undefined, identity)).toEqual(['A Scalar Int32 NULL $._ext.sample.a']);
  });

  it('carry optionality into inlined objects', () => {
    const schema = required(
      object({ place: object({ a: integer() }, ['a']), other: object({ b: integer() }, ['b']) }, ['place']),
    );
    expect(columns(schema)).toEqual([
      'OtherB Scalar Int32 NULL $._ext.sample.other.b',
      'PlaceA Scalar Int32 NOT NULL $._ext.sample.place.a',
    ]);
  });

  it('start afresh in array items, where required members are NOT NULL', () => {
    const schema = below({ items: array(object({ a: integer(), b: integer() }, ['a'])) });
    expect(columns(schema, 'sample.ContactExtensionItem')).toEqual([
      'A Scalar Int32 NOT NULL $._ext.sample.items[*].a',
      'B Scalar Int32 NULL $._ext.sample.items[*].b',
    ]);
  });

  it('are nullable in a site inside a required collection item, because the site itself is optional', () => {
    const schema = below({ addresses: array(object({ _ext: ext('sample', object({ zone: string() }, ['zone'])) })) });
    expect(columns(schema, 'sample.ContactExtensionAddress')).toEqual([
      'Zone Scalar String(60) NULL $._ext.sample.addresses[*]._ext.sample.zone',
    ]);
  });

  it('are named from the extension scope on', () => {
    const schema = object({
      reach: object({ _ext: ext('sample', object({ place: object({ city_name: string() }) })) }),
    });
    expect(columns(schema)).toEqual(['PlaceCityName Scalar String(60) NULL $.reach._ext.sample.place.city_name']);
  });

  it('do not repeat what the schema says about the base outside _ext', () => {
    const schema = object({
      contactId: integer(),
      addresses: array(object({ city: string() })),
      _ext: ext(
        'sample',
        object({
          note: string(),
          addresses: array(object({ city: string(), _ext: ext('sample', object({ zone: string() })) })),
        }),
      ),
    });
    const model = modelOf(setOf(schema));
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'Note']);
    expect(columnNames(tableOf(model, 'sample.ContactExtensionAddress'))).toEqual([
      'Contact_DocumentId',
      'Ordinal',
      'Zone',
    ]);
    expect(tableNames(model).filter((name) => name.startsWith('sample.'))).toHaveLength(2);
  });

  it('ignore the keys of other projects', () => {
    const schema = object({
      _ext: object({ sample: object({ note: string() }), other: object({ secret: string() }) }),
    });
    const model = modelOf(setOf(schema));
    expect(extensionTables(model)).toHaveLength(1);
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'Note']);
  });

  it('skip the link of a reference object of the extension', () => {
    const schema = below({
      schoolReference: object({ schoolId: integer(), link: object({ href: string() }), note: string() }),
    });
    const members = { documentPathsMapping: { School: schoolReference(false, '$._ext.sample.schoolReference') } };
    expect(columns(schema, 'sample.ContactExtension', members)).toEqual([
      'School_DocumentId DocumentFk Int64 NULL $._ext.sample.schoolReference',
      'School_SchoolId Scalar Int32 NULL $._ext.sample.schoolReference.schoolId',
      'SchoolReferenceNote Scalar String(60) NULL $._ext.sample.schoolReference.note',
    ]);
  });

  it('need decimal facts: DECIMAL_INFO_MISSING', () => {
    const error = failing(below({ amount: number() }));
    expect(codesOf(error)).toEqual(['DECIMAL_INFO_MISSING']);
    expectNamed(error.diagnostics[0], ['Sample:Contact', '$._ext.sample.amount']);
    const info = {
      decimalPropertyValidationInfos: [{ path: '$._ext.sample.amount', totalDigits: 9, decimalPlaces: 2 }],
    };
    expect(columns(below({ amount: number() }), 'sample.ContactExtension', info)).toEqual([
      'Amount Scalar Decimal(9,2) NULL $._ext.sample.amount',
    ]);
  });
});

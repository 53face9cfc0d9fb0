import { build, expectRejected, modelOf, tableOf, withSchool } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../model-text.ts';

const { array, descriptorPath, ext, integer, object, reference, string, uri } = build;

const nullable = (schema: build.JsonRecord) => ({ ...schema, 'x-nullable': true });
const thing = (properties: build.JsonRecord, required: readonly string[], members: build.JsonRecord = {}) =>
  build.resource('Thing', { jsonSchemaForInsert: object(properties, required), ...members });

const columnsOf = (resource: build.BuiltResource, name: string, keys = 1) =>
  columnLines(tableOf(modelOf([withSchool(resource)]), `edfi.${name}`)).slice(keys);

// design 02 §7.1: optionality never crosses an array boundary
describe('the columns of a child table do not become nullable', () => {
  const items = object({ a: string(5) }, ['a']);

  it.each<[string, build.JsonRecord]>([
    ['because the array says x-nullable', { rows: nullable(array(items)) }],
    ['because its items say x-nullable', { rows: array(nullable(items)) }],
  ])('%s', (_, properties) => {
    expect(columnsOf(thing(properties, ['rows']), 'ThingRow', 2)).toEqual(['A Scalar String(5) NOT NULL $.rows[*].a']);
  });

  it('because an array of descriptors says x-nullable', () => {
    const mapping = { documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]') } };
    expect(columnsOf(thing({ kinds: nullable(array(uri())) }, [], mapping), 'ThingKind', 2)).toEqual([
      'Kind_DescriptorId DescriptorFk Int64 NOT NULL $.kinds[*]',
    ]);
  });

  it('because of an optional object around a nested array, while an optional object inside the item counts', () => {
    const place = object({ b: string(5) }, ['b']);
    const rows = array(object({ inner: object({ cells: array(object({ place, code: string(5) }, ['code'])) }) }));
    expect(columnsOf(thing({ rows }, []), 'ThingRowCell', 3)).toEqual([
      'Code Scalar String(5) NOT NULL $.rows[*].inner.cells[*].code',
      'PlaceB Scalar String(5) NULL $.rows[*].inner.cells[*].place.b',
    ]);
  });
});

// design 02 §8.2: nullability of the reference columns comes only from isRequired
describe('the columns of a reference', () => {
  const schoolReference = object({ schoolId: nullable(integer()) });
  const toSchool = (isRequired: boolean) => ({
    documentPathsMapping: {
      School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']], isRequired),
    },
  });

  it('are NOT NULL when it is required, whatever x-nullable and "required" of the schema say', () => {
    expect(columnsOf(thing({ schoolReference: nullable(schoolReference) }, [], toSchool(true)), 'Thing')).toEqual([
      'School_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
      'School_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
    ]);
  });

  it('are nullable when it is not, although the schema requires it', () => {
    const required = object({ schoolId: integer() }, ['schoolId']);
    expect(columnsOf(thing({ schoolReference: required }, ['schoolReference'], toSchool(false)), 'Thing')).toEqual([
      'School_DocumentId DocumentFk Int64 NULL $.schoolReference',
      'School_SchoolId Scalar Int32 NULL $.schoolReference.schoolId',
    ]);
  });

  it('are not IDENTITY_NULLABLE where the schema of an identity reference is optional', () => {
    const members = { ...toSchool(true), identityJsonPaths: ['$.schoolReference.schoolId'] };
    expect(columnsOf(thing({ schoolReference }, [], members), 'Thing')).toHaveLength(2);
  });

  it('leave other members of the object as nullable as the schema says', () => {
    const withNote = (required: readonly string[]) =>
      columnsOf(
        thing(
          { schoolReference: object({ schoolId: integer(), note: string(5) }, ['note']) },
          required,
          toSchool(true),
        ),
        'Thing',
      )[2];
    expect(withNote(['schoolReference'])).toBe('SchoolReferenceNote Scalar String(5) NOT NULL $.schoolReference.note');
    expect(withNote([])).toBe('SchoolReferenceNote Scalar String(5) NULL $.schoolReference.note');
  });
});

// design 02 §12: outside _ext arrays start with optional = false
describe('the columns of an extension table', () => {
  const base = build.resource('Base', {
    jsonSchemaForInsert: object({ addresses: array(object({ city: string() })), home: object({}) }),
  });
  const site = object({ sample: object({ zone: string(5) }, ['zone']) }, ['sample']);
  const columns = (properties: build.JsonRecord, name: string, keys: number) => {
    const extension = build.extensionOf('Base', { jsonSchemaForInsert: object(properties) });
    const model = modelOf([withSchool(base), build.project('Sample', [extension], { isExtension: true })]);
    return columnLines(tableOf(model, `sample.${name}`)).slice(keys);
  };
  const path = '$.addresses[*]._ext.sample.zone';

  it('are NOT NULL where everything from the item of a base collection on is required', () => {
    const addresses = array(object({ _ext: site }, ['_ext']));
    expect(columns({ addresses }, 'BaseExtensionAddress', 2)).toEqual([`Zone Scalar String(5) NOT NULL ${path}`]);
  });

  it('are nullable where the item of the collection does not require _ext', () => {
    const addresses = array(object({ _ext: site }));
    expect(columns({ addresses }, 'BaseExtensionAddress', 2)).toEqual([`Zone Scalar String(5) NULL ${path}`]);
  });

  it('are nullable where an object around _ext is optional', () => {
    expect(columns({ home: object({ _ext: site }, ['_ext']) }, 'BaseExtension', 1)).toEqual([
      'Zone Scalar String(5) NULL $.home._ext.sample.zone',
    ]);
  });
});

// design 02 §7.3
describe('impossible decimal facts', () => {
  const impossible = (path: string) => ({
    decimalPropertyValidationInfos: [{ path, totalDigits: 2, decimalPlaces: 5 }],
  });

  it('are refused for a column of an extension table', () => {
    const path = '$._ext.sample.fee';
    const extension = build.extensionOf('School', {
      ...impossible(path),
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ fee: build.number() })) }),
    });
    expectRejected([withSchool(), build.project('Sample', [extension], { isExtension: true })], {
      code: 'DECIMAL_INFO_INVALID',
      resource: 'Sample:School',
      names: [path],
    });
  });

  it('are refused for a part of a reference', () => {
    const priced = build.resource('Priced', {
      identityJsonPaths: ['$.price'],
      decimalPropertyValidationInfos: [{ path: '$.price', totalDigits: 9, decimalPlaces: 2 }],
      jsonSchemaForInsert: object({ price: build.number() }, ['price']),
    });
    const path = '$.pricedReference.price';
    const referrer = thing({ pricedReference: object({ price: build.number() }) }, [], {
      ...impossible(path),
      documentPathsMapping: { Priced: reference('Ed-Fi:Priced', [['$.price', path]]) },
    });
    expectRejected([withSchool(priced, referrer)], {
      code: 'DECIMAL_INFO_INVALID',
      resource: 'Ed-Fi:Thing',
      names: [path],
    });
  });
});

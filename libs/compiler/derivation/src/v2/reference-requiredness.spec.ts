import {
  build,
  columnOf,
  edFi,
  expectDiagnostics,
  extension,
  fields,
  modelV2,
  resourceOf,
  rows,
  schemaSetV2,
  school,
  schoolReference,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../index.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, reference, resource, string, uri } =
  build;

const place = fields({ schoolId: integer() });
const nullable = (schema: build.JsonRecord): build.JsonRecord => ({ ...schema, 'x-nullable': true });

interface PlacedReference {
  readonly path: string;
  readonly schema: build.JsonRecord;
  readonly members?: build.JsonRecord;
}

/** A visit with one reference to a school; the mapping has the opposite of the expected `isRequired`. */
const visit = ({ path, schema, members = {} }: PlacedReference, isRequired: boolean) =>
  resource('Visit', {
    documentPathsMapping: { School: schoolReference(!isRequired, path) },
    jsonSchemaForInsert: schema,
    ...members,
  });

/** Whether the reference is required, by its flag; the nullability of its columns must agree. */
function isRequired(documents: readonly build.JsonRecord[], label = 'Ed-Fi:Visit'): boolean {
  const model = modelV2(documents);
  const [binding] = resourceOf(model, label).documentReferenceBindings;
  if (!binding) throw new Error('no reference is bound');
  const table = tableOf(model, `${binding.table.schema}.${binding.table.name}`);
  const columns = [binding.fkColumn, ...binding.identityBindings.map(({ column }) => column)];
  expect(columns.map((column) => columnOf(table, column).isNullable)).toEqual(columns.map(() => !binding.isRequired));
  return binding.isRequired;
}

describe('a reference is required by the JSON schema alone (design 15 §5)', () => {
  it.each<[string, boolean, PlacedReference]>([
    [
      'listed at the root',
      true,
      { path: '$.schoolReference', schema: object({ schoolReference: place }, ['schoolReference']) },
    ],
    ['not listed at the root', false, { path: '$.schoolReference', schema: object({ schoolReference: place }) }],
    [
      'listed in a required object that is inlined',
      true,
      {
        path: '$.place.schoolReference',
        schema: object({ place: object({ schoolReference: place }, ['schoolReference']) }, ['place']),
      },
    ],
    [
      'listed in an optional object that is inlined (case 1)',
      false,
      {
        path: '$.place.schoolReference',
        schema: object({ place: object({ schoolReference: place }, ['schoolReference']) }),
      },
    ],
    [
      'listed in a required object that is nullable',
      false,
      {
        path: '$.place.schoolReference',
        schema: object({ place: nullable(object({ schoolReference: place }, ['schoolReference'])) }, ['place']),
      },
    ],
    [
      'listed, but nullable itself (case 2)',
      false,
      { path: '$.schoolReference', schema: object({ schoolReference: nullable(place) }, ['schoolReference']) },
    ],
    [
      'listed in the items of an optional array (case 3)',
      true,
      {
        path: '$.stops[*].schoolReference',
        schema: object({ stops: rows({ schoolReference: place }, ['schoolReference']) }),
      },
    ],
    [
      'listed in the nullable items of a nullable array',
      true,
      {
        path: '$.stops[*].schoolReference',
        schema: object({
          stops: nullable(array(nullable(object({ schoolReference: place }, ['schoolReference'])))),
        }),
      },
    ],
    [
      'listed in an optional object of the items',
      false,
      {
        path: '$.stops[*].place.schoolReference',
        schema: object({ stops: rows({ place: object({ schoolReference: place }, ['schoolReference']) }) }),
      },
    ],
    [
      'listed in the items of an array in the items of an array',
      true,
      {
        path: '$.days[*].stops[*].schoolReference',
        schema: object({ days: rows({ stops: rows({ schoolReference: place }, ['schoolReference']) }) }),
      },
    ],
  ])('%s: %s', (_, expected, placed) => {
    expect(isRequired([edFi([school, visit(placed, expected)])])).toBe(expected);
  });

  it.each<[string, boolean, readonly string[], string]>([
    ['listed in an extension of the root', true, ['schoolReference'], '$._ext.sample.schoolReference'],
    ['not listed in an extension of the root', false, [], '$._ext.sample.schoolReference'],
  ])('%s: %s, although the extension itself is optional', (_, expected, required, path) => {
    const extended = extensionOf('Visit', {
      documentPathsMapping: { School: schoolReference(!expected, path) },
      jsonSchemaForInsert: object({
        _ext: ext('sample', object({ schoolReference: place, note: string() }, [...required, 'note'])),
      }),
    });
    const documents = [edFi([school, resource('Visit')]), extension([extended])];
    expect(isRequired(documents)).toBe(expected);
    // a scalar beside it stays optional
    expect(columnOf(tableOf(modelV2(documents), 'sample.VisitExtension'), 'Note').isNullable).toBe(true);
  });

  it('does not need isRequired in the mapping', () => {
    const { isRequired: _, ...mapping } = schoolReference();
    const documents = [
      edFi([
        school,
        resource('Visit', {
          documentPathsMapping: { School: mapping },
          jsonSchemaForInsert: object({ schoolReference: place }, ['schoolReference']),
        }),
      ]),
    ];
    expect(isRequired(documents)).toBe(true);
  });

  it.each([
    ['not listed', object({ schoolReference: place })],
    ['nullable (case 2)', object({ schoolReference: nullable(place) }, ['schoolReference'])],
  ])('part of the identity, but %s: REFERENCE_IDENTITY_OPTIONAL', (_, schema) => {
    const members = { identityJsonPaths: ['$.schoolReference.schoolId'] };
    const documents = [edFi([school, visit({ path: '$.schoolReference', schema, members }, false)])];
    expectDiagnostics(() => modelV2(documents), {
      code: 'REFERENCE_IDENTITY_OPTIONAL',
      resource: 'Ed-Fi:Visit',
      names: ['$.schoolReference.schoolId', '$.schoolReference'],
    });
  });
});

describe('a reference that the JSON schema does not hold', () => {
  const refused = (path: string, schema: build.JsonRecord) => () =>
    deriveModel(schemaSetV2(edFi([school, visit({ path, schema }, true)])), 'pgsql');

  it.each<[string, string, build.JsonRecord]>([
    ['no such property', '$.place.schoolReference', object({ place: object({ homeReference: place }) })],
    ['an object without properties', '$.place.schoolReference', object({ place: { type: 'object' } })],
    ['no such property in items', '$.stops[*].schoolReference', object({ stops: rows({ note: string() }) })],
    ['a scalar on the way', '$.place.schoolReference', object({ place: string() })],
    ['an array on the way', '$.stops.schoolReference', object({ stops: rows({ schoolReference: place }) })],
  ])('%s: REFERENCE_PATH_NOT_IN_SCHEMA', (_, path, schema) => {
    expectDiagnostics(refused(path, schema), {
      code: 'REFERENCE_PATH_NOT_IN_SCHEMA',
      resource: 'Ed-Fi:Visit',
      names: [path],
    });
  });

  it.each<[string, string, build.JsonRecord]>([
    ['a scalar', '$.schoolReference', object({ schoolReference: string() })],
    ['an array', '$.schoolReference', object({ schoolReference: rows({ schoolId: integer() }) })],
    ['a scalar in items', '$.stops[*].schoolReference', object({ stops: rows({ schoolReference: integer() }) })],
  ])('%s in its place: REFERENCE_OBJECT_INVALID', (_, path, schema) => {
    expectDiagnostics(refused(path, schema), {
      code: 'REFERENCE_OBJECT_INVALID',
      resource: 'Ed-Fi:Visit',
      names: ['School', path],
    });
  });

  it.each<[string, build.JsonRecord]>([
    ['required', { ...object({ schoolReference: place }), required: 'schoolReference' }],
    ['x-nullable', object({ schoolReference: { ...place, 'x-nullable': 'yes' } })],
  ])('%s of the wrong form: SCHEMA_SHAPE_INVALID', (member, schema) => {
    expectDiagnostics(refused('$.schoolReference', schema), {
      code: 'SCHEMA_SHAPE_INVALID',
      resource: 'Ed-Fi:Visit',
      names: [`"${member}"`],
    });
  });
});

describe('the roles of references and descriptors (design 15 §5)', () => {
  const roles = (documents: readonly build.JsonRecord[], label: string) => {
    const { documentReferenceBindings, descriptorEdgeSources } = resourceOf(modelV2(documents), label);
    return Object.fromEntries([
      ...documentReferenceBindings.map((entry) => [
        entry.referenceObjectPath.canonical,
        [entry.isRequired, entry.isRoleNamed] as const,
      ]),
      ...descriptorEdgeSources.map((entry) => [
        entry.descriptorValuePath.canonical,
        [entry.isRequired, entry.isRoleNamed] as const,
      ]),
    ]);
  };

  it('come from the last name of the path, not from the mapping key', () => {
    const years = fields({ schoolId: integer() });
    const documents = [
      edFi([
        school,
        resource('Visit', {
          documentPathsMapping: {
            HomeSchool: schoolReference(false, '$.schoolReference'),
            School: schoolReference(false, '$.homeReference'),
            Third: schoolReference(false, '$.school'),
            Fourth: schoolReference(false, '$.schoolreference'),
            Nested: schoolReference(false, '$.home.schoolReference'),
          },
          jsonSchemaForInsert: object(
            {
              schoolReference: years,
              homeReference: years,
              school: years,
              schoolreference: years,
              home: object({ schoolReference: years }),
            },
            ['schoolReference'],
          ),
        }),
      ]),
    ];
    expect(roles(documents, 'Ed-Fi:Visit')).toEqual({
      '$.schoolReference': [true, false],
      '$.homeReference': [false, true],
      '$.school': [false, false],
      // the suffix `Reference` is case-sensitive
      '$.schoolreference': [false, true],
      '$.home.schoolReference': [false, false],
    });
  });

  it('of descriptors: singular for an array; as required as the column', () => {
    const kind = (path: string) => descriptorPath('Ed-Fi:KindDescriptor', path);
    const documents = [
      edFi([
        descriptor('KindDescriptor'),
        resource('Thing', {
          documentPathsMapping: {
            A: kind('$.kindDescriptor'),
            B: kind('$.otherKindDescriptor'),
            C: kind('$.kindDescriptors[*]'),
            D: kind('$.usedDescriptors[*]'),
          },
          jsonSchemaForInsert: object(
            {
              kindDescriptor: uri(),
              otherKindDescriptor: uri(),
              kindDescriptors: array(uri()),
              usedDescriptors: array(uri()),
            },
            ['kindDescriptor'],
          ),
        }),
      ]),
    ];
    expect(roles(documents, 'Ed-Fi:Thing')).toEqual({
      '$.kindDescriptor': [true, false],
      '$.otherKindDescriptor': [false, true],
      '$.kindDescriptors[*]': [true, false],
      '$.usedDescriptors[*]': [true, true],
    });
  });

  it('of a descriptor within a reference are those of the reference', () => {
    const program = resource('Program', {
      identityJsonPaths: ['$.kindDescriptor'],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: fields({ kindDescriptor: uri() }),
    });
    const toProgram = (path: string) => reference('Ed-Fi:Program', [['$.kindDescriptor', `${path}.kindDescriptor`]]);
    const parts = fields({ kindDescriptor: uri() });
    const documents = [
      edFi([
        descriptor('KindDescriptor'),
        program,
        resource('Thing', {
          documentPathsMapping: { A: toProgram('$.programReference'), B: toProgram('$.otherReference') },
          jsonSchemaForInsert: object({ programReference: parts, otherReference: parts }, ['otherReference']),
        }),
      ]),
    ];
    expect(roles(documents, 'Ed-Fi:Thing')).toEqual({
      '$.programReference': [false, false],
      '$.programReference.kindDescriptor': [false, false],
      '$.otherReference': [true, true],
      '$.otherReference.kindDescriptor': [true, true],
    });
  });
});

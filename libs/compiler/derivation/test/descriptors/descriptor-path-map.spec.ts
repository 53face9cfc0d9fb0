import { build, expectRejected, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf } from '../model-text.ts';

const { array, descriptorPath, ext, object, reference, string, uri } = build;

const kinds = ['KindDescriptor', 'OtherDescriptor'].map((name) => build.descriptor(name));
const withKinds = (resources: readonly build.BuiltResource[], abstractResources: build.JsonRecord = {}) =>
  build.project('Ed-Fi', [...resources, ...kinds], { abstractResources });

/** A resource whose identity is two descriptors. */
const two = (second: string) =>
  build.resource('Two', {
    identityJsonPaths: ['$.oneDescriptor', '$.twoDescriptor'],
    documentPathsMapping: {
      One: descriptorPath('Ed-Fi:KindDescriptor', '$.oneDescriptor'),
      Two: descriptorPath(`Ed-Fi:${second}`, '$.twoDescriptor'),
    },
    equalityConstraints:
      second === 'KindDescriptor' ? [{ sourceJsonPath: '$.oneDescriptor', targetJsonPath: '$.twoDescriptor' }] : [],
    jsonSchemaForInsert: object({ oneDescriptor: uri(), twoDescriptor: uri() }, ['oneDescriptor', 'twoDescriptor']),
  });

/** A reference that repeats both of them in one field. */
const toBoth = reference('Ed-Fi:Two', [
  ['$.oneDescriptor', '$.twoReference.kind'],
  ['$.twoDescriptor', '$.twoReference.kind'],
]);

const referrer = (members: build.JsonRecord = {}) =>
  build.resource('Referrer', {
    documentPathsMapping: { Two: toBoth },
    jsonSchemaForInsert: object({ twoReference: object({ kind: uri() }) }),
    ...members,
  });

describe('a field that stands for two descriptors of its target', () => {
  it('must stand for one descriptor resource', () => {
    expectRejected([withKinds([two('OtherDescriptor'), referrer()])], {
      code: 'DESCRIPTOR_PATH_CONFLICT',
      resource: 'Ed-Fi:Referrer',
      names: ['$.twoReference.kind', ['Ed-Fi:KindDescriptor', 'Ed-Fi:OtherDescriptor']],
    });
  });

  it('feeds a column and an edge source for each, by column name, and one key', () => {
    const model = modelOf([withKinds([two('KindDescriptor'), referrer()])]);
    expect(resourceOf(model, 'Ed-Fi:Referrer').descriptorEdgeSources.map(({ fkColumn }) => fkColumn)).toEqual([
      'Two_OneDescriptor_DescriptorId',
      'Two_TwoDescriptor_DescriptorId',
    ]);
    expect(
      constraintsOf(tableOf(model, 'edfi.Referrer'), 'ForeignKey').filter((key) => key.includes('dms.Descriptor')),
    ).toEqual([
      'ForeignKey FK_Referrer_Kind_Unified (Kind_Unified_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    ]);
    expect(resourceOf(model, 'Ed-Fi:Referrer').descriptorFkDeduplications).toEqual([
      {
        table: { schema: 'edfi', name: 'Referrer' },
        storageColumn: 'Kind_Unified_DescriptorId',
        bindingColumns: ['Two_OneDescriptor_DescriptorId', 'Two_TwoDescriptor_DescriptorId'],
      },
    ]);
  });
});

describe('a descriptor that arrives through a reference', () => {
  const one = build.resource('One', {
    identityJsonPaths: ['$.kindDescriptor'],
    documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
    jsonSchemaForInsert: object({ kindDescriptor: uri() }, ['kindDescriptor']),
  });
  const toOne = (path: string) => reference('Ed-Fi:One', [['$.kindDescriptor', `${path}.kind`]], false);

  it('must be in the schema of the referring resource like every descriptor', () => {
    const broken = build.resource('Referrer', {
      documentPathsMapping: { One: toOne('$.oneReference') },
      jsonSchemaForInsert: object({ oneReference: object({}) }),
    });
    expectRejected([withKinds([one, broken])], {
      code: 'DESCRIPTOR_PATH_NOT_IN_SCHEMA',
      resource: 'Ed-Fi:Referrer',
      names: ['$.oneReference.kind'],
    });
  });

  it('below _ext of a resource extension is met by the walk of the extension, and by it only', () => {
    const extension = build.extensionOf('One', {
      documentPathsMapping: { Next: toOne('$._ext.sample.rows[*].oneReference') },
      jsonSchemaForInsert: object({
        _ext: ext('sample', object({ rows: array(object({ oneReference: object({ kind: uri() }) })) })),
      }),
    });
    const model = modelOf([withKinds([one]), build.project('Sample', [extension], { isExtension: true })]);
    expect(columnLines(tableOf(model, 'sample.OneExtensionRow')).slice(2)).toEqual([
      'Next_DocumentId DocumentFk Int64 NULL $._ext.sample.rows[*].oneReference',
      'Next_Kind_DescriptorId DescriptorFk Int64 NULL $._ext.sample.rows[*].oneReference.kind',
    ]);
  });

  it('is known below _ext of its target too: what is wrong is the identity there', () => {
    const path = '$._ext.sample.kindDescriptor';
    const target = build.resource('Target', {
      identityJsonPaths: [path],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', path) },
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ kindDescriptor: uri() })) }),
    });
    const referring = build.resource('Referrer', {
      documentPathsMapping: { Target: reference('Ed-Fi:Target', [[path, '$.targetReference.kind']]) },
      jsonSchemaForInsert: object({ targetReference: object({ kind: uri() }) }),
    });
    // references are bound before natural keys: an unknown descriptor would be DESCRIPTOR_IDENTITY_UNRESOLVED
    expectRejected([withKinds([target, referring]), build.project('Sample', [], { isExtension: true })], {
      code: 'IDENTITY_NOT_ON_ROOT',
      resource: 'Ed-Fi:Target',
      names: [path],
    });
  });
});

describe('an abstract resource', () => {
  const member = build.resource('Member', {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Base',
    identityJsonPaths: ['$.kindDescriptor', '$.code'],
    documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
    jsonSchemaForInsert: object({ kindDescriptor: uri(), code: string(5) }, ['kindDescriptor', 'code']),
  });
  const referring = build.resource('Referrer', {
    documentPathsMapping: {
      Base: reference('Ed-Fi:Base', [
        ['$.kindDescriptor', '$.baseReference.kind'],
        ['$.code', '$.baseReference.code'],
      ]),
    },
    jsonSchemaForInsert: object({ baseReference: object({ kind: uri(), code: string(5) }) }),
  });
  const identityJsonPaths = ['$.kindDescriptor', '$.code'];

  it('with a mapping has the descriptors of the mapping and no others', () => {
    expectRejected([withKinds([member, referring], { Base: { identityJsonPaths, documentPathsMapping: {} } })], {
      code: 'DESCRIPTOR_IDENTITY_UNRESOLVED',
      resource: 'Ed-Fi:Referrer',
      names: ['$.kindDescriptor', 'Ed-Fi:Base'],
    });
  });

  it('without mapping guesses from the name of the property, which a referring mapping must not contradict', () => {
    const contradicting = {
      ...referring.schema,
      documentPathsMapping: {
        ...(referring.schema.documentPathsMapping as build.JsonRecord),
        Other: descriptorPath('Ed-Fi:OtherDescriptor', '$.baseReference.kind'),
      },
    };
    expectRejected(
      [withKinds([member, { endpoint: 'referrers', schema: contradicting }], { Base: { identityJsonPaths } })],
      {
        code: 'DESCRIPTOR_PATH_CONFLICT',
        resource: 'Ed-Fi:Referrer',
        names: ['$.baseReference.kind', ['Ed-Fi:KindDescriptor', 'Ed-Fi:OtherDescriptor']],
      },
    );
  });
});

import { qualified } from '@dms/model';
import {
  build,
  codesOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  modelOf,
  resourceOf,
  school,
  schoolReference,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { below, failing, setOf } from '../contact-extension.ts';
import { columnLines, constraintLine, constraintLines } from '../model-text.ts';

const { array, descriptorPath, ext, integer, object, resource, string, uri } = build;

describe('references and descriptors of an extension', () => {
  it('are in the extension table with the longest scope that contains them', () => {
    const schema = below({
      schoolReference: fields({ schoolId: integer() }),
      visits: array(object({ schoolReference: fields({ schoolId: integer() }) })),
      addresses: array(object({ _ext: ext('sample', object({ schoolReference: fields({ schoolId: integer() }) })) })),
    });
    const at = (object: string) => schoolReference(false, object);
    const model = modelOf(
      setOf(schema, {
        documentPathsMapping: {
          School: at('$._ext.sample.schoolReference'),
          Visit: at('$._ext.sample.visits[*].schoolReference'),
          Address: at('$._ext.sample.addresses[*]._ext.sample.schoolReference'),
        },
      }),
    );
    expect(
      resourceOf(model, 'Ed-Fi:Contact').documentReferenceBindings.map(({ referenceObjectPath, table, fkColumn }) => [
        referenceObjectPath.canonical,
        qualified(table),
        fkColumn,
      ]),
    ).toEqual([
      [
        '$._ext.sample.addresses[*]._ext.sample.schoolReference',
        'sample.ContactExtensionAddress',
        'Address_DocumentId',
      ],
      ['$._ext.sample.schoolReference', 'sample.ContactExtension', 'School_DocumentId'],
      ['$._ext.sample.visits[*].schoolReference', 'sample.ContactExtensionVisit', 'Visit_DocumentId'],
    ]);
    expect(
      constraintLine(tableOf(model, 'sample.ContactExtension'), 'FK_ContactExtension_School_RefKey'),
    ).toBeDefined();
  });

  it('below an _ext that has no table are REFERENCE_EXTENSION_SCOPE_MISSING with the known scopes', () => {
    const documents = [
      edFi([
        school,
        resource('Contact', {
          documentPathsMapping: { School: schoolReference(false, '$._ext.sample.schoolReference') },
          jsonSchemaForInsert: object({
            addresses: array(object({ city: string() })),
            _ext: ext('sample', object({ schoolReference: fields({ schoolId: integer() }) })),
          }),
        }),
      ]),
      extension([]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['REFERENCE_EXTENSION_SCOPE_MISSING']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Contact', '$._ext.sample.schoolReference', '$.addresses[*]']);
  });

  it('get keys to dms.Descriptor and edge sources like all others', () => {
    const schema = below({ kindDescriptor: uri(), kinds: array(uri()) });
    const members = {
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor'),
        Kinds: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kinds[*]'),
      },
    };
    const model = modelOf(setOf(schema, members));
    expect(constraintLines(tableOf(model, 'sample.ContactExtension'))).toContain(
      'ForeignKey FK_ContactExtension_KindDescriptor (KindDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    );
    expect(columnLines(tableOf(model, 'sample.ContactExtensionKind'))).toEqual([
      'Contact_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
      'Kind_DescriptorId DescriptorFk Int64 NOT NULL $._ext.sample.kinds[*]',
    ]);
    expect(resourceOf(model, 'Ed-Fi:Contact').descriptorEdgeSources.map(({ fkColumn }) => fkColumn)).toEqual([
      'KindDescriptor_DescriptorId',
      'Kind_DescriptorId',
    ]);
  });

  it('must all be met below _ext: DESCRIPTOR_PATH_NOT_IN_SCHEMA lists the lost ones in order', () => {
    const error = failing(below({ note: string() }), {
      documentPathsMapping: {
        A: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.zDescriptor'),
        B: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.aDescriptor'),
        C: descriptorPath('Ed-Fi:KindDescriptor', '$.outsideDescriptor'),
      },
    });
    expect(codesOf(error)).toEqual(['DESCRIPTOR_PATH_NOT_IN_SCHEMA']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Sample:Contact',
      paths: ['$._ext.sample.aDescriptor', '$._ext.sample.zDescriptor'],
    });
    expectNamed(error.diagnostics[0], ['Sample:Contact', '$._ext.sample.aDescriptor, $._ext.sample.zDescriptor']);
  });

  it('constrain an inherited collection, not the identity of the resource', () => {
    const model = modelOf(
      setOf(below({ note: string() }), {
        arrayUniquenessConstraints: [{ paths: ['$._ext.sample.addresses[*].city'] }],
      }),
    );
    expect(constraintLine(tableOf(model, 'edfi.ContactAddress'), 'UX_ContactAddress_City_Contact_DocumentId')).toBe(
      'Unique UX_ContactAddress_City_Contact_DocumentId (Contact_DocumentId, City)',
    );
    const identity = modelOf(
      setOf(below({ note: string() }), {
        identityJsonPaths: ['$.other'],
        documentPathsMapping: { Other: build.scalarPath('$.other') },
      }),
    );
    expect(resourceOf(identity, 'Ed-Fi:Contact').naturalKey.columns).toEqual(['ContactId']);
    expect(tableOf(identity, 'sample.ContactExtension').constraints.map(({ kind }) => kind)).toEqual(['ForeignKey']);
  });
});

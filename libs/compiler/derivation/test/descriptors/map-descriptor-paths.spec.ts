import { build, columnNames, expectRejected, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf } from '../model-text.ts';

const kinds = ['KindDescriptor', 'OtherDescriptor'].map((name) => build.descriptor(name));
const withKinds = (...resources: build.BuiltResource[]) => build.project('Ed-Fi', [...resources, ...kinds]);

/** `A` with a code and a descriptor in its identity. */
const a = build.resource('A', {
  identityJsonPaths: ['$.code', '$.kindDescriptor'],
  documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
  jsonSchemaForInsert: build.object({ code: build.string(10), kindDescriptor: build.uri() }, [
    'code',
    'kindDescriptor',
  ]),
});

const referring = (
  name: string,
  target: string,
  sourcePaths: readonly (readonly [string, string])[],
  members: build.JsonRecord = {},
) =>
  build.resource(name, {
    identityJsonPaths: sourcePaths.map(([, path]) => path),
    documentPathsMapping: {
      [target]: build.reference(`Ed-Fi:${target}`, sourcePaths),
      ...((members.documentPathsMapping ?? {}) as build.JsonRecord),
    },
    jsonSchemaForInsert: build.object(
      {
        [`${target.toLowerCase()}Reference`]: build.object({ code: build.string(10), kind: build.uri() }, [
          'code',
          'kind',
        ]),
      },
      [`${target.toLowerCase()}Reference`],
    ),
  });

const b = referring('B', 'A', [
  ['$.code', '$.aReference.code'],
  ['$.kindDescriptor', '$.aReference.kind'],
]);

describe('a descriptor in the identity of a target', () => {
  // once with every target before its referrers in resource order, once after them
  it.each([[['A', 'B', 'C', 'D']], [['Z', 'Y', 'X', 'W']]])(
    'arrives in every resource that refers to it, two references away too, with column, edge source and key: %j',
    ([first = '', second = '', third = '', fourth = '']) => {
      const chain = [
        [second, first, '$.code', '$.kindDescriptor'],
        [third, second, `$.${first.toLowerCase()}Reference.code`, `$.${first.toLowerCase()}Reference.kind`],
        [fourth, third, `$.${second.toLowerCase()}Reference.code`, `$.${second.toLowerCase()}Reference.kind`],
      ] as const;
      const origin = { endpoint: first, schema: { ...a.schema, resourceName: first } };
      const referrers = chain.map(([name, target, code, kind]) => {
        const path = `$.${target.toLowerCase()}Reference`;
        return referring(name, target, [
          [code, `${path}.code`],
          [kind, `${path}.kind`],
        ]);
      });
      const model = modelOf([withKinds(origin, ...referrers)]);
      for (const [name, target] of chain) {
        const found = tableOf(model, `edfi.${name}`);
        const path = `$.${target.toLowerCase()}Reference`;
        expect(columnLines(found)).toEqual([
          'DocumentId ParentKeyPart Int64 NOT NULL -',
          `${target}_DocumentId DocumentFk Int64 NOT NULL ${path}`,
          `${target}_Code Scalar String(10) NOT NULL ${path}.code`,
          `${target}_Kind_DescriptorId DescriptorFk Int64 NOT NULL ${path}.kind`,
        ]);
        expect(constraintsOf(found, 'ForeignKey')).toContain(
          `ForeignKey FK_${name}_${target}_Kind (${target}_Kind_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction`,
        );
        expect(resourceOf(model, `Ed-Fi:${name}`).descriptorEdgeSources).toEqual([
          {
            isIdentityComponent: true,
            isRequired: true,
            isRoleNamed: false,
            descriptorValuePath: expect.objectContaining({ canonical: `${path}.kind` }),
            table: { schema: 'edfi', name },
            fkColumn: `${target}_Kind_DescriptorId`,
            descriptorResource: { projectName: 'Ed-Fi', resourceName: 'KindDescriptor' },
          },
        ]);
      }
    },
  );

  it('may be mapped to the same descriptor by the referring resource itself', () => {
    const mapped = referring(
      'B',
      'A',
      [
        ['$.code', '$.aReference.code'],
        ['$.kindDescriptor', '$.aReference.kind'],
      ],
      { documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.aReference.kind') } },
    );
    expect(modelOf([withKinds(a, mapped)]).resources).toEqual(modelOf([withKinds(a, b)]).resources);
  });

  it('must not be another descriptor in the referring resource', () => {
    const mapped = referring(
      'B',
      'A',
      [
        ['$.code', '$.aReference.code'],
        ['$.kindDescriptor', '$.aReference.kind'],
      ],
      { documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:OtherDescriptor', '$.aReference.kind') } },
    );
    expectRejected([withKinds(a, mapped)], {
      code: 'DESCRIPTOR_PATH_CONFLICT',
      resource: 'Ed-Fi:B',
      names: ['$.aReference.kind', ['Ed-Fi:KindDescriptor', 'Ed-Fi:OtherDescriptor']],
    });
  });

  it('is followed around a circle of references once', () => {
    const optional = (name: string, target: string, own: build.JsonRecord) =>
      build.resource(name, {
        identityJsonPaths: ['$.code', '$.kindDescriptor'],
        documentPathsMapping: {
          ...own,
          Other: build.reference(
            `Ed-Fi:${target}`,
            [
              ['$.code', '$.otherReference.code'],
              ['$.kindDescriptor', '$.otherReference.kind'],
            ],
            false,
          ),
        },
        jsonSchemaForInsert: build.object(
          {
            code: build.string(10),
            kindDescriptor: build.uri(),
            otherReference: build.object({ code: build.string(10), kind: build.uri() }),
          },
          ['code', 'kindDescriptor'],
        ),
      });
    const own = (descriptor: string) => ({ Kind: build.descriptorPath(`Ed-Fi:${descriptor}`, '$.kindDescriptor') });
    const model = modelOf([
      withKinds(optional('P', 'Q', own('KindDescriptor')), optional('Q', 'P', own('OtherDescriptor'))),
    ]);
    const targets = (name: string) =>
      tableOf(model, `edfi.${name}`).columns.flatMap(({ name: column, kind, targetResource }) =>
        kind === 'DescriptorFk' ? [`${column} ${targetResource?.resourceName}`] : [],
      );
    expect(targets('P')).toEqual([
      'Other_Kind_DescriptorId OtherDescriptor',
      'KindDescriptor_DescriptorId KindDescriptor',
    ]);
    expect(targets('Q')).toEqual([
      'Other_Kind_DescriptorId KindDescriptor',
      'KindDescriptor_DescriptorId OtherDescriptor',
    ]);
  });
});

describe('one path', () => {
  it.each(['OtherDescriptor', 'KindDescriptor'])(
    'must not be mapped twice, here to KindDescriptor and %s',
    (second) => {
      const twice = build.resource('T', {
        documentPathsMapping: {
          One: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
          Two: build.descriptorPath(`Ed-Fi:${second}`, '$.kindDescriptor'),
        },
        jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }),
      });
      expectRejected([withKinds(twice)], {
        code: 'DESCRIPTOR_PATH_CONFLICT',
        resource: 'Ed-Fi:T',
        names: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor', `Ed-Fi:${second}`],
      });
    },
  );
});

describe('an abstract resource without mapping', () => {
  const member = build.resource('Member', {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Base',
    identityJsonPaths: ['$.code', '$.kindDescriptor', '$.nodescriptor'],
    documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
    jsonSchemaForInsert: build.object(
      { code: build.string(10), kindDescriptor: build.uri(), nodescriptor: build.string(5) },
      ['code', 'kindDescriptor', 'nodescriptor'],
    ),
  });
  const referrer = build.resource('R', {
    documentPathsMapping: {
      Base: build.reference('Ed-Fi:Base', [
        ['$.code', '$.baseReference.code'],
        ['$.kindDescriptor', '$.baseReference.kind'],
        ['$.nodescriptor', '$.baseReference.plain'],
      ]),
    },
    jsonSchemaForInsert: build.object({
      baseReference: build.object({ code: build.string(10), kind: build.uri(), plain: build.string(5) }),
    }),
  });

  it('has a descriptor of its own project where an identity path ends with "Descriptor", in that case', () => {
    const model = modelOf([
      build.project('Ed-Fi', [member, referrer, ...kinds], {
        abstractResources: { Base: { identityJsonPaths: ['$.code', '$.kindDescriptor', '$.nodescriptor'] } },
      }),
    ]);
    const columns = tableOf(model, 'edfi.R').columns.map(({ name, targetResource }) => [
      name,
      targetResource?.resourceName,
    ]);
    expect(columns).toEqual([
      ['DocumentId', undefined],
      ['Base_DocumentId', 'Base'],
      ['Base_Code', undefined],
      ['Base_Kind_DescriptorId', 'KindDescriptor'],
      ['Base_Plain', undefined],
    ]);
  });
});

describe('descriptor paths below _ext', () => {
  it('are left to the walk of the extension', () => {
    const school = build.resource('School', {
      documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor') },
      jsonSchemaForInsert: build.object({ name: build.string() }),
    });
    expect(columnNames(tableOf(modelOf([withKinds(school)]), 'edfi.School'))).toEqual(['DocumentId', 'Name']);
  });

  it('and only they are a matter of the extension walk', () => {
    const school = build.resource('School', { jsonSchemaForInsert: build.object({ name: build.string() }) });
    const extension = build.extensionOf('School', {
      documentPathsMapping: {
        Inherited: build.descriptorPath('Ed-Fi:OtherDescriptor', '$.otherDescriptor'),
        Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor'),
      },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ kindDescriptor: build.uri() })) }),
    });
    const model = modelOf([withKinds(school), build.project('Sample', [extension], { isExtension: true })]);
    expect(columnNames(tableOf(model, 'sample.SchoolExtension'))).toEqual([
      'DocumentId',
      'KindDescriptor_DescriptorId',
    ]);
  });
});

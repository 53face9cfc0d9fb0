import { type Column, type ColumnStorage, orderColumns } from '@dms/model';
import {
  build,
  columnNames,
  expectNamed,
  failureOf,
  hasSharedData,
  modelOf,
  resourceOf,
  rows,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52 } from '../data-standard.ts';

const target = build.resource('Target', {
  identityJsonPaths: ['$.b', '$.a', '$.kindDescriptor'],
  documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
  jsonSchemaForInsert: build.object({ a: build.string(), b: build.string(), kindDescriptor: build.uri() }, [
    'a',
    'b',
    'kindDescriptor',
  ]),
});

const toTarget = (path: string, isRequired?: boolean) =>
  build.reference(
    'Ed-Fi:Target',
    [
      ['$.kindDescriptor', `${path}.kind`],
      ['$.a', `${path}.a`],
      ['$.b', `${path}.b`],
    ],
    isRequired,
  );

const targetReference = build.object({ a: build.string(), b: build.string(), kind: build.uri() }, ['a', 'b', 'kind']);

const withTarget = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [target, build.descriptor('KindDescriptor'), ...resources]);

/** A resource with columns of every group and constraints of every kind. */
const rich = build.resource('Rich', {
  identityJsonPaths: ['$.zeta', '$.firstReference.a', '$.firstReference.b', '$.firstReference.kind'],
  documentPathsMapping: {
    Ref: toTarget('$.firstReference'),
    Ref2: toTarget('$.secondReference', false),
    Aaa: build.descriptorPath('Ed-Fi:KindDescriptor', '$.aaa'),
    AAb: build.descriptorPath('Ed-Fi:KindDescriptor', '$.aAb'),
  },
  equalityConstraints: [{ sourceJsonPath: '$.x1', targetJsonPath: '$.x2' }],
  jsonSchemaForInsert: build.object(
    {
      aaa: build.uri(),
      aAb: build.uri(),
      aa: build.string(),
      aB: build.string(),
      firstReference: targetReference,
      secondReference: targetReference,
      x1: build.integer(),
      x2: build.integer(),
      zeta: build.string(),
    },
    ['zeta', 'firstReference'],
  ),
});

describe('the columns of a table', () => {
  const model = modelOf([withTarget(rich)]);

  it('are in groups: key, storage only, references with their parts in pair order, descriptors, scalars; then by name', () => {
    expect(columnNames(tableOf(model, 'edfi.Rich'))).toEqual([
      'DocumentId',
      'X1_Present',
      'X1_Unified',
      'X2_Present',
      // by key column: "2" comes before "_"
      'Ref2_DocumentId',
      'Ref2_Kind_DescriptorId',
      'Ref2_A',
      'Ref2_B',
      'Ref_DocumentId',
      'Ref_Kind_DescriptorId',
      'Ref_A',
      'Ref_B',
      // by code unit: upper case before lower case
      'AAb_DescriptorId',
      'Aaa_DescriptorId',
      'AB',
      'Aa',
      'X1',
      'X2',
      'Zeta',
    ]);
  });
});

it.runIf(hasSharedData)(
  'the columns of Section in the data standard 5.2 begin as 02 §13 says (needs the shared data)',
  () => {
    const model = modelOf([core52()]);
    expect(columnNames(tableOf(model, 'edfi.Section')).slice(0, 10)).toEqual([
      'DocumentId',
      'SchoolId_U35501e03_Unified',
      'SchoolId_Unified',
      'CourseOffering_DocumentId',
      'CourseOffering_LocalCourseCode',
      'CourseOffering_SchoolReferenceSchoolId',
      'CourseOffering_SessionReferenceSchoolId',
      'CourseOffering_SchoolYear',
      'CourseOffering_SessionName',
      'LocationLocation_DocumentId',
    ]);
  },
);

describe('the constraints of a table', () => {
  it('are by kind, then name', () => {
    const found = tableOf(
      modelOf([
        withTarget(
          rich,
          build.resource('Referrer', {
            documentPathsMapping: {
              Rich: build.reference('Ed-Fi:Rich', [
                ['$.zeta', '$.richReference.zeta'],
                ['$.firstReference.a', '$.richReference.a'],
                ['$.firstReference.b', '$.richReference.b'],
                ['$.firstReference.kind', '$.richReference.kind'],
              ]),
            },
            jsonSchemaForInsert: build.object({
              richReference: build.object({
                zeta: build.string(),
                a: build.string(),
                b: build.string(),
                kind: build.uri(),
              }),
            }),
          }),
        ),
      ]),
      'edfi.Rich',
    );
    expect(found.constraints.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Unique UX_Rich_NK',
      'Unique UX_Rich_RefKey',
      'ForeignKey FK_Rich_AAb',
      'ForeignKey FK_Rich_Aaa',
      'ForeignKey FK_Rich_Document',
      'ForeignKey FK_Rich_Ref2_Kind',
      'ForeignKey FK_Rich_Ref2_RefKey',
      'ForeignKey FK_Rich_Ref_Kind',
      'ForeignKey FK_Rich_Ref_RefKey',
      'AllOrNoneNullability CK_Rich_Ref2_AllNone',
      'AllOrNoneNullability CK_Rich_Ref_AllNone',
      'NullOrTrue CK_Rich_X1_Present_NullOrTrue',
      'NullOrTrue CK_Rich_X2_Present_NullOrTrue',
    ]);
  });
});

describe('the lists of a resource', () => {
  const base = build.resource('Base', {
    documentPathsMapping: {
      Z: toTarget('$.aReference', false),
      A: toTarget('$.rows[*].zReference', false),
      M: toTarget('$.bReference', false),
      Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.rows[*].aaDescriptor'),
    },
    jsonSchemaForInsert: build.object({
      aReference: targetReference,
      bReference: targetReference,
      rows: rows({ zReference: targetReference, aaDescriptor: build.uri() }),
      'a-rows': rows({}),
    }),
  });
  const extension = (project: string, endpoint: string) =>
    build.project(
      project,
      [
        build.extensionOf('Base', {
          documentPathsMapping: {
            Kind: build.descriptorPath('Ed-Fi:KindDescriptor', `$._ext.${endpoint}.kindDescriptor`),
          },
          jsonSchemaForInsert: build.object({
            _ext: build.ext(endpoint, build.object({ kindDescriptor: build.uri(), rows: rows({}) })),
          }),
        }),
      ],
      { endpoint, isExtension: true },
    );
  const model = modelOf([withTarget(base), extension('Alpha', 'zz'), extension('Zulu', 'aa')]);
  const found = resourceOf(model, 'Ed-Fi:Base');

  it('tables are by array depth, then scope', () => {
    expect(
      found.tablesInDependencyOrder.map(
        ({ jsonScope, table: { schema, name } }) => `${jsonScope.canonical} ${schema}.${name}`,
      ),
    ).toEqual([
      '$ edfi.Base',
      '$._ext.aa aa.BaseExtension',
      '$._ext.zz zz.BaseExtension',
      '$._ext.aa.rows[*] aa.BaseExtensionRow',
      '$._ext.zz.rows[*] zz.BaseExtensionRow',
      '$.a-rows[*] edfi.BaseARow',
      '$.rows[*] edfi.BaseRow',
    ]);
  });

  it('reference bindings are by object path', () => {
    expect(
      found.documentReferenceBindings.map(
        ({ referenceObjectPath, fkColumn }) => `${referenceObjectPath.canonical} ${fkColumn}`,
      ),
    ).toEqual(['$.aReference Z_DocumentId', '$.bReference M_DocumentId', '$.rows[*].zReference A_DocumentId']);
  });

  it('descriptor edge sources are by table, then path', () => {
    expect(
      found.descriptorEdgeSources.map(
        (edge) => `${edge.table.schema}.${edge.table.name} ${edge.descriptorValuePath.canonical}`,
      ),
    ).toEqual([
      'aa.BaseExtension $._ext.aa.kindDescriptor',
      'edfi.Base $.aReference.kind',
      'edfi.Base $.bReference.kind',
      'edfi.BaseRow $.rows[*].aaDescriptor',
      'edfi.BaseRow $.rows[*].zReference.kind',
      'zz.BaseExtension $._ext.zz.kindDescriptor',
    ]);
  });

  it('deduplications of descriptor keys are by table and storage column', () => {
    const twice = (...paths: string[]) =>
      paths.map((path) => [`M ${path}`, build.descriptorPath('Ed-Fi:KindDescriptor', path)]);
    const equal = (sourceJsonPath: string, targetJsonPath: string) => ({ sourceJsonPath, targetJsonPath });
    const kinds = { p: build.uri(), q: build.uri(), r: build.uri(), s: build.uri() };
    const shared = build.resource('Shared', {
      documentPathsMapping: Object.fromEntries(twice('$.p', '$.q', '$.r', '$.s', '$.a[*].r', '$.a[*].s')),
      equalityConstraints: [equal('$.s', '$.r'), equal('$.p', '$.q'), equal('$.a[*].s', '$.a[*].r')],
      jsonSchemaForInsert: build.object({ ...kinds, a: rows({ r: build.uri(), s: build.uri() }) }),
    });
    expect(
      resourceOf(modelOf([withTarget(shared)]), 'Ed-Fi:Shared').descriptorFkDeduplications.map(
        ({ table: { name }, storageColumn, bindingColumns }) => `${name} ${storageColumn} ${bindingColumns.join('|')}`,
      ),
    ).toEqual([
      'Shared P_Unified_DescriptorId P_DescriptorId|Q_DescriptorId',
      'Shared R_Unified_DescriptorId R_DescriptorId|S_DescriptorId',
      'SharedA R_Unified_DescriptorId R_DescriptorId|S_DescriptorId',
    ]);
  });
});

describe('the resources of a set', () => {
  const thing = (name: string) => build.resource(name, { jsonSchemaForInsert: build.object({}) });
  const model = modelOf([
    build.project('M', [thing('b'), thing('aa'), thing('aB')], { endpoint: 'm' }),
    build.project('Z', [thing('A')], { endpoint: 'a', isExtension: true }),
    build.project('A', [thing('Z')], { endpoint: 'z', isExtension: true }),
  ]);

  it('are by project name, then resource name, by code unit', () => {
    expect(model.resources.map(({ resourceKey }) => `${resourceKey.projectName}:${resourceKey.resourceName}`)).toEqual([
      'A:Z',
      'M:aB',
      'M:aa',
      'M:b',
      'Z:A',
    ]);
  });

  it('stand in projects that are by endpoint name', () => {
    expect(model.projects.map(({ projectName }) => projectName)).toEqual(['Z', 'M', 'A']);
  });
});

describe('an alias', () => {
  const column = (
    name: string,
    storage: ColumnStorage = { kind: 'Stored' },
    kind: Column['kind'] = 'Scalar',
  ): Column => ({
    name,
    kind,
    scalarType: { kind: 'Int32', maxLength: null, decimal: null },
    isNullable: true,
    sourcePath: { canonical: `$.${name}`, segments: [{ kind: 'property', name }] },
    targetResource: null,
    storage,
    isWritable: storage.kind === 'Stored',
  });
  const alias = (name: string, canonicalColumn: string, presenceColumn: string | null = null) =>
    column(name, { kind: 'UnifiedAlias', canonicalColumn, presenceColumn });
  const ordered = (...columns: Column[]) =>
    orderColumns('edfi.T', { constraintName: 'PK_T', columns: [] }, columns, []).map(({ name }) => name);

  it('comes after its canonical and its presence column, and otherwise as early as it can', () => {
    expect(ordered(column('D'), alias('A', 'C'), column('C'), column('B'))).toEqual(['B', 'C', 'A', 'D']);
    expect(ordered(alias('A', 'C', 'D'), column('C'), column('D'), column('E'))).toEqual(['C', 'D', 'A', 'E']);
  });

  it.each([
    ['must depend on columns of its table', 'KU_ALIAS_DANGLING', [alias('A', 'Gone')], ['edfi.T', 'A', 'Gone']],
    [
      'must have its presence column in its table',
      'KU_ALIAS_DANGLING',
      [alias('A', 'C', 'Gone'), column('C')],
      ['edfi.T', 'A', 'Gone'],
    ],
    ['must not depend on itself', 'KU_ALIAS_SELF', [alias('A', 'A')], ['edfi.T', 'A']],
    [
      'must not be in a circle',
      'KU_ALIAS_CYCLE',
      [alias('B', 'A'), alias('A', 'B'), column('C')],
      ['edfi.T', ['A', 'B']],
    ],
  ] as const)('%s', (_, code, columns, names) => {
    const [found] = failureOf(() => ordered(...columns)).diagnostics;
    expect(found?.code).toBe(code);
    expectNamed(found, names);
  });
});

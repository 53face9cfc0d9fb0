import type { Column, Table } from '@dms/model';
import { dialects, type SqlDialect, value } from '@dms/sql';
import { expectDiagnostic, handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { aligned, elements, rootExtension, rootOf } from '../../test/second-generation-tables.ts';
import {
  checkProjectionContract,
  compileReadPlan,
  planDialects,
  type ResourceReadPlan,
  singleDocumentSql,
} from '../index.ts';
import { planSqlHash } from '../manifest-parts.ts';
import { planText } from '../plan-dialect.ts';

const { alias, binding, descriptor, edge, reference, resource, scalar } = handMade;

const document = 'School_DocumentId';

function planOf(
  tables: readonly Table[],
  parts: Parameters<typeof resource>[2] = {},
  dialect: SqlDialect = 'pgsql',
): ResourceReadPlan {
  return compileReadPlan(dialect, resource('Ed-Fi:School', tables, parts), 'v2');
}

const periods = elements(
  'edfi.SchoolAddressPeriod',
  '$.addresses[*].periods[*]',
  { document, parent: 'ParentCollectionItemId', identity: [['$.periodName', 'PeriodName']] },
  [scalar('PeriodName', '$.addresses[*].periods[*].periodName')],
);

const orderOf = (plan: ResourceReadPlan) =>
  plan.tablePlansInDependencyOrder.map((table) => table.orderByColumnsInOrder);

describe('hydration (design 17 §4.2)', () => {
  const [, table] = planOf([rootOf('edfi.School'), periods]).tablePlansInDependencyOrder;

  it('reads the rows of one document: the example of the chapter', () => {
    expect(table?.selectBySingleDocumentSql).toBe(`SELECT
    t."CollectionItemId",
    t."Ordinal",
    t."ParentCollectionItemId",
    t."School_DocumentId",
    t."PeriodName"
FROM "edfi"."SchoolAddressPeriod" t
WHERE t."School_DocumentId" = @DocumentId
ORDER BY
    t."School_DocumentId" ASC,
    t."ParentCollectionItemId" ASC,
    t."Ordinal" ASC
;
`);
    expect(planSqlHash(table?.selectBySingleDocumentSql ?? '')).toBe(
      '1c4bad702a572094de4b060b50637e68033caa93ccb2ba03a7e1a72c5b5bbd9e',
    );
  });

  it('reads those of a page with a join in its place', () => {
    expect(table?.selectByKeysetSql).toBe(
      table?.selectBySingleDocumentSql?.replace(
        'WHERE t."School_DocumentId" = @DocumentId',
        'INNER JOIN "page" k ON t."School_DocumentId" = k."DocumentId"',
      ),
    );
    expect(planSqlHash(table?.selectByKeysetSql ?? '')).toBe(
      '926288cd46ec444c861aef1acae47566367414d170dce05d0b0915530d1283ec',
    );
  });

  it('orders the rows of every kind of table by document, parent and position, each column once', () => {
    expect(
      orderOf(
        planOf([
          rootOf('edfi.School'),
          rootExtension('sample.SchoolExtension', '$._ext.sample'),
          aligned('sample.SchoolExtensionAddress', '$._ext.sample.addresses[*]._ext.sample', document),
          elements('edfi.SchoolAddress', '$.addresses[*]', { document }),
          periods,
        ]),
      ),
    ).toEqual([
      ['DocumentId'],
      ['DocumentId'],
      [document, 'BaseCollectionItemId'],
      [document, 'Ordinal'],
      [document, 'ParentCollectionItemId', 'Ordinal'],
    ]);
  });

  it('joins by role, not by name: a shortened column of the document (case 22)', () => {
    const shortened = 'SchoolOfTheVeryLongName_0123456789';
    const [, long] = planOf(
      [rootOf('edfi.School'), elements('edfi.Long', '$.a[*]', { document: shortened })],
      {},
      'mssql',
    ).tablePlansInDependencyOrder;
    expect(long?.selectByKeysetSql).toContain(`INNER JOIN [#page] k ON t.[${shortened}] = k.[DocumentId]\n`);
    expect(long?.selectBySingleDocumentSql).toContain(`WHERE t.[${shortened}] = @DocumentId\n`);
    expect(long?.orderByColumnsInOrder).toEqual([shortened, 'Ordinal']);
  });

  it.each(dialects)('of one document takes a placeholder that a driver knows, in %s', (dialect) => {
    const [root] = planOf([rootOf('edfi.School')], {}, dialect).tablePlansInDependencyOrder;
    if (!root) throw new Error('there is no root');
    const text = planText(singleDocumentSql(planDialects[dialect], root));
    expect(text).toBe(root.selectBySingleDocumentSql);
    expect(singleDocumentSql(planDialects[dialect], root, value('7')).pieces).toEqual(text.split('@DocumentId'));
  });
});

describe('column ordinals (design 17 §4.1, case 21)', () => {
  const columns: readonly Column[] = [
    reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District'),
    scalar('District_Id', '$.districtReference.id', 'Int32'),
    descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
  ];
  const plan = planOf([rootOf('edfi.School', columns)], {
    references: [
      binding('edfi.School', 'District_DocumentId', '$.districtReference', 'Ed-Fi:District', [
        ['$.districtReference.id', 'District_Id'],
      ]),
    ],
    descriptors: [edge('edfi.School', 'KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
  });

  it('count without the columns that triggers write, which stand before them in the table', () => {
    const [root] = plan.tablePlansInDependencyOrder;
    expect(root?.tableModel.columns.slice(0, 3).map(({ name }) => name)).toEqual([
      'DocumentId',
      'ContentLastModifiedAt',
      'ContentVersion',
    ]);
    expect(root?.selectListColumnsInOrder.map(({ name }) => name)).toEqual([
      'DocumentId',
      'District_DocumentId',
      'District_Id',
      'KindDescriptor_DescriptorId',
    ]);
    expect(root?.selectByKeysetSql).not.toContain('Content');
    const [projection] = plan.referenceIdentityProjectionPlansInDependencyOrder;
    expect(projection?.bindingsInOrder[0]?.fkColumnOrdinal).toBe(1);
    expect(plan.descriptorProjectionPlansInOrder[0]?.sourcesInOrder[0]?.descriptorIdColumnOrdinal).toBe(3);
  });

  it('of the fields of a reference come with the type of the column', () => {
    const [projection] = plan.referenceIdentityProjectionPlansInDependencyOrder;
    expect(projection?.bindingsInOrder[0]?.identityFieldOrdinalsInOrder).toEqual([
      { referenceJsonPath: path('$.districtReference.id'), columnOrdinal: 2, scalarType: handMade.scalarType('Int32') },
    ]);
  });
});

const twoKinds = () => {
  const target = 'Ed-Fi:SchoolTypeDescriptor';
  const columns = ['Primary', 'Secondary'].map((name) =>
    descriptor(`${name}SchoolTypeDescriptor_DescriptorId`, `$.${name.toLowerCase()}SchoolTypeDescriptor`, target),
  );
  return {
    root: rootOf('edfi.ProjectionExample', columns),
    edges: columns.map(({ name, sourcePath }) =>
      edge('edfi.ProjectionExample', name, sourcePath?.canonical ?? '', target),
    ),
  };
};

describe('the projection of descriptors (design 17 §4.4)', () => {
  const { root, edges } = twoKinds();
  const statement = (dialect: SqlDialect, tables: readonly Table[] = [root], descriptors = edges) =>
    planOf(tables, { descriptors }, dialect).descriptorProjectionPlansInOrder[0];

  it('has one arm per table in SQL Server: the example of the chapter', () => {
    const projection = statement('mssql');
    expect(projection?.selectByKeysetSql).toBe(`SELECT
    p.[DescriptorId],
    d.[Uri]
FROM
    (
        SELECT DISTINCT v0.[DescriptorId]
        FROM [edfi].[ProjectionExample] t0
        INNER JOIN [#page] k ON t0.[DocumentId] = k.[DocumentId]
        CROSS APPLY (VALUES (t0.[PrimarySchoolTypeDescriptor_DescriptorId]), (t0.[SecondarySchoolTypeDescriptor_DescriptorId])) AS v0([DescriptorId])
        WHERE v0.[DescriptorId] IS NOT NULL
    ) p
INNER JOIN [dms].[Descriptor] d ON d.[DocumentId] = p.[DescriptorId]
ORDER BY
    p.[DescriptorId] ASC
;
`);
    expect(planSqlHash(projection?.selectByKeysetSql ?? '')).toBe(
      'a3468ecfdbbeb8e5f410b4e6eba6ba96ffa3e18331692315f434207cfe043c72',
    );
  });

  it('of one document has no join, and two lines of conditions', () => {
    const lines = statement('mssql')?.selectBySingleDocumentSql?.split('\n') ?? [];
    expect(lines.slice(3, 10)).toEqual([
      'FROM',
      '    (',
      '        SELECT DISTINCT v0.[DescriptorId]',
      '        FROM [edfi].[ProjectionExample] t0',
      '        CROSS APPLY (VALUES (t0.[PrimarySchoolTypeDescriptor_DescriptorId]), (t0.[SecondarySchoolTypeDescriptor_DescriptorId])) AS v0([DescriptorId])',
      '        WHERE t0.[DocumentId] = @DocumentId',
      '        AND v0.[DescriptorId] IS NOT NULL',
    ]);
  });

  it('has one arm per column in PostgreSQL', () => {
    expect(statement('pgsql')?.selectBySingleDocumentSql).toBe(`SELECT
    p."DescriptorId",
    d."Uri"
FROM
    (
        SELECT t0."PrimarySchoolTypeDescriptor_DescriptorId" AS "DescriptorId"
        FROM "edfi"."ProjectionExample" t0
        WHERE t0."DocumentId" = @DocumentId
        AND t0."PrimarySchoolTypeDescriptor_DescriptorId" IS NOT NULL
        UNION
        SELECT t1."SecondarySchoolTypeDescriptor_DescriptorId" AS "DescriptorId"
        FROM "edfi"."ProjectionExample" t1
        WHERE t1."DocumentId" = @DocumentId
        AND t1."SecondarySchoolTypeDescriptor_DescriptorId" IS NOT NULL
    ) p
INNER JOIN "dms"."Descriptor" d ON d."DocumentId" = p."DescriptorId"
ORDER BY
    p."DescriptorId" ASC
;
`);
  });

  it('numbers its arms by table, joined on the document of each; a table with one column has no row set', () => {
    const levels = elements('edfi.Level', '$.levelDescriptors[*]', { document: 'ProjectionExample_DocumentId' }, [
      descriptor('LevelDescriptor_DescriptorId', '$.levelDescriptors[*]', 'Ed-Fi:LevelDescriptor'),
    ]);
    const level = edge('edfi.Level', 'LevelDescriptor_DescriptorId', '$.levelDescriptors[*]', 'Ed-Fi:LevelDescriptor');
    // the order of edges does not matter
    const text = statement('mssql', [root, levels], [level, ...edges.toReversed()])?.selectByKeysetSql ?? '';
    expect(text.split('\n').slice(5, 15)).toEqual([
      '        SELECT v0.[DescriptorId]',
      '        FROM [edfi].[ProjectionExample] t0',
      '        INNER JOIN [#page] k ON t0.[DocumentId] = k.[DocumentId]',
      '        CROSS APPLY (VALUES (t0.[PrimarySchoolTypeDescriptor_DescriptorId]), (t0.[SecondarySchoolTypeDescriptor_DescriptorId])) AS v0([DescriptorId])',
      '        WHERE v0.[DescriptorId] IS NOT NULL',
      '        UNION',
      '        SELECT t1.[LevelDescriptor_DescriptorId] AS [DescriptorId]',
      '        FROM [edfi].[Level] t1',
      '        INNER JOIN [#page] k ON t1.[ProjectionExample_DocumentId] = k.[DocumentId]',
      '        WHERE t1.[LevelDescriptor_DescriptorId] IS NOT NULL',
    ]);
  });

  it('reads a shared column once: one column is one arm with DISTINCT', () => {
    const target = 'Ed-Fi:KindDescriptor';
    const shared = rootOf('edfi.ProjectionExample', [
      descriptor('Kind_Unified', null, target),
      alias(descriptor('One', '$.oneDescriptor', target), 'Kind_Unified'),
      alias(descriptor('Two', '$.twoDescriptor', target), 'Kind_Unified'),
    ]);
    const descriptors = [
      edge('edfi.ProjectionExample', 'One', '$.oneDescriptor', target),
      edge('edfi.ProjectionExample', 'Two', '$.twoDescriptor', target),
    ];
    for (const dialect of dialects) {
      const text = statement(dialect, [shared], descriptors)?.selectByKeysetSql ?? '';
      expect(text.match(/SELECT DISTINCT t0\..Kind_Unified. AS/g)).toHaveLength(1);
      expect(text).not.toContain('UNION');
    }
  });
});

describe('the look-up of referenced documents (design 17 §4.5)', () => {
  const first = reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District');
  const second = reference('Owner_DocumentId', '$.ownerReference', 'Ed-Fi:District');
  const root = rootOf('edfi.School', [
    first,
    scalar('District_Id', '$.districtReference.id'),
    second,
    scalar('Owner_Id', '$.ownerReference.id'),
  ]);
  const staff = elements('edfi.SchoolStaff', '$.staff[*]', { document }, [
    reference('Staff_DocumentId', '$.staff[*].staffReference', 'Ed-Fi:Staff'),
    scalar('Staff_Id', '$.staff[*].staffReference.id'),
  ]);
  const references = [
    binding('edfi.SchoolStaff', 'Staff_DocumentId', '$.staff[*].staffReference', 'Ed-Fi:Staff', [
      ['$.staff[*].staffReference.id', 'Staff_Id'],
    ]),
    binding('edfi.School', 'Owner_DocumentId', '$.ownerReference', 'Ed-Fi:District', [
      ['$.ownerReference.id', 'Owner_Id'],
    ]),
    binding('edfi.School', 'District_DocumentId', '$.districtReference', 'Ed-Fi:District', [
      ['$.districtReference.id', 'District_Id'],
    ]),
  ];

  it('has one arm per table in both dialects, by table and column', () => {
    const lookup = planOf([root, staff], { references }).documentReferenceLookup;
    expect(lookup?.selectByKeysetSql).toBe(`SELECT
    doc."DocumentId",
    doc."DocumentUuid",
    doc."ResourceKeyId"
FROM
    (
        SELECT v0."DocumentId"
        FROM "edfi"."School" t0
        INNER JOIN "page" k ON t0."DocumentId" = k."DocumentId"
        CROSS JOIN LATERAL (VALUES (t0."District_DocumentId"), (t0."Owner_DocumentId")) AS v0("DocumentId")
        WHERE v0."DocumentId" IS NOT NULL
        UNION
        SELECT t1."Staff_DocumentId" AS "DocumentId"
        FROM "edfi"."SchoolStaff" t1
        INNER JOIN "page" k ON t1."School_DocumentId" = k."DocumentId"
        WHERE t1."Staff_DocumentId" IS NOT NULL
    ) p
INNER JOIN "dms"."Document" doc ON doc."DocumentId" = p."DocumentId"
ORDER BY
    doc."DocumentId" ASC
;
`);
    expect(lookup?.resultShape).toEqual({ documentIdOrdinal: 0, documentUuidOrdinal: 1, resourceKeyIdOrdinal: 2 });
    expect(lookup?.sourcesInOrder).toEqual([
      { table: { schema: 'edfi', name: 'School' }, fkColumn: 'District_DocumentId' },
      { table: { schema: 'edfi', name: 'School' }, fkColumn: 'Owner_DocumentId' },
      { table: { schema: 'edfi', name: 'SchoolStaff' }, fkColumn: 'Staff_DocumentId' },
    ]);
    const inSqlServer = planOf([root, staff], { references }, 'mssql').documentReferenceLookup;
    expect(inSqlServer?.selectBySingleDocumentSql.split('\n').slice(6, 12)).toEqual([
      '        SELECT v0.[DocumentId]',
      '        FROM [edfi].[School] t0',
      '        CROSS APPLY (VALUES (t0.[District_DocumentId]), (t0.[Owner_DocumentId])) AS v0([DocumentId])',
      '        WHERE t0.[DocumentId] = @DocumentId',
      '        AND v0.[DocumentId] IS NOT NULL',
      '        UNION',
    ]);
  });

  it('is not there without references', () => {
    expect(planOf([rootOf('edfi.School')]).documentReferenceLookup).toBeNull();
  });

  describe('and the rest of a read plan is compared with its model (design 17 §4.6)', () => {
    const { root: example, edges } = twoKinds();
    const plan = planOf([root, staff], { references });
    const withDescriptors = planOf([example], { descriptors: edges });
    const lookup = plan.documentReferenceLookup;
    if (!lookup) throw new Error('there is no look-up');
    const check = (changed: ResourceReadPlan) => () => checkProjectionContract(changed, 'v2');
    const withLookup = (changes: Partial<typeof lookup>): ResourceReadPlan => ({
      ...plan,
      documentReferenceLookup: { ...lookup, ...changes },
    });
    const [districtSource, ownerSource] = lookup.sourcesInOrder;
    if (!districtSource || !ownerSource) throw new Error('there are two sources');

    it('which it fits', () => {
      expect(check(plan)).not.toThrow();
      expect(check(withDescriptors)).not.toThrow();
    });

    it.each<[string, ResourceReadPlan, string]>([
      [
        'a table',
        {
          ...plan,
          tablePlansInDependencyOrder: plan.tablePlansInDependencyOrder.map((table, index) =>
            index === 1 ? { ...table, selectBySingleDocumentSql: null } : table,
          ),
        },
        'edfi.SchoolStaff',
      ],
      [
        'descriptors',
        {
          ...withDescriptors,
          descriptorProjectionPlansInOrder: withDescriptors.descriptorProjectionPlansInOrder.map((projection) => ({
            ...projection,
            selectBySingleDocumentSql: ' \n',
          })),
        },
        'descriptors',
      ],
      ['a look-up', withLookup({ selectBySingleDocumentSql: '' }), 'document references'],
    ])('in the text of %s for one document', (_, changed, name) => {
      expectDiagnostic(check(changed), 'PLAN_SINGLE_DOCUMENT_SQL', 'Ed-Fi:School', name);
    });

    it.each<[string, ResourceReadPlan, string]>([
      ['no look-up', { ...plan, documentReferenceLookup: null }, 'presence: expected one, found <none>'],
      [
        'a look-up without references',
        { ...planOf([rootOf('edfi.School')]), documentReferenceLookup: lookup },
        'presence: expected <none>, found one',
      ],
      [
        'another shape',
        withLookup({ resultShape: { documentIdOrdinal: 0, documentUuidOrdinal: 2, resourceKeyIdOrdinal: 1 } as never }),
        '0, 1, 2',
      ],
      ['no statement', withLookup({ selectByKeysetSql: '' }), 'a statement'],
      [
        'a source too few',
        withLookup({ sourcesInOrder: lookup.sourcesInOrder.slice(1) }),
        'edfi.School.District_DocumentId',
      ],
      ['a source twice', withLookup({ sourcesInOrder: [districtSource, districtSource, ownerSource] }), 'twice'],
      [
        'a source that is not a column',
        withLookup({ sourcesInOrder: [{ ...districtSource, fkColumn: 'Lost' }, ...lookup.sourcesInOrder] }),
        'kind of edfi.School.Lost: expected DocumentFk, found <none>',
      ],
      [
        'a source of another table',
        withLookup({ sourcesInOrder: [{ ...districtSource, table: { schema: 'edfi', name: 'Lost' } }] }),
        'edfi.Lost.District_DocumentId',
      ],
      [
        'a source of another kind',
        withLookup({ sourcesInOrder: [{ ...districtSource, fkColumn: 'District_Id' }] }),
        'expected DocumentFk, found Scalar',
      ],
    ])('in its look-up: %s', (_, changed, text) => {
      expectDiagnostic(check(changed), 'PLAN_LOOKUP_CONTRACT', text);
    });

    it('in the columns of the look-up: one of no reference', () => {
      const [rootPlan, ...others] = plan.tablePlansInDependencyOrder;
      if (!rootPlan) throw new Error('there is no root');
      const extra = reference('Extra_DocumentId', '$.extraReference', 'Ed-Fi:District');
      const wider = {
        ...rootPlan,
        tableModel: { ...rootPlan.tableModel, columns: [...rootPlan.tableModel.columns, extra] },
      };
      const changed = {
        ...withLookup({
          sourcesInOrder: [...lookup.sourcesInOrder, { ...districtSource, fkColumn: 'Extra_DocumentId' }],
        }),
        tablePlansInDependencyOrder: [wider, ...others],
      };
      expectDiagnostic(check(changed), 'PLAN_LOOKUP_CONTRACT', 'the column of a reference', 'Extra_DocumentId');
    });

    it('in the types of the fields of references', () => {
      const [projection, ...others] = plan.referenceIdentityProjectionPlansInDependencyOrder;
      const wrong = projection?.bindingsInOrder.map((each) => ({
        ...each,
        identityFieldOrdinalsInOrder: each.identityFieldOrdinalsInOrder.map((field) => ({
          ...field,
          scalarType: handMade.scalarType('Decimal'),
        })),
      }));
      if (!projection || !wrong) throw new Error('there is no projection');
      const changed = {
        ...plan,
        referenceIdentityProjectionPlansInDependencyOrder: [{ ...projection, bindingsInOrder: wrong }, ...others],
      };
      expectDiagnostic(
        check(changed),
        'PLAN_PROJECTION_CONTRACT',
        'type of $.ownerReference.id',
        'String 60',
        'Decimal 9 2',
      );
    });
  });
});

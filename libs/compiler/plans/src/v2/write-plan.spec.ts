import type { Column, DocumentReferenceBinding, Table } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { diagnosticsOf, expectDiagnostic, handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { aligned, elements, rootExtension, rootOf } from '../../test/second-generation-tables.ts';
import { checkIdentities, compileWritePlan, type TableWritePlan } from '../index.ts';
import { planSqlHash } from '../manifest-parts.ts';

const { alias, binding, descriptor, edge, reference, resource, scalar, unified } = handMade;

const document = 'School_DocumentId';

function plansOf(
  tables: readonly Table[],
  parts: Parameters<typeof resource>[2] = {},
  dialect: SqlDialect = 'pgsql',
): readonly TableWritePlan[] {
  return compileWritePlan(dialect, resource('Ed-Fi:School', tables, parts), 'v2').tablePlansInDependencyOrder;
}

/** The plan of the last of these tables. */
function lastPlan(tables: readonly Table[], parts: Parameters<typeof resource>[2] = {}, dialect: SqlDialect = 'pgsql') {
  const plan = plansOf(tables, parts, dialect).at(-1);
  if (!plan) throw new Error('there is no table');
  return plan;
}

const bound = ({ columnBindings }: TableWritePlan) => columnBindings.map(({ column }) => column.name);
const sources = ({ columnBindings }: TableWritePlan) => columnBindings.map(({ source }) => source);

const addresses = (columns: readonly Column[] = [scalar('City', '$.addresses[*].city')]) =>
  elements('edfi.SchoolAddress', '$.addresses[*]', { document, identity: [['$.city', 'City']] }, columns);

const sponsorScope = '$._ext.sample.addresses[*]._ext.sample.sponsorReferences[*]';
const sponsors = elements(
  'sample.SchoolExtensionAddressSponsorReference',
  sponsorScope,
  {
    document,
    parent: 'BaseCollectionItemId',
    tableKind: 'ExtensionCollection',
    identity: [['$.programReference.programName', 'Program_DocumentId']],
  },
  [
    reference('Program_DocumentId', `${sponsorScope}.programReference`, 'Ed-Fi:Program'),
    scalar('Program_ProgramName', `${sponsorScope}.programReference.programName`),
  ],
);

const program: DocumentReferenceBinding = {
  ...binding(
    'sample.SchoolExtensionAddressSponsorReference',
    'Program_DocumentId',
    `${sponsorScope}.programReference`,
    'Ed-Fi:Program',
    [],
  ),
  identityBindings: [
    {
      identityJsonPath: path('$.programName'),
      referenceJsonPath: path(`${sponsorScope}.programReference.programName`),
      column: 'Program_ProgramName',
    },
  ],
};

describe('the example of design 17 §3.8', () => {
  const plan = lastPlan([rootOf('edfi.School'), sponsors], { references: [program] });

  it('is inserted with all its columns', () => {
    expect(plan.insertSql).toBe(`INSERT INTO "sample"."SchoolExtensionAddressSponsorReference"
(
    "CollectionItemId",
    "BaseCollectionItemId",
    "Ordinal",
    "School_DocumentId",
    "Program_DocumentId",
    "Program_ProgramName"
)
VALUES
(
    @collectionItemId,
    @baseCollectionItemId,
    @ordinal,
    @school_DocumentId,
    @program_DocumentId,
    @program_ProgramName
)
;
`);
    expect(planSqlHash(plan.insertSql)).toBe('94465a4b6b98a1e52140bf41c37b4924c71c3c000ed7ed9b366a11004ced11a5');
  });

  it('takes its values from the row, its parent, its document and its reference', () => {
    expect(sources(plan)).toEqual([
      { kind: 'precomputed' },
      { kind: 'parent_key_part', index: 0 },
      { kind: 'ordinal' },
      { kind: 'document_id' },
      { kind: 'document_reference', bindingIndex: 0 },
      {
        kind: 'reference_derived',
        referenceSource: {
          bindingIndex: 0,
          referenceObjectPath: path(`${sponsorScope}.programReference`),
          identityJsonPath: path('$.programName'),
          referenceJsonPath: path(`${sponsorScope}.programReference.programName`),
        },
      },
    ]);
  });

  it('is matched by its reference, updated and deleted by its id', () => {
    expect(plan.collectionMergePlan).toMatchObject({
      semanticIdentityBindings: [{ relativePath: path('$.programReference.programName'), bindingIndex: 4 }],
      stableRowIdentityBindingIndex: 0,
      ordinalBindingIndex: 2,
      compareBindingIndexesInOrder: [2, 4, 5],
    });
    const { updateByStableRowIdentitySql = '', deleteByStableRowIdentitySql = '' } = plan.collectionMergePlan ?? {};
    expect(updateByStableRowIdentitySql).toBe(`UPDATE "sample"."SchoolExtensionAddressSponsorReference"
SET
    "Ordinal" = @ordinal,
    "Program_DocumentId" = @program_DocumentId,
    "Program_ProgramName" = @program_ProgramName
WHERE
    ("CollectionItemId" = @collectionItemId)
;
`);
    expect(planSqlHash(updateByStableRowIdentitySql)).toBe(
      'cf39083d1afafb1c8354eea302daf065d8fb8a9f0d3d9571c042e6419dd3aec8',
    );
    expect(deleteByStableRowIdentitySql).toBe(
      'DELETE FROM "sample"."SchoolExtensionAddressSponsorReference"\nWHERE\n    ("CollectionItemId" = @collectionItemId)\n;\n',
    );
    expect(planSqlHash(deleteByStableRowIdentitySql)).toBe(
      '3e69bd1102527e5e0579464cbc77ea83f67c82820204acb5edede638fb22f52e',
    );
  });

  it('gets its id before the insert; it has no other update or delete', () => {
    expect(plan.collectionKeyPreallocationPlan).toEqual({ column: 'CollectionItemId', bindingIndex: 0 });
    expect([plan.updateSql, plan.deleteByParentSql]).toEqual([null, null]);
  });

  it('has an aligned table whose update sets the document', () => {
    const scope = '$._ext.sample.addresses[*]._ext.sample';
    const zone = aligned('sample.SchoolExtensionAddress', scope, document, [scalar('Zone', `${scope}.zone`)]);
    const { updateSql, deleteByParentSql, collectionMergePlan } = lastPlan([rootOf('edfi.School'), zone], {}, 'mssql');
    expect(updateSql).toBe(`UPDATE [sample].[SchoolExtensionAddress]
SET
    [School_DocumentId] = @school_DocumentId,
    [Zone] = @zone
WHERE
    ([BaseCollectionItemId] = @baseCollectionItemId)
;
`);
    expect(planSqlHash(updateSql ?? '')).toBe('79765c07c96e719ffd98ba9daef5515d9ef980298e341c7bcc5cf051a5b99cb0');
    expect(deleteByParentSql).toBe(
      'DELETE FROM [sample].[SchoolExtensionAddress]\nWHERE\n    ([BaseCollectionItemId] = @baseCollectionItemId)\n;\n',
    );
    expect(collectionMergePlan).toBeNull();
  });
});

describe('the statements of the tables of a resource (design 17 §3.4)', () => {
  const statements = ({
    updateSql,
    deleteByParentSql,
    collectionMergePlan,
    collectionKeyPreallocationPlan,
  }: TableWritePlan) => ({
    updates: updateSql !== null,
    deletes: deleteByParentSql !== null,
    merges: collectionMergePlan !== null,
    reserves: collectionKeyPreallocationPlan !== null,
  });
  const none = { updates: false, deletes: false, merges: false, reserves: false };

  it.each(dialects)('in %s', (dialect) => {
    const plans = plansOf(
      [
        rootOf('edfi.School', [scalar('Name', '$.name')]),
        rootExtension('sample.SchoolExtension', '$._ext.sample', [scalar('Code', '$._ext.sample.code')]),
        aligned('sample.SchoolExtensionAddress', '$._ext.sample.addresses[*]._ext.sample', document),
        addresses(),
      ],
      {},
      dialect,
    );
    expect(plans.map(statements)).toEqual([
      { ...none, updates: true },
      { ...none, updates: true, deletes: true },
      // the document id is not part of the key, so there is always a column to update
      { ...none, updates: true, deletes: true },
      { ...none, merges: true, reserves: true },
    ]);
  });

  it('a root or an extension with nothing but its key has no update', () => {
    const [root, extension] = plansOf([
      rootOf('edfi.School'),
      rootExtension('sample.SchoolExtension', '$._ext.sample'),
    ]);
    expect([root?.updateSql, extension?.updateSql]).toEqual([null, null]);
    expect(extension?.deleteByParentSql).toBe(
      'DELETE FROM "sample"."SchoolExtension"\nWHERE\n    ("DocumentId" = @documentId)\n;\n',
    );
  });
});

describe('bound columns (design 17 §3.2)', () => {
  it('are never those that triggers write', () => {
    const [root] = plansOf([rootOf('edfi.School', [scalar('Name', '$.name')])]);
    expect(root?.tableModel.columns.map(({ name }) => name)).toContain('ContentVersion');
    expect(root && bound(root)).toEqual(['DocumentId', 'Name']);
    expect(root?.updateSql).not.toContain('ContentVersion');
  });

  it('are the locators and the position as well, in the order of the table', () => {
    const periods = elements(
      'edfi.SchoolAddressPeriod',
      '$.addresses[*].periods[*]',
      { document, parent: 'ParentCollectionItemId', identity: [['$.name', 'Name']] },
      [scalar('Name', '$.addresses[*].periods[*].name')],
    );
    const plan = lastPlan([rootOf('edfi.School'), addresses(), periods]);
    expect(bound(plan)).toEqual(['CollectionItemId', 'Ordinal', 'ParentCollectionItemId', document, 'Name']);
    // the document id of a nested row comes from the document, not from its parent row
    expect(sources(plan).slice(0, 4)).toEqual([
      { kind: 'precomputed' },
      { kind: 'ordinal' },
      { kind: 'parent_key_part', index: 0 },
      { kind: 'document_id' },
    ]);
  });

  it('of an element below the root: its parent is its document', () => {
    expect(sources(lastPlan([rootOf('edfi.School'), addresses()])).slice(0, 3)).toEqual([
      { kind: 'precomputed' },
      { kind: 'ordinal' },
      { kind: 'document_id' },
    ]);
  });

  it('have roles, not names: a shortened column of the document is the document (case 22)', () => {
    const shortened = 'SchoolOfTheVeryLongName_0123456789';
    const table = elements('edfi.Long', '$.a[*]', { document: shortened, identity: [['$.b', 'B']] }, [
      scalar('B', '$.a[*].b'),
    ]);
    const plan = lastPlan([rootOf('edfi.School'), table]);
    expect(sources(plan)[bound(plan).indexOf(shortened)]).toEqual({ kind: 'document_id' });
    expect(plan.collectionMergePlan?.updateByStableRowIdentitySql).not.toContain(shortened);
  });
});

describe('copies of a reference (design 17 §3.3)', () => {
  const district = (identityBindings: DocumentReferenceBinding['identityBindings']): DocumentReferenceBinding => ({
    ...binding('edfi.School', 'District_DocumentId', '$.districtReference', 'Ed-Fi:District', []),
    identityBindings,
  });
  const part = (identity: string, member: string, column: string) => ({
    identityJsonPath: path(identity),
    referenceJsonPath: path(`$.districtReference.${member}`),
    column,
  });

  it('come from it, a descriptor too; the index is that of the reference', () => {
    const kind = 'District_KindDescriptor_DescriptorId';
    const [root] = plansOf(
      [
        rootOf('edfi.School', [
          reference('Other_DocumentId', '$.otherReference', 'Ed-Fi:Other'),
          reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District'),
          scalar('District_Id', '$.districtReference.id', 'Int32'),
          descriptor(kind, '$.districtReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
          descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
        ]),
      ],
      {
        references: [
          binding('edfi.School', 'Other_DocumentId', '$.otherReference', 'Ed-Fi:Other', []),
          district([part('$.id', 'id', 'District_Id'), part('$.kindDescriptor', 'kindDescriptor', kind)]),
        ],
        descriptors: [
          edge('edfi.School', kind, '$.districtReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
          edge('edfi.School', 'KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
        ],
      },
    );
    expect(
      root &&
        sources(root)
          .slice(1)
          .map((source) => [source.kind, 'referenceSource' in source && source.referenceSource.bindingIndex]),
    ).toEqual([
      ['document_reference', false],
      ['document_reference', false],
      ['reference_derived', 1],
      ['reference_derived', 1],
      ['descriptor_reference', false],
    ]);
  });

  it('in a class are members of that kind, whatever kind their column is; other members stay as they were', () => {
    const id = alias(scalar('District_Id', '$.districtReference.id', 'Int32'), 'Id_Unified', 'District_DocumentId');
    const kind = alias(
      descriptor('District_Kind', '$.districtReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
      'Kind_Unified',
      'District_DocumentId',
    );
    const [root] = plansOf(
      [
        rootOf(
          'edfi.School',
          [
            scalar('Id_Unified', null, 'Int32'),
            descriptor('Kind_Unified', null, 'Ed-Fi:KindDescriptor'),
            reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District'),
            id,
            kind,
            alias(scalar('Number', '$.number', 'Int32'), 'Id_Unified'),
            alias(descriptor('Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'), 'Kind_Unified'),
          ],
          {
            keyUnificationClasses: [
              unified('Id_Unified', 'District_Id', 'Number'),
              unified('Kind_Unified', 'Kind', 'District_Kind'),
            ],
          },
        ),
      ],
      {
        references: [
          district([part('$.id', 'id', 'District_Id'), part('$.kindDescriptor', 'kindDescriptor', 'District_Kind')]),
        ],
        descriptors: [
          edge('edfi.School', 'Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
          edge('edfi.School', 'District_Kind', '$.districtReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
        ],
      },
    );
    const [ids, kinds] = root?.keyUnificationPlans ?? [];
    expect(ids?.membersInOrder).toEqual([
      {
        kind: 'reference_derived',
        memberPathColumn: 'District_Id',
        relativePath: path('$.districtReference.id'),
        presenceColumn: 'District_DocumentId',
        presenceBindingIndex: 3,
        presenceIsSynthetic: false,
        referenceSource: {
          bindingIndex: 0,
          referenceObjectPath: path('$.districtReference'),
          identityJsonPath: path('$.id'),
          referenceJsonPath: path('$.districtReference.id'),
        },
      },
      expect.objectContaining({ kind: 'scalar', memberPathColumn: 'Number' }),
    ]);
    expect(kinds?.membersInOrder.map((member) => [member.kind, member.memberPathColumn])).toEqual([
      ['descriptor', 'Kind'],
      ['reference_derived', 'District_Kind'],
    ]);
    // an alias is not bound
    expect(root && bound(root)).toEqual(['DocumentId', 'Id_Unified', 'Kind_Unified', 'District_DocumentId']);
  });
});

describe('the values that distinguish the items of a collection (design 17 §3.5)', () => {
  const scope = '$.programs[*]';
  const withReference = (identity: readonly (readonly [string, string])[]) =>
    elements('edfi.SchoolProgram', scope, { document, identity }, [
      reference('Program_DocumentId', `${scope}.programReference`, 'Ed-Fi:Program'),
      scalar('Note', `${scope}.note`),
    ]);
  const references = [
    binding('edfi.SchoolProgram', 'Program_DocumentId', `${scope}.programReference`, 'Ed-Fi:Program', []),
  ];

  it('repeats the column of a reference, once per path, in the order of the model', () => {
    const plan = lastPlan(
      [
        rootOf('edfi.School'),
        withReference([
          ['$.programReference.name', 'Program_DocumentId'],
          ['$.note', 'Note'],
          ['$.programReference.type', 'Program_DocumentId'],
        ]),
      ],
      { references },
    );
    const index = bound(plan).indexOf('Program_DocumentId');
    expect(plan.collectionMergePlan?.semanticIdentityBindings).toEqual([
      { relativePath: path('$.programReference.name'), bindingIndex: index },
      { relativePath: path('$.note'), bindingIndex: index + 1 },
      { relativePath: path('$.programReference.type'), bindingIndex: index },
    ]);
  });

  it('may be the element itself: an array of descriptors', () => {
    const levels = elements(
      'edfi.SchoolGradeLevel',
      '$.gradeLevelDescriptors[*]',
      { document, identity: [['$', 'GradeLevelDescriptor_DescriptorId']] },
      [descriptor('GradeLevelDescriptor_DescriptorId', '$.gradeLevelDescriptors[*]', 'Ed-Fi:GradeLevelDescriptor')],
    );
    const descriptors = [
      edge(
        'edfi.SchoolGradeLevel',
        'GradeLevelDescriptor_DescriptorId',
        '$.gradeLevelDescriptors[*]',
        'Ed-Fi:GradeLevelDescriptor',
      ),
    ];
    const plan = lastPlan([rootOf('edfi.School'), levels], { descriptors });
    expect(plan.collectionMergePlan?.semanticIdentityBindings).toEqual([{ relativePath: path('$'), bindingIndex: 3 }]);
    expect(sources(plan)[3]).toMatchObject({ kind: 'descriptor_reference', relativePath: path('$') });
  });

  it('may be nothing; then documents cannot be written, of any such collection', () => {
    const tables = [
      rootOf('edfi.School'),
      withReference([]),
      elements('edfi.SchoolPhone', '$.phones[*]', { document }, [scalar('Number', '$.phones[*].number')]),
      addresses(),
    ];
    const write = compileWritePlan('pgsql', resource('Ed-Fi:School', tables, { references }), 'v2');
    expect(write.tablePlansInDependencyOrder[1]?.collectionMergePlan?.semanticIdentityBindings).toEqual([]);
    expectDiagnostic(
      () => checkIdentities({ ...write, tablePlansInDependencyOrder: write.tablePlansInDependencyOrder.slice(0, 2) }),
      'PLAN_IDENTITY_EMPTY',
      'Ed-Fi:School',
      'edfi.SchoolProgram',
      '$.programs[*]',
    );
    expect(diagnosticsOf(() => checkIdentities(write)).map(({ details }) => details.scope)).toEqual([
      '$.programs[*]',
      '$.phones[*]',
    ]);
    const told = compileWritePlan('pgsql', resource('Ed-Fi:School', [rootOf('edfi.School'), addresses()]), 'v2');
    expect(() => checkIdentities(told)).not.toThrow();
  });

  it('cannot be a value that is stored in a shared column', () => {
    const table = elements(
      'edfi.SchoolAddress',
      '$.addresses[*]',
      { document, identity: [['$.city', 'City']] },
      [
        scalar('City_Unified', null),
        alias(scalar('City', '$.addresses[*].city'), 'City_Unified'),
        alias(scalar('Town', '$.addresses[*].town'), 'City_Unified'),
      ],
      { keyUnificationClasses: [unified('City_Unified', 'City', 'Town')] },
    );
    expectDiagnostic(
      () => lastPlan([rootOf('edfi.School'), table]),
      'PLAN_MERGE_BINDING_MISSING',
      'Ed-Fi:School',
      '$.addresses[*]',
      '$.city',
      'edfi.SchoolAddress.City',
      'City_Unified',
    );
  });
});

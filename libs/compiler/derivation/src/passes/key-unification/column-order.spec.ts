import { type Column, type ColumnKind, orderColumns, type ReferenceGroup } from '@dms/model';
import {
  build,
  codesOf,
  columnNames,
  columnOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  fields,
  modelOf,
  path,
  random,
  school,
  schoolReference,
  seeds,
  shuffledList,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { descriptor, descriptorPath, integer, object, resource, string, uri } = build;

const column = (name: string, kind: ColumnKind, sourcePath: string | null, more: Partial<Column> = {}): Column => ({
  name,
  kind,
  scalarType: { kind: 'Int64', maxLength: null, decimal: null },
  isNullable: true,
  sourcePath: sourcePath === null ? null : path(sourcePath),
  targetResource: null,
  storage: { kind: 'Stored' },
  isWritable: true,
  ...more,
});

const alias = (name: string, kind: ColumnKind, canonicalColumn: string, presenceColumn: string | null) =>
  column(name, kind, `$.${name}`, {
    storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn },
    isWritable: false,
  });

const key = {
  constraintName: 'PK_T',
  columns: [
    { name: 'Root_DocumentId', kind: 'ParentKeyPart' as const, role: 'DocumentId' as const },
    { name: 'Ordinal', kind: 'Ordinal' as const, role: 'Ordinal' as const },
  ],
};

const references: readonly ReferenceGroup[] = [
  { fkColumn: 'Z_DocumentId', identityColumns: ['Z_Second', 'Z_First'] },
  { fkColumn: 'B_DocumentId', identityColumns: ['B_Kind_DescriptorId', 'B_Id'] },
];

/** A table with columns of every group, in the expected order. */
const wanted: readonly Column[] = [
  column('Root_DocumentId', 'ParentKeyPart', null),
  column('Ordinal', 'Ordinal', null),
  column('AFlag', 'Scalar', null),
  column('Id_Unified', 'Scalar', null),
  column('Kind_Unified_DescriptorId', 'DescriptorFk', null),
  column('B_DocumentId', 'DocumentFk', '$.b'),
  alias('B_Kind_DescriptorId', 'DescriptorFk', 'Kind_Unified_DescriptorId', 'B_DocumentId'),
  alias('B_Id', 'Scalar', 'Id_Unified', 'B_DocumentId'),
  column('Z_DocumentId', 'DocumentFk', '$.z'),
  column('Z_Second', 'Scalar', '$.z.second'),
  alias('Z_First', 'Scalar', 'Id_Unified', 'Z_DocumentId'),
  column('A_DescriptorId', 'DescriptorFk', '$.a'),
  alias('M_DescriptorId', 'DescriptorFk', 'Kind_Unified_DescriptorId', null),
  alias('A', 'Scalar', 'Id_Unified', 'AFlag'),
  column('AB', 'Scalar', '$.ab'),
  column('A_', 'Scalar', '$.a_'),
  column('a', 'Scalar', '$.small'),
];

const order = (columns: readonly Column[], groups = references) =>
  orderColumns('edfi.T', key, columns, groups).map(({ name }) => name);

describe('the order of columns', () => {
  it('is keys, storage-only columns, reference groups, descriptors, scalars, each group by name in UTF-16 order', () => {
    expect(order(wanted)).toEqual(wanted.map(({ name }) => name));
  });

  it('does not depend on the order in which columns were added', () => {
    for (const seed of seeds(40)) {
      const next = random(seed);
      expect(order(shuffledList(wanted, next), shuffledList(references, next)), `seed ${seed}`).toEqual(
        wanted.map(({ name }) => name),
      );
    }
  });

  it('places an alias after its canonical column and its gate even where the groups alone would not', () => {
    const columns = [
      column('Root_DocumentId', 'ParentKeyPart', null),
      column('Ordinal', 'Ordinal', null),
      alias('A_DescriptorId', 'DescriptorFk', 'Late', 'Later'),
      column('Late', 'Scalar', '$.late'),
      column('Later', 'Scalar', '$.later'),
      column('Last', 'Scalar', '$.last'),
    ];
    expect(order(columns)).toEqual(['Root_DocumentId', 'Ordinal', 'Last', 'Late', 'Later', 'A_DescriptorId']);
  });

  it('takes the smallest column whose dependencies are placed, so one that becomes free precedes larger ones', () => {
    const columns = [
      column('Root_DocumentId', 'ParentKeyPart', null),
      column('Ordinal', 'Ordinal', null),
      alias('A', 'Scalar', 'M', null),
      column('B', 'Scalar', '$.b'),
      column('M', 'Scalar', '$.m'),
      column('Z', 'Scalar', '$.z'),
    ];
    expect(order(columns)).toEqual(['Root_DocumentId', 'Ordinal', 'B', 'M', 'A', 'Z']);
  });

  it.each<[string, readonly Column[], readonly string[]]>([
    ['KU_ALIAS_DANGLING', [alias('A', 'Scalar', 'Gone', null)], ['A', 'Gone']],
    ['KU_ALIAS_DANGLING', [alias('A', 'Scalar', 'C', 'Gone'), column('C', 'Scalar', null)], ['A', 'Gone']],
    ['KU_ALIAS_SELF', [alias('A', 'Scalar', 'A', null)], ['A']],
    ['KU_ALIAS_SELF', [alias('A', 'Scalar', 'C', 'A'), column('C', 'Scalar', null)], ['A']],
    ['KU_ALIAS_CYCLE', [alias('A', 'Scalar', 'B', null), alias('B', 'Scalar', 'A', null)], ['A', 'B']],
    [
      'KU_ALIAS_CYCLE',
      [alias('A', 'Scalar', 'B', null), alias('B', 'Scalar', 'C', null), alias('C', 'Scalar', 'A', null)],
      ['A', 'B', 'C'],
    ],
  ])('%s stops a table whose aliases cannot be placed', (code, columns, named) => {
    const all = [column('Root_DocumentId', 'ParentKeyPart', null), column('Ordinal', 'Ordinal', null), ...columns];
    const error = failureOf(() => order(all));
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], ['edfi.T', ...named]);
  });

  it('lists only the blocked columns of a cycle', () => {
    const all = [
      column('Root_DocumentId', 'ParentKeyPart', null),
      column('Ordinal', 'Ordinal', null),
      column('Free', 'Scalar', '$.free'),
      alias('X', 'Scalar', 'Y', null),
      alias('Y', 'Scalar', 'X', null),
    ];
    expect(failureOf(() => order(all)).diagnostics[0].details).toMatchObject({ columns: ['X', 'Y'] });
  });

  it('keeps an alias next to the foreign key column of its reference and a descriptor alias among the descriptors', () => {
    const thing = resource('Thing', {
      documentPathsMapping: {
        School: schoolReference(false),
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
        Other: descriptorPath('Ed-Fi:KindDescriptor', '$.otherDescriptor'),
      },
      equalityConstraints: [
        equal('$.schoolReference.schoolId', '$.account'),
        equal('$.kindDescriptor', '$.otherDescriptor'),
      ],
      jsonSchemaForInsert: object({
        account: integer(),
        abc: string(),
        schoolReference: fields({ schoolId: integer() }),
        kindDescriptor: uri(),
        otherDescriptor: uri(),
      }),
    });
    const table = tableOf(modelOf([edFi([school, descriptor('KindDescriptor'), thing])]), 'edfi.Thing');
    expect(columnNames(table)).toEqual([
      'DocumentId',
      'Account_Present',
      'Account_Unified',
      'KindDescriptor_DescriptorId_Present',
      'KindDescriptor_Unified_DescriptorId',
      'OtherDescriptor_DescriptorId_Present',
      'School_DocumentId',
      'School_SchoolId',
      'KindDescriptor_DescriptorId',
      'OtherDescriptor_DescriptorId',
      'Abc',
      'Account',
    ]);
    expect(columnOf(table, 'School_SchoolId').storage.kind).toBe('UnifiedAlias');
  });

  it('puts the checks of flags after all other constraints, by name', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { School: schoolReference(false) },
      equalityConstraints: [equal('$.fiscalYear', '$.localFiscalYear')],
      jsonSchemaForInsert: object({
        localFiscalYear: integer(),
        fiscalYear: integer(),
        schoolReference: fields({ schoolId: integer() }),
      }),
    });
    const { constraints } = tableOf(modelOf([edFi([school, thing])]), 'edfi.Thing');
    expect(constraints.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'ForeignKey FK_Thing_Document',
      'ForeignKey FK_Thing_School_RefKey',
      'AllOrNoneNullability CK_Thing_School_AllNone',
      'NullOrTrue CK_Thing_FiscalYear_Present_NullOrTrue',
      'NullOrTrue CK_Thing_LocalFiscalYear_Present_NullOrTrue',
    ]);
    expect(constraints.at(-1)).toEqual({
      kind: 'NullOrTrue',
      name: 'CK_Thing_LocalFiscalYear_Present_NullOrTrue',
      column: 'LocalFiscalYear_Present',
    });
  });
});

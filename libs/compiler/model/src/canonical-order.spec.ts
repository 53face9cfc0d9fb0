import { compileJsonPath } from '@dms/api-schema';
import { describe, expect, it } from 'vitest';
import { bindingOrder, constraintOrder, edgeSourceOrder, orderColumns, tableOrder } from './canonical-order.ts';
import type { Column, DescriptorEdgeSource, DocumentReferenceBinding, Table, TableConstraint } from './model.ts';

const jsonPath = (text: string) => compileJsonPath(text, {}, 'test');

/** Expects that each item sorts before the next, in both argument orders. */
function expectOrder<Item>(compare: (a: Item, b: Item) => number, items: readonly Item[]): void {
  expect([...items].reverse().sort(compare)).toEqual(items);
  expect([...items].sort(compare)).toEqual(items);
}

// design 02 §13; by code unit "Z" < "a", "10" < "9", and every earlier key outweighs all later ones
describe('the canonical order of', () => {
  const table = (scope: string, schema: string, name: string) =>
    ({ jsonScope: jsonPath(scope), table: { schema, name } }) as Table;

  it('tables is array depth, scope, schema, name', () => {
    expectOrder(tableOrder, [
      table('$', 'z', 'Z'),
      table('$._ext.a', 'z', 'Z'),
      table('$.zzz.rows[*]', 'a', 'Z'),
      table('$.zzz.rows[*]', 'a', 'a'),
      table('$.zzz.rows[*]', 'b', 'A'),
      table('$.zzzz.rows[*]', 'a', 'A'),
      table('$.a[*].b[*]', 'a', 'A'),
    ]);
  });

  it('tables puts an aligned extension table of a collection before the collection', () => {
    expectOrder(tableOrder, [
      table('$._ext.sample.addresses[*]._ext.sample', 'sample', 'SchoolExtensionAddress'),
      table('$.addresses[*]', 'edfi', 'SchoolAddress'),
    ]);
  });

  it('constraints is kind, name', () => {
    const constraint = (kind: TableConstraint['kind'], name: string) => ({ kind, name }) as TableConstraint;
    expectOrder(constraintOrder, [
      constraint('Unique', 'UX_Z'),
      constraint('Unique', 'UX_a'),
      constraint('ForeignKey', 'FK_10'),
      constraint('ForeignKey', 'FK_9'),
      constraint('AllOrNoneNullability', 'CK_B'),
      constraint('NullOrTrue', 'CK_A'),
    ]);
  });

  // each line changes one key upwards and all later ones downwards
  const lines: readonly (readonly [string, string, string, string, string, string, boolean])[] = [
    ['$.a', 's', 'T', 'F', 'P', 'R', false],
    ['$.a', 's', 'T', 'F', 'P', 'R', true],
    ['$.a', 's', 'T', 'F', 'P', 'r', false],
    ['$.a', 's', 'T', 'F', 'p', 'R', false],
    ['$.a', 's', 'T', 'f', 'P', 'R', false],
    ['$.a', 's', 't', 'F', 'P', 'R', false],
    ['$.a', 't', 'T', 'F', 'P', 'R', false],
    ['$.b', 's', 'T', 'F', 'P', 'R', false],
  ];

  it('reference bindings is object path, schema, table, FK column, target, not identity before identity', () => {
    expectOrder(
      bindingOrder,
      lines.map(([path, schema, name, fkColumn, projectName, resourceName, isIdentityComponent]) => ({
        referenceObjectPath: jsonPath(path),
        table: { schema, name },
        fkColumn,
        targetResource: { projectName, resourceName },
        isIdentityComponent,
        isRequired: false,
        isRoleNamed: false,
        identityBindings: [],
      })) satisfies DocumentReferenceBinding[],
    );
  });

  it('descriptor edge sources is schema, table, path, FK column, descriptor, not identity before identity', () => {
    const edge = ([
      path,
      schema,
      name,
      fkColumn,
      projectName,
      resourceName,
      isIdentityComponent,
    ]: (typeof lines)[number]) => ({
      descriptorValuePath: jsonPath(path),
      table: { schema, name },
      fkColumn,
      descriptorResource: { projectName, resourceName },
      isIdentityComponent,
      isRequired: false,
      isRoleNamed: false,
    });
    // the path comes after schema and table in this order
    const order = [0, 1, 2, 3, 4, 7, 5, 6].map((index) => lines[index] as (typeof lines)[number]);
    expectOrder<DescriptorEdgeSource>(edgeSourceOrder, order.map(edge));
  });
});

describe('the columns of a table', () => {
  const column = (name: string, kind: Column['kind'], path: string | null = `$.${name}`): Column => ({
    name,
    kind,
    scalarType: { kind: 'Int64', maxLength: null, decimal: null },
    isNullable: false,
    sourcePath: path === null ? null : jsonPath(path),
    targetResource: null,
    storage: { kind: 'Stored' },
    isWritable: true,
  });
  const key = {
    constraintName: 'PK_T',
    columns: [
      { name: 'Z_DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' },
      { name: 'AOrdinal', kind: 'ParentKeyPart', role: 'ParentOrdinal' },
      { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' },
    ],
  } as const;

  it('are: key in key order, stored without path, references, descriptors, scalars, anything else', () => {
    const expected = [
      column('Z_DocumentId', 'ParentKeyPart', null),
      column('AOrdinal', 'ParentKeyPart', null),
      column('Ordinal', 'Ordinal', null),
      column('Z_Unified', 'Scalar', null),
      column('M_DocumentId', 'DocumentFk'),
      column('M_Z', 'Scalar'),
      column('M_A_DescriptorId', 'DescriptorFk'),
      column('B_DescriptorId', 'DescriptorFk'),
      column('A', 'Scalar'),
      column('AnOrdinal', 'Ordinal', '$.anOrdinal'),
    ];
    const references = [{ fkColumn: 'M_DocumentId', identityColumns: ['M_Z', 'M_A_DescriptorId'] }];
    const names = (columns: readonly Column[]) => orderColumns('s.T', key, columns, references).map(({ name }) => name);
    expect(names([...expected].reverse())).toEqual(expected.map(({ name }) => name));
  });

  it('with a key column of a reference that no binding groups are by name among the groups', () => {
    const columns = [column('N_DocumentId', 'DocumentFk'), column('M_DocumentId', 'DocumentFk'), column('A', 'Scalar')];
    expect(orderColumns('s.T', key, columns, []).map(({ name }) => name)).toEqual([
      'M_DocumentId',
      'N_DocumentId',
      'A',
    ]);
  });
});

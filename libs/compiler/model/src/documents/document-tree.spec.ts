import { describe, expect, it } from 'vitest';
import { type DocumentNode, documentTree, type TreeSource } from './document-tree.ts';

type SourceOfTree = TreeSource['tablesInDependencyOrder'][number];
type TreeColumn = SourceOfTree['columns'][number];

const table = (name: string, jsonScope: string, columns: readonly TreeColumn[]): SourceOfTree => ({
  table: { schema: 'edfi', name },
  jsonScope,
  columns,
});
const text = (name: string, sourcePath: string | null): TreeColumn => ({
  name,
  kind: 'Scalar',
  sourcePath,
  scalarType: { kind: 'String', maxLength: 30, decimal: null },
  targetResource: null,
});
const key = (name: string, kind: TreeColumn['kind'], sourcePath: string): TreeColumn => ({
  name,
  kind,
  sourcePath,
  scalarType: null,
  targetResource: { projectName: 'Ed-Fi', resourceName: 'Target' },
});

const school: TreeSource = {
  tablesInDependencyOrder: [
    table('School', '$', [
      text('Class', null),
      key('Agency_DocumentId', 'DocumentFk', '$.agency'),
      text('Agency_Id', '$.agency.id'),
      text('Name', '$.name'),
      text('OtherName', '$.name'),
    ]),
    table('SchoolExtension', '$._ext.sport', [text('Team', '$._ext.sport.team')]),
    table('SchoolAddress', '$.addresses[*]', [
      key('State_Id', 'DescriptorFk', '$.addresses[*].stateDescriptor'),
      text('City', '$.addresses[*].place.city'),
    ]),
    table('SchoolTag', '$.tags[*]', [text('Tag', '$.tags[*]')]),
    table('SchoolAddressExtension', '$._ext.sport.addresses[*]._ext.sport', [
      text('Field', '$._ext.sport.addresses[*]._ext.sport.field'),
    ]),
  ],
  documentReferenceBindings: [
    {
      table: { schema: 'edfi', name: 'School' },
      referenceObjectPath: '$.agency',
      identityBindings: [
        { identityJsonPath: '$.agencyId', referenceJsonPath: '$.agency.id' },
        { identityJsonPath: '$.parent.agencyId', referenceJsonPath: '$.agency.id' },
      ],
    },
  ],
};

describe('the tree of documents', () => {
  const { root, tables } = documentTree(school);
  /** The node at the given member names; an array is replaced by its items. */
  const at = (...names: readonly string[]) => {
    let node: DocumentNode<TreeSource> | undefined = root;
    for (const name of names) {
      const object: DocumentNode<TreeSource> | undefined = node?.kind === 'array' ? node.element : node;
      node = object?.kind === 'object' ? object.members.get(name) : undefined;
    }
    return node;
  };

  it('has the members of objects in model order', () => {
    expect([...root.members.keys()]).toEqual(['agency', 'name', '_ext', 'addresses', 'tags']);
  });

  it('has one value for all columns of a path', () => {
    expect(at('name')).toMatchObject({ kind: 'leaf', path: '$.name', table: 0, slot: 1, value: 'scalar' });
    expect(tables[0]?.leaves.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['Agency_Id'],
      ['Name', 'OtherName'],
    ]);
  });

  it('has a part of a reference for all paths of the target that are equal', () => {
    expect(at('agency')).toMatchObject({
      kind: 'object',
      table: null,
      reference: {
        table: 0,
        index: 0,
        parts: [{ name: 'id', leaf: { slot: 0 }, identityPaths: ['$.agencyId', '$.parent.agencyId'] }],
      },
    });
  });

  it('has the table of each item, and of all tables below an array', () => {
    expect(at('addresses')).toMatchObject({
      path: '$.addresses',
      element: { path: '$.addresses[*]', table: 2 },
      tables: [2],
    });
    expect(at('addresses', 'stateDescriptor')).toMatchObject({
      value: 'descriptor',
      descriptor: { resourceName: 'Target' },
    });
    expect(at('addresses', 'place')).toMatchObject({ path: '$.addresses[*].place', table: null });
    expect(at('tags')).toMatchObject({ element: { kind: 'leaf', path: '$.tags[*]', table: 3 }, tables: [3] });
    expect(tables.map(({ scope }) => scope.path)).toEqual(
      school.tablesInDependencyOrder.map(({ jsonScope }) => jsonScope),
    );
  });

  it('has no table for items that only lead to an extension', () => {
    expect(at('_ext', 'sport', 'addresses')).toMatchObject({ element: { table: null }, tables: [4] });
    expect(at('_ext', 'sport', 'addresses', '_ext', 'sport')).toMatchObject({ kind: 'object', table: 4 });
  });

  it('cannot be grown from paths that contradict each other', () => {
    const contradiction = table('Other', '$.name', [text('Part', '$.name.part')]);
    expect(() =>
      documentTree({ ...school, tablesInDependencyOrder: [...school.tablesInDependencyOrder, contradiction] }),
    ).toThrow('$.name leads through $.name');
  });
});

import { dialects } from '@dms/sql';
import { hasSharedData, readSharedJson, withTable } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HandMadeTable, handMadeModel } from '../test/hand-made.ts';
import { indexLines } from '../test/inventory-lookup.ts';
import { isPrefix } from '../test/lists.ts';
import { deriveInventory } from './index.ts';

/** Indexes of one hand-made table, except the indexes of its own keys, in the order of the inventory. */
function supportIndexes(table: Omit<HandMadeTable, 'name'>): string[] {
  const inventory = deriveInventory(handMadeModel('pgsql', { name: 'T', ...table }));
  return indexLines(inventory, 'edfi.T').filter((line) => line.startsWith('ForeignKeySupport '));
}

describe('the indexes of the keys of a table', () => {
  it('are the primary key alone for a root whose only key is that to its document (case 1)', () => {
    const inventory = deriveInventory(handMadeModel('pgsql', { name: 'T', foreignKeys: [['DocumentId']] }));
    expect(indexLines(inventory, 'edfi.T')).toEqual(['PrimaryKey PK_T (DocumentId)']);
  });

  it('have names and columns of the constraints, are unique and have no further columns', () => {
    const inventory = deriveInventory(
      handMadeModel('pgsql', {
        name: 'T',
        columns: ['b', 'a'],
        uniques: [['b', 'a'], ['a']],
        uniqueNames: ['UX_T_NK', 'UX_T_A'],
      }),
    );
    const table = { schema: 'edfi', name: 'T' };
    const common = { table, isUnique: true, includeColumns: [] };
    expect(inventory.indexes).toEqual([
      { ...common, name: 'PK_T', kind: 'PrimaryKey', keyColumns: ['DocumentId'] },
      { ...common, name: 'UX_T_A', kind: 'UniqueConstraint', keyColumns: ['a'] },
      { ...common, name: 'UX_T_NK', kind: 'UniqueConstraint', keyColumns: ['b', 'a'] },
    ]);
  });

  it('have the columns of a primary key in key order', () => {
    const model = withTable(
      handMadeModel('pgsql', { name: 'T', columns: ['Parent_DocumentId', 'Ordinal'] }),
      'edfi.T',
      () => ({
        key: {
          constraintName: 'PK_T',
          columns: [
            { name: 'Parent_DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' },
            { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' },
          ],
        },
      }),
    );
    expect(indexLines(deriveInventory(model), 'edfi.T')).toEqual(['PrimaryKey PK_T (Parent_DocumentId, Ordinal)']);
  });
});

describe('the index of a foreign key', () => {
  it('is not unique, has no further columns and is named by table and columns', () => {
    const inventory = deriveInventory(
      handMadeModel('pgsql', { name: 'T', columns: ['a', 'b_c'], foreignKeys: [['b_c', 'a']] }),
    );
    expect(inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport')).toEqual([
      {
        name: 'IX_T_b_c_a',
        table: { schema: 'edfi', name: 'T' },
        kind: 'ForeignKeySupport',
        isUnique: false,
        keyColumns: ['b_c', 'a'],
        includeColumns: [],
      },
    ]);
  });

  it.each<[string, Omit<HandMadeTable, 'name'>, string[]]>([
    [
      'covers shorter foreign keys that are its leftmost prefix (case 3)',
      { columns: ['a', 'b', 'c'], foreignKeys: [['a'], ['a', 'b'], ['a', 'b', 'c']] },
      ['ForeignKeySupport IX_T_a_b_c (a, b, c)'],
    ],
    [
      'covers none that begins with another of its columns (case 4)',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b'], ['b']] },
      ['ForeignKeySupport IX_T_a_b (a, b)', 'ForeignKeySupport IX_T_b (b)'],
    ],
    [
      'exists beside a UNIQUE of the same columns in another order (case 5)',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['b', 'a']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is suppressed by a UNIQUE that begins with its columns (case 6)',
      { columns: ['a', 'x'], foreignKeys: [['a']], uniques: [['a', 'x']] },
      [],
    ],
    [
      'is suppressed by a UNIQUE of exactly its columns',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['a', 'b']] },
      [],
    ],
    [
      'is not suppressed by a UNIQUE that is shorter',
      { columns: ['a', 'b'], foreignKeys: [['a', 'b']], uniques: [['a']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is one for two foreign keys of equal columns and different targets (case 7)',
      {
        columns: ['a', 'b'],
        foreignKeys: [
          ['a', 'b'],
          ['a', 'b'],
        ],
      },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
    [
      'is one of two for equal columns in different order',
      {
        columns: ['a', 'b'],
        foreignKeys: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      },
      ['ForeignKeySupport IX_T_a_b (a, b)', 'ForeignKeySupport IX_T_b_a (b, a)'],
    ],
    ['is suppressed by a primary key that begins with its columns', { foreignKeys: [['DocumentId']] }, []],
    [
      'is not suppressed by a UNIQUE of another column whose name is theirs joined',
      { columns: ['a', 'b', 'a_b'], foreignKeys: [['a', 'b']], uniques: [['a_b']] },
      ['ForeignKeySupport IX_T_a_b (a, b)'],
    ],
  ])('%s', (_, table, expected) => {
    expect(supportIndexes(table)).toEqual(expected);
  });

  it('covers the shorter key also when that comes first by constraint and by name', () => {
    const shorterFirst = { columns: ['a', 'b', 'c'], foreignKeys: [['a'], ['a', 'b'], ['a', 'b', 'c']] };
    expect(supportIndexes({ ...shorterFirst, foreignKeyNames: ['FK_T_A', 'FK_T_B', 'FK_T_C'] })).toHaveLength(1);
    expect(supportIndexes({ ...shorterFirst, foreignKeyNames: ['FK_T_C', 'FK_T_B', 'FK_T_A'] })).toHaveLength(1);
  });

  const columns = ['a', 'b', 'c', 'd'];
  const columnList = fc.shuffledSubarray(columns, { minLength: 1 });

  it('exists exactly for the longest lists that no key of the table begins with', () => {
    fc.assert(
      fc.property(
        fc.array(columnList, { maxLength: 7 }),
        fc.array(columnList, { maxLength: 2 }),
        (foreignKeys, uniques) => {
          const isLongest = (key: readonly string[]) =>
            ![...uniques, ...foreignKeys.filter(({ length }) => length > key.length)].some((other) =>
              isPrefix(key, other),
            );
          const expected = foreignKeys
            .filter(isLongest)
            .map((key) => `ForeignKeySupport IX_T_${key.join('_')} (${key.join(', ')})`);
          expect(supportIndexes({ columns, foreignKeys, uniques })).toEqual([...new Set(expected)].sort());
        },
      ),
    );
  });

  it('depends neither on the order of the constraints nor on their names', () => {
    const renamedShuffle = fc.array(columnList, { minLength: 1, maxLength: 7 }).chain((foreignKeys) =>
      fc.tuple(
        fc.constant(foreignKeys),
        fc.shuffledSubarray(foreignKeys, { minLength: foreignKeys.length }),
        fc.shuffledSubarray(
          foreignKeys.map((_, index) => `FK_T_${index}`),
          { minLength: foreignKeys.length },
        ),
      ),
    );
    fc.assert(
      fc.property(renamedShuffle, ([foreignKeys, shuffledKeys, foreignKeyNames]) => {
        expect(supportIndexes({ columns, foreignKeys: shuffledKeys, foreignKeyNames })).toEqual(
          supportIndexes({ columns, foreignKeys }),
        );
      }),
    );
  });

  it('may hold a stored column whose name merely ends like a canonical one (case 11)', () => {
    expect(
      supportIndexes({
        columns: ['a_DocumentId', 'SchoolYear_Unified'],
        foreignKeys: [['a_DocumentId', 'SchoolYear_Unified']],
      }),
    ).toEqual(['ForeignKeySupport IX_T_a_DocumentId_SchoolYear_Unified (a_DocumentId, SchoolYear_Unified)']);
  });
});

describe.runIf(hasSharedData)('the names of indexes (needs the shared conformance data)', () => {
  interface IndexName {
    readonly dialect: (typeof dialects)[number];
    readonly table: string;
    readonly columns: readonly string[];
    readonly final: string;
  }
  const vectors: IndexName[] = hasSharedData ? readSharedJson('design', 'vectors', 'names.json').indexNames : [];

  it('are given by vectors for both dialects', () => {
    expect(new Set(vectors.map(({ dialect }) => dialect))).toEqual(new Set(dialects));
  });

  it.each(vectors)('is $final for $table in $dialect', ({ dialect, table, columns, final }) => {
    const inventory = deriveInventory(handMadeModel(dialect, { name: table, columns, foreignKeys: [columns] }));
    expect(inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport').map(({ name }) => name)).toEqual([
      final,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { findings, numbered, table } from '../../test/tsql.ts';
import { cascades, keySizes, keyTargets } from './object-checks.ts';

const names = (count: number) => numbered(count, (number) => `[C${number}]`);
const columnsOf = (count: number) => names(count).map((name) => `${name} int NOT NULL`);

describe('S7: foreign keys', () => {
  const target = table(
    'Target',
    '[A] int NOT NULL',
    '[B] nvarchar(5) NOT NULL',
    '[C] int NOT NULL',
    'CONSTRAINT [PK_Target] PRIMARY KEY CLUSTERED ([A])',
    'CONSTRAINT [UX_Target] UNIQUE ([B], [C])',
    'CONSTRAINT [CK_Target] CHECK ([C] > 1)',
    'CONSTRAINT [FK_Target] FOREIGN KEY ([C]) REFERENCES [s].[Target] ([A]) ON DELETE NO ACTION ON UPDATE NO ACTION',
  );
  const sourceWith = (columns: readonly string[], key: string, targetColumns: string) =>
    `${target}\n${table(
      'Source',
      ...columns,
      `CONSTRAINT [FK] FOREIGN KEY (${key}) REFERENCES [s].[Target] (${targetColumns}) ON DELETE NO ACTION ON UPDATE NO ACTION`,
    )}`;

  it.each([
    ['a primary key', sourceWith(['[X] int NULL'], '[X]', '[A]')],
    ['a unique key', sourceWith(['[X] nvarchar(5) NULL', '[Y] int NULL'], '[X], [Y]', '[B], [C]')],
    ['a unique key in another order', sourceWith(['[X] nvarchar(5) NULL', '[Y] int NULL'], '[Y], [X]', '[C], [B]')],
  ])('accepts a reference to %s', (_, text) => {
    expect(findings(keyTargets, text)).toEqual([]);
  });

  it.each([
    [
      'a column with a foreign key but no unique key',
      sourceWith(['[X] int NULL'], '[X]', '[C]'),
      ['FK: s.Target (C) is not a key'],
    ],
    ['a part of a key', sourceWith(['[X] nvarchar(5) NULL'], '[X]', '[B]'), ['FK: s.Target (B) is not a key']],
    [
      'a key and one more column',
      sourceWith(['[X] int NULL', '[Y] int NULL'], '[X], [Y]', '[A], [C]'),
      ['FK: s.Target (A,C) is not a key'],
    ],
    ['a column of another type', sourceWith(['[X] bigint NULL'], '[X]', '[A]'), ['FK: types bigint → int']],
    [
      'a column of another length',
      sourceWith(['[X] nvarchar(6) NULL', '[Y] int NULL'], '[X], [Y]', '[B], [C]'),
      ['FK: types nvarchar(6),int → nvarchar(5),int'],
    ],
    [
      'columns with swapped types',
      sourceWith(['[X] int NULL', '[Y] nvarchar(5) NULL'], '[X], [Y]', '[B], [C]'),
      ['FK: types int,nvarchar(5) → nvarchar(5),int'],
    ],
    [
      'a missing column',
      sourceWith(['[X] int NULL'], '[X]', '[D]'),
      ['FK: s.Target (D) is not a key', 'FK: types int → no column D'],
    ],
    [
      'a missing table',
      table(
        'Source',
        '[X] int NULL',
        'CONSTRAINT [FK] FOREIGN KEY ([X]) REFERENCES [s].[Target] ([A]) ON DELETE NO ACTION ON UPDATE NO ACTION',
      ),
      ['FK: no table s.Target'],
    ],
    [
      'a key, from a computed column',
      sourceWith(['[X] int NULL', '[Y] AS ([X]) PERSISTED'], '[Y]', '[A]'),
      ['FK: Y is computed'],
    ],
  ])('refuses a reference to %s', (_, text, expected) => {
    expect(findings(keyTargets, text)).toEqual(expected);
  });

  it('accepts 32 columns, and no more', () => {
    const pair = (count: number) => {
      const list = names(count).join(', ');
      const key = `CONSTRAINT [PK] PRIMARY KEY CLUSTERED (${list})`;
      const reference = `FOREIGN KEY (${list})`;
      return `${table('Target', ...columnsOf(count), key)}\n${table(
        'Source',
        ...columnsOf(count),
        `CONSTRAINT [FK] ${reference} REFERENCES [s].[Target] (${list}) ON DELETE NO ACTION ON UPDATE NO ACTION`,
      )}`;
    };
    expect(findings(keyTargets, pair(32))).toEqual([]);
    expect(findings(keyTargets, pair(33))).toEqual(['FK: 33 columns']);
  });
});

describe('S9: keys and indexes', () => {
  const keyed = {
    'a primary key': (count: number) =>
      table('T', ...columnsOf(count), `CONSTRAINT [K] PRIMARY KEY CLUSTERED (${names(count)})`),
    'a unique key': (count: number) => table('T', ...columnsOf(count), `CONSTRAINT [K] UNIQUE (${names(count)})`),
    'an index': (count: number) => `${table('T', ...columnsOf(count))}\nCREATE INDEX [K] ON [s].[T] (${names(count)});`,
  };

  it.each(Object.entries(keyed))('accepts 32 columns of %s, and no more', (_, text) => {
    expect(findings(keySizes, text(32))).toEqual([]);
    expect(findings(keySizes, text(33))).toEqual(['K has 33 columns']);
  });

  it.each([
    ['an unlimited text', '[A] nvarchar(max) NULL', ['K: A has no limit']],
    ['unlimited bytes', '[A] varbinary(max) NULL', ['K: A has no limit']],
    ['a missing column', '[B] int NULL', ['K: no column A']],
  ])('refuses %s in a key or index', (_, column, expected) => {
    expect(findings(keySizes, table('T', column, 'CONSTRAINT [K] UNIQUE ([A])'))).toEqual(expected);
    expect(findings(keySizes, `${table('T', column)}\nCREATE INDEX [K] ON [s].[T] ([A]);`)).toEqual(expected);
  });

  it('uses the type of the source column for a computed column', () => {
    const aliased = (type: string, expression: string) =>
      table('T', `[C] ${type} NULL`, '[P] bit NULL', `[A] AS (${expression}) PERSISTED`, 'CONSTRAINT [K] UNIQUE ([A])');
    const gated = 'CASE WHEN [P] IS NULL THEN NULL ELSE [C] END';
    expect(findings(keySizes, aliased('nvarchar(60)', gated))).toEqual([]);
    expect(findings(keySizes, aliased('nvarchar(max)', gated))).toEqual(['K: A has no limit']);
    expect(findings(keySizes, aliased('nvarchar(max)', '[C]'))).toEqual(['K: A has no limit']);
    expect(() => findings(keySizes, aliased('int', '1 + 1'))).toThrow('s.T.A is computed from no stored column');
  });

  it('accepts unlimited columns outside keys', () => {
    const text = table('T', '[A] int NOT NULL', '[B] nvarchar(max) NULL', 'CONSTRAINT [CK] CHECK ([B] <> [A])');
    expect(findings(keySizes, `${text}\nCREATE INDEX [K] ON [s].[T] ([A]) INCLUDE ([B]);`)).toEqual([]);
  });
});

describe.each([
  ['onDelete', 'CASCADE', 'NO ACTION'],
  ['onUpdate', 'NO ACTION', 'CASCADE'],
])('S10: cascades (%s)', (action, onDelete, onUpdate) => {
  /** Tables with cascading foreign keys, given as `from to`. */
  const graph = (...edges: readonly string[]) => {
    const tables = new Set(edges.flatMap((edge) => edge.split(' ')));
    return [...tables]
      .map((name) => {
        const keys = edges.filter((edge) => edge.startsWith(`${name} `)).map((edge) => edge.split(' ')[1] ?? '');
        const actions = `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
        return table(
          name,
          '[Id] int NOT NULL',
          ...keys.map((to) => `CONSTRAINT [${name}${to}] FOREIGN KEY ([Id]) REFERENCES [s].[${to}] ([Id]) ${actions}`),
        );
      })
      .join('\n');
  };

  it('accepts a tree', () => {
    expect(findings(cascades, graph('B A', 'C A', 'D B', 'E B'))).toEqual([]);
  });

  it('accepts a table that is reached from two unrelated tables', () => {
    expect(findings(cascades, graph('C A', 'C B'))).toEqual([]);
  });

  it('refuses a table that is reached on two paths', () => {
    expect(findings(cascades, graph('B A', 'C A', 'D B', 'D C'))).toEqual([
      expect.stringMatching(new RegExp(`^${action}: D[BC] reaches s\\.D a second time from s\\.A$`)),
    ]);
  });

  it('refuses a cycle', () => {
    expect(findings(cascades, graph('A A'))).toEqual([`${action}: AA reaches s.A a second time from s.A`]);
    expect(findings(cascades, graph('A B', 'B A')).sort()).toEqual([
      `${action}: AB reaches s.A a second time from s.A`,
      `${action}: BA reaches s.B a second time from s.B`,
    ]);
  });
});

it('S10: accepts a table that deletes and updates reach on different paths', () => {
  const key = (name: string, to: string, onDelete: string, onUpdate: string) =>
    `CONSTRAINT [${name}] FOREIGN KEY ([Id]) REFERENCES [s].[${to}] ([Id]) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
  const text = [
    table('A', '[Id] int NOT NULL'),
    table('B', '[Id] int NOT NULL', key('K1', 'A', 'CASCADE', 'CASCADE')),
    table('C', '[Id] int NOT NULL', key('K2', 'A', 'CASCADE', 'NO ACTION'), key('K3', 'B', 'NO ACTION', 'CASCADE')),
  ].join('\n');
  expect(findings(cascades, text)).toEqual([]);
});

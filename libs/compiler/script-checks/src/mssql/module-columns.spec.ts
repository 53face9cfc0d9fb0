import { describe, expect, it } from 'vitest';
import { batches, findings, table, trigger } from '../../test/tsql.ts';
import { moduleColumns } from './module-checks.ts';

const tables = [
  table('T', '[A] int NULL', '[B] int NULL', '[C] AS ([A]) PERSISTED'),
  table('U', '[A] int NULL', '[D] int NULL'),
].join('\n');

const inTrigger = (...statements: readonly string[]) =>
  findings(moduleColumns, batches(tables, trigger(...statements)));
const inView = (...arms: readonly string[]) =>
  findings(moduleColumns, batches(tables, `CREATE OR ALTER VIEW [s].[V] AS\n${arms.join('\nUNION ALL\n')};`));

describe('columns of a body', () => {
  it.each([
    ['of a table', 'SELECT t.[A], u.[D] FROM [s].[T] AS t INNER JOIN [s].[U] AS u ON u.[A] = t.[A];'],
    ['of the rows of the statement', 'SELECT i.[A], d.[B] FROM inserted AS i LEFT JOIN deleted AS d ON d.[C] = i.[C];'],
    [
      'of a work set',
      'DECLARE @rows TABLE ([A] int NOT NULL PRIMARY KEY, [N] decimal(9, 2) NULL);\n    INSERT INTO @rows ([A], [N])\n    SELECT 1, 2;\n    SELECT r.[A], r.[N] FROM @rows AS r;',
    ],
    ['that are assigned', 'UPDATE t\n    SET [A] = 1, [B] = t.[A]\n    FROM [s].[T] AS t;'],
    [
      'of the output rows of an update',
      'DECLARE @rows TABLE ([A] int NOT NULL PRIMARY KEY);\n    UPDATE t\n    SET [A] = 1\n    OUTPUT inserted.[A] INTO @rows ([A])\n    FROM [s].[T] AS t;',
    ],
    ['that are inserted', 'INSERT INTO [s].[U] ([A], [D])\n    SELECT 1, 2;'],
    ['of a table without an alias, which S6 checks', 'SELECT 1 FROM [s].[X];'],
    [
      'of a derived table, whose columns are unknown',
      'SELECT x.[Z] FROM (SELECT t.[A] AS [Z] FROM [s].[T] AS t) AS x;',
    ],
    // branches of one statement may use the same alias for different tables
    ['of either table of an alias', 'SELECT t.[B] FROM [s].[T] AS t UNION SELECT t.[D] FROM [s].[U] AS t;'],
  ])('accepts columns %s', (_, statement) => {
    expect(inTrigger(statement)).toEqual([]);
  });

  it.each([
    ['that the table does not have', 'SELECT t.[D] FROM [s].[T] AS t;', ['s.TR: t has no column [D]']],
    ['that the rows of the statement do not have', 'SELECT i.[D] FROM inserted AS i;', ['s.TR: i has no column [D]']],
    ['of an unknown alias', 'SELECT x.[A] FROM [s].[T] AS t;', ['s.TR: x.[A] has no source']],
    // an alias is only valid in its own statement
    [
      'of an alias of another statement',
      'SELECT t.[A] FROM [s].[T] AS t;\n    SELECT t.[A];',
      ['s.TR: t.[A] has no source'],
    ],
    [
      'of a missing table',
      'SELECT x.[A] FROM [s].[X] AS x;',
      ['s.TR: unknown source s.X', 's.TR: x.[A] has no source'],
    ],
    [
      'of a table without its schema',
      'SELECT t.[A] FROM [T] AS t;',
      ['s.TR: unknown source [T]', 's.TR: t.[A] has no source'],
    ],
    [
      'of a table named like the rows of the statement',
      'SELECT i.[A] FROM [INSERTED] AS i;',
      ['s.TR: unknown source [INSERTED]', 's.TR: i.[A] has no source'],
    ],
    [
      'of a variable that is not a table',
      'DECLARE @n int;\n    SELECT r.[A] FROM @n AS r;',
      ['s.TR: unknown source @n', 's.TR: r.[A] has no source'],
    ],
    [
      'that a table with a hint does not have',
      'SELECT 1 FROM inserted AS i INNER LOOP JOIN [s].[T] AS t WITH (FORCESEEK) ON t.[D] = i.[A];',
      ['s.TR: t has no column [D]'],
    ],
    [
      'of a work set that is not declared',
      'SELECT r.[A] FROM @rows AS r;',
      ['s.TR: unknown source @rows', 's.TR: r.[A] has no source'],
    ],
    [
      'that a work set does not have',
      'DECLARE @rows TABLE ([A] int NOT NULL PRIMARY KEY);\n    SELECT r.[B] FROM @rows AS r;',
      ['s.TR: r has no column [B]'],
    ],
    [
      'that are inserted but missing',
      'INSERT INTO [s].[U] ([A], [B])\n    SELECT 1, 2;',
      ['s.TR: s.U has no column [B]'],
    ],
    [
      'that are inserted but computed',
      'INSERT INTO [s].[T] ([A], [C])\n    SELECT 1, 2;',
      ['s.TR: s.T.[C] is computed'],
    ],
    [
      'that are inserted into a missing table',
      'INSERT INTO [s].[X] ([A])\n    SELECT 1;',
      ['s.TR: inserts into s.X', 's.TR: s.X has no column [A]'],
    ],
    [
      'that are assigned but missing',
      'UPDATE t\n    SET [D] = 1\n    FROM [s].[T] AS t;',
      ['s.TR: no column D to set'],
    ],
    [
      'that are assigned in a conditional statement but missing',
      'IF EXISTS (SELECT 1 FROM inserted)\n    UPDATE t\n    SET [D] = 1\n    FROM [s].[T] AS t;',
      ['s.TR: no column D to set'],
    ],
    ['that are assigned but computed', 'UPDATE t\n    SET [C] = 1\n    FROM [s].[T] AS t;', ['s.TR: C is computed']],
    [
      'that are assigned twice',
      'UPDATE t\n    SET [A] = 1, [B] = 2, [A] = 3\n    FROM [s].[T] AS t;',
      ['s.TR: A is set twice'],
    ],
    [
      'that the output rows of an update do not have',
      'DECLARE @rows TABLE ([A] int NOT NULL PRIMARY KEY);\n    UPDATE t\n    SET [A] = 1\n    OUTPUT inserted.[D] INTO @rows ([A])\n    FROM [s].[T] AS t;',
      ['s.TR: inserted has no column [D]'],
    ],
  ])('refuses columns %s', (_, statement, expected) => {
    expect(inTrigger(statement)).toEqual(expected);
  });
});

describe('columns of a view', () => {
  it('belong to the source that the alias stands for, a table or an earlier view', () => {
    const joined = (left: string, right: string) =>
      inView(`SELECT x.[${left}], y.[A]\nFROM [s].[T] x\nINNER JOIN [s].[U] y ON x.[A] = y.[${right}]`);
    expect(joined('B', 'A')).toEqual([]);
    expect(joined('D', 'A')).toEqual(['s.V: x has no column [D]']);
    expect(joined('B', 'B')).toEqual(['s.V: y has no column [B]']);
    const over = (column: string) => {
      const view = (name: string, text: string) => `CREATE OR ALTER VIEW [s].[${name}] AS\n${text};`;
      const first = view('V', 'SELECT [A] AS [X]\nFROM [s].[T]');
      return findings(moduleColumns, batches(tables, first, view('W', `SELECT v.[${column}]\nFROM [s].[V] v`)));
    };
    expect(over('X')).toEqual([]);
    expect(over('A')).toEqual(['s.W: v has no column [A]']);
  });

  it('belong to the table of their branch', () => {
    expect(inView('SELECT [A] AS [X], [B] AS [Y]\nFROM [s].[T]')).toEqual([]);
    expect(inView('SELECT [A] AS [X]\nFROM [s].[T]', 'SELECT CAST([D] AS int) AS [X]\nFROM [s].[U]')).toEqual([]);
    expect(inView('SELECT [D] AS [X]\nFROM [s].[T]')).toEqual(['s.V: s.T has no column [D]']);
    expect(inView('SELECT [A] AS [X]\nFROM [s].[T]', 'SELECT [B] AS [X]\nFROM [s].[U]')).toEqual([
      's.V: s.U has no column [B]',
    ]);
    expect(inView('SELECT [D] AS [X]\nFROM [s].[T]', 'SELECT [D] AS [X]\nFROM [s].[U]')).toEqual([
      's.V: s.T has no column [D]',
    ]);
  });
});

import { UnreadableScript } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { batches } from '../../test/tsql.ts';
import { readScript } from './tsql-script.ts';

const read = (text: string) => {
  const { tables, ...script } = readScript(text);
  return { ...script, tables: [...tables.values()] };
};

describe('objects read from a script', () => {
  it('columns', () => {
    const [table] = read(
      `CREATE TABLE [s].[T]
(
    [A] bigint IDENTITY(1,1) NOT NULL,
    [B] decimal(9, 2) NULL,
    [C] nvarchar(max) NOT NULL CONSTRAINT [DF] DEFAULT (NEXT VALUE FOR [s].[Q]),
    [D] AS (CASE WHEN [A] IS NULL THEN NULL ELSE LEN([B]) END) PERSISTED,
    [E] AS LOWER([C])
);`,
    ).tables;
    const usual = { collation: null, nullable: true, identity: null, default: null, computed: null, isStored: true };
    expect(table).toMatchObject({ name: 's.T', position: 0, constraints: [], indexes: [] });
    expect(table?.columns).toEqual([
      { ...usual, name: 'A', type: 'bigint', nullable: false, identity: 'IDENTITY(1,1)' },
      { ...usual, name: 'B', type: 'decimal(9,2)' },
      {
        ...usual,
        name: 'C',
        type: 'nvarchar(max)',
        nullable: false,
        default: { constraint: 'DF', expression: 'NEXT VALUE FOR [s].[Q]' },
      },
      { ...usual, name: 'D', type: null, computed: 'CASE WHEN [A] IS NULL THEN NULL ELSE LEN([B]) END' },
      { ...usual, name: 'E', type: null, computed: 'LOWER([C])', isStored: false },
    ]);
  });

  it('constraints and indexes, in the table definition or after it', () => {
    const [table] = read(
      `CREATE TABLE [s].[T]
(
    [A] int NOT NULL,
    CONSTRAINT [PK] PRIMARY KEY NONCLUSTERED ([A]),
    CONSTRAINT [UX] UNIQUE CLUSTERED ([A]),
    CONSTRAINT [CK] CHECK ([A] > (1 + 2))
);
ALTER TABLE [s].[T]
ADD CONSTRAINT [UY] UNIQUE ([A]);
ALTER TABLE [s].[T]
ADD CONSTRAINT [FK] FOREIGN KEY ([A]) REFERENCES [r].[U] ([B]) ON DELETE CASCADE ON UPDATE NO ACTION;
CREATE INDEX [IX] ON [s].[T] ([A]);
CREATE UNIQUE INDEX [IY] ON [s].[T] ([A], [B]) INCLUDE ([C]);`,
    ).tables;
    const none = {
      clustered: null,
      columns: [],
      expression: null,
      target: null,
      targetColumns: [],
      onDelete: null,
      onUpdate: null,
    };
    expect(table?.constraints).toEqual([
      { ...none, name: 'PK', kind: 'PRIMARY KEY', clustered: false, columns: ['A'] },
      { ...none, name: 'UX', kind: 'UNIQUE', clustered: true, columns: ['A'] },
      { ...none, name: 'CK', kind: 'CHECK', expression: '[A] > (1 + 2)' },
      { ...none, name: 'UY', kind: 'UNIQUE', columns: ['A'] },
      {
        ...none,
        name: 'FK',
        kind: 'FOREIGN KEY',
        columns: ['A'],
        target: 'r.U',
        targetColumns: ['B'],
        onDelete: 'CASCADE',
        onUpdate: 'NO ACTION',
      },
    ]);
    expect(table?.indexes).toEqual([
      { name: 'IX', unique: false, columns: ['A'], include: [] },
      { name: 'IY', unique: true, columns: ['A', 'B'], include: ['C'] },
    ]);
  });

  it('schemas, sequences and modules', () => {
    const text = batches(
      "EXEC('CREATE SCHEMA [a]]b]');\nCREATE SEQUENCE [s].[Q] AS bigint START WITH 1;",
      'CREATE OR ALTER VIEW [s].[V] AS\nSELECT 1;',
      'CREATE OR ALTER TRIGGER [s].[R] ON [s].[T] AFTER INSERT, DELETE AS\nBEGIN\n    SELECT 2;\nEND;',
      'CREATE OR ALTER FUNCTION [s].[F](@a int)\nRETURNS int\nAS\nBEGIN\n    RETURN 3;\nEND;',
    );
    const { schemas, sequences, modules } = read(text);
    expect(schemas).toEqual(['a]b']);
    expect([...sequences]).toEqual([
      ['s.Q', { options: 'AS bigint START WITH 1', position: text.indexOf('CREATE SEQUENCE') }],
    ]);
    expect(
      modules.map(({ kind, name, table, events, position }) => [
        kind,
        name,
        table,
        events,
        text.slice(position, position + 20),
      ]),
    ).toEqual([
      ['VIEW', 's.V', null, [], 'CREATE OR ALTER VIEW'],
      ['TRIGGER', 's.R', 's.T', ['INSERT', 'DELETE'], 'CREATE OR ALTER TRIG'],
      ['FUNCTION', 's.F', null, [], 'CREATE OR ALTER FUNC'],
    ]);
    expect(modules.map(({ body }) => body[0]?.text)).toEqual(['SELECT', 'BEGIN', 'BEGIN']);
    expect(modules.map(({ header }) => header.at(-1)?.text)).toEqual(['[V]', 'DELETE', 'int']);
  });

  it('no module that follows another statement in its batch, which S1 reports', () => {
    const text = 'SELECT 1;\nCREATE OR ALTER VIEW [s].[V] AS\nSELECT 1;\nCREATE SEQUENCE [s].[Q] START WITH 1;';
    expect(read(text).modules).toEqual([]);
    expect([...read(text).sequences.keys()]).toEqual(['s.Q']);
  });

  it('nothing from other statements', () => {
    expect(read("INSERT INTO [s].[T] ([A]) VALUES (1);\nSELECT 'CREATE TABLE x';")).toMatchObject({
      tables: [],
      schemas: [],
      modules: [],
    });
  });
});

describe('an unreadable statement', () => {
  it.each([
    ['CREATE TABLE s.[T] ([A] int NULL);', 'line 1: expected a quoted name, found s'],
    ['CREATE TABLE [T] ([A] int NULL);', 'line 1: expected ., found ('],
    ['CREATE TABLE [s].[T] [A] int NULL;', 'line 1: expected (, found [A]'],
    ['CREATE TABLE [s].[T] ([A] int NULL)', 'line (end): expected ;, found nothing'],
    ['CREATE TABLE [s].[T] ([A] int);', 'line (end): expected NULL, found nothing'],
    ['CREATE TABLE [s].[T] ([A] int NULL SPARSE);', 'line 1: expected the end of the definition, found SPARSE'],
    ['CREATE TABLE [s].[T] ([A] AS ([B]));', 'line (end): expected PERSISTED, found nothing'],
    ['CREATE TABLE [s].[T] ([A] int NULL CONSTRAINT [C] CHECK (1 = 1));', 'line 1: expected DEFAULT, found CHECK'],
    ['CREATE TABLE [s].[T] ([A] int NULL, CONSTRAINT [K] PRIMARY KEY ([A] ASC));', 'no column: [A] ASC'],
    ['CREATE TABLE [s].[T] ([A] int NULL, CONSTRAINT [K] PRIMARY KEY (A));', 'no column: A'],
    ['CREATE TABLE [s].[T] ([A] int NULL, CONSTRAINT [K] EXCLUDE ([A]));', 'line 1: expected FOREIGN, found EXCLUDE'],
    [
      'CREATE TABLE [s].[T] ([A] int NULL, CONSTRAINT [K] FOREIGN KEY ([A]) REFERENCES [s].[T] ([A]));',
      'line (end): expected ON, found nothing',
    ],
    [
      'CREATE TABLE [s].[T] ([A] int NULL, CONSTRAINT [K] FOREIGN KEY ([A]) REFERENCES [s].[T] ([A]) ON DELETE SET NULL ON UPDATE NO ACTION);',
      'line 1: expected NO, found SET',
    ],
    ['CREATE TABLE [s].[T] ([A] int NULL);\nCREATE TABLE [s].[T] ([A] int NULL);', 'line 2: s.T is created twice'],
    ['SELECT 1;\nALTER TABLE [s].[T]\nADD CONSTRAINT [K] UNIQUE ([A]);', 'line 2: the table s.T is not created before'],
    ['CREATE INDEX [I] ON [s].[T] ([A]);', 'line 1: the table s.T is not created before'],
    [
      'CREATE TABLE [s].[T] ([A] int NULL);\nCREATE INDEX [I] ON [s].[T] ([A]) WHERE [A] > 1;',
      'line 2: expected ;, found WHERE',
    ],
    ['CREATE STATISTICS [I] ON [s].[T] ([A]);', 'line 1: expected INDEX, found STATISTICS'],
    ["EXEC('DROP SCHEMA [s]');", 'line 1: expected CREATE SCHEMA, found )'],
    ['CREATE TABLE [s].[T] ([A] int NULL;', 'line 1: a parenthesis is not closed'],
    ['CREATE OR ALTER VIEW [s].[V];', 'line (end): expected a token, found nothing'],
    ['CREATE SEQUENCE [s].[Q] START WITH 1', 'line (end): expected a token, found nothing'],
  ])('%s', (text, message) => {
    expect(() => readScript(text)).toThrow(UnreadableScript);
    expect(() => readScript(text)).toThrow(message);
  });
});

import { bodyHash, type Catalog } from '@dms/catalog';
import { moduleBody } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { batches } from '../../test/tsql.ts';
import { statedDifferences } from './stated-catalog.ts';
import { readScript } from './tsql-script.ts';

/* S5: the catalog that a script creates equals the desired one. */

const trigger =
  'CREATE OR ALTER TRIGGER [s].[TR] ON [s].[T] AFTER UPDATE, DELETE, INSERT AS\nBEGIN\n    SET NOCOUNT ON;\nEND;';
const view = 'CREATE OR ALTER VIEW [s].[V] AS\nSELECT [A] AS [X]\nFROM [s].[T];';
const routine = 'CREATE OR ALTER FUNCTION [s].[F](@a int)\nRETURNS int\nAS\nBEGIN\n    RETURN 1;\nEND;';

const script = batches(
  `IF NOT EXISTS (SELECT 1) EXEC('CREATE SCHEMA [s]');
CREATE SEQUENCE [s].[Q] START WITH 1;
CREATE TABLE [s].[T]
(
    [Id] bigint IDENTITY(1,1) NOT NULL,
    [A] nvarchar(5) NULL,
    [N] decimal NOT NULL CONSTRAINT [DF_T_N] DEFAULT (sysutcdatetime()),
    [P] bit NULL,
    [C] AS (CASE WHEN [P] IS NULL THEN NULL ELSE [A] END) PERSISTED,
    CONSTRAINT [PK_T] PRIMARY KEY ([Id]),
    CONSTRAINT [UX_T] UNIQUE ([A], [N]),
    CONSTRAINT [CK_T] CHECK ([P] IS NULL OR [P] = 1)
);
ALTER TABLE [s].[T]
ADD CONSTRAINT [FK_T] FOREIGN KEY ([Id]) REFERENCES [s].[T] ([Id]) ON DELETE CASCADE ON UPDATE NO ACTION;
CREATE INDEX [IX_T] ON [s].[T] ([A]) INCLUDE ([N]);
CREATE TABLE [s].[U] ([A] int NULL);`,
  trigger,
  view,
  routine,
);

const bodyOf = (text: string) => bodyHash(moduleBody(text));
const plain = { nullable: true, identity: null, default: null, generated: null, collation: null } as const;

const desired: Catalog = {
  dialect: 'mssql',
  mappingVersion: null,
  roles: [],
  grants: [],
  schemas: ['s'],
  extensions: [],
  sequences: [{ schema: 's', name: 'Q', type: 'bigint', start: '1', increment: '1', min: '1', max: '9', cycle: false }],
  tables: [
    {
      schema: 's',
      name: 'T',
      storage: 'ordinary',
      columns: [
        { ...plain, name: 'Id', type: 'bigint', nullable: false, identity: 'always' },
        { ...plain, name: 'A', type: 'nvarchar(5)' },
        { ...plain, name: 'N', type: 'decimal(18,0)', nullable: false, default: 'sysutcdatetime()' },
        { ...plain, name: 'P', type: 'bit' },
        {
          ...plain,
          name: 'C',
          type: 'nvarchar(5)',
          // the text does not contain it
          nullable: false,
          generated: { expression: 'CASE WHEN "P" IS NULL THEN NULL ELSE "A" END', stored: true },
        },
      ],
      primaryKey: { name: 'PK_T', columns: ['Id'], clustered: true },
      uniques: [{ name: 'UX_T', columns: ['A', 'N'], clustered: false }],
      foreignKeys: [
        {
          name: 'FK_T',
          columns: ['Id'],
          target: { schema: 's', table: 'T' },
          targetColumns: ['Id'],
          onDelete: 'CASCADE',
          onUpdate: 'NO ACTION',
          deferrable: false,
          validated: true,
        },
      ],
      checks: [{ name: 'CK_T', expression: '"P" IS NULL OR "P" = TRUE', validated: true }],
      indexes: [
        { name: 'IX_T', unique: false, columns: ['A'], include: ['N'], predicate: null, plain: true, valid: true },
      ],
      triggers: [
        {
          name: 'TR',
          timing: 'AFTER',
          level: 'STATEMENT',
          events: ['INSERT', 'UPDATE', 'DELETE'],
          updateOf: [],
          oldTable: null,
          newTable: null,
          when: null,
          enabled: true,
          function: null,
          body: bodyOf(trigger),
        },
      ],
    },
    {
      schema: 's',
      name: 'U',
      storage: 'ordinary',
      columns: [{ ...plain, name: 'A', type: 'int' }],
      primaryKey: null,
      uniques: [],
      foreignKeys: [],
      checks: [],
      indexes: [],
      triggers: [],
    },
  ],
  views: [{ schema: 's', name: 'V', columns: [{ name: 'X', type: 'nvarchar(5)' }], body: bodyOf(view) }],
  functions: [
    {
      schema: 's',
      name: 'F',
      arguments: '@a int',
      result: 'int',
      language: 'sql',
      volatility: null,
      strict: null,
      securityDefiner: false,
      settings: [],
      owner: null,
      publicExecute: true,
      body: bodyOf(routine),
    },
  ],
  tableTypes: [],
  fingerprint: null,
};

const differences = (text: string) =>
  statedDifferences(readScript(text), desired).map(({ object, path, change, field }) =>
    [change, object, ...path, ...(field === undefined ? [] : [field])].join(' '),
  );

it('a script that creates the desired catalog has no difference', () => {
  expect(differences(script)).toEqual([]);
});

describe('a change of the script is a difference:', () => {
  it.each<[string, string | RegExp, string, readonly string[]]>([
    ['another type', 'nvarchar(5)', 'nvarchar(6)', ['changed column s.T A type']],
    ['digits of a decimal', 'decimal ', 'decimal(9,2) ', ['changed column s.T N type']],
    ['another nullability', 'nvarchar(5) NULL', 'nvarchar(5) NOT NULL', ['changed column s.T A nullable']],
    ['another default', 'sysutcdatetime()', 'getdate()', ['changed column s.T N default']],
    ['no default', ' CONSTRAINT [DF_T_N] DEFAULT (sysutcdatetime())', '', ['changed column s.T N default']],
    ['no identity', ' IDENTITY(1,1)', '', ['changed column s.T Id identity']],
    ['an identity with another increment', 'IDENTITY(1,1)', 'IDENTITY(1,2)', ['changed column s.T Id identity']],
    ['another expression', 'THEN NULL ELSE [A]', 'THEN [A] ELSE NULL', ['changed column s.T C generated']],
    [
      'a stored column instead of a computed one',
      /\[C\] AS .*PERSISTED/,
      '[C] nvarchar(5) NOT NULL',
      ['changed column s.T C generated'],
    ],
    ['a missing column', '    [P] bit NULL,\n', '', ['missing column s.T P', 'changed check s.T CK_T expression']],
    [
      'another order of columns',
      '[A] nvarchar(5) NULL,\n    [N] decimal NOT NULL CONSTRAINT [DF_T_N] DEFAULT (sysutcdatetime()),',
      '[N] decimal NOT NULL CONSTRAINT [DF_T_N] DEFAULT (sysutcdatetime()),\n    [A] nvarchar(5) NULL,',
      ['changed columnOrder s.T order'],
    ],
    ['another primary key', 'PRIMARY KEY ([Id])', 'PRIMARY KEY ([N])', ['changed primaryKey s.T PK_T columns']],
    [
      'a nonclustered primary key',
      'PRIMARY KEY ([Id])',
      'PRIMARY KEY NONCLUSTERED ([Id])',
      ['changed primaryKey s.T PK_T clustered'],
    ],
    ['no primary key', '    CONSTRAINT [PK_T] PRIMARY KEY ([Id]),\n', '', ['missing primaryKey s.T PK_T']],
    ['another unique key', 'UNIQUE ([A], [N])', 'UNIQUE ([N], [A])', ['changed unique s.T UX_T columns']],
    ['a clustered unique key', 'UNIQUE (', 'UNIQUE CLUSTERED (', ['changed unique s.T UX_T clustered']],
    ['another check', '[P] = 1', '[P] = 0', ['changed check s.T CK_T expression']],
    ['another action', 'ON DELETE CASCADE', 'ON DELETE NO ACTION', ['changed foreignKey s.T FK_T onDelete']],
    [
      'another action of an update',
      'ON UPDATE NO ACTION',
      'ON UPDATE CASCADE',
      ['changed foreignKey s.T FK_T onUpdate'],
    ],
    ['another index', '([A]) INCLUDE', '([A], [N]) INCLUDE', ['changed index s.T IX_T columns']],
    ['an index without included columns', ' INCLUDE ([N])', '', ['changed index s.T IX_T include']],
    ['a unique index', 'CREATE INDEX', 'CREATE UNIQUE INDEX', ['changed index s.T IX_T unique']],
    [
      'another event',
      'AFTER UPDATE, DELETE, INSERT',
      'AFTER INSERT, DELETE',
      ['changed trigger s.T TR events', 'changed trigger s.T TR body'],
    ],
    ['another body', 'SET NOCOUNT ON;', 'SET NOCOUNT OFF;', ['changed trigger s.T TR body']],
    ['another view', 'SELECT [A]', 'SELECT [C]', ['changed view s.V body']],
    ['another function', 'RETURN 1', 'RETURN 2', ['changed function s.F(@a int) body']],
    [
      'an extra schema',
      "EXEC('CREATE SCHEMA [s]');",
      "EXEC('CREATE SCHEMA [s]');\nEXEC('CREATE SCHEMA [r]');",
      ['extra schema r'],
    ],
    [
      'an extra sequence',
      'CREATE SEQUENCE',
      'CREATE SEQUENCE [s].[R] START WITH 1;\nCREATE SEQUENCE',
      ['extra sequence s.R'],
    ],
    ['a missing view', `${view}\nGO\n`, '', ['missing view s.V']],
    ['a missing function', `\nGO\n${routine}`, '', ['missing function s.F(@a int)']],
  ])('%s', (_, from, to, expected) => {
    const changed = script.replace(from, to);
    expect(changed).not.toBe(script);
    expect(differences(changed)).toEqual(expected);
  });
});

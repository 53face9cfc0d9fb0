import { describe, expect, it } from 'vitest';
import { batches, findings, findingsOfTokens, table, trigger } from '../../test/tsql.ts';
import { guards } from './statement-checks.ts';

/* Guards before statements that create something (design 06 §3). */

interface Guarded {
  readonly guard: string;
  readonly statement: string;
  /** The guard for another object. */
  readonly other: string;
  /** Text that the statement needs before it. */
  readonly before?: string;
}

const tableT = table('T', '[A] int NULL');
const tableU = table('U', '[A] int NULL');
const guardedTable = (name: string, text: string) => `IF OBJECT_ID(N's.${name}', N'U') IS NULL\n${text}`;
const tables = `${guardedTable('T', tableT)}\n${guardedTable('U', tableU)}\n`;

const constraint = (catalog: string, name: string, tableName: string, type = '') =>
  `IF NOT EXISTS (SELECT 1 FROM sys.${catalog} WHERE name = N'${name}' ${type}AND parent_object_id = OBJECT_ID(N's.${tableName}'))`;
const index = (schema: string, tableName: string, name: string) =>
  `IF NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE s.name = N'${schema}' AND t.name = N'${tableName}' AND i.name = N'${name}')`;
const sequence = (schema: string, name: string) =>
  `IF NOT EXISTS (SELECT 1 FROM sys.sequences AS q INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id WHERE s.name = N'${schema}' AND q.name = N'${name}')`;
const schema = (name: string) => `IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'${name}')`;

const cases: Readonly<Record<string, Guarded>> = {
  'a schema': { guard: schema('s'), other: schema('r'), statement: "EXEC('CREATE SCHEMA [s]');" },
  'a schema with strange characters': {
    guard: schema("a]b''c"),
    other: schema('a]b'),
    statement: "EXEC('CREATE SCHEMA [a]]b''c]');",
  },
  'a table': {
    guard: "IF OBJECT_ID(N's.T', N'U') IS NULL",
    other: "IF OBJECT_ID(N's.U', N'U') IS NULL",
    statement: tableT,
  },
  'a sequence': {
    guard: sequence('s', 'Q'),
    other: sequence('r', 'Q'),
    statement: 'CREATE SEQUENCE [s].[Q] START WITH 1;',
  },
  'a unique key': {
    before: tables,
    guard: constraint('key_constraints', 'UX', 'T', "AND type = 'UQ' "),
    other: constraint('key_constraints', 'UX', 'T'),
    statement: 'ALTER TABLE [s].[T]\nADD CONSTRAINT [UX] UNIQUE ([A]);',
  },
  'a check': {
    before: tables,
    guard: constraint('check_constraints', 'CK', 'T'),
    other: constraint('check_constraints', 'CK', 'U'),
    statement: 'ALTER TABLE [s].[T]\nADD CONSTRAINT [CK] CHECK ([A] > 1);',
  },
  'a foreign key': {
    before: tables,
    guard: constraint('foreign_keys', 'FK', 'T'),
    other: constraint('check_constraints', 'FK', 'T'),
    statement:
      'ALTER TABLE [s].[T]\nADD CONSTRAINT [FK] FOREIGN KEY ([A]) REFERENCES [s].[U] ([A]) ON DELETE NO ACTION ON UPDATE NO ACTION;',
  },
  'an index': {
    before: tables,
    guard: index('s', 'T', 'IX'),
    other: index('s', 'U', 'IX'),
    statement: 'CREATE INDEX [IX] ON [s].[T] ([A]);',
  },
  'a unique index': {
    before: tables,
    guard: index('s', 'T', 'IX'),
    other: index('s', 'T', 'IY'),
    statement: 'CREATE UNIQUE INDEX [IX] ON [s].[T] ([A]);',
  },
};

describe.each(Object.entries(cases))('%s', (_, { before = '', guard, other, statement }) => {
  it('has its guard right before it', () => {
    expect(findings(guards, `${before}${guard}\n${statement}`)).toEqual([]);
  });

  it.each([
    ['no guard', statement],
    ['the guard of something else', `${other}\n${statement}`],
    ['something between guard and statement', `${guard} SELECT 1;\n${statement}`],
  ])('is refused with %s', (_title, text) => {
    expect(findings(guards, `${before}${text}`)).toEqual([
      expect.stringMatching(/^line \d+: expected the guard (?:IF|s \.|WHERE) /),
    ]);
  });
});

it('a fault shows the expected guard and the actual text', () => {
  expect(findingsOfTokens(guards, 'SELECT 1;\nCREATE TABLE [s].[T] ([A] int NULL);')).toEqual([
    "line 2: expected the guard IF OBJECT_ID ( N's.T' , N'U' ) IS NULL, found SELECT 1 ;",
  ]);
});

it('a module replaces the existing one and needs no guard', () => {
  expect(findings(guards, batches(guardedTable('T', tableT), trigger('SELECT 1;')))).toEqual([]);
});

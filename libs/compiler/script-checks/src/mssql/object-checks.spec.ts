import { describe, expect, it } from 'vitest';
import { batches, findings, table, trigger } from '../../test/tsql.ts';
import { existing, uniqueNames } from './object-checks.ts';

const schema = "IF NOT EXISTS (SELECT 1) EXEC('CREATE SCHEMA [s]');";
const twoColumns = table('T', '[A] int NULL', '[B] int NULL');
/** A script with batches for the session options, a guard and the preflight before the given ones. */
const script = (...texts: readonly string[]) => batches('SET ANSI_NULLS ON;', 'SELECT @@ERROR;', 'SELECT 1;', ...texts);

describe('S6: named objects', () => {
  it.each([
    ['a table after its creation', script(schema, twoColumns, 'SELECT 1 FROM [s].[T];')],
    ['a table whose name a guard looks up', script(schema, `${twoColumns}\nSELECT OBJECT_ID(N's.T', N'U');`)],
    ['a table whose name is in a variable', script(schema, `${twoColumns}\nSELECT OBJECT_ID(@name, N'U');`)],
    [
      'a table that is created later, in a trigger',
      script(schema, twoColumns, trigger('SELECT 1 FROM [s].[U];'), table('U', '[A] int NULL')),
    ],
    [
      'a sequence and a function',
      script(
        schema,
        'CREATE SEQUENCE [s].[Q] START WITH 1;',
        `CREATE OR ALTER FUNCTION [s].[F](@a int)\nRETURNS int\nAS\nBEGIN\n    RETURN 1;\nEND;`,
        'SELECT NEXT VALUE FOR [s].[Q], [s].[F](1);',
      ),
    ],
    [
      'the table of the fingerprint, in the preflight',
      batches(
        'SET ANSI_NULLS ON;',
        'SELECT @@ERROR;',
        'SELECT 1 FROM [dms].[EffectiveSchema];',
        "EXEC('CREATE SCHEMA [dms]');\nCREATE TABLE [dms].[EffectiveSchema] ([A] int NULL);",
      ),
    ],
    ['a column of an alias', script(schema, twoColumns, 'SELECT t.[A] FROM [s].[T] AS t;')],
  ])('accepts %s', (_, text) => {
    expect(findings(existing, text)).toEqual([]);
  });

  it.each([
    ['a missing table', script(schema, 'SELECT 1 FROM [s].[T];'), ['line 9: s.T does not exist']],
    [
      'a table that is created later',
      script(schema, 'SELECT 1 FROM [s].[T];', twoColumns),
      ['line 9: s.T is created later'],
    ],
    [
      'a table that is created later, in a view',
      script(schema, 'CREATE OR ALTER VIEW [s].[V] AS\nSELECT [A] FROM [s].[T];', twoColumns),
      ['line 10: s.T is created later'],
    ],
    [
      'a missing table, in a trigger',
      script(schema, twoColumns, trigger('SELECT 1 FROM [s].[U];')),
      ['line 18: s.U does not exist'],
    ],
    [
      'the table of the fingerprint, after the preflight and before its creation',
      script(
        'SELECT 1 FROM [dms].[EffectiveSchema];',
        "EXEC('CREATE SCHEMA [dms]');\nCREATE TABLE [dms].[EffectiveSchema] ([A] int NULL);",
      ),
      ['line 7: dms.EffectiveSchema is created later'],
    ],
    [
      'a missing table as the table of a trigger',
      script(schema, trigger('SELECT 1;')),
      ['s.TR stands on no table', 'line 9: s.T does not exist'],
    ],
    [
      'a missing table that a guard looks up',
      script(schema, `${twoColumns}\nSELECT OBJECT_ID(N's.U', N'U');`),
      ['line 14: the guard looks for s.U, which is not a table'],
    ],
    [
      'a table of another shape that the preflight looks up, without a shape',
      batches('SET ANSI_NULLS ON;', 'SELECT @@ERROR;', "SELECT OBJECT_ID(N'dms.ReferentialIdentity', N'U');"),
      ['line 5: the guard looks for dms.ReferentialIdentity, which is not a table'],
    ],
    [
      'a schema that is not created',
      script(twoColumns, 'CREATE SEQUENCE [r].[Q] START WITH 1;', trigger('SELECT 1;')),
      ['r.Q: its schema is not created', 's.T: its schema is not created', 's.TR: its schema is not created'],
    ],
  ])('refuses %s', (_, text, expected) => {
    expect(findings(existing, text)).toEqual(expected);
  });
});

describe('S8: names', () => {
  const constraints = (...names: readonly string[]) => names.map((name) => `CONSTRAINT [${name}] CHECK ([A] > 1)`);

  it.each([
    ['that are used in two schemas', `${twoColumns}\nCREATE TABLE [r].[T] ([A] int NULL);`],
    ['of columns of two tables', `${twoColumns}\n${table('U', '[A] int NULL')}`],
    [
      'of indexes of two tables',
      `${twoColumns}\n${table('U', '[A] int NULL')}\nCREATE INDEX [I] ON [s].[T] ([A]);\nCREATE INDEX [I] ON [s].[U] ([A]);`,
    ],
    ['of an index and a column', `${twoColumns}\nCREATE INDEX [A] ON [s].[T] ([A]);`],
    ['of 128 characters', table('x'.repeat(128), '[A] int NULL')],
  ])('accepts names %s', (_, text) => {
    expect(findings(uniqueNames, text)).toEqual([]);
  });

  it.each([
    ['of a column twice', table('T', '[A] int NULL', '[a] int NULL'), ['s.T: a twice']],
    [
      'of an index twice',
      `${twoColumns}\nCREATE INDEX [I] ON [s].[T] ([A]);\nCREATE UNIQUE INDEX [i] ON [s].[T] ([B]);`,
      ['s.T: i twice'],
    ],
    [
      'of constraints of two tables',
      `${table('T', '[A] int NULL', ...constraints('C'))}\n${table('U', '[A] int NULL', ...constraints('c'))}`,
      ['s.c is the name of a constraint of s.T and of a constraint of s.U'],
    ],
    [
      'of a constraint and a table',
      table('T', '[A] int NULL', ...constraints('t')),
      ['s.t is the name of a table and of a constraint of s.T'],
    ],
    [
      'of a default and a constraint',
      table('T', '[A] int NOT NULL CONSTRAINT [C] DEFAULT (1)', ...constraints('C')),
      ['s.C is the name of a constraint of s.T and of a default of s.T'],
    ],
    [
      'of a sequence and a table',
      `CREATE SEQUENCE [s].[t] START WITH 1;\n${twoColumns}`,
      ['s.T is the name of a sequence and of a table'],
    ],
    [
      'of a trigger and a table',
      batches(table('TR', '[A] int NULL'), twoColumns, trigger('SELECT 1;')),
      ['s.TR is the name of a trigger and of a table'],
    ],
    ['of 129 characters', table('x'.repeat(129), '[A] int NULL'), [`line 1: [${'x'.repeat(129)}] has 129 characters`]],
  ])('refuses names %s', (_, text, expected) => {
    expect(findings(uniqueNames, text)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { batches, findings, findingsOfTokens, numbered, table, trigger } from '../../test/tsql.ts';
import { batchLaw, closedPairs, sizes, variables } from './batch-checks.ts';

const answer =
  'CREATE OR ALTER FUNCTION [s].[F](@a int)\nRETURNS int\nAS\nBEGIN\n    RETURN CASE WHEN @a = 1 THEN 2 ELSE 3 END;\nEND;';
const view = 'CREATE OR ALTER VIEW [s].[V] AS\nSELECT [A] AS [A] FROM [s].[T];';
const select = 'SELECT 1;';

describe('S1: batches', () => {
  it.each([
    [
      'a function, a view and a trigger, each in its own batch',
      batches(select, answer, view, trigger('SELECT 1;'), select),
    ],
    ['GO in any letter case with spaces around it', 'SELECT 1;\n  go \nSELECT 2;'],
    ['a block within a block', batches(trigger('IF 1 = 1', 'BEGIN', '    SELECT 1;', 'END'))],
    ['a longer word that starts with GO', 'SELECT 1;\nGOAL:\n'],
  ])('accepts %s', (_, text) => {
    expect(findings(batchLaw, text)).toEqual([]);
  });

  it.each([
    ['a count after GO', 'SELECT 1;\nGO 2\nSELECT 2;', ['line 2: GO 2 is not a separator']],
    ['a semicolon after GO', 'SELECT 1;\nGO;\nSELECT 2;', ['line 2: GO; is not a separator']],
    ['a comment after GO', 'SELECT 1;\n  GO -- on', ['line 2:   GO -- on is not a separator']],
    ['a script without batches', ' \nGO\n\n', ['the script is empty']],
    [
      'a view after a statement',
      `${select}\n${view}`,
      [
        'line 1: a module must be alone in its batch',
        'line 2: another statement in the batch of a module',
        'line 1: text after the body of the module',
      ],
    ],
    [
      'two functions in one batch',
      `${answer}\n${answer}`,
      [
        'line 1: a module must be alone in its batch',
        'line 7: another statement in the batch of a module',
        'line 1: text after the body of the module',
      ],
    ],
    [
      'an ALTER statement after a trigger',
      `${trigger('SELECT 1;')}\nALTER TABLE [s].[T] DROP COLUMN [A];`,
      ['line 6: another statement in the batch of a module', 'line 1: text after the body of the module'],
    ],
    [
      'a function without a semicolon',
      answer.slice(0, -1),
      ['line 1: the module is not terminated', 'line 1: text after the body of the module'],
    ],
    ['a view of two statements', `${view}\nSELECT 2;`, ['line 1: a view is one statement']],
    ['a statement after a function', `${answer}\nSELECT 2;`, ['line 1: text after the body of the module']],
    ['a body that is not closed', trigger('BEGIN', 'SELECT 1;'), ['line 1: text after the body of the module']],
  ])('refuses %s', (_, text, expected) => {
    expect(findingsOfTokens(batchLaw, text)).toEqual(expected);
  });

  it('names the line of the batch in the script', () => {
    expect(findingsOfTokens(batchLaw, batches(select, select, view.slice(0, -1)))).toEqual([
      'line 5: the module is not terminated',
    ]);
  });
});

describe('S2: pairs', () => {
  it.each([
    'SELECT ((1) + (2));',
    'BEGIN\n    SELECT CASE WHEN (1 = 1) THEN 1 ELSE 2 END;\nEND;',
    "SELECT ')', [END], -- (\n    1;",
    "SELECT N'it''s (', [a]]b (];",
  ])('accepts %s', (text) => {
    expect(findingsOfTokens(closedPairs, text)).toEqual([]);
  });

  it.each([
    ['SELECT (1;', ['line 1: ( is never closed']],
    ['SELECT 1);', ['line 1: ) closes nothing']],
    ['\nBEGIN\nSELECT 1;', ['line 2: BEGIN is never closed']],
    ['SELECT CASE WHEN 1 = 1 THEN 1;', ['line 1: CASE is never closed']],
    ['SELECT 1;\nEND;', ['line 2: END closes nothing']],
    ['BEGIN ( END )', ['line 1: END closes nothing', 'line 1: ) closes nothing']],
    // a pair must close in its own batch
    ['BEGIN\nGO\nEND', ['line 1: BEGIN is never closed', 'line 3: END closes nothing']],
  ])('refuses %j', (text, expected) => {
    expect(findingsOfTokens(closedPairs, text)).toEqual(expected);
  });

  it.each([
    ["SELECT 'a;", `line 1: "'" is not a token or opens something that is never closed`],
    ['SELECT 1\n[a;', 'line 2: "[" is not a token or opens something that is never closed'],
    ['SELECT "a;', 'line 1: "\\"" is not a token or opens something that is never closed'],
    ['SELECT größer;', 'line 1: "ö" is not a token or opens something that is never closed'],
    ['SELECT {1};', 'line 1: "{" is not a token or opens something that is never closed'],
  ])('refuses an unreadable text: %j', (text, expected) => {
    expect(findingsOfTokens(closedPairs, text)).toContain(expected);
  });
});

describe('S3: variables', () => {
  it.each([
    ['declared before its use', 'DECLARE @a int = 1;\nSELECT @A;'],
    ['declared in each batch', 'DECLARE @a int;\nGO\nDECLARE @a int;'],
    ['of the server', 'SELECT @@ROWCOUNT;'],
    ['that is a parameter of the function', answer],
    ['that is a parameter in another letter case', answer.replace('(@a int)', '(@A int)')],
    [
      'that is a parameter of the lock procedure',
      "DECLARE @lock int;\nEXEC @lock = sys.sp_getapplock @Resource = N'r', @LockMode = N'Exclusive', @LockOwner = N'Transaction';",
    ],
    [
      'that is a parameter of a dynamic query',
      "DECLARE @n int;\nEXEC sys.sp_executesql N'SELECT @rows = 1;',\n    N'@rows int OUTPUT',\n    @rows = @n OUTPUT;",
    ],
  ])('accepts a variable %s', (_, text) => {
    expect(findings(variables, batches('SELECT 1;', text))).toEqual([]);
  });

  it.each([
    ['without a declaration', 'SELECT @a;', 'line 1: @a is not declared in its batch'],
    ['declared later', 'SELECT @a;\nDECLARE @a int;', 'line 1: @a is not declared in its batch'],
    ['of another batch', 'DECLARE @a int;\nGO\nSELECT @a;', 'line 3: @a is not declared in its batch'],
    ['declared twice', 'DECLARE @a int;\nDECLARE @A int;', 'line 2: @A is declared twice in its batch'],
    ['of another function', batches(answer, 'SELECT @a;'), 'line 8: @a is not declared in its batch'],
    [
      'with the name of a lock parameter that is used elsewhere',
      "SELECT @Resource = N'r';",
      'line 1: @Resource is not declared in its batch',
    ],
    [
      'as the value of a parameter of a dynamic query',
      "EXEC sys.sp_executesql N'SELECT @rows = 1;', N'@rows int OUTPUT', @rows = @n OUTPUT;",
      'line 1: @n is not declared in its batch',
    ],
    [
      'as the value of a parameter of the lock',
      'DECLARE @lock int;\nEXEC @lock = sys.sp_getapplock @Resource = @name;',
      'line 2: @Resource is not declared in its batch',
    ],
  ])('refuses a variable %s', (_, text, expected) => {
    expect(findings(variables, text)).toContain(expected);
  });

  it('refuses a variable that the body of a trigger does not declare, since a trigger has no parameters', () => {
    expect(findings(variables, batches(table('T', '[A] int NULL'), trigger('SELECT @a;')))).toEqual([
      'line 9: @a is not declared in its batch',
    ]);
  });
});

describe('S11: sizes', () => {
  const wide = (count: number) => table('T', ...numbered(count, (number) => `[C${number}] int NULL`));
  const rows = (count: number) =>
    `INSERT INTO [s].[T] ([A]) VALUES\n${numbered(count, (number) => `(${number})`).join(',\n')};`;

  it('accepts 1024 columns and 1000 rows, and no more', () => {
    expect(findings(sizes, `${wide(1024)}\n${rows(1000)}`)).toEqual([]);
    expect(findings(sizes, wide(1025))).toEqual(['s.T has too many columns']);
    expect(findings(sizes, `SELECT 1;\n${rows(1001)}`)).toEqual(['line 2: 1001 rows in one constructor']);
  });

  it('counts rows, not the parentheses in them', () => {
    const nested = numbered(600, (number) => `((${number}), (1))`).join(', ');
    expect(findings(sizes, `SELECT * FROM (VALUES ${nested}) AS v(a, b);`)).toEqual([]);
  });
});

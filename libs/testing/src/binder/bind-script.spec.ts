import { beforeEach, describe, expect, it } from 'vitest';
import { Binder } from './bind-script.ts';

/* Faults that only binding finds, one at a time, each next to a text without faults (design 09b §2.4). */

const systemViews = {
  'sys.objects': { object_id: 'int', name: 'sysname', type: 'char(2)', type_desc: 'nvarchar(60)' },
  'sys.databases': { name: 'sysname', database_id: 'int' },
  'sys.extended_properties': { name: 'sysname', major_id: 'int', value: 'sql_variant' },
};

const script = `CREATE TABLE [s].[A] (
    [Id] bigint NOT NULL,
    [Other] bigint NULL,
    [Name] nvarchar(75) NOT NULL,
    [Exact] nvarchar(75) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Alias] AS (CASE WHEN [Other] IS NULL THEN NULL ELSE [Id] END) PERSISTED,
    CONSTRAINT [PK_A] PRIMARY KEY ([Id]),
    CONSTRAINT [CK_A] CHECK ([Name] <> N'')
);
CREATE TABLE [s].[B] ([Id] bigint NOT NULL, [AId] bigint NOT NULL, [BName] nvarchar(75) NOT NULL);
CREATE UNIQUE INDEX [UX_A] ON [s].[A] ([Other], [Id]);`;

let binder: Binder;
beforeEach(() => {
  const other = new Binder({ systemViews });
  expect(other.script(script)).toEqual([]);
  binder = new Binder({ systemViews, databases: { other: other.catalog } });
  expect(binder.script(script)).toEqual([]);
});

const long = 'n'.repeat(129);
const parameters = (count: number) => Array.from({ length: count }, (_, index) => `@p${index} int`).join(', ');

describe('what binding refuses', () => {
  it.each([
    ['102', 'GO inside a batch', 'SELECT 1 AS a; GO SELECT 2 AS b;'],
    [
      '102',
      'GO inside a text that is run',
      "DECLARE @t nvarchar(max) = N'SELECT 1 AS a;\n' + N'GO\n' + N'SELECT 2 AS b;'; EXEC sys.sp_executesql @t;",
    ],
    ['103', 'a name over 128', `SELECT 1 AS [${long}];`],
    ['103', 'a later name over 128', `EXEC sp_rename N'[s].[B].[BName]', N'${long}', N'COLUMN';`],
    [
      '104',
      'UNION with ORDER BY of no column',
      'SELECT a.[Id] FROM [s].[A] a UNION SELECT b.[Id] FROM [s].[B] b ORDER BY b.[AId];',
    ],
    ['110', 'VALUES of another length', 'INSERT INTO [s].[B] ([Id], [AId]) VALUES (1, 2, 3);'],
    ['120', 'a SELECT of another length', 'INSERT INTO [s].[B] ([Id], [AId]) SELECT a.[Id] FROM [s].[A] a;'],
    [
      '130',
      'an aggregate over a subquery',
      'SELECT MAX((SELECT MAX(b.[Id]) FROM [s].[B] b WHERE b.[AId] = a.[Id])) AS m FROM [s].[A] a;',
    ],
    [
      '130',
      'an aggregate over EXISTS',
      "SELECT STRING_AGG(CAST(CASE WHEN EXISTS (SELECT 1 FROM [s].[B] b) THEN N'x' ELSE N'y' END AS nvarchar(max)), N' ') AS m FROM [s].[A] a;",
    ],
    ['130', 'an aggregate over an aggregate', 'SELECT SUM(MAX(a.[Id])) AS m FROM [s].[A] a GROUP BY a.[Other];'],
    ['137', 'a variable of another batch', 'DECLARE @a int = 1;\nGO\nSELECT @a AS a;'],
    ['137', 'a variable inside a text that is run', "DECLARE @a int = 1; EXEC (N'SELECT @a AS a');"],
    ['145', 'DISTINCT with ORDER BY of another column', 'SELECT DISTINCT a.[Id] FROM [s].[A] a ORDER BY a.[Other];'],
    ['147', 'an aggregate in WHERE', 'SELECT a.[Id] FROM [s].[A] a WHERE MAX(a.[Id]) = 1;'],
    ['205', 'unequal lists', 'SELECT a.[Id] FROM [s].[A] a UNION ALL SELECT b.[Id], b.[AId] FROM [s].[B] b;'],
    ['207', 'a column that does not exist', 'SELECT [Nme] FROM [s].[A];'],
    ['207', 'a column of an alias', 'SELECT a.[Nme] FROM [s].[A] a;'],
    ['207', 'a column of a derived table', 'SELECT v.[Other] FROM (SELECT a.[Id] FROM [s].[A] a) AS v;'],
    ['207', 'a column that is set', 'UPDATE [s].[B] SET [Nme] = 1 WHERE [Id] = 1;'],
    ['207', 'a column that is inserted', 'INSERT INTO [s].[B] ([Nme]) VALUES (1);'],
    ['207', 'a column of OUTPUT', 'DELETE FROM [s].[B] OUTPUT deleted.[Nme] WHERE [Id] = 1;'],
    ['207', 'a column that the batch adds itself', 'ALTER TABLE [s].[B] ADD [C] int NULL; UPDATE [s].[B] SET [C] = 1;'],
    [
      '207',
      'a column in a trigger',
      'CREATE TRIGGER [s].[T] ON [s].[B] AFTER INSERT AS BEGIN SELECT i.[Nme] FROM inserted i; END',
    ],
    ['207', 'a column in a text that is run', "EXEC (N'SELECT [Nme] FROM [s].[A]');"],
    ['208', 'a table that does not exist', 'SELECT c.[Id] FROM [s].[C] c;'],
    ['209', 'an ambiguous column', 'SELECT [Id] FROM [s].[A] a INNER JOIN [s].[B] b ON b.[AId] = a.[Id];'],
    ['451', 'a name beside a description', 'SELECT o.name + o.type_desc AS a FROM sys.objects o;'],
    ['451', 'two branches of CASE', 'SELECT CASE WHEN 1 = 1 THEN o.name ELSE o.type_desc END AS a FROM sys.objects o;'],
    [
      '451',
      'names of databases and of objects',
      'SELECT d.name FROM sys.databases d UNION ALL SELECT o.name FROM sys.objects o;',
    ],
    ['468', 'the same with UNION', 'SELECT d.name FROM sys.databases d UNION SELECT o.name FROM sys.objects o;'],
    [
      '468',
      'a name of an object and a value of a user',
      'SELECT 1 AS a FROM sys.objects o INNER JOIN [s].[A] a ON a.[Name] = o.name;',
    ],
    [
      '468',
      'a temporary table',
      'CREATE TABLE #t ([n] sysname NOT NULL); SELECT 1 AS a FROM sys.objects o INNER JOIN #t t ON t.[n] = o.name;',
    ],
    [
      '468',
      'a temporary table that SELECT makes',
      'SELECT o.name AS n INTO #t FROM sys.objects o; SELECT 1 AS a FROM #t t INNER JOIN [s].[A] a ON a.[Name] = t.n;',
    ],
    ['468', 'a column with a collation of its own', 'SELECT 1 AS a FROM [s].[A] a WHERE a.[Name] = a.[Exact];'],
    [
      '468',
      'two explicit collations',
      'SELECT 1 AS a FROM [s].[A] a WHERE a.[Name] COLLATE Latin1_General_100_BIN2 = a.[Exact] COLLATE DATABASE_DEFAULT;',
    ],
    ['468', 'IN over a query', 'SELECT 1 AS a FROM sys.objects o WHERE o.name IN (SELECT a.[Name] FROM [s].[A] a);'],
    ['468', 'EXCEPT', 'SELECT a.[Name] FROM [s].[A] a EXCEPT SELECT d.[Name] FROM [other].[s].[A] d;'],
    ['1011', 'an alias of two tables', 'SELECT a.[AId] FROM [s].[A] a, [s].[B] a;'],
    ['1033', 'ORDER BY in a derived table', 'SELECT v.[Id] FROM (SELECT a.[Id] FROM [s].[A] a ORDER BY a.[Id]) AS v;'],
    ['1033', 'ORDER BY in a view', 'CREATE VIEW [s].[V] AS SELECT a.[Id] FROM [s].[A] a ORDER BY a.[Id];'],
    ['1033', 'ORDER BY in WITH', 'WITH v AS (SELECT a.[Id] FROM [s].[A] a ORDER BY a.[Id]) SELECT v.[Id] FROM v;'],
    [
      '1767',
      'a key to no table',
      'ALTER TABLE [s].[B] ADD CONSTRAINT [FK_B] FOREIGN KEY ([AId]) REFERENCES [s].[C] ([Id]);',
    ],
    [
      '1769',
      'a key of no column',
      'ALTER TABLE [s].[B] ADD CONSTRAINT [FK_B] FOREIGN KEY ([CId]) REFERENCES [s].[A] ([Id]);',
    ],
    [
      '1776',
      'a foreign key to columns without a key',
      'ALTER TABLE [s].[B] ADD CONSTRAINT [FK_B] FOREIGN KEY ([AId]) REFERENCES [s].[A] ([Other]);',
    ],
    [
      '1776',
      'a key to a key that is gone',
      'ALTER TABLE [s].[A] DROP CONSTRAINT [PK_A]; ALTER TABLE [s].[B] ADD CONSTRAINT [FK_B] FOREIGN KEY ([AId]) REFERENCES [s].[A] ([Id]);',
    ],
    ['1911', 'an index of no column', 'CREATE INDEX [IX_B] ON [s].[B] ([Nme]);'],
    ['4104', 'an alias that is not there', 'SELECT c.[Id] FROM [s].[A] a;'],
    [
      '4104',
      'a table before APPLY alone',
      'SELECT v.[Id] FROM [s].[A] a INNER JOIN (SELECT b.[Id] FROM [s].[B] b WHERE b.[AId] = a.[Id]) AS v ON 1 = 1;',
    ],
    ['5074', 'a column that a check names', 'ALTER TABLE [s].[A] DROP COLUMN [Name];'],
    ['8155', 'a column without a name', 'SELECT 1 AS a FROM (SELECT a.[Id] + 1 FROM [s].[A] a) AS v;'],
    ['8155', 'a column of a view without a name', 'CREATE VIEW [s].[V] AS SELECT COUNT(*) FROM [s].[A] a;'],
    [
      '8156',
      'a column twice',
      'SELECT 1 AS a FROM (SELECT a.[Id], b.[Id] FROM [s].[A] a INNER JOIN [s].[B] b ON b.[AId] = a.[Id]) AS v;',
    ],
    ['8158', 'a list of names of another length', 'SELECT v.[x] FROM (VALUES (1, 2)) AS v ([x]);'],
    ['16916', 'a cursor that is not declared', 'OPEN c;'],
    [
      '16924',
      'a cursor with other columns',
      'DECLARE @a int; DECLARE c CURSOR LOCAL FOR SELECT a.[Id], a.[Other] FROM [s].[A] a; FETCH NEXT FROM c INTO @a;',
    ],
    ['207', 'a column of a cursor', 'DECLARE c CURSOR LOCAL FAST_FORWARD FOR SELECT [Nme] FROM [s].[A];'],
    [
      '137',
      'a variable of a cursor',
      'DECLARE c CURSOR LOCAL FOR SELECT a.[Id] FROM [s].[A] a; FETCH NEXT FROM c INTO @a;',
    ],
    ['15336', 'a rename under a check', "EXEC sp_rename N'[s].[A].[Name]', N'Later', N'COLUMN';"],
    ['15336', 'a rename under a computed column', "EXEC sp_rename N'[s].[A].[Other]', N'Later', N'COLUMN';"],
  ])('%s: %s', (number, _name, text) => {
    const found = binder.script(text);
    expect(found.length, found.join('\n')).toBeGreaterThan(0);
    expect([...new Set(found.map((finding) => finding.split(':')[0]))]).toEqual([number]);
  });

  it('8003: more than 2,100 parameters', () => {
    expect(binder.text('SELECT @p0 AS a', parameters(2101))).toEqual(['8003: 2101 parameters']);
    expect(binder.text('SELECT @p0 AS a', parameters(2100))).toEqual([]);
  });
});

describe('what binding accepts', () => {
  it.each([
    "SELECT STRING_AGG(v.t, N' ') AS m FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM [s].[B] b) THEN N'x' END AS t FROM [s].[A] a) AS v;",
    'SELECT SUM(COUNT(*)) OVER () AS m FROM [s].[A] a GROUP BY a.[Other];',
    'SELECT o.name + o.type_desc COLLATE DATABASE_DEFAULT AS a FROM sys.objects o;',
    'SELECT 1 AS a FROM sys.objects o INNER JOIN [s].[A] a ON a.[Name] = o.name COLLATE DATABASE_DEFAULT;',
    "SELECT o.name FROM sys.objects o WHERE o.type IN ('U', 'V') AND o.name = N'x' AND o.name = DB_NAME();",
    'CREATE TABLE [s].[L] ([Name] nvarchar(9) NULL, [Lowered] AS LOWER([Name]), [Last] int NULL); SELECT l.[Last] AS a FROM [s].[L] l WHERE l.[Lowered] = l.[Name];',
    'CREATE TABLE #t ([n] sysname COLLATE DATABASE_DEFAULT NOT NULL); SELECT 1 AS a FROM [s].[A] a INNER JOIN #t t ON t.[n] = a.[Name];',
    'SELECT TOP (1) v.[Id] FROM (SELECT TOP (5) a.[Id] FROM [s].[A] a ORDER BY a.[Id]) AS v ORDER BY v.[Id];',
    'SELECT DISTINCT a.[Id] AS [x] FROM [s].[A] a ORDER BY [x];',
    'SELECT v.[Id] FROM [s].[A] a CROSS APPLY (SELECT b.[Id] FROM [s].[B] b WHERE b.[AId] = a.[Id]) AS v;',
    'ALTER TABLE [s].[B] ADD CONSTRAINT [FK_B] FOREIGN KEY ([Id], [AId]) REFERENCES [s].[A] ([Id], [Other]);',
    'ALTER TABLE [s].[B] ADD [C] int NULL;\nGO\nUPDATE [s].[B] SET [C] = 1;',
    "ALTER TABLE [s].[A] DROP CONSTRAINT [CK_A]; EXEC sp_rename N'[s].[A].[Name]', N'Later', N'COLUMN';\nGO\nSELECT [Later] FROM [s].[A];",
    "IF OBJECT_ID(N'[s].[C]') IS NOT NULL SELECT [x] FROM [s].[C];",
    'DECLARE @a int; DECLARE c CURSOR LOCAL FAST_FORWARD FOR SELECT a.[Id] FROM [s].[A] a; OPEN c; FETCH NEXT FROM c INTO @a; CLOSE c; DEALLOCATE c;',
    'DELETE a FROM [s].[B] b INNER JOIN [s].[A] AS a ON a.[Id] = b.[AId];',
  ])('%s', (text) => {
    expect(binder.script(text)).toEqual([]);
  });
});

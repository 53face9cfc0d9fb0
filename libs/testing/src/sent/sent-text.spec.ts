import { describe, expect, it } from 'vitest';
import type { Columns } from './frames.ts';
import { sentTextFindings } from './sent-text.ts';

/* The checks of texts other than the script, one fault at a time (design 09b §2.4). */

const columns = (types: Readonly<Record<string, string>>): Columns => new Map(Object.entries(types));

const scope = {
  tables: new Map([
    ['dms.Document', columns({ DocumentId: 'bigint', DocumentUuid: 'uniqueidentifier', ContentVersion: 'bigint' })],
    ['core.School', columns({ DocumentId: 'bigint', SchoolId: 'int', Name: 'nvarchar(75)', Rate: 'decimal(9,2)' })],
    ['#page', columns({ DocumentId: 'bigint' })],
  ]),
  others: new Set(['dms.ChangeVersionSequence']),
  triggers: new Map([['core.School', new Set(['TR_School_Stamp', 'TR_School_Journal'])]]),
  systemViews: { 'sys.schemas': { schema_id: 'int', name: 'sysname' } },
};

const found = (text: string, declarations = '') => sentTextFindings({ text, declarations }, scope);

describe('a text without faults', () => {
  it.each([
    [
      'SELECT d.[DocumentId] FROM [dms].[Document] d WHERE d.[DocumentUuid] IN (@p1, @p2);',
      '@p1 uniqueidentifier, @p2 uniqueidentifier',
    ],
    ['DELETE FROM [core].[School] WHERE [DocumentId] IN (@p1);', '@p1 bigint'],
    [
      'UPDATE [core].[School]\nSET\n    [Name] = @p1\nWHERE\n    ([DocumentId] = @p2)\n;',
      '@p1 nvarchar(75), @p2 bigint',
    ],
    ['SELECT r.[DocumentId] FROM [core].[School] r WHERE (r.[Name] LIKE @p1);', '@p1 nvarchar(400)'],
    [
      'SELECT r.[DocumentId] FROM [core].[School] r WHERE (r.[Name] COLLATE Latin1_General_100_BIN2 = @p1);',
      '@p1 nvarchar(75)',
    ],
    ['SELECT v.[A] FROM (VALUES (@p1, 0)) AS v ([A], [B]) ORDER BY v.[B];', '@p1 int'],
    ['DECLARE @own1 TABLE ([DocumentId] bigint NOT NULL); SELECT o.[DocumentId] FROM @own1 o;', ''],
    ['UPDATE [dms].[Document] SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence];', ''],
    [
      'DELETE FROM [core].[School] WHERE [DocumentId] IN (SELECT CONVERT(bigint, j.[value]) FROM OPENJSON(@p1) AS j);',
      '@p1 nvarchar(max)',
    ],
    ['SELECT LOWER(j.[value] COLLATE DATABASE_DEFAULT) AS lowered FROM OPENJSON(@p1) AS j;', '@p1 nvarchar(max)'],
    [
      "SET IDENTITY_INSERT [dms].[Document] ON; INSERT INTO [dms].[Document] ([DocumentId]) SELECT [DocumentId] FROM OPENJSON(@p1) WITH ([DocumentId] bigint N'$[0]'); SET IDENTITY_INSERT [dms].[Document] OFF;",
      '@p1 nvarchar(max)',
    ],
    [
      'ALTER TABLE [core].[School] DISABLE TRIGGER [TR_School_Stamp], [TR_School_Journal];\nALTER TABLE [core].[School] ENABLE TRIGGER [TR_School_Stamp]',
      '',
    ],
    ['SET NOCOUNT, ANSI_NULLS ON; SET NUMERIC_ROUNDABORT OFF; SET NOEXEC OFF;', ''],
    ["SELECT s.schema_id, s.name FROM sys.schemas s WHERE s.name <> N'sys'", ''],
  ])('%s', (text, declarations) => {
    expect(found(text, declarations)).toEqual([]);
  });
});

describe('a text with a fault', () => {
  it.each([
    ['an unclosed string', "SELECT 'x", '', /is not a token/],
    ['an option that is switched off', 'SET NOCOUNT, ANSI_NULLS OFF;', '', /^ANSI_NULLS is set OFF$/],
    ['an option that must be off', 'SET NUMERIC_ROUNDABORT ON;', '', /^NUMERIC_ROUNDABORT is set ON$/],
    [
      'a trigger that the table does not have',
      'ALTER TABLE [core].[School] DISABLE TRIGGER [TR_School_Stamp], [TR_School_Journl]',
      '',
      /^core\.School has no trigger \[TR_School_Journl\]$/,
    ],
    [
      'a trigger of another table',
      'ALTER TABLE [dms].[Document] ENABLE TRIGGER [TR_School_Stamp]',
      '',
      /^dms\.Document has no trigger \[TR_School_Stamp\]$/,
    ],
    ['two batches', 'SELECT 1;\nGO\nSELECT 2;', '', /^2 batches in one text$/],
    ['a parenthesis', 'SELECT (1;', '', /^parentheses are not closed$/],
    [
      'a table that is not there',
      'SELECT r.[DocumentId] FROM [core].[Scool] r;',
      '',
      /^no table: FROM \[core\]|does not exist/,
    ],
    ['a column that is not there', 'SELECT r.[Nme] FROM [core].[School] r;', '', /^r has no column \[Nme\]$/],
    [
      'a plain column that is not there',
      'DELETE FROM [core].[School] WHERE [Id] = 1;',
      '',
      /^\[Id\] is not a column of core\.School$/,
    ],
    ['a column of a system view', 'SELECT s.nme FROM sys.schemas s', '', /^s has no column nme$/],
    [
      'a name without brackets',
      'SELECT SchoolId FROM [core].[School];',
      '',
      /^SchoolId is neither a known word nor an alias nor quoted$/,
    ],
    ['a parameter that is not declared', 'SELECT @p1, @p2;', '@p1 int', /^@p2 is not declared$/],
    ['a parameter that is not used', 'SELECT @p1;', '@p1 int, @p2 int', /^@p2 is declared and not used$/],
    [
      'a parameter with the length of its value',
      'SELECT r.[DocumentId] FROM [core].[School] r WHERE r.[Name] = @p1;',
      '@p1 nvarchar(5)',
      /nvarchar\(75\) is compared with nvarchar\(5\)$/,
    ],
    [
      'a key that is converted',
      'DELETE FROM [core].[School] WHERE [SchoolId] IN (@p1, @p2);',
      '@p1 int, @p2 nvarchar(50)',
      /int is compared with nvarchar\(50\)$/,
    ],
    [
      'keys of two types',
      'SELECT r.[Name] FROM [core].[School] r INNER JOIN [dms].[Document] d ON d.[DocumentId] = r.[SchoolId];',
      '',
      /bigint is compared with int$/,
    ],
    [
      'a word of SQL Server 2022',
      'SELECT GREATEST(r.[SchoolId], 1) AS [x] FROM [core].[School] r;',
      '',
      /^GREATEST is newer than SQL Server 2019$/,
    ],
  ])('%s', (_name, text, declarations, expected) => {
    const findings = found(text, declarations);
    expect(findings.length, findings.join('; ')).toBeGreaterThan(0);
    expect(
      findings.some((finding) => expected.test(finding)),
      findings.join('; '),
    ).toBe(true);
  });
});

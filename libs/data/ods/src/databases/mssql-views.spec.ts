import { type Answer, errorOf, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { recordedMssql } from '../../test/recorded-mssql.ts';
import { ownDocuments, viewsOf } from '../../test/views.ts';
import { applyViews, dropViews } from '../index.ts';

/* Without a SQL Server: the statements are compared with design 19 §7, §8. */

const { reporting } = viewsOf(ownDocuments('v2'), { dialect: 'mssql', grants: ['reader'] });

describe('reporting views on SQL Server', () => {
  it('are created in one transaction, from the tables of another database', async () => {
    const { recorded, connection } = await recordedMssql();
    await applyViews(connection, reporting, { sourceDatabase: "O'Brien]s" });
    const batches = recorded.batches;
    expect(batches.join('\n')).not.toContain('$(SourceDatabase)');
    expect(batches.filter((text) => text.includes('CREATE OR ALTER VIEW'))).toHaveLength(reporting.names.length);
    const view = batches.find((text) => text.includes('VIEW [edfi].[SchoolGradeLevel]'));
    expect(view).toContain("FROM [O'Brien]]s].[edfi].[SchoolGradeLevel] r");
    expect(batches.find((text) => text.includes('EffectiveSchemaHash mismatch'))).toContain(
      "DB_NAME() = N'O''Brien]s'",
    );
    expect(batches.join('\n')).toContain('GRANT SELECT ON [edfi].[Student] TO [reader];');
    expect(recorded.sent.filter((line) => /^(begin|commit|rollback)/.test(line))).toEqual(['begin 2', 'commit']);
  });

  it('are refused where their names are taken, before anything is created', async () => {
    const { recorded, connection } = await recordedMssql((text) =>
      text.includes('OPENJSON(@p1)') ? [[{ name: 'edfi.Student' }]] : undefined,
    );
    const error = await errorOf(() => applyViews(connection, reporting, { sourceDatabase: 'EdFi' }));
    expect(error.code).toBe('ODS_VIEW_NAME_TAKEN');
    expect(recorded.batches.join('\n')).not.toContain('CREATE OR ALTER VIEW');
    expect(recorded.sent).toContain('rollback');
  });

  const users: Answer = (text) =>
    text.includes('usedBy') ? [[{ usedBy: 'view dbo.daily', uses: 'edfi.Student' }]] : undefined;

  it('name the views of others that need them', async () => {
    const refusing = await recordedMssql((text, parameters) => {
      if (text.includes('VIEW [edfi].[Student]')) throw serverError(3729, "Cannot ALTER 'edfi.Student'.");
      return users(text, parameters);
    });
    for (const run of [
      () => applyViews(refusing.connection, reporting, { sourceDatabase: 'EdFi' }),
      () => dropViews(refusing.connection),
    ]) {
      const error = await errorOf(run);
      expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
      expect(error.message).toContain('view dbo.daily');
    }
    const other = await recordedMssql((text, parameters) => {
      if (text.includes('VIEW [edfi].[Student]')) throw serverError(102, 'Incorrect syntax.');
      return users(text, parameters);
    });
    expect((await errorOf(() => applyViews(other.connection, reporting, { sourceDatabase: 'EdFi' }))).code).toBe(
      'DB_SQL',
    );
  });

  it('are removed by one statement', async () => {
    const marked = [
      { schema: 'edfi', name: 'Student', kind: 'view' },
      { schema: 'edfi', name: "O]'x", kind: 'view' },
    ];
    const { recorded, connection } = await recordedMssql((text) =>
      text.startsWith('SELECT v.[schema], v.[name]') ? [marked] : undefined,
    );
    expect(await dropViews(connection)).toEqual({ views: 2, descriptorTables: [] });
    expect(recorded.batches.filter((text) => text.startsWith('DROP'))).toEqual([
      "DROP VIEW [edfi].[Student], [edfi].[O]]'x]",
    ]);
  });

  it('has descriptors in a table that each run fills, for foreign keys to it', async () => {
    const table = viewsOf(ownDocuments('v2'), { dialect: 'mssql', descriptorTable: true }).reporting;
    const { recorded, connection } = await recordedMssql();
    const { names } = table;
    expect(await applyViews(connection, table, { sourceDatabase: 'EdFi' })).toEqual({
      views: names.length - 1,
      earlier: 0,
      descriptorTable: 'edfi.Descriptor',
    });
    const { batches } = recorded;
    const at = (text: string) => batches.findIndex((batch) => batch.includes(text));
    const create = batches[at('CREATE TABLE [edfi].[Descriptor]')];
    expect(create).toContain('[DescriptorId] int IDENTITY(-1,-1) NOT NULL PRIMARY KEY');
    expect(create).toContain("[Uri] AS ([Namespace] + N'#' + [CodeValue]) PERSISTED");
    expect(create).toContain('[Id] uniqueidentifier NOT NULL DEFAULT (NEWID())');
    const fill = batches[at('SET IDENTITY_INSERT [edfi].[Descriptor] ON')] ?? '';
    expect(fill).toContain('CAST(r.[DocumentId] AS int) AS [DescriptorId]');
    expect(fill).toContain('FROM [EdFi].[dms].[Descriptor] r');
    expect(fill).not.toMatch(/^INSERT INTO .*\[Uri\]/m);
    expect(fill.indexOf('DELETE t FROM')).toBeLessThan(fill.indexOf('IDENTITY_INSERT'));
    expect(batches.some((batch) => batch.includes('VIEW [edfi].[Descriptor] '))).toBe(false);
    // columns that a batch adds can be named in the next batch only
    expect(at("COL_LENGTH(N'[edfi].[Descriptor]'")).toBeLessThan(at('INTO #descriptors'));
    expect(batches.join('\n')).not.toContain('CREATE TRIGGER');
  });

  it('names the rows that scripts have inserted into the table, before it is removed', async () => {
    const { recorded, connection } = await recordedMssql((text) => {
      if (text.includes("WHERE v.kind = 'table'")) return [[{ schema: 'edfi', name: 'Descriptor' }]];
      return text.includes('[DescriptorId] < 0') ? [[{ n: 2 }]] : undefined;
    });
    const error = await errorOf(() => dropViews(connection));
    expect(error.message).toContain('"2 inserted rows"');
    expect(recorded.batches.filter((text) => text.startsWith('DROP'))).toEqual([]);
  });
});

import { openDatabase, parseTarget } from '@dms/databases';
import { type Answer, RecordedMssql, refusalOf, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ownDocuments, viewsOf } from '../../test/views.ts';
import { applyViews, dropViews } from '../index.ts';

/* No SQL Server: what is sent is compared with design 19 §7, §8. */

const { reporting } = viewsOf(ownDocuments('v2'), { dialect: 'mssql', grants: ['reader'] });

async function connected(own: Answer = () => undefined) {
  const recorded = new RecordedMssql((text, parameters) => {
    const answer = own(text, parameters);
    if (answer) return answer;
    if (text.includes('sp_getapplock')) return [[{ r: 0 }]];
    return text.includes('@@TRANCOUNT') ? [[{ t: 1, x: 1 }]] : undefined;
  });
  const { target } = parseTarget('mssql://sa:geheim7@h/EdFi_Ods', 'mssql');
  if (target.kind === 'static') throw new Error('static');
  return { recorded, connection: await openDatabase(target, { load: recorded.load }) };
}

describe('reporting views on SQL Server', () => {
  it('are created in one transaction, from the tables of another database', async () => {
    const { recorded, connection } = await connected();
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
    const { recorded, connection } = await connected((text) =>
      text.includes('OPENJSON(@p1)') ? [[{ name: 'edfi.Student' }]] : undefined,
    );
    const error = await refusalOf(() => applyViews(connection, reporting, { sourceDatabase: 'EdFi' }));
    expect(error.code).toBe('ODS_VIEW_NAME_TAKEN');
    expect(recorded.batches.join('\n')).not.toContain('CREATE OR ALTER VIEW');
    expect(recorded.sent).toContain('rollback');
  });

  const users: Answer = (text) =>
    text.includes('usedBy') ? [[{ usedBy: 'view dbo.daily', uses: 'edfi.Student' }]] : undefined;

  it('name the views of others that need them', async () => {
    const refusing = await connected((text, parameters) => {
      if (text.includes('VIEW [edfi].[Student]')) throw serverError(3729, "Cannot ALTER 'edfi.Student'.");
      return users(text, parameters);
    });
    for (const run of [
      () => applyViews(refusing.connection, reporting, { sourceDatabase: 'EdFi' }),
      () => dropViews(refusing.connection),
    ]) {
      const error = await refusalOf(run);
      expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
      expect(error.message).toContain('view dbo.daily');
    }
    const other = await connected((text, parameters) => {
      if (text.includes('VIEW [edfi].[Student]')) throw serverError(102, 'Incorrect syntax.');
      return users(text, parameters);
    });
    expect((await refusalOf(() => applyViews(other.connection, reporting, { sourceDatabase: 'EdFi' }))).code).toBe(
      'DB_SQL',
    );
  });

  it('are removed by one statement', async () => {
    const marked = [
      { schema: 'edfi', name: 'Student' },
      { schema: 'edfi', name: "O]'x" },
    ];
    const { recorded, connection } = await connected((text) =>
      text.startsWith('SELECT v.[schema], v.[name]') ? [marked] : undefined,
    );
    expect(await dropViews(connection)).toBe(2);
    expect(recorded.batches.filter((text) => text.startsWith('DROP'))).toEqual([
      "DROP VIEW [edfi].[Student], [edfi].[O]]'x]",
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { mappingVersions } from '@dms/api-schema';
import { textOf } from '@dms/sql';
import { breakingRelease, sentTextFindings } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { completeTranslation, earlierSet } from '../../test/earlier-views.ts';
import { recordedMssql } from '../../test/recorded-mssql.ts';
import { viewsOf } from '../../test/views.ts';
import { applyViews, deriveEarlier, earlierScript, type ReportingOptions, usualOptions } from '../index.ts';
import { mssqlReporting } from '../views/reporting-dialect.ts';
import { addedColumns } from '../views/reporting-views.ts';

/* The views of an earlier version for SQL Server, parsed, with each name looked up in the views that they select from. */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe.each(mappingVersions)('the views of an earlier version for SQL Server, in %s', (mappingVersion) => {
  const before = earlierSet(breakingRelease.before.map(json), mappingVersion);
  const after = earlierSet(breakingRelease.after.map(json), mappingVersion);
  const earlier = deriveEarlier(
    before.mapping,
    after.mapping,
    completeTranslation(json(breakingRelease.translation), before, after),
    'rules',
  );
  const { mapping, model } = viewsOf(breakingRelease.after.map(json), { mappingVersion, dialect: 'mssql' });
  const own: ReportingOptions = { ...usualOptions, changeColumns: true, exactTypes: true };
  const scriptWith = (descriptorTable: boolean) =>
    earlierScript(
      earlier,
      { mapping, model, options: own },
      { suffix: null, changeColumns: true, exactTypes: true, descriptorTable, grants: [] },
    );
  const script = scriptWith(false);
  const scope = {
    tables: new Map(
      mapping.tables.map((table) => {
        const { schema, name } = mssqlReporting.viewName(table, own);
        const columns = [...table.columns, ...addedColumns(table)];
        const types = new Map(
          columns.map((column) => [mssqlReporting.columnName(column), textOf(mssqlReporting.typeName(column.type))]),
        );
        return [`${schema}.${name}`, types] as const;
      }),
    ),
    others: new Set<string>(),
    triggers: new Map(),
    systemViews: {},
  };
  const selectsOf = (text: string, form = /CREATE OR ALTER VIEW [^\n]* AS\n(.*);$/s) =>
    text.split('\nGO\n').flatMap((batch) => {
      const [, select] = form.exec(batch.trim()) ?? [];
      return select === undefined ? [] : [select.replaceAll('[$(SourceDatabase)].', '')];
    });
  const selects = selectsOf(script.text);
  const findings = (text: string) => sentTextFindings({ text, declarations: '' }, scope);

  it('select from views and columns that exist', () => {
    expect(selects).toHaveLength(script.names.length);
    expect(selects.flatMap(findings)).toEqual([]);
  });

  it('may have a table of descriptors, which reads the view of the set', () => {
    const { text, names, descriptorTable } = scriptWith(true);
    expect(descriptorTable).toEqual({ schema: 'edfi', name: 'Descriptor' });
    expect(selectsOf(text)).toHaveLength(names.length - 1);
    const filled = selectsOf(text, /INTO #descriptors FROM \(\n(.*?)\n\) v;/s);
    expect(filled).toEqual([expect.stringContaining('WHERE s.[DescriptorId] > 0')]);
    expect(filled.flatMap(findings)).toEqual([]);
    // a foreign key needs the type that the key has in an ODS
    expect(text).toContain('[DescriptorId] int IDENTITY(-1,-1) NOT NULL PRIMARY KEY');
    expect(script.text).not.toContain('#descriptors');
    // a run without the option removes the table
    expect(script.text).toContain("m.kind = 'table' AND NOT (1 = 0)");
  });

  it('would be found to name a column that does not exist', () => {
    const [select = ''] = selects.filter((text) => text.includes('[FirstName]'));
    expect(findings(select.replace('[FirstName]', '[FirstNam]'))).not.toEqual([]);
  });

  it('have a mark of their own, with both sets and the translation', () => {
    const { after: set, before: shown } = earlier;
    expect(script.text).toContain("@name = N''dms-ddl earlier reporting''");
    expect(script.text).toContain(`"earlier":{"set":"${shown}","translation":"rules"},"options"`);
    expect(script.text).toContain(`no reporting views of the schema set ' + N'${set}'`);
  });

  it('name the database with the views of the set, where a run refuses it', async () => {
    const { recorded, connection } = await recordedMssql();
    await applyViews(connection, script, { sourceDatabase: "O'Brien]s" });
    const sent = recorded.batches.join('\n');
    expect(sent.match(/.*\$\(SourceDatabase\).*/g)).toBeNull();
    expect(sent).toContain("N'The database ' + N'O''Brien]s' + N' has no reporting views");
  });
});

import { deriveMapping, reportingScript, usualOptions } from '@dms/ods';
import { ownSchema, ownSchemas, ownSchemasV2, schemaSetOf, sentTextFindings, sentTextScope } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';

/* The views for SQL Server, parsed, with each name in them looked up in the catalog. */

describe.each([
  ['v1', ownSchemas],
  ['v2', ownSchemasV2],
  ['v2-natural', ownSchemasV2],
] as const)('the views of %s for SQL Server', (version, names) => {
  const documents = names.map(ownSchema);
  const { model, catalog } = inputOfDocuments(documents, 'mssql', version);
  const { mapping } = deriveMapping(schemaSetOf(version, documents));
  const script = reportingScript(mapping, model, { ...usualOptions, changeColumns: true, exactTypes: true });
  const scope = sentTextScope(catalog, {});
  const selects = script.text.split('\nGO\n').flatMap((batch) => {
    const [, select] = /^CREATE OR ALTER VIEW [^\n]* AS\n(.*);$/s.exec(batch.trim()) ?? [];
    return select === undefined ? [] : [select.replaceAll('[$(SourceDatabase)].', '')];
  });
  const diagnosticsOf = (text: string) => sentTextFindings({ text, declarations: '' }, scope);

  it('select from tables and columns that exist', () => {
    expect(selects).toHaveLength(script.names.length);
    expect(selects.flatMap(diagnosticsOf)).toEqual([]);
  });

  it('fill the table of descriptors from columns that exist', () => {
    const options = { ...usualOptions, changeColumns: true, descriptorTable: true };
    const { text, names: made } = reportingScript(mapping, model, options);
    const [, select = ''] = /INTO #descriptors FROM \(\n(.*?)\n\) v;/s.exec(text) ?? [];
    expect(select).toContain('AS [DescriptorId]');
    expect(diagnosticsOf(select.replaceAll('[$(SourceDatabase)].', ''))).toEqual([]);
    expect(text.match(/^CREATE OR ALTER VIEW/gm)).toHaveLength(made.length - 1);
  });

  it('would be found to name a column that does not exist', () => {
    const [select = ''] = selects.filter((text) => text.includes('[FirstName]'));
    expect(diagnosticsOf(select.replace('[FirstName]', '[FirstNam]'))).not.toEqual([]);
  });
});

import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import type { CatalogTable } from '@dms/catalog';
import { recordTable } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { deriveMapping, type OdsMapping } from '@dms/ods';
import { readScript, tsqlFindings, upgradeScriptFindings } from '@dms/script-checks';
import { splitBatches, textOf } from '@dms/sql';
import {
  everything,
  handMadeCatalogs,
  hasSharedData,
  type MainGeneration,
  newerWordsIn,
  recordedSystemViews,
  type SentText,
  schemaSetOf,
  sentTextFindings,
  sentTextScope,
  sharedFile,
  sharedSet,
  usualGenerations,
} from '@dms/testing';
import { planUpgrade, preparationScripts } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { bulkTexts } from '../test/bulk-texts.ts';
import { comparingTexts, odsTables, odsTexts } from '../test/ods-texts.ts';
import { ownSets } from '../test/own-sets.ts';
import {
  databaseTexts,
  documentTexts,
  planTexts,
  preparationTexts,
  statusTexts,
  upgradeTexts,
} from '../test/sent-texts.ts';

/* Checks statically every T-SQL text that the product sends (design 09b §2.4). */

const systemViews = recordedSystemViews();

const modelOf = (version: MainGeneration, side: 'before' | 'after' = 'after') =>
  deriveModel(schemaSetOf(version, ownSets[version][side]), 'mssql', { strict: false }).model;

/** The table that `upgrade prepare` creates, which no schema set has. */
const preparation = handMadeCatalogs.table(recordTable.schema, recordTable.name, {
  columns: ['Step', 'Position', 'Later', 'Kind', 'Schema', 'Table', 'Name', 'Statement', 'IsDone'].map((name) => ({
    ...handMadeCatalogs.column,
    name,
    type: name === 'Step' || name === 'Position' ? 'int' : 'nvarchar(max)',
  })),
});

function faults(model: RelationalModelSet, texts: readonly SentText[], more: readonly CatalogTable[] = []): string[] {
  const { catalog } = emitDdl(model, deriveInventory(model));
  const scope = sentTextScope({ ...catalog, tables: [...catalog.tables, ...more] }, systemViews);
  return texts.flatMap((sent) => {
    const found = sentTextFindings(sent, scope);
    return found.length === 0 ? [] : [`${[...new Set(found)].join('; ')} in: ${sent.text.slice(0, 600)}`];
  });
}

/** Forms that must occur among the texts about documents, in each generation. */
const commonForms = [
  /^INSERT INTO \[dms\]\.\[Document\] /,
  /^INSERT INTO \[dms\]\.\[Descriptor\] /,
  /^UPDATE s SET .+ FROM \[dms\]\.\[Descriptor\] s INNER JOIN/,
  /^UPDATE \[\w+\]\.\[\w+\]\nSET\n/,
  /^DELETE FROM \[dms\]\.\[Document\] /,
  /^DECLARE @own1 TABLE /,
  /^DECLARE @gone TABLE /,
  / ORDER BY \w\.\[DocumentId\] OFFSET 0 ROWS FETCH NEXT /,
];
const documentForms: Readonly<Record<MainGeneration, readonly RegExp[]>> = {
  v1: commonForms,
  v2: [
    ...commonForms,
    /sp_sequence_get_range/,
    /^UPDATE .+\[CollectionItemId\] = @p/s,
    /^DELETE FROM .+ WHERE \[CollectionItemId\] IN /,
    /^SELECT TOP .+ FROM \[tracked_changes_\w+\]/s,
    /^SELECT LOWER.+ FROM \[tracked_changes_\w+\]/,
    / r\.\[ContentVersion\] > @p/,
  ],
};

/** Forms that must occur among the texts of a load in bulk. */
const bulkForms = [
  /HAS_PERMS_BY_NAME/,
  /^SELECT TOP \(1\) .* WITH \(TABLOCKX, HOLDLOCK\)/,
  /^ALTER TABLE \S+ DISABLE TRIGGER /,
  /^ALTER TABLE \S+ ENABLE TRIGGER /,
  /^SET IDENTITY_INSERT \S+ ON; INSERT INTO \[dms\]\.\[Document\]/,
  /sys\.identity_columns/,
  /ORDER BY \[ReferentialId\]/,
  / AS \[uuid\], \[ResourceKeyId\]/,
];

/** Forms that must occur among the texts that read an ODS. */
const odsForms = [
  /FROM sys\.objects AS o/,
  /sp_cursoropen/,
  /sp_cursorfetch/,
  /sp_cursorclose/,
  /COUNT_BIG\(\*\) AS \[rows\] FROM \[/,
  /COUNT_BIG\(\*\) AS \[rows\] FROM \(SELECT 1/,
  /MAX\(\[ChangeVersion\]\)/,
  /^SELECT .* LEFT JOIN .* ORDER BY /,
  /EXISTS \(SELECT 1 FROM /,
  /^SELECT .* FROM \[tracked_changes_\w+\]/,
];

/** The faults of texts for an ODS, which has its own tables. */
function odsDiagnostics(mapping: OdsMapping, texts: readonly SentText[]): string[] {
  const scope = { tables: odsTables(mapping), others: new Set<string>(), triggers: new Map(), systemViews };
  return texts.flatMap((sent) => {
    const found = sentTextFindings(sent, scope);
    return found.length === 0 ? [] : [`${[...new Set(found)].join('; ')} in: ${sent.text.slice(0, 600)}`];
  });
}

const setOf = (model: RelationalModelSet) => {
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: new Map() };
};

describe.each(usualGenerations())('the texts of %s', (version) => {
  it('the script', () => {
    const { script } = setOf(modelOf(version));
    expect(tsqlFindings(readScript(script))).toEqual([]);
    expect(newerWordsIn(script)).toEqual([]);
    expect(splitBatches(script).length).toBeGreaterThan(20);
  });

  it('an upgrade, and its queries about rows', async () => {
    const before = setOf(modelOf(version, 'before'));
    const after = setOf(modelOf(version));
    const { script } = planUpgrade(before, after);
    // the reverse upgrade loses rows, which its queries count
    const back = planUpgrade(after, before);
    const queries = [...back.checks, ...back.losses].map(({ sql }) => ({ text: textOf(sql), declarations: '' }));
    expect(queries.length).toBeGreaterThan(3);
    expect(faults(modelOf(version), queries)).toEqual([]);
    expect(newerWordsIn(script ?? '')).toEqual([]);
    expect(upgradeScriptFindings(script ?? '')).toEqual([]);
    expect(script?.length).toBeGreaterThan(1000);
    const texts = await upgradeTexts(before, after);
    expect(texts.some(({ text }) => text.includes('GROUP BY d.[ResourceKeyId]'))).toBe(true);
    expect(texts.some(({ text }) => text.includes('@@SPID'))).toBe(true);
    expect(texts.some(({ text }) => text.includes('WITH (TABLOCK, HOLDLOCK)'))).toBe(true);
    expect(faults(modelOf(version), texts)).toEqual([]);
  });

  it('a preparation, and the two scripts of an upgrade', async () => {
    const before = setOf(modelOf(version, 'before'));
    const after = setOf(modelOf(version));
    const scripts = preparationScripts(planUpgrade(before, after));
    for (const script of [scripts?.prepare ?? '', scripts?.switch ?? '']) {
      expect(script.split('\nDECLARE @statement ').length).toBeGreaterThan(5);
      expect(upgradeScriptFindings(script)).toEqual([]);
      expect(newerWordsIn(script)).toEqual([]);
    }
    const texts = await preparationTexts(before, after);
    for (const form of [/sp_getapplock/, /EngineEdition/, /^INSERT INTO \[dms_upgrade\]/, /AS o \(\[number\]/])
      expect(
        texts.some(({ text }) => form.test(text)),
        String(form),
      ).toBe(true);
    expect(faults(modelOf(version), texts, [preparation])).toEqual([]);
  });

  it('the plans', () => {
    const texts = planTexts(modelOf(version));
    expect(texts.length).toBeGreaterThan(40);
    expect(faults(modelOf(version), texts)).toEqual([]);
    // these schemas have more kinds of columns and tables, although their documents cannot be written
    const { model } = deriveModel(schemaSetOf(version, everything), 'mssql', { strict: false });
    expect(faults(model, planTexts(model))).toEqual([]);
  });

  it('provisioning, reading and checking a database', async () => {
    const model = modelOf(version);
    const texts = await databaseTexts(model);
    expect(texts.length).toBeGreaterThan(12);
    expect(faults(model, texts)).toEqual([]);
  });

  it('writing, reading and removing documents', async () => {
    const model = modelOf(version);
    const texts = await documentTexts(model);
    expect(texts.length).toBeGreaterThan(40);
    expect(texts.filter(({ declarations }) => declarations.includes('untyped_'))).toEqual([]);
    for (const form of documentForms[version])
      expect(
        texts.some(({ text }) => form.test(text)),
        String(form),
      ).toBe(true);
    expect(faults(model, texts)).toEqual([]);
  });

  it('loading documents in bulk', async () => {
    const model = modelOf(version);
    const texts = await bulkTexts(model);
    for (const form of bulkForms)
      expect(
        texts.some(({ text }) => form.test(text)),
        String(form),
      ).toBe(true);
    expect(texts.filter(({ text }) => /^INSERT INTO .* FROM OPENJSON/.test(text)).length).toBeGreaterThan(20);
    expect(texts.filter(({ declarations }) => declarations.includes('untyped_'))).toEqual([]);
    expect(faults(model, texts)).toEqual([]);
  });

  it('reading an ODS', async () => {
    const { mapping } = deriveMapping(schemaSetOf(version, ownSets[version].after));
    const texts = await odsTexts(mapping, modelOf(version));
    for (const form of odsForms)
      expect(
        texts.some(({ text }) => form.test(text)),
        String(form),
      ).toBe(true);
    expect(odsDiagnostics(mapping, texts)).toEqual([]);
    const [first] = texts.filter(({ text }) => text.startsWith('SELECT') && text.includes('[Student]'));
    const damaged = first?.text.replace('[Student]', '[Studens]') ?? '';
    expect(odsDiagnostics(mapping, [{ text: damaged, declarations: '' }])).not.toEqual([]);
  });

  it('comparing an ODS with a database', async () => {
    const model = modelOf(version);
    const { mapping } = deriveMapping(schemaSetOf(version, ownSets[version].after));
    const { source, target } = await comparingTexts(mapping, model);
    for (const texts of [source, target]) {
      expect(texts.filter(({ text }) => text.includes('GROUP BY r.[range]'))).toHaveLength(mapping.tables.length);
      expect(texts.filter(({ text }) => text.includes('WHERE r.[range] IN (7)'))).toHaveLength(mapping.tables.length);
    }
    expect(odsDiagnostics(mapping, source)).toEqual([]);
    expect(faults(model, target)).toEqual([]);
  });

  it('reading the status of a database', async () => {
    const model = modelOf(version);
    const texts = await statusTexts();
    expect(texts.filter(({ text }) => text.includes('extended_properties'))).toHaveLength(1);
    expect(texts.filter(({ text }) => text.includes('AppliedAt'))).toHaveLength(1);
    expect(faults(model, texts)).toEqual([]);
  });
});

describe.runIf(hasSharedData)('the plans of the data standard 5.2 (needs the shared conformance data)', () => {
  it('in the first generation', async () => {
    const files = [{ file: sharedFile('inputs', 'ds-5.2-core.json') }];
    const { model } = deriveModel(buildEffectiveSchema(await loadApiSchemaFiles(files)), 'mssql');
    expect(faults(model, planTexts(model))).toEqual([]);
  });

  it('in the second generation', async () => {
    const { model } = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), 'mssql');
    expect(faults(model, planTexts(model))).toEqual([]);
  });
});

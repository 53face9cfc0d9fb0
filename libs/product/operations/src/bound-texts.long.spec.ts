import { buildEffectiveSchema, documentSchemas, type EffectiveSchemaSet, loadApiSchemaFiles } from '@dms/api-schema';
import { commentsScript, emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import { deriveMapping, type OdsMapping, reportingScript, usualOptions } from '@dms/ods';
import {
  Binder,
  everything,
  hasSharedData,
  recordedSystemViews,
  type SentText,
  schemaSetOf,
  sharedFile,
  sharedSet,
  shareOf,
} from '@dms/testing';
import { planAdoption, planUpgrade, preparationScripts } from '@dms/upgrade';
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

/* Every script and every T-SQL text binds against the tables that the scripts make (design 09b §2.4). */

const systemViews = recordedSystemViews();

const compiled = (set: EffectiveSchemaSet) => {
  const model: RelationalModelSet = deriveModel(set, 'mssql', { strict: false }).model;
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: new Map() };
};

const setOf = (version: MappingVersion, side: 'before' | 'after') =>
  compiled(schemaSetOf(version, ownSets[version][side]));

/** The script of comments finds the tables of the script; run again, it finds its own comments. */
function bindComments(binder: Binder, model: RelationalModelSet, set: EffectiveSchemaSet): void {
  const { text, comments } = commentsScript(model, documentSchemas(set));
  expect(comments).toBeGreaterThan(10);
  expect(binder.script(text)).toEqual([]);
  expect(binder.script(text), 'once more').toEqual([]);
}

/** Tables that texts use besides those of the script: the table of a page, and the record of a preparation. */
const beside = `CREATE TABLE [#page] ([DocumentId] bigint NOT NULL PRIMARY KEY);
GO
CREATE TABLE [dms_upgrade].[Preparation] ([Step] int NOT NULL, [Position] int NOT NULL, [Later] nvarchar(128) NOT NULL, [Kind] nvarchar(128) NOT NULL,
  [Schema] nvarchar(128) NOT NULL, [Table] nvarchar(128) NULL, [Name] nvarchar(128) NULL, [Statement] nvarchar(max) NOT NULL, [IsDone] bit NOT NULL);`;

/** The tables of an ODS, which is a separate database. */
const odsScript = (mapping: OdsMapping) =>
  [...odsTables(mapping)]
    .map(([name, columns]) => {
      const [schema = '', table = ''] = name.split('.');
      return `CREATE TABLE [${schema}].[${table}] (${[...columns].map(([column, type]) => `[${column}] ${type} NULL`).join(', ')});`;
    })
    .join('\n');

const binderOf = (...scripts: readonly string[]): Binder => {
  const binder = new Binder({ systemViews });
  for (const script of scripts) expect(binder.script(script)).toEqual([]);
  return binder;
};

const findingsOf = (binder: Binder, texts: readonly SentText[]): string[] =>
  texts.flatMap(({ text, declarations }) =>
    binder.text(text, declarations).map((finding) => `${finding} in: ${text.slice(0, 300)}`),
  );

describe.each<MappingVersion>(['v1', 'v2', 'v2-natural'])('%s binds', (version) => {
  const before = setOf(version, 'before');
  const after = setOf(version, 'after');

  it('the script, on an empty database and again', () => {
    binderOf(after.script, after.script);
  });

  it.each<[string, () => readonly SentText[] | Promise<readonly SentText[]>]>([
    ['the plans', () => planTexts(after.model)],
    ['provisioning, reading and checking a database', () => databaseTexts(after.model)],
    ['documents', () => documentTexts(after.model)],
    ['a load in bulk', () => bulkTexts(after.model)],
    ['the status', () => statusTexts()],
    ['an upgrade', () => upgradeTexts(before, after)],
    ['a preparation', () => preparationTexts(before, after)],
    [
      'the rows that are compared with those of an ODS',
      async () => {
        const { mapping } = deriveMapping(schemaSetOf(version, ownSets[version].after));
        return (await comparingTexts(mapping, after.model)).target;
      },
    ],
  ])('the texts of %s', async (_name, read) => {
    const texts = await read();
    expect(texts.length).toBeGreaterThan(0);
    expect(findingsOf(binderOf(after.script, beside), texts)).toEqual([]);
  });

  it('the upgrade and the preparation of it, with and without online index builds', () => {
    const plan = planUpgrade(before, after);
    expect(binderOf(before.script).script(plan.script ?? '')).toEqual([]);
    const scripts = preparationScripts(plan);
    for (const hasOnline of [true, false]) {
      const binder = new Binder({ systemViews, hasOnline });
      binder.script(before.script);
      expect(binder.script(scripts?.prepare ?? '')).toEqual([]);
      expect(binder.script(scripts?.switch ?? '')).toEqual([]);
    }
  });

  it.each([false, true])('the reporting views, with the table of descriptors: %s', (descriptorTable) => {
    const { mapping } = deriveMapping(schemaSetOf(version, ownSets[version].after));
    const options = { ...usualOptions, changeColumns: true, descriptorTable, grants: ['reader'] };
    const { text } = reportingScript(mapping, after.model, options);
    const databases = { '$(SourceDatabase)': binderOf(after.script).catalog };
    const binder = new Binder({ systemViews, databases });
    expect(binder.script(text)).toEqual([]);
    expect(binder.script(text), 'once more').toEqual([]);
  });

  it('the texts that read an ODS, and compare it', async () => {
    const { mapping } = deriveMapping(schemaSetOf(version, ownSets[version].after));
    const ods = odsScript(mapping);
    const reading = await odsTexts(mapping, after.model);
    const { source } = await comparingTexts(mapping, after.model);
    for (const texts of [reading, source]) expect(findingsOf(binderOf(ods), texts)).toEqual([]);
    // an ODS in which a column has another name
    const other = binderOf(ods.replaceAll('[ShortDescription]', '[Summary]'));
    for (const texts of [reading, source])
      expect(findingsOf(other, texts).some((finding) => finding.startsWith('207'))).toBe(true);
  });

  it('the script and the plans of a set with every kind of column and table', () => {
    const { model, script } = compiled(schemaSetOf(version, everything));
    expect(findingsOf(binderOf(script, script, beside), planTexts(model))).toEqual([]);
  });
});

it('the comments of v1 bind', () => {
  const set = schemaSetOf('v1', ownSets.v1.after);
  const { model, script } = compiled(set);
  bindComments(binderOf(script), model, set);
});

it.each<[MappingVersion, MappingVersion]>([
  ['v2', 'v2-natural'],
  ['v2-natural', 'v2'],
])('the move from %s to %s binds, and the script of the later shape after it', (from, to) => {
  const [before, after] = [setOf(from, 'after'), setOf(to, 'after')];
  const plan = planUpgrade(before, after);
  const binder = binderOf(before.script);
  expect(binder.script(plan.script ?? '')).toEqual([]);
  expect(binder.script(after.script)).toEqual([]);
});

it('the adoption of a database of the service binds', () => {
  const after = setOf('v2', 'after');
  const { script } = planAdoption(after).plan;
  const binder = binderOf(after.script);
  expect(script).toContain('CREATE OR ALTER TRIGGER');
  expect(binder.script(script ?? '')).toEqual([]);
});

describe.runIf(hasSharedData)('the data standard 5.2 binds (needs the shared conformance data)', () => {
  const sets: readonly [MappingVersion, () => Promise<EffectiveSchemaSet>][] = [
    [
      'v1',
      async () => buildEffectiveSchema(await loadApiSchemaFiles([{ file: sharedFile('inputs', 'ds-5.2-core.json') }])),
    ],
    ['v2', () => sharedSet('v2', 'fixtures-v2', 'ds-5.2')],
  ];

  it.each(shareOf(sets, 1))('%s: the script, its comments, plans and reporting views', async (_version, read) => {
    const set = await read();
    const { model, script } = compiled(set);
    const binder = binderOf(script, beside);
    bindComments(binder, model, set);
    expect(findingsOf(binder, planTexts(model))).toEqual([]);
    const { text } = reportingScript(deriveMapping(set).mapping, model, { ...usualOptions, changeColumns: true });
    const databases = { '$(SourceDatabase)': binder.catalog };
    expect(new Binder({ systemViews, databases }).script(text)).toEqual([]);
  });
});

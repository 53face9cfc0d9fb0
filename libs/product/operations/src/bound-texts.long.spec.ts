import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import { deriveMapping, reportingScript, usualOptions } from '@dms/ods';
import { Binder, recordedSystemViews, type SentText, schemaSetOf } from '@dms/testing';
import { planUpgrade, preparationScripts } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { bulkTexts } from '../test/bulk-texts.ts';
import { comparingTexts } from '../test/ods-texts.ts';
import { ownSets } from '../test/own-sets.ts';
import {
  databaseTexts,
  documentTexts,
  planTexts,
  preparationTexts,
  statusTexts,
  upgradeTexts,
} from '../test/sent-texts.ts';

/* Every script and every T-SQL text binds against the tables that the scripts make (design 09 §7.4). */

const systemViews = recordedSystemViews();

const setOf = (version: MappingVersion, side: 'before' | 'after') => {
  const model: RelationalModelSet = deriveModel(schemaSetOf(version, ownSets[version][side]), 'mssql', {
    strict: false,
  }).model;
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: new Map() };
};

/** What texts find beside the tables of the script: the table of a page, and the record of a preparation. */
const beside = `CREATE TABLE [#page] ([DocumentId] bigint NOT NULL PRIMARY KEY);
GO
CREATE TABLE [dms_upgrade].[Preparation] ([Step] int NOT NULL, [Position] int NOT NULL, [Later] nvarchar(128) NOT NULL, [Kind] nvarchar(128) NOT NULL,
  [Schema] nvarchar(128) NOT NULL, [Table] nvarchar(128) NULL, [Name] nvarchar(128) NULL, [Statement] nvarchar(max) NOT NULL, [IsDone] bit NOT NULL);`;

const binderOf = (...scripts: readonly string[]): Binder => {
  const binder = new Binder({ systemViews });
  for (const script of scripts) expect(binder.script(script)).toEqual([]);
  return binder;
};

const findingsOf = (binder: Binder, texts: readonly SentText[]): string[] =>
  texts.flatMap(({ text, declarations }) =>
    binder.text(text, declarations).map((finding) => `${finding} in: ${text.slice(0, 300)}`),
  );

describe.each<MappingVersion>(['v1', 'v2'])('%s binds', (version) => {
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
});

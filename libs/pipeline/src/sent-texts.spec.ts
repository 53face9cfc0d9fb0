import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import {
  type Document,
  everything,
  hasSharedData,
  ownSchema,
  schemaSetOf,
  sharedFile,
  sharedSet,
  systemViewRecording,
} from '@dms/testing';
import { planUpgrade } from '@dms/upgrade';
import {
  batchesOf,
  newerWordsIn,
  readScript,
  type SentText,
  type SystemViews,
  sentTextFindings,
  sentTextScope,
  tsqlFindings,
  upgradeScriptFindings,
} from '@dms/verification';
import { describe, expect, it } from 'vitest';
import { databaseTexts, documentTexts, planTexts, statusTexts } from '../test/sent-texts.ts';

/* Every T-SQL text that the product sends goes through the static checks (design 09 §7.4). */

const systemViews: SystemViews = Object.fromEntries(
  Object.entries(systemViewRecording().views).map(([name, { columns }]) => [name, columns]),
);

/** A set of each generation, and what it is upgraded from. The schemas of this repository are those of the first one. */
const sets: Readonly<Record<MappingVersion, { readonly before: readonly Document[]; readonly after: readonly Document[] }>> = {
  v1: { before: [ownSchema('campus')], after: [ownSchema('campus'), ownSchema('athletics')] },
  v2: { before: everything, after: everything },
};

const modelOf = (version: MappingVersion, side: 'before' | 'after' = 'after') =>
  deriveModel(schemaSetOf(version, sets[version][side]), 'mssql', { strict: false }).model;

function faults(model: RelationalModelSet, texts: readonly SentText[]): string[] {
  const scope = sentTextScope(emitDdl(model, deriveInventory(model)).catalog, systemViews);
  return texts.flatMap((sent) => {
    const found = sentTextFindings(sent, scope);
    return found.length === 0 ? [] : [`${[...new Set(found)].join('; ')} in: ${sent.text.slice(0, 600)}`];
  });
}

describe.each<MappingVersion>(['v1', 'v2'])('the texts of %s', (version) => {
  it('the script', () => {
    const model = modelOf(version);
    const { script } = emitDdl(model, deriveInventory(model));
    expect(newerWordsIn(script)).toEqual([]);
    expect(batchesOf(script).flatMap(({ faults: unread }) => unread)).toEqual([]);
    expect(batchesOf(script).length).toBeGreaterThan(20);
  });

  it('the plans', () => {
    const texts = planTexts(modelOf(version));
    expect(texts.length).toBeGreaterThan(40);
    expect(faults(modelOf(version), texts)).toEqual([]);
  });

  it('provisioning, reading and checking a database', async () => {
    const model = modelOf(version);
    const texts = await databaseTexts(model);
    expect(texts.length).toBeGreaterThan(12);
    expect(faults(model, texts)).toEqual([]);
  });
});

describe('the scripts of the first generation', () => {
  const setOf = (model: RelationalModelSet) => {
    const inventory = deriveInventory(model);
    const { catalog, script } = emitDdl(model, inventory);
    return { info: model.effectiveSchema, model, inventory, catalog, script };
  };

  it('creates a database', () => {
    expect(tsqlFindings(readScript(setOf(modelOf('v1')).script))).toEqual([]);
  });

  it('upgrades one, after queries about its rows', () => {
    const { script } = planUpgrade(setOf(modelOf('v1', 'before')), setOf(modelOf('v1')));
    // the way back loses rows, which are counted
    const back = planUpgrade(setOf(modelOf('v1')), setOf(modelOf('v1', 'before')));
    const queries = [...back.checks, ...back.losses].map(({ sql }) => ({ text: sql, declarations: '' }));
    expect(queries.length).toBeGreaterThan(3);
    expect(faults(modelOf('v1'), queries)).toEqual([]);
    expect(newerWordsIn(script ?? '')).toEqual([]);
    expect(upgradeScriptFindings(script ?? '')).toEqual([]);
    expect(script?.length).toBeGreaterThan(1000);
  });
});

it('the questions about the upgrades of a database, and the lock that keeps writers away', async () => {
  const model = modelOf('v1');
  const texts = await statusTexts();
  expect(texts.filter(({ text }) => text.includes('extended_properties'))).toHaveLength(1);
  expect(texts.filter(({ text }) => text.includes('AppliedAt'))).toHaveLength(1);
  expect(texts.filter(({ text }) => text.includes('TABLOCK'))).toHaveLength(1);
  expect(faults(model, texts)).toEqual([]);
});

it('the documents of the first generation', async () => {
  const model = modelOf('v1');
  const texts = await documentTexts(model);
  expect(texts.length).toBeGreaterThan(40);
  expect(texts.filter(({ declarations }) => declarations.includes('untyped_'))).toEqual([]);
  expect(faults(model, texts)).toEqual([]);
});

describe.runIf(hasSharedData)('the plans of the data standard 5.2 (needs the shared conformance data)', () => {
  it('in the first generation', async () => {
    const files = [{ file: sharedFile('inputs', 'ds-5.2-core.json') }];
    const { model } = deriveModel(buildEffectiveSchema(await loadApiSchemaFiles(files)), 'mssql');
    expect(faults(model, planTexts(model))).toEqual([]);
  }, 300_000);

  it('in the second generation', async () => {
    const { model } = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), 'mssql');
    expect(faults(model, planTexts(model))).toEqual([]);
  }, 300_000);
});

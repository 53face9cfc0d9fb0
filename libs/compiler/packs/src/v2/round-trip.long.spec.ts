import { readdirSync } from 'node:fs';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet, type MappingSet, mappingSetManifestText, plansText } from '@dms/plans';
import { dialects } from '@dms/sql';
import {
  type Document,
  fragmentSet,
  hasSharedData,
  ownSchema,
  propertyRuns,
  readSharedJson,
  readSharedText,
  schemaSets,
  sharedFile,
  sharedSet,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedMappingSet, packOf, payloadBytesOf, producer, takeApart } from '../../test/pack-parts.ts';
import { everythingAsked, laterVersions, secondModelOf } from '../../test/second-generation.ts';
import { buildPack, packFileName, packManifestText, readPack } from '../index.ts';

const own: readonly (readonly [string, readonly Document[]])[] = [
  ['every kind of entry', everythingAsked],
  ['the campus and athletics schemas', [ownSchema('campus'), ownSchema('athletics')]],
];

const inBoth = own.flatMap(([name, documents]) => dialects.map((dialect) => ({ name, documents, dialect })));

async function readBack(compiled: MappingSet): Promise<MappingSet> {
  return (await readPack(await buildPack(compiled, producer), 'a.mpack', { expected: compiled.key })).mappingSet;
}

async function expectRoundTrip(model: RelationalModelSet): Promise<void> {
  const compiled = compileMappingSet(model);
  const mappingSet = await readBack(compiled);
  expect({ ...mappingSet, description: null }).toEqual(carriedMappingSet(model));
  expect(mappingSetManifestText([mappingSet])).toBe(mappingSetManifestText([compiled]));
  expect(plansText(mappingSet)).toBe(plansText(compiled));
}

/** The codes with which a random set may be refused before there is a mapping set. */
const refusals = [
  'COLLECTION_IDENTITY_AMBIGUOUS',
  'MSSQL_CASCADE_CYCLE',
  'MSSQL_CASCADE_UNSAFE',
  'PLAN_MERGE_BINDING_MISSING',
];

function derivable(...set: Parameters<typeof secondModelOf>): RelationalModelSet | undefined {
  try {
    const model = secondModelOf(...set);
    compileMappingSet(model);
    return model;
  } catch (error) {
    if (error instanceof DmsError && refusals.includes(error.code)) return undefined;
    throw error;
  }
}

// design 08 §12, 17 §6, 22 §4.7
describe.each(laterVersions)('a mapping set of %s is read from its pack', (version) => {
  it.each(inBoth)(
    'as it was compiled, as far as a pack carries it: $name in $dialect',
    async ({ documents, dialect }) => {
      await expectRoundTrip(secondModelOf(documents, dialect, version));
    },
  );

  it('as it was compiled: random schemas', async () => {
    let count = 0;
    for (const documents of fc.sample(schemaSets({ longNames: true }), propertyRuns(8))) {
      for (const dialect of dialects) {
        const model = derivable(documents, dialect, version);
        if (!model) continue;
        await expectRoundTrip(model);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(0);
  });

  it.each(inBoth)(
    'and its payload is encoded again as it was decoded: $name in $dialect',
    async ({ documents, dialect }) => {
      const { payload, payloadBytes } = await takeApart(await packOf(secondModelOf(documents, dialect, version)));
      expect(Buffer.from(await payloadBytesOf(payload)).equals(Buffer.from(payloadBytes))).toBe(true);
    },
  );
});

it.each([
  ['v2', 2, '', {}],
  ['v2-natural', 3, 'v2-natural', { generation: 'v2-natural' }],
] as const)(
  'a pack of %s says so in its header, its manifest and its name',
  async (version, format, generation, named) => {
    const compiled = compileMappingSet(secondModelOf([ownSchema('campus')], 'pgsql', version));
    const bytes = await buildPack(compiled, producer);
    const { envelope } = await takeApart(bytes);
    expect(envelope).toMatchObject({ packFormatVersion: format, relationalMappingVersion: 'v2', generation });
    const { resources, ...manifest } = JSON.parse(packManifestText(await readPack(bytes, 'a.mpack')));
    expect(manifest).toMatchObject({ relational_mapping_version: 'v2', pack_format_version: format, ...named });
    expect(resources).toEqual(JSON.parse(mappingSetManifestText([compiled])).mapping_sets[0].resources);
    expect(packFileName(compiled.key)).toBe(`dms-mappingpack-${version}-${compiled.key.effectiveSchemaHash}.mpack`);
  },
);

const folder = 'fixtures-v2';

/** Fixtures with inputs: fragments have a `fixture.json` that lists the inputs. */
const fixtures = hasSharedData
  ? readdirSync(sharedFile(folder), { withFileTypes: true }).flatMap((entry) => {
      const parts = entry.isDirectory() ? readdirSync(sharedFile(folder, entry.name)) : [];
      const isSet =
        parts.includes('inputs') && !entry.name.startsWith('error-') && entry.name !== 'derived-set-stable-key';
      if (!isSet) return [];
      const isFragment = entry.name.startsWith('plans-');
      return [{ name: entry.name, isFragment, isExpected: isFragment && parts.includes('expected') }];
    })
  : [];

describe.runIf(hasSharedData)('mappingset.manifest.json from packs (needs the shared conformance data)', () => {
  it('is compared for every fixture of the second generation', () => {
    expect(fixtures.length).toBeGreaterThan(18);
    expect(fixtures.filter(({ isExpected }) => isExpected)).toHaveLength(4);
  });

  it.each(fixtures)('equals the compiled one, and the expected one where there is one: $name', async (fixture) => {
    const { name, isFragment, isExpected } = fixture;
    const set = isFragment ? fragmentSet('v2', folder, name) : await sharedSet('v2', folder, name);
    const sets = dialects.map((dialect) => compileMappingSet(deriveModel(set, dialect, { strict: false }).model));
    const read = await Promise.all(sets.map(readBack));
    expect(mappingSetManifestText(read)).toBe(mappingSetManifestText(sets));
    if (!isExpected) return;
    const [{ mapping_set_key: key }] = readSharedJson(
      folder,
      name,
      'expected',
      'mappingset.manifest.json',
    ).mapping_sets;
    const keyed = read.map((mappingSet) => ({
      ...mappingSet,
      key: {
        effectiveSchemaHash: key.effective_schema_hash,
        dialect: mappingSet.key.dialect,
        // the known answers have their own key
        relationalMappingVersion: 'v2' as const,
      },
    }));
    const text = mappingSetManifestText(keyed).replaceAll('"v2"', JSON.stringify(key.relational_mapping_version));
    expect(text).toBe(readSharedText(folder, name, 'expected', 'mappingset.manifest.json'));
  });
});

import { readdirSync } from 'node:fs';
import {
  buildEffectiveSchema,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
  readEffectiveSchemaManifest,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { modelText, type RelationalModelSet, readModel } from '@dms/model';
import { compileMappingSet, getReadPlan, getWritePlan, mappingSetManifestText, plansText } from '@dms/plans';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  type Document,
  everything,
  hasSharedData,
  modelOf,
  ownSchema,
  propertyRuns,
  readSharedText,
  schemaSets,
  sharedFile,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedMappingSet, packOf, payloadBytesOf, producer, takeApart } from '../test/pack-parts.ts';
import { buildPack, packFileName, packManifestText, readPack } from './index.ts';

const { descriptorPath, object, reference, uri } = build;

/** A reference in which one path repeats two equal descriptors of its target's identity, so that it has two columns. */
const twoColumnsOfOnePath = [
  build.project('Ed-Fi', [
    build.descriptor('KindDescriptor'),
    build.resource('Target', {
      identityJsonPaths: ['$.oneDescriptor', '$.twoDescriptor'],
      equalityConstraints: [{ sourceJsonPath: '$.oneDescriptor', targetJsonPath: '$.twoDescriptor' }],
      documentPathsMapping: {
        One: descriptorPath('Ed-Fi:KindDescriptor', '$.oneDescriptor'),
        Two: descriptorPath('Ed-Fi:KindDescriptor', '$.twoDescriptor'),
      },
      jsonSchemaForInsert: object({ oneDescriptor: uri(), twoDescriptor: uri() }, ['oneDescriptor', 'twoDescriptor']),
    }),
    build.resource('Rating', {
      documentPathsMapping: {
        Target: reference('Ed-Fi:Target', [
          ['$.oneDescriptor', '$.targetReference.kindDescriptor'],
          ['$.twoDescriptor', '$.targetReference.kindDescriptor'],
        ]),
      },
      jsonSchemaForInsert: object({ targetReference: object({ kindDescriptor: uri() }, ['kindDescriptor']) }, [
        'targetReference',
      ]),
    }),
  ]),
];

const own: readonly (readonly [string, readonly Document[]])[] = [
  ['every kind of entry', everything],
  ['the campus and athletics schemas', [ownSchema('campus'), ownSchema('athletics')]],
  ['two columns of one descriptor path', twoColumnsOfOnePath],
];

const inBoth = own.flatMap(([name, documents]) => dialects.map((dialect) => ({ name, documents, dialect })));

async function expectRoundTrip(model: RelationalModelSet): Promise<void> {
  const compiled = compileMappingSet(model);
  const { mappingSet } = await readPack(await buildPack(compiled, producer), 'a.mpack', { expected: compiled.key });
  expect({ ...mappingSet, description: null }).toEqual(carriedMappingSet(model));
  expect(mappingSetManifestText([mappingSet])).toBe(mappingSetManifestText([compiled]));
  expect(plansText(mappingSet)).toBe(plansText(compiled));
}

// design 08 §12
describe('a mapping set is read from its pack', () => {
  it.each(inBoth)(
    'as it was compiled, as far as a pack carries it: $name in $dialect',
    async ({ documents, dialect }) => {
      await expectRoundTrip(modelOf(documents, dialect));
    },
  );

  it('as it was compiled: random schemas', async () => {
    for (const documents of fc.sample(schemaSets({ longNames: true }), propertyRuns(5))) {
      for (const dialect of dialects) await expectRoundTrip(modelOf(documents, dialect));
    }
  });

  it('and its plans are found like those of a compiled one', async () => {
    const compiled = compileMappingSet(modelOf([ownSchema('campus')], 'pgsql'));
    const { mappingSet } = await readPack(await buildPack(compiled, producer), 'a.mpack');
    for (const { resourceKey, storageKind } of compiled.model.resources) {
      if (storageKind !== 'RelationalTables') continue;
      const found = getWritePlan(mappingSet, resourceKey).tablePlansInDependencyOrder.map(({ insertSql }) => insertSql);
      const plan = getWritePlan(compiled, resourceKey);
      expect(found).toEqual(plan.tablePlansInDependencyOrder.map(({ insertSql }) => insertSql));
      expect(getReadPlan(mappingSet, resourceKey).keysetTable).toEqual(getReadPlan(compiled, resourceKey).keysetTable);
    }
  });
});

describe('the payload', () => {
  it.each(inBoth)('is encoded again as it was decoded: $name in $dialect', async ({ documents, dialect }) => {
    const { payload, payloadBytes } = await takeApart(await packOf(modelOf(documents, dialect)));
    expect(Buffer.from(await payloadBytesOf(payload)).equals(Buffer.from(payloadBytes))).toBe(true);
  });

  it('is the same of a model that was read from its file, and so is the pack', async () => {
    const model = modelOf([ownSchema('campus'), ownSchema('athletics')], 'pgsql');
    const manifest = readEffectiveSchemaManifest(
      Buffer.from(effectiveSchemaManifestText(model.effectiveSchema)),
      'manifest',
    );
    const read = readModel(modelText(model), 'model.json', 'pgsql', manifest);
    expect(Buffer.from(await packOf(read)).equals(Buffer.from(await packOf(model)))).toBe(true);
  });

  it('says nothing of time, and who made it only in the envelope', async () => {
    const model = modelOf([ownSchema('campus')], 'mssql');
    const one = await packOf(model);
    const other = await buildPack(compileMappingSet(model), { name: 'other', version: '9' });
    const ours = await takeApart(one);
    const theirs = await takeApart(other);
    expect(Buffer.from(ours.payloadBytes).equals(Buffer.from(theirs.payloadBytes))).toBe(true);
    expect(await readPack(other, 'a.mpack')).toMatchObject({ producer: 'other', producerVersion: '9' });
    expect((await takeApart(one)).envelope).toMatchObject({
      packFormatVersion: 1,
      compressionAlgorithm: 1,
      dialect: 2,
    });
    expect(Number((await takeApart(one)).envelope.producedAtUnixMsUtc)).toBe(0);
  });
});

it('the file of a pack is named for version and schema set', () => {
  const key = { effectiveSchemaHash: 'ab'.repeat(32), dialect: 'pgsql', relationalMappingVersion: 'v1' } as const;
  expect(packFileName(key)).toBe(`dms-mappingpack-v1-${'ab'.repeat(32)}.mpack`);
});

it('pack.manifest.json holds the identity, the hash of the payload and the entries of mappingset.manifest.json', async () => {
  const compiled = compileMappingSet(modelOf([ownSchema('campus')], 'pgsql'));
  const pack = await readPack(await buildPack(compiled, producer), 'a.mpack');
  const manifest = JSON.parse(packManifestText(pack));
  const { effectiveSchema } = compiled.model;
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  expect(Object.entries(manifest)).toEqual([
    ['effective_schema_hash', effectiveSchema.effectiveSchemaHash],
    ['dialect', 'pgsql'],
    ['relational_mapping_version', 'v1'],
    ['pack_format_version', 1],
    ['payload_sha256', hex(pack.payloadSha256)],
    ['resource_key_count', effectiveSchema.resourceKeys.length],
    ['resource_key_seed_hash', hex(effectiveSchema.resourceKeySeedHash)],
    ['resources', JSON.parse(mappingSetManifestText([compiled])).mapping_sets[0].resources],
  ]);
});

const fixtures = hasSharedData ? readdirSync(sharedFile('fixtures')).filter((name) => name !== 'ds-5.2') : [];

async function compiledSet(files: readonly string[]) {
  const set = buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file }))));
  return (dialect: SqlDialect) => compileMappingSet(deriveModel(set, dialect).model);
}

describe.runIf(hasSharedData)('mappingset.manifest.json from packs (needs the shared conformance data)', () => {
  it.each(fixtures)('equals the compiled one, and the expected one where there is one: %s', async (fixture) => {
    const folder = ['fixtures', fixture, 'inputs'];
    const compile = await compiledSet(readdirSync(sharedFile(...folder)).map((name) => sharedFile(...folder, name)));
    const compiled = dialects.map(compile);
    const read = await Promise.all(
      compiled.map(async (each) => (await readPack(await buildPack(each, producer), 'a.mpack')).mappingSet),
    );
    const text = mappingSetManifestText(read);
    expect(text).toBe(mappingSetManifestText(compiled));
    if (readdirSync(sharedFile('fixtures', fixture, 'expected')).includes('mappingset.manifest.json')) {
      expect(text).toBe(readSharedText('fixtures', fixture, 'expected', 'mappingset.manifest.json'));
    }
  });

  it('equals the compiled one: the data standard 5.2 with TPDM', async () => {
    const names = ['ds-5.2-core.json', 'tpdm-1.1-extension.json'];
    const compile = await compiledSet(names.map((name) => sharedFile('inputs', name)));
    for (const compiled of dialects.map(compile)) {
      const { mappingSet } = await readPack(await buildPack(compiled, producer), 'a.mpack');
      expect(mappingSetManifestText([mappingSet])).toBe(mappingSetManifestText([compiled]));
    }
  });
});

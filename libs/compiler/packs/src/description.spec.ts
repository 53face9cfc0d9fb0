import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { compileMappingSet, mappingSetDescription, plansText } from '@dms/plans';
import { dialects } from '@dms/sql';
import { modelOf, ownSchema, ownSchemasV2 } from '@dms/testing';
import { sha256 } from '@dms/values';
import { describe, expect, it } from 'vitest';
import {
  expectError,
  type LoosePayload,
  loose,
  packOf,
  payloadBytesOf,
  producer,
  seal,
  takeApart,
} from '../test/pack-parts.ts';
import { secondModelOf } from '../test/second-generation.ts';
import { buildPack, packManifestText, readPack } from './index.ts';
import { packCodec } from './wire/codec.ts';
import { compress } from './zstd.ts';

/* The description that a pack contains besides plans (design 08 §12.3). */

const models = {
  v1: (dialect: (typeof dialects)[number]) => modelOf([ownSchema('campus'), ownSchema('athletics')], dialect),
  v2: (dialect: (typeof dialects)[number]) => secondModelOf(ownSchemasV2.map(ownSchema), dialect),
  'v2-natural': (dialect: (typeof dialects)[number]) =>
    secondModelOf(ownSchemasV2.map(ownSchema), dialect, 'v2-natural'),
};

describe.each(mappingVersions.flatMap((version) => dialects.map((dialect) => ({ version, dialect }))))(
  'the pack of a set of $version for $dialect',
  ({ version, dialect }) => {
    const compiled = compileMappingSet(models[version](dialect));

    it('has all that the file of plans has', async () => {
      const { mappingSet } = await readPack(await buildPack(compiled, producer), 'a.mpack');
      expect(plansText(mappingSet)).toBe(plansText(compiled));
    });

    it('is read without a description too, with the same manifest', async () => {
      const pack = await buildPack(compiled, producer);
      const { envelope, payloadBytes } = await takeApart(pack);
      const before = await readPack(await seal(payloadBytes, envelope, { description: null }), 'a.mpack');
      expect(mappingSetDescription(before.mappingSet)).toBeNull();
      expect(packManifestText(before)).toBe(packManifestText(await readPack(pack, 'a.mpack')));
      const again = await payloadBytesOf((await takeApart(pack)).payload);
      expect(Buffer.from(again).equals(payloadBytes)).toBe(true);
    });
  },
);

describe('a description is refused', () => {
  async function changed(change: (description: LoosePayload) => void, version: MappingVersion = 'v2') {
    const { envelope, payloadBytes } = await takeApart(await packOf(models[version]('pgsql')));
    const codec = await packCodec();
    const { decompress } = await import('fzstd');
    const packed = envelope.description;
    const limits = { maximumFields: Number.POSITIVE_INFINITY };
    const bytesOf = packed?.descriptionZstd ?? new Uint8Array();
    const message = loose(codec.decodeDescription(decompress(bytesOf), limits));
    change(message);
    const bytes = codec.encodeDescription(message);
    return seal(payloadBytes, envelope, {
      description: {
        descriptionZstd: await compress(bytes),
        zstdUncompressedDescriptionLength: bytes.length,
        descriptionSha256: sha256(bytes),
      },
    });
  }

  it.each<readonly [string, (description: LoosePayload) => void, string]>([
    ['without a resource', ({ resources }) => resources.pop(), 'number of resources'],
    ['with the key of another resource', ({ resources: [first] }) => (first.resourceKeyId += 1), 'resource_key_id'],
    ['without a table', ({ resources }) => tabled(resources).tables.pop(), 'number of tables'],
    ['with a table inserted twice', ({ resources }) => tabled(resources).insertionOrder.fill(0), 'insertion_order'],
    ['without the text of a statement', ({ coreStatements: [first] }) => (first.sql = ''), 'core_statements.sql'],
    ['with an unknown form', ({ resources }) => (tabled(resources).identities[0].parts[0].form = 99), 'form'],
    ['without rules', (description) => delete description.rules, 'rules'],
    ['with rules for natural keys', (description) => (description.naturalKeyRules = {}), 'natural_key_rules'],
    ['with a statement of a probe', ({ resources }) => (tabled(resources).naturalKey = { own: {} }), 'find_sql'],
    ['with an empty natural key', ({ resources }) => (tabled(resources).naturalKey = {}), 'natural_key'],
    ['without the namespace of ids', (description) => delete description.referentialIdNamespace, 'namespace'],
  ])('%s', async (_, change, what) => {
    await expectError(await changed(change), 'PACK_INVARIANT', what);
  });

  it.each<readonly [string, (description: LoosePayload) => void, string]>([
    ['without rules for natural keys', (description) => delete description.naturalKeyRules, 'natural_key_rules'],
    [
      'without the statements of a probe',
      ({ resources }) => delete tabled(resources).naturalKey.own,
      'natural_key.own',
    ],
    ['without an abstract resource', ({ abstractResources }) => abstractResources.pop(), 'abstract_resources'],
    ['with one twice', ({ abstractResources: all }) => all.push(all[0]), 'abstract_resources'],
    [
      'with the resource key of another resource',
      ({ abstractResources: [first] }) => (first.resourceKeyId += 1),
      'resource_key_id',
    ],
    [
      'with a namespace of ids',
      (description) => (description.referentialIdNamespace = 'a'),
      'referential_id_namespace',
    ],
    ['with a path of descriptors', (description) => (description.descriptorPath = '$.a'), 'descriptor_path'],
    ['with another equality', ({ naturalKeyRules: rules }) => (rules.textEquality = 2), 'text_equality'],
    ['with another collation', ({ naturalKeyRules: rules }) => (rules.collation = 'C'), 'collation'],
    ['with another fold', ({ naturalKeyRules: rules }) => (rules.fold = 'C'), 'fold'],
    [
      'with another identity',
      ({ resources }) => (tabled(resources).identities[0].parts[0].path = '$.nope'),
      'identity_json_paths',
    ],
    [
      'with another identity of an abstract resource',
      ({ abstractResources: [first] }) => (first.parts[0].path = '$.nope'),
      'identity_json_paths',
    ],
    ['without a statement', ({ resources }) => delete tabled(resources).naturalKey.own.lockSql, 'own.lock_sql'],
  ])('%s, in v2-natural', async (_, change, what) => {
    await expectError(await changed(change, 'v2-natural'), 'PACK_INVARIANT', what);
  });

  /** A resource with several tables. */
  const tabled = (resources: LoosePayload) => resources.find(({ tables }: LoosePayload) => tables?.length > 1);

  it('with another hash or length', async () => {
    const { envelope, payloadBytes } = await takeApart(await packOf(models.v2('pgsql')));
    const description = envelope.description;
    if (!description) throw new Error('no description');
    const sealed = (changes: Partial<typeof description>) =>
      seal(payloadBytes, envelope, { description: { ...description, ...changes } });
    await expectError(
      await sealed({ descriptionSha256: new Uint8Array(32) }),
      'PACK_PAYLOAD_HASH',
      'description_sha256',
    );
    await expectError(await sealed({ zstdUncompressedDescriptionLength: 7 }), 'PACK_DECOMPRESS', 'description_zstd');
    await expectError(
      await sealed({ zstdUncompressedDescriptionLength: 0 }),
      'PACK_PAYLOAD_LENGTH',
      'zstd_uncompressed_description_length',
    );
  });
});

import { mappingSetManifestText } from '@dms/plans';
import { hasSharedData, readSharedJson } from '@dms/testing';
import { sha256Hex } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { payloadBytesOf, payloadOfProtoJson, seal } from '../test/pack-parts.ts';
import { packManifestText, readPack } from './index.ts';
import { packCodec } from './wire/codec.ts';
import { dialectTokens } from './wire/tokens.ts';

interface PublishedPack {
  readonly id: string;
  readonly payload_protojson: { readonly resource_key_seed_hash: string };
  readonly payload_length: number;
  readonly payload_hex: string;
  readonly payload_sha256: string;
}

const vectors: readonly PublishedPack[] = hasSharedData ? readSharedJson('design', 'vectors', 'plans.json').packs : [];

const effectiveSchemaHash = 'ab'.repeat(32);

async function packOfVector({ id, payload_hex }: PublishedPack): Promise<Uint8Array> {
  return seal(Buffer.from(payload_hex, 'hex'), {
    effectiveSchemaHash,
    dialect: dialectTokens.code(id.endsWith('/mssql') ? 'mssql' : 'pgsql'),
    relationalMappingVersion: 'v1',
    packFormatVersion: 1,
    compressionAlgorithm: 1,
    zstdUncompressedPayloadLength: 0,
    payloadSha256: new Uint8Array(),
    producer: '',
    producerVersion: '',
    producedAtUnixMsUtc: 0,
    payloadZstd: new Uint8Array(),
    generation: '',
    description: null,
  });
}

describe.runIf(hasSharedData)('the pack vectors of design 08 (needs the shared conformance data)', () => {
  it('are one of each dialect', () => {
    expect(vectors.map(({ id }) => id)).toEqual(['single-school/pgsql', 'single-school/mssql']);
  });

  it.each(vectors)('$id: the bytes of the payload', async (vector) => {
    const bytes = await payloadBytesOf(await payloadOfProtoJson(vector.payload_protojson));
    expect(Buffer.from(bytes).toString('hex')).toBe(vector.payload_hex);
    expect(bytes.length).toBe(vector.payload_length);
    expect(sha256Hex(bytes)).toBe(vector.payload_sha256);
  });

  it.each(vectors)('$id: decoded and encoded, the same bytes', async ({ payload_hex }) => {
    const codec = await packCodec();
    const payload = codec.decodePayload(Buffer.from(payload_hex, 'hex'), { maximumFields: 10_000 });
    expect(Buffer.from(codec.encodePayload(payload)).toString('hex')).toBe(payload_hex);
  });

  it.each(vectors)('$id: read as a pack that passes every check', async (vector) => {
    const pack = await readPack(await packOfVector(vector), 'vector.mpack', {
      expected: { effectiveSchemaHash, relationalMappingVersion: 'v1' },
    });
    const { mappingSet } = pack;
    expect(
      mappingSet.model.resources.map(({ resourceKey, storageKind }) => [resourceKey.resourceName, storageKind]),
    ).toEqual([
      ['AcademicSubjectDescriptor', 'SharedDescriptorTable'],
      ['School', 'RelationalTables'],
    ]);
    expect(JSON.parse(packManifestText(pack))).toMatchObject({
      effective_schema_hash: effectiveSchemaHash,
      relational_mapping_version: 'v1',
      payload_sha256: vector.payload_sha256,
      resource_key_count: 2,
      resource_key_seed_hash: Buffer.from(vector.payload_protojson.resource_key_seed_hash, 'base64').toString('hex'),
    });
    const [entry] = JSON.parse(mappingSetManifestText([mappingSet])).mapping_sets;
    expect(entry.resources.map((each: { write_plan: unknown }) => each.write_plan !== null)).toEqual([false, true]);
  });
});

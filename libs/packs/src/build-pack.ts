import { sha256 } from '@dms/files';
import type { MappingSet, MappingSetKey } from '@dms/plans';
import { payloadOf } from './build/payload.ts';
import { generations } from './generations.ts';
import { packLimits } from './limits.ts';
import { rebuildMappingSet } from './load/rebuild-mapping-set.ts';
import { refuse } from './refusal.ts';
import { packCodec } from './wire/codec.ts';
import { compressionAlgorithm } from './wire/pack-format.ts';
import { dialectTokens } from './wire/tokens.ts';
import { compress } from './zstd.ts';

/** The producer of a pack, in the envelope, for information only. */
export interface PackProducer {
  readonly name: string;
  readonly version: string;
}

/** The file name of a pack, in the folder of its dialect. It is a convenience: the pack itself says what it contains. */
export function packFileName({ effectiveSchemaHash, relationalMappingVersion }: MappingSetKey): string {
  return `dms-mappingpack-${relationalMappingVersion}-${effectiveSchemaHash}.mpack`;
}

/**
 * The bytes of the pack of a mapping set (design 08 §12.4). Equal mapping sets give equal payloads and, with the same version
 * of this library, equal files, because they contain no time. Throws `PACK_INVARIANT` for a mapping set that readers would
 * reject, and `PACK_PAYLOAD_LENGTH`.
 */
export async function buildPack(mappingSet: MappingSet, producer: PackProducer): Promise<Uint8Array> {
  const { key } = mappingSet;
  const payload = payloadOf(mappingSet);
  rebuildMappingSet(payload, key, packFileName(key), packLimits);
  const codec = await packCodec();
  const bytes = codec.encodePayload(payload);
  const { maximumPayloadLength } = packLimits;
  if (bytes.length > maximumPayloadLength) {
    refuse(
      'PACK_PAYLOAD_LENGTH',
      { file: packFileName(key) },
      'length of the payload',
      `at most ${maximumPayloadLength}`,
      bytes.length,
    );
  }
  return codec.encodeEnvelope({
    effectiveSchemaHash: key.effectiveSchemaHash,
    dialect: dialectTokens.code(key.dialect),
    relationalMappingVersion: key.relationalMappingVersion,
    packFormatVersion: generations[key.relationalMappingVersion].formatVersion,
    compressionAlgorithm: compressionAlgorithm.zstd,
    zstdUncompressedPayloadLength: bytes.length,
    payloadSha256: sha256(bytes),
    producer: producer.name,
    producerVersion: producer.version,
    producedAtUnixMsUtc: 0,
    payloadZstd: await compress(bytes),
  });
}

import { timingSafeEqual } from 'node:crypto';
import { mappingVersions, readMappingVersion } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { hexOf, sha256 } from '@dms/files';
import type { MappingSetKey } from '@dms/plans';
import { failPack } from '../fail-pack.ts';
import { generations } from '../generations.ts';
import type { PackLimits } from '../limits.ts';
import { packCodec } from '../wire/codec.ts';
import { compressionAlgorithm, type MappingPackEnvelope } from '../wire/pack-format.ts';
import { dialectTokens } from '../wire/tokens.ts';
import { compress, decompress } from '../zstd.ts';

/* The file of a pack: an envelope around the bytes of its payload (design 08 §12.1). */

/** The producer of a pack, in the envelope, for information only. */
export interface PackProducer {
  readonly name: string;
  readonly version: string;
}

/** The bytes of an envelope around a payload. It contains no time. */
export async function sealEnvelope(
  key: MappingSetKey,
  payload: Uint8Array,
  producer: PackProducer,
): Promise<Uint8Array> {
  const codec = await packCodec();
  return codec.encodeEnvelope({
    effectiveSchemaHash: key.effectiveSchemaHash,
    dialect: dialectTokens.code(key.dialect),
    relationalMappingVersion: key.relationalMappingVersion,
    packFormatVersion: generations[key.relationalMappingVersion].formatVersion,
    compressionAlgorithm: compressionAlgorithm.zstd,
    zstdUncompressedPayloadLength: payload.length,
    payloadSha256: sha256(payload),
    producer: producer.name,
    producerVersion: producer.version,
    producedAtUnixMsUtc: 0,
    payloadZstd: await compress(payload),
  });
}

/** A pack with a valid envelope and a payload that has not been decoded yet. */
interface OpenedPack {
  readonly key: MappingSetKey;
  /** For information only. */
  readonly producer: string;
  readonly producerVersion: string;
  /** SHA-256 of the payload. */
  readonly payloadSha256: Uint8Array;
  readonly payload: Uint8Array;
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function decodedEnvelope(bytes: Uint8Array, file: string): Promise<MappingPackEnvelope> {
  // no bytes are a message whose members have their defaults
  if (bytes.length === 0) failPack('PACK_ENVELOPE', { file }, 'the file', 'a MappingPackEnvelope', 'an empty file');
  const codec = await packCodec();
  try {
    return codec.decodeEnvelope(bytes);
  } catch (error) {
    return failPack('PACK_ENVELOPE', { file }, 'the file', 'a MappingPackEnvelope', reason(error));
  }
}

/** The key in the header, which equals the expected key as far as that is given. */
function checkedKey(envelope: MappingPackEnvelope, expected: Partial<MappingSetKey>, file: string): MappingSetKey {
  const { effectiveSchemaHash } = envelope;
  const mismatch = (field: string, due: string | number, found: string | number) =>
    failPack('PACK_HEADER_MISMATCH', { file }, field, due, found);
  const { packFormatVersion } = envelope;
  const formats = mappingVersions.map((each) => generations[each].formatVersion);
  if (!formats.includes(packFormatVersion)) mismatch('pack_format_version', formats.join(' or '), packFormatVersion);
  if (
    effectiveSchemaHash !== (expected.effectiveSchemaHash ?? effectiveSchemaHash) ||
    !/^[0-9a-f]{64}$/.test(effectiveSchemaHash)
  ) {
    mismatch('effective_schema_hash', expected.effectiveSchemaHash ?? '64 lower-case hex digits', effectiveSchemaHash);
  }
  const dialect = dialectTokens.token(envelope.dialect);
  if (dialect === undefined || dialect !== (expected.dialect ?? dialect)) {
    return mismatch('dialect', expected.dialect ?? 'pgsql or mssql', dialect ?? envelope.dialect);
  }
  const version = readMappingVersion(envelope.relationalMappingVersion, file, { file });
  if (version !== (expected.relationalMappingVersion ?? version))
    mismatch('relational_mapping_version', expected.relationalMappingVersion ?? version, version);
  const { formatVersion } = generations[version];
  if (packFormatVersion !== formatVersion) mismatch('pack_format_version', formatVersion, packFormatVersion);
  if (envelope.compressionAlgorithm !== compressionAlgorithm.zstd) {
    mismatch('compression_algorithm', 'ZSTD', envelope.compressionAlgorithm);
  }
  return { effectiveSchemaHash, dialect, relationalMappingVersion: version };
}

function checkedLength(envelope: MappingPackEnvelope, { maximumPayloadLength }: PackLimits, file: string): number {
  const declared = envelope.zstdUncompressedPayloadLength;
  const length = typeof declared === 'number' ? declared : declared.toNumber();
  if (length >= 1 && length <= maximumPayloadLength) return length;
  return failPack(
    'PACK_PAYLOAD_LENGTH',
    { file },
    'zstd_uncompressed_payload_length',
    `1 to ${maximumPayloadLength}`,
    length,
  );
}

/**
 * Steps 1 to 4 of reading a pack (design 08 §12.5): the envelope, its header, the payload decompressed and hashed.
 * Throws `PACK_ENVELOPE`, `PACK_HEADER_MISMATCH`, `PACK_PAYLOAD_LENGTH`, `PACK_DECOMPRESS`, `PACK_PAYLOAD_HASH`.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  file: string,
  expected: Partial<MappingSetKey>,
  limits: PackLimits,
): Promise<OpenedPack> {
  const envelope = await decodedEnvelope(bytes, file);
  const key = checkedKey(envelope, expected, file);
  const length = checkedLength(envelope, limits, file);
  const payload = await decompress(envelope.payloadZstd, length).catch((error: unknown) =>
    failPack(
      'PACK_DECOMPRESS',
      { file },
      'payload_zstd',
      `a Zstandard frame of ${counted(length, 'byte')}`,
      reason(error),
    ),
  );
  const { payloadSha256, producer, producerVersion } = envelope;
  const hash = sha256(payload);
  if (payloadSha256.length !== hash.length || !timingSafeEqual(payloadSha256, hash)) {
    failPack('PACK_PAYLOAD_HASH', { file }, 'payload_sha256', hexOf(hash), hexOf(payloadSha256) || 'none');
  }
  return { key, producer, producerVersion, payloadSha256: hash, payload };
}

import { timingSafeEqual } from 'node:crypto';
import { fingerprintVersions, generationMember, mappingVersions, readGeneration } from '@dms/api-schema';
import { counted, listWith } from '@dms/diagnostics';
import type { MappingSetKey } from '@dms/plans';
import { hexOf, sha256 } from '@dms/values';
import { failPack } from '../fail-pack.ts';
import { generations } from '../generations.ts';
import type { PackLimits } from '../limits.ts';
import { packCodec } from '../wire/codec.ts';
import type { PackMessage, Uint64 } from '../wire/message.ts';
import { compressionAlgorithm } from '../wire/pack-format.ts';
import { dialectTokens } from '../wire/tokens.ts';
import { compress, decompress } from '../zstd.ts';

/* The file of a pack: an envelope around the bytes of its payload (design 08 §12.1). */

/** The producer of a pack, in the envelope, for information only. */
export interface PackProducer {
  readonly name: string;
  readonly version: string;
}

/** The bytes of an envelope with a payload and a separate description. It contains no time. */
export async function sealEnvelope(
  key: MappingSetKey,
  payload: Uint8Array,
  description: Uint8Array,
  producer: PackProducer,
): Promise<Uint8Array> {
  const codec = await packCodec();
  const { relationalMappingVersion: version } = key;
  return codec.encodeEnvelope({
    effectiveSchemaHash: key.effectiveSchemaHash,
    dialect: dialectTokens.code(key.dialect),
    relationalMappingVersion: fingerprintVersions[version],
    packFormatVersion: generations[version].formatVersion,
    compressionAlgorithm: compressionAlgorithm.zstd,
    zstdUncompressedPayloadLength: payload.length,
    payloadSha256: sha256(payload),
    producer: producer.name,
    producerVersion: producer.version,
    producedAtUnixMsUtc: 0,
    payloadZstd: await compress(payload),
    generation: generationMember(version) ?? '',
    description: {
      descriptionZstd: await compress(description),
      zstdUncompressedDescriptionLength: description.length,
      descriptionSha256: sha256(description),
    },
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
  /** Null if the pack has none: it is then sufficient to read documents, but not to write them. */
  readonly description: Uint8Array | null;
}

/**
 * Steps 1 to 4 of reading a pack (design 08 §12.5): the envelope, its header, the payload and the description
 * decompressed and hashed. Throws `PACK_ENVELOPE`, `PACK_HEADER_MISMATCH`, `PACK_PAYLOAD_LENGTH`, `PACK_DECOMPRESS`,
 * `PACK_PAYLOAD_HASH`.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  file: string,
  expected: Partial<MappingSetKey>,
  limits: PackLimits,
): Promise<OpenedPack> {
  const envelope = await decodedEnvelope(bytes, file);
  const key = checkedKey(envelope, expected, file);
  const { payloadSha256, producer, producerVersion, description: packed } = envelope;
  const payload = await unpacked(
    {
      name: 'payload',
      zstd: envelope.payloadZstd,
      length: envelope.zstdUncompressedPayloadLength,
      hash: payloadSha256,
    },
    limits,
    file,
  );
  const description =
    packed &&
    (await unpacked(
      {
        name: 'description',
        zstd: packed.descriptionZstd,
        length: packed.zstdUncompressedDescriptionLength,
        hash: packed.descriptionSha256,
      },
      limits,
      file,
    ));
  return { key, producer, producerVersion, payloadSha256, payload, description };
}

async function decodedEnvelope(bytes: Uint8Array, file: string): Promise<PackMessage<'MappingPackEnvelope'>> {
  const reject = (found: string) =>
    failPack('PACK_ENVELOPE', { file }, { what: 'the file', expected: 'a MappingPackEnvelope', found });
  // without bytes, decoding would give a message with default members
  if (bytes.length === 0) reject('an empty file');
  const codec = await packCodec();
  try {
    return codec.decodeEnvelope(bytes);
  } catch (error) {
    return reject(reason(error));
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The key in the header, which must equal the given members of the expected key. */
function checkedKey(
  envelope: PackMessage<'MappingPackEnvelope'>,
  expected: Partial<MappingSetKey>,
  file: string,
): MappingSetKey {
  const { effectiveSchemaHash } = envelope;
  const mismatch = (what: string, expected: string | number, found: string | number) =>
    failPack('PACK_HEADER_MISMATCH', { file }, { what, expected, found });
  const { packFormatVersion } = envelope;
  const formats = mappingVersions.map((each) => generations[each].formatVersion);
  if (!formats.includes(packFormatVersion))
    mismatch('pack_format_version', listWith('or', formats.map(String)), packFormatVersion);
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
  const { relationalMappingVersion: fingerprintVersion, generation } = envelope;
  const version = readGeneration({ fingerprintVersion, generation: generation || undefined }, file, { file });
  const { relationalMappingVersion: due = version } = expected;
  if (version !== due)
    mismatch(
      fingerprintVersions[due] === fingerprintVersion ? 'generation' : 'relational_mapping_version',
      due,
      version,
    );
  const named = generationMember(version) ?? '';
  if (generation !== named) mismatch('generation', named || 'none', generation || 'none');
  const { formatVersion } = generations[version];
  if (packFormatVersion !== formatVersion) mismatch('pack_format_version', formatVersion, packFormatVersion);
  if (envelope.compressionAlgorithm !== compressionAlgorithm.zstd) {
    mismatch('compression_algorithm', 'ZSTD', envelope.compressionAlgorithm);
  }
  return { effectiveSchemaHash, dialect, relationalMappingVersion: version };
}

/** The compressed bytes of a message, and the facts that the file states about them. */
interface PackedBytes {
  /** `payload` or `description`. */
  readonly name: string;
  readonly zstd: Uint8Array;
  readonly length: Uint64;
  readonly hash: Uint8Array;
}

/** Decompresses a message and compares its hash. */
async function unpacked(packed: PackedBytes, limits: PackLimits, file: string): Promise<Uint8Array> {
  const { name, zstd, hash: declared } = packed;
  const length = checkedLength(packed, limits, file);
  const bytes = await decompress(zstd, length).catch((error: unknown) =>
    failPack(
      'PACK_DECOMPRESS',
      { file },
      { what: `${name}_zstd`, expected: `a Zstandard frame of ${counted(length, 'byte')}`, found: reason(error) },
    ),
  );
  const hash = sha256(bytes);
  if (declared.length !== hash.length || !timingSafeEqual(declared, hash)) {
    const found = hexOf(declared) || 'none';
    failPack('PACK_PAYLOAD_HASH', { file }, { what: `${name}_sha256`, expected: hexOf(hash), found });
  }
  return bytes;
}

function checkedLength({ name, length: declared }: PackedBytes, { maximumPayloadLength }: PackLimits, file: string) {
  const length = typeof declared === 'number' ? declared : declared.toNumber();
  if (length >= 1 && length <= maximumPayloadLength) return length;
  const what = `zstd_uncompressed_${name}_length`;
  return failPack('PACK_PAYLOAD_LENGTH', { file }, { what, expected: `1 to ${maximumPayloadLength}`, found: length });
}

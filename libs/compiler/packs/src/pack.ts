import { fingerprintVersions, generationMember } from '@dms/api-schema';
import { mustExist } from '@dms/model';
import { type MappingSet, type MappingSetKey, manifestResources, mappingSetDescription } from '@dms/plans';
import { expectNoPointer, hexOf, manifestText } from '@dms/values';
import { failPack } from './fail-pack.ts';
import { generations } from './generations.ts';
import { type PackLimits, packLimits } from './limits.ts';
import { descriptionMessage } from './messages/description.ts';
import { openEnvelope, type PackProducer, sealEnvelope } from './messages/envelope.ts';
import { payloadMessage } from './messages/payload.ts';
import { packCodec } from './wire/codec.ts';

/**
 * The file name of a pack, in the folder of its dialect. It is only a convenience: the pack itself states its contents.
 */
export function packFileName({ effectiveSchemaHash, relationalMappingVersion }: MappingSetKey): string {
  return `dms-mappingpack-${relationalMappingVersion}-${effectiveSchemaHash}.mpack`;
}

/**
 * The bytes of the pack of a mapping set (design 08 §12.4). Equal mapping sets give equal payloads and, with the same
 * version of this library, equal files, because they contain no time. Throws `PACK_INVARIANT` for a mapping set that
 * readers would reject, and `PACK_PAYLOAD_LENGTH`.
 */
export async function buildPack(mappingSet: MappingSet, producer: PackProducer): Promise<Uint8Array> {
  const { key } = mappingSet;
  const payload = payloadMessage.write(mappingSet);
  payloadMessage.read(payload, key, packFileName(key), packLimits);
  const codec = await packCodec();
  const bytes = codec.encodePayload(payload);
  const description = mustExist(mappingSetDescription(mappingSet), 'the description of a mapping set');
  const described = codec.encodeDescription(descriptionMessage.write(description, mappingSet));
  const { maximumPayloadLength } = packLimits;
  for (const [name, { length }] of Object.entries({ payload: bytes, description: described })) {
    if (length > maximumPayloadLength) {
      failPack(
        'PACK_PAYLOAD_LENGTH',
        { file: packFileName(key) },
        { what: `length of the ${name}`, expected: `at most ${maximumPayloadLength}`, found: length },
      );
    }
  }
  return sealEnvelope(key, bytes, described, producer);
}

/** A pack that passed every check. */
export interface Pack {
  readonly mappingSet: MappingSet;
  /** For information only. */
  readonly producer: string;
  readonly producerVersion: string;
  /** SHA-256 of the uncompressed payload. */
  readonly payloadSha256: Uint8Array;
  readonly payloadLength: number;
}

export interface ReadPackOptions {
  /** The expected contents of the pack; omitted members may have any value. */
  readonly expected?: Partial<MappingSetKey>;
  readonly limits?: Partial<PackLimits>;
}

/** Decodes a message of a pack. */
function decoded<Message>(file: string, name: string, expected: string, decode: () => Message): Message {
  try {
    return decode();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return failPack('PACK_PAYLOAD', { file }, { what: `the ${name}`, expected: `a ${expected}`, found });
  }
}

/**
 * Reads a mapping set from the bytes of a pack; `file` is its name in messages (design 08 §12.5). The mapping set
 * executes plans like a compiled one; its model has only the parts that a pack contains. Memory stays within the
 * limits, whatever the bytes contain. Throws the `PACK_*` code of the first step that fails.
 */
export async function readPack(bytes: Uint8Array, file: string, options: ReadPackOptions = {}): Promise<Pack> {
  expectNoPointer(bytes, file);
  const limits = { ...packLimits, ...options.limits };
  const {
    key,
    payload,
    description: described,
    payloadSha256,
    producer,
    producerVersion,
  } = await openEnvelope(bytes, file, options.expected ?? {}, limits);
  const codec = await packCodec();
  const message = decoded(file, 'payload', 'MappingPackPayload', () => codec.decodePayload(payload, limits));
  const plans = payloadMessage.read(message, key, file, limits);
  const decodeDescription = (own: Uint8Array) =>
    decoded(file, 'description', 'MappingSetDescription', () => codec.decodeDescription(own, limits));
  const description = described && descriptionMessage.read(decodeDescription(described), plans, file);
  return {
    mappingSet: { ...plans.mappingSet, description },
    producer,
    producerVersion,
    payloadSha256,
    payloadLength: payload.length,
  };
}

/** The text of `pack.manifest.json` (design 08 §12.6), without facts about the file, producer or compression. */
export function packManifestText({ mappingSet, payloadSha256 }: Pick<Pack, 'mappingSet' | 'payloadSha256'>): string {
  const { key, model } = mappingSet;
  return manifestText({
    effective_schema_hash: key.effectiveSchemaHash,
    dialect: key.dialect,
    relational_mapping_version: fingerprintVersions[key.relationalMappingVersion],
    generation: generationMember(key.relationalMappingVersion),
    pack_format_version: generations[key.relationalMappingVersion].formatVersion,
    payload_sha256: hexOf(payloadSha256),
    resource_key_count: model.effectiveSchema.resourceKeyCount,
    resource_key_seed_hash: hexOf(model.effectiveSchema.resourceKeySeedHash),
    resources: manifestResources(mappingSet),
  });
}

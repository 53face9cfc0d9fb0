import type { MappingSet, MappingSetKey } from '@dms/plans';
import { packLimits } from './limits.ts';
import { type PackProducer, sealEnvelope } from './messages/envelope.ts';
import { payloadMessage } from './messages/payload.ts';
import { refuse } from './refusal.ts';
import { packCodec } from './wire/codec.ts';

/**
 * The file name of a pack, in the folder of its dialect. It is a convenience: the pack itself says what it contains.
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
  return sealEnvelope(key, bytes, producer);
}

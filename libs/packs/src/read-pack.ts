import type { MappingSet, MappingSetKey } from '@dms/plans';
import { type PackLimits, packLimits } from './limits.ts';
import { openEnvelope } from './messages/envelope.ts';
import { payloadMessage } from './messages/payload.ts';
import { refuse } from './refusal.ts';
import { packCodec } from './wire/codec.ts';
import type { MappingPackPayload } from './wire/pack-format.ts';

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
  /** The expected contents of the pack; members that are not given may have any value. */
  readonly expected?: Partial<MappingSetKey>;
  readonly limits?: Partial<PackLimits>;
}

async function decodedPayload(bytes: Uint8Array, file: string, limits: PackLimits): Promise<MappingPackPayload> {
  const codec = await packCodec();
  try {
    return codec.decodePayload(bytes, limits);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return refuse('PACK_PAYLOAD', { file }, 'the payload', 'a MappingPackPayload', found);
  }
}

/**
 * Reads a mapping set from the bytes of a pack; `file` is its name in messages (design 08 §12.5). The mapping set
 * executes plans like a compiled one; its model has only the parts that a pack contains. Memory stays within the
 * limits, whatever the bytes say. Throws the `PACK_*` code of the first step that fails.
 */
export async function readPack(bytes: Uint8Array, file: string, options: ReadPackOptions = {}): Promise<Pack> {
  const limits = { ...packLimits, ...options.limits };
  const { key, payload, payloadSha256, producer, producerVersion } = await openEnvelope(
    bytes,
    file,
    options.expected ?? {},
    limits,
  );
  const mappingSet = payloadMessage.read(await decodedPayload(payload, file, limits), key, file, limits);
  return { mappingSet, producer, producerVersion, payloadSha256, payloadLength: payload.length };
}

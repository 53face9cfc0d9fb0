import { counted, fail } from '@dms/diagnostics';

/**
 * The limits of a pack. The memory of a reader is proportional to them, not to the sizes that a file states (design 08
 * §12.5).
 */
export interface PackLimits {
  /** Bytes of the uncompressed payload. */
  readonly maximumPayloadLength: number;
  /** Fields of all messages of the payload. */
  readonly maximumFields: number;
  /** Characters of all different JSON paths. */
  readonly maximumPathCharacters: number;
}

/**
 * The data standard 5.2 has 2.7 million bytes, in the second generation 3.8, and less than 0.2 million fields and
 * characters.
 */
export const packLimits: PackLimits = {
  maximumPayloadLength: 64 * 1024 * 1024,
  maximumFields: 4_000_000,
  maximumPathCharacters: 4_000_000,
};

/** The maximum size of an envelope without its payload; names and versions are short. */
const envelopeAllowance = 64 * 1024;

/** The maximum length of a pack file; incompressible data gets slightly longer. */
function maximumPackLength({ maximumPayloadLength }: PackLimits): number {
  return maximumPayloadLength + Math.ceil(maximumPayloadLength / 128) + envelopeAllowance;
}

/** Refuses a file that is longer than any pack before reading it: `PACK_PAYLOAD_LENGTH`. */
export function checkPackLength(file: string, length: number, limits: PackLimits = packLimits): void {
  const limit = maximumPackLength(limits);
  if (length <= limit) return;
  const message = `${file} has ${counted(length, 'byte')}, more than the ${limit} of the longest pack that is read.`;
  fail('PACK_PAYLOAD_LENGTH', message, { file }, { step: 'file', what: 'length', expected: limit, found: length });
}

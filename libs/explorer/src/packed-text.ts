import { deflateSync, inflateSync } from 'fflate';

/**
 * Base64 of the deflated text, as the page unpacks it. The library is the same on every machine; the zlib of Node is not, it packs
 * by what the processor can do.
 */
export function packed(text: string): string {
  return Buffer.from(deflateSync(Buffer.from(text, 'utf8'), { level: 9 })).toString('base64');
}

/** The text again. */
export function unpacked(base64: string): string {
  return Buffer.from(inflateSync(Buffer.from(base64, 'base64'))).toString('utf8');
}

import { deflateSync, inflateSync } from 'fflate';

/**
 * Base64 of the deflated text, in the form that the page unpacks. The library gives the same result on every machine;
 * the zlib of Node does not, because it depends on the processor.
 */
export function packed(text: string): string {
  return Buffer.from(deflateSync(Buffer.from(text, 'utf8'), { level: 9 })).toString('base64');
}

/** The original text. */
export function unpacked(base64: string): string {
  return Buffer.from(inflateSync(Buffer.from(base64, 'base64'))).toString('utf8');
}

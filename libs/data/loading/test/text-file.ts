import type { InterchangeFile } from '../src/interchange/read-interchange.ts';

/** A file with the given content, read in pieces of one size. */
export function textFile(content: string | Buffer, pieceSize = 64 * 1024): InterchangeFile {
  const bytes = Buffer.from(content);
  return {
    file: 'all.xml',
    open: async function* () {
      for (let start = 0; start < bytes.length; start += pieceSize) yield bytes.subarray(start, start + pieceSize);
    },
  };
}

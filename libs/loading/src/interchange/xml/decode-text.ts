import { TextDecoder } from 'node:util';
import { fail } from '@dms/diagnostics';

/** Reads the encoding of an XML file from its first bytes. The default is UTF-8. */
function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/.exec(
    Buffer.from(start.subarray(0, 200)).toString('latin1'),
  );
  return declared?.[1]?.toLowerCase() ?? 'utf-8';
}

function decoderOf(start: Uint8Array, file: string): TextDecoder {
  const encoding = encodingOf(start);
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail('INPUT_UNICODE_INVALID', `${file} is encoded as ${encoding}, which cannot be read; save it as UTF-8.`, {
      file,
    });
  }
}

/** Decodes an XML file piece by piece, in the encoding that it declares. */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const decode = (piece?: Uint8Array): string => {
    if (piece) decoder ??= decoderOf(piece, file);
    try {
      return (piece ? decoder?.decode(piece, { stream: true }) : decoder?.decode()) ?? '';
    } catch {
      return fail(
        'INPUT_UNICODE_INVALID',
        `${file} has bytes that are not valid ${decoder?.encoding}, which is its encoding.`,
        { file },
      );
    }
  };
  for await (const piece of bytes) yield decode(piece);
  yield decode();
}

import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';

type Zstd = typeof import('@bokuweb/zstd-wasm');

let zstd: Promise<Zstd> | undefined;

/** Loads the library and initializes it once. Node has built-in Zstandard only from 22.15 on. */
function loadZstd(): Promise<Zstd> {
  zstd ??= import('@bokuweb/zstd-wasm').then(async (loaded: Zstd | { readonly default: Zstd }) => {
    // the package is CommonJS: in a bundle of modules its exports are the default export
    const library = 'init' in loaded ? loaded : loaded.default;
    await library.init();
    return library;
  });
  return zstd;
}

/** Higher levels make a pack only a tenth smaller, but take five times as long. */
const compressionLevel = 3;

/** Compresses into one frame that states the length of its content. The same library gives the same bytes. */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  return (await loadZstd()).compress(Buffer.from(bytes), compressionLevel);
}

/**
 * Decompresses exactly `length` bytes and allocates no more memory, even if the frame states a larger size. Throws an
 * `Error` for anything else.
 */
export async function decompress(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  const declared = frameContentSize(bytes);
  if (declared !== undefined && declared !== BigInt(length))
    throw new Error(`the frame says ${counted(declared, 'byte')}`);
  const { decompress: decompressFrame } = await loadZstd();
  // The library allocates the size that the frame states; without a stated size, it allocates this size.
  const content = decompressFrame(Buffer.from(bytes), { defaultHeapSize: length });
  if (content.length !== length) throw new Error(`${counted(content.length, 'byte')} came out`);
  return content;
}

const frameMagic = 0xfd2fb528;

/** The size of the content in the header of a frame, if stated (RFC 8878 §3.1.1.1). */
function frameContentSize(bytes: Uint8Array): bigint | undefined {
  if (bytes.length < 6) throw new Error('it is not a Zstandard frame');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== frameMagic) throw new Error('it is not a Zstandard frame');
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = mustExist([0, 1, 2, 4][descriptor & 3], 'the length of a dictionary id');
  const offset = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = mustExist([isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6], 'the length of a size');
  if (view.byteLength < offset + sizeBytes) throw new Error('the frame ends in its header');
  switch (sizeBytes) {
    case 0:
      return undefined;
    case 1:
      return BigInt(view.getUint8(offset));
    case 2:
      return BigInt(view.getUint16(offset, true) + 256);
    case 4:
      return BigInt(view.getUint32(offset, true));
    default:
      return view.getBigUint64(offset, true);
  }
}

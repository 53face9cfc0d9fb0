/** The minimum alignment of sections in memory, and in a file. */
const [inMemory, inFile] = [0x1000, 0x200];

/**
 * Builds a library of Windows (PE32+, x64) without code: its one function is forwarded to another library,
 * `library.function`. Both functions must have the same signature.
 */
export function forwardingLibrary(library: string, name: string, target: string): Uint8Array {
  const bytes = Buffer.alloc(2 * inFile);
  const [header, coff, optional, section] = [0x40, 0x44, 0x58, 0x58 + 240];
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(header, 0x3c);
  bytes.write('PE', header);
  bytes.writeUInt16LE(0x8664, coff);
  bytes.writeUInt16LE(1, coff + 2);
  bytes.writeUInt16LE(240, coff + 16);
  // flags: an image with large addresses, a library
  bytes.writeUInt16LE(0x2022, coff + 18);
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt32LE(inFile, optional + 8);
  bytes.writeBigUInt64LE(0x1_8000_0000n, optional + 24);
  bytes.writeUInt32LE(inMemory, optional + 32);
  bytes.writeUInt32LE(inFile, optional + 36);
  bytes.writeUInt16LE(6, optional + 40);
  bytes.writeUInt16LE(6, optional + 48);
  bytes.writeUInt32LE(2 * inMemory, optional + 56);
  bytes.writeUInt32LE(inFile, optional + 60);
  bytes.writeUInt16LE(3, optional + 68);
  bytes.writeUInt32LE(16, optional + 108);
  bytes.writeUInt32LE(inMemory, optional + 112);
  bytes.writeUInt32LE(inFile, optional + 116);
  bytes.write('.edata', section);
  bytes.writeUInt32LE(inFile, section + 8);
  bytes.writeUInt32LE(inMemory, section + 12);
  bytes.writeUInt32LE(inFile, section + 16);
  bytes.writeUInt32LE(inFile, section + 20);
  // initialized data, readable
  bytes.writeUInt32LE(0x4000_0040, section + 36);

  // the export table: 40 bytes, then the lists of addresses, names and ordinals
  const [addresses, names, ordinals, texts] = [40, 44, 48, 50];
  let at = texts;
  const textAt = (text: string) => {
    const place = at;
    at += bytes.write(`${text}\0`, inFile + at);
    return inMemory + place;
  };
  bytes.writeUInt32LE(textAt(library), inFile + 12);
  for (const [index, value] of [1, 1, 1, ...[addresses, names, ordinals].map((place) => inMemory + place)].entries())
    bytes.writeUInt32LE(value, inFile + 16 + 4 * index);
  // an address inside of the table means the name of another library's function
  bytes.writeUInt32LE(textAt(target), inFile + addresses);
  bytes.writeUInt32LE(textAt(name), inFile + names);
  return bytes;
}

import { gzipSync } from 'node:zlib';
import { type Zippable, zipSync } from 'fflate';

/** A file of an archive. */
export interface ArchivedFile {
  /** Its path in the archive, with `/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
}

/** The time of all files: the first that both formats know. */
const time = new Date(1980, 0, 1);
const secondsOfTime = 315_532_800;
const modeOf = ({ isExecutable }: ArchivedFile) => (isExecutable ? 0o755 : 0o644);

/** A tar archive in the ustar format, packed with gzip. The same files give the same bytes with the same Node. */
export const tarGzip = (files: readonly ArchivedFile[]): Uint8Array =>
  gzipSync(Buffer.concat([...files.flatMap(tarEntry), Buffer.alloc(2 * blockSize)]), { level: 9 });

const blockSize = 512;

function tarEntry(file: ArchivedFile): Uint8Array[] {
  const { bytes } = file;
  return [tarHeader(file), bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)];
}

/** The header of a file: texts and octal numbers in fields of fixed size. */
function tarHeader(file: ArchivedFile): Uint8Array {
  const header = Buffer.alloc(blockSize);
  const [prefix, name] = nameFields(file.name);
  header.write(name, 0);
  const numbers = [
    { at: 100, digits: 7, value: modeOf(file) },
    { at: 108, digits: 7, value: 0 },
    { at: 116, digits: 7, value: 0 },
    { at: 124, digits: 11, value: file.bytes.length },
    { at: 136, digits: 11, value: secondsOfTime },
  ];
  for (const { at, digits, value } of numbers) header.write(value.toString(8).padStart(digits, '0'), at);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  header.write(prefix, 345);
  // the sum is taken with blanks in its own field
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The two fields of a path: at most 155 bytes of folders, and at most 100 bytes of the rest. */
function nameFields(name: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  const at = name.indexOf('/', name.length - 101);
  const fields = [name.slice(0, at), name.slice(at + 1)] as const;
  if (at <= 0 || Buffer.byteLength(fields[0]) > 155) throw new Error(`${name} is too long for a tar archive.`);
  return fields;
}

/** A zip archive. The same files give the same bytes. */
export function zip(files: readonly ArchivedFile[]): Uint8Array {
  const entries: Zippable = {};
  for (const file of files)
    entries[file.name] = [file.bytes, { mtime: time, os: 3, attrs: modeOf(file) << 16, level: 9 }];
  return zipSync(entries);
}

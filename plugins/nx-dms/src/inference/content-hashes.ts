import { statSync } from 'node:fs';
import { sha256Hex } from '@dms/canonical-json';

/** What the file system says of a file: the same while nobody writes to it, or puts another one in its place. */
interface Look {
  readonly text: string;
  /** Milliseconds since 1970 when it last changed. */
  readonly changed: number;
}

/** File systems keep times in steps, of two seconds at the most: a file that has just changed may change again and look the same. */
const settlingTime = 3000;

/**
 * The hashes of what stands in files, kept as long as the process lives: the daemon of Nx asks for the same files again and again,
 * and few have changed (design 10 §4.3).
 */
export class ContentHashes {
  private readonly known = new Map<string, { readonly look: string; readonly hash: string }>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** The hash of a file that certainly is what it was when it was read; undefined for any other. */
  unlessChanged(file: string): string | undefined {
    const known = this.known.get(file);
    return known && known.look === lookOf(file)?.text ? known.hash : undefined;
  }

  /** Reads a file by `read`, and remembers the hash of its bytes if a later change would show. */
  async read(file: string, read: () => Promise<Uint8Array>): Promise<{ readonly bytes: Uint8Array; readonly hash: string }> {
    const look = lookOf(file);
    const isSettled = look !== undefined && look.changed < this.now() - settlingTime;
    const bytes = await read();
    const hash = sha256Hex(bytes);
    if (isSettled) this.known.set(file, { look: look.text, hash });
    else this.known.delete(file);
    return { bytes, hash };
  }
}

/** None of what is not there or may not be seen: reading it says why. */
function lookOf(file: string): Look | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const changed = Math.max(Number(mtimeNs), Number(ctimeNs)) / 1e6;
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changed };
  } catch {
    return undefined;
  }
}

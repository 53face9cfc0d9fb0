import { statSync } from 'node:fs';
import { sha256Hex } from '@dms/files';

/** The file system's facts about a file; they change when the file is written or replaced. */
interface Look {
  readonly text: string;
  /** The time of the last change, in milliseconds since 1970. */
  readonly changed: number;
}

/**
 * File systems keep times in steps of at most two seconds: a file that has just changed may change again and look the
 * same.
 */
const settlingTime = 3000;

/**
 * The hashes of file contents, kept for the life of the process: the daemon of Nx requests the same files repeatedly,
 * and few have changed (design 10 §4.3).
 */
export class ContentHashes {
  private readonly known = new Map<string, { readonly look: string; readonly hash: string }>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** The hash of a file that has certainly not changed since it was read; otherwise undefined. */
  unlessChanged(file: string): string | undefined {
    const known = this.known.get(file);
    return known && known.look === lookOf(file)?.text ? known.hash : undefined;
  }

  /** Reads a file with `read`, and keeps the hash of its bytes if a later change would be visible. */
  async read(
    file: string,
    read: () => Promise<Uint8Array>,
  ): Promise<{ readonly bytes: Uint8Array; readonly hash: string }> {
    const look = lookOf(file);
    const isSettled = look !== undefined && look.changed < this.now() - settlingTime;
    const bytes = await read();
    const hash = sha256Hex(bytes);
    if (isSettled) this.known.set(file, { look: look.text, hash });
    else this.known.delete(file);
    return { bytes, hash };
  }
}

/** Undefined for a missing or inaccessible file: reading it gives the reason. */
function lookOf(file: string): Look | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const changed = Math.max(Number(mtimeNs), Number(ctimeNs)) / 1e6;
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changed };
  } catch {
    return undefined;
  }
}

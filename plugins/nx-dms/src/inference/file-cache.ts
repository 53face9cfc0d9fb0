import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '@dms/values';

/** A cache of facts about files, by their content. */
export interface FileCache<Facts> {
  /** The cached facts about a file whose bytes have this SHA-256. */
  known(file: string, hash: string): Facts | undefined;
  /** The cached facts, or else the facts that `infer` reads from the bytes. */
  read(file: string, hash: string, infer: () => Facts): Facts;
  /** Keeps only the facts used in this run. */
  save(): void;
}

/**
 * Opens the cache at `cacheFile`. `context` contains everything that the facts depend on besides the name and bytes of
 * a file, above all a hash of the code that reads them: with only its version, a rebuilt plugin would continue to use
 * facts from the old build (design 10 §4.3).
 */
export function openFileCache<Facts>(cacheFile: string, context: readonly string[]): FileCache<Facts> {
  const known = load<Facts>(cacheFile);
  const used = new Map<string, Facts>();
  const keyOf = (file: string, hash: string) => sha256Hex([...context, file, hash].join('\0'));
  const use = (key: string, facts: Facts) => {
    used.set(key, facts);
    return facts;
  };
  return {
    known(file, hash) {
      const key = keyOf(file, hash);
      const facts = known.get(key);
      return facts && use(key, facts);
    },
    read(file, hash, infer) {
      const key = keyOf(file, hash);
      return use(key, known.get(key) ?? infer());
    },
    save() {
      const isUnchanged = used.size === known.size && [...used.keys()].every((key) => known.has(key));
      if (!isUnchanged) store(cacheFile, used);
    },
  };
}

function load<Facts>(cacheFile: string): Map<string, Facts> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(cacheFile, 'utf8')) as Record<string, Facts>));
  } catch {
    return new Map();
  }
}

/** Writes a cache. A failure is ignored, because a missing cache only costs time. */
function store<Facts>(cacheFile: string, entries: ReadonlyMap<string, Facts>): void {
  const temporary = `${cacheFile}.${process.pid}`;
  try {
    mkdirSync(path.dirname(cacheFile), { recursive: true });
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(entries)));
    renameSync(temporary, cacheFile);
  } catch {}
}

/**
 * Milliseconds after which a file time is final: file systems store times in steps of up to two seconds, so a file that
 * has just changed may change again without a visible difference.
 */
const settlingTime = 3000;

/**
 * The hashes of file contents, kept for the life of the process, because the daemon of Nx requests the same files
 * repeatedly, and few of them have changed (design 10 §4.3).
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

/** The file system's facts about a file; they change when the file is written or replaced. */
interface Look {
  readonly text: string;
  /** The time of the last change, in milliseconds since 1970. */
  readonly changed: number;
}

/** Undefined for a missing or inaccessible file; reading the file then reports the reason. */
function lookOf(file: string): Look | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const changed = Math.max(Number(mtimeNs), Number(ctimeNs)) / 1e6;
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changed };
  } catch {
    return undefined;
  }
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '@dms/files';

/** Cached facts about files, by their content. */
export interface FileCache<Facts> {
  /** The cached facts about a file whose bytes have this SHA-256. */
  known(file: string, hash: string): Facts | undefined;
  /** The same, otherwise the facts that `infer` reads from the bytes. */
  read(file: string, hash: string, infer: () => Facts): Facts;
  /** Keeps only the facts used in this run. */
  save(): void;
}

/**
 * Opens the cache at `cacheFile`. `context` contains everything that the facts depend on besides the name and bytes of
 * a file, above all the code that reads them: with only its version, a rebuilt plugin would continue to use facts from
 * the old build (design 10 §4.3).
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

/** A cache that cannot be written only costs time, so no command fails because of it. */
function store<Facts>(cacheFile: string, entries: ReadonlyMap<string, Facts>): void {
  const temporary = `${cacheFile}.${process.pid}`;
  try {
    mkdirSync(path.dirname(cacheFile), { recursive: true });
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(entries)));
    renameSync(temporary, cacheFile);
  } catch {}
}

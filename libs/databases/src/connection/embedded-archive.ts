import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The data of a new embedded database, kept as a packed archive: creating them takes most of the time of a start
 * (design 09 §1.6).
 */
export interface EmbeddedArchive {
  /** Null where there is none. */
  read(): Uint8Array | null;
  /** Opening a database does not fail because its archive cannot be kept. */
  keep(data: Uint8Array): void;
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it was not made
  }
}

/** An archive in a file, which is written completely or not at all. */
export function archiveFile(file: string): EmbeddedArchive {
  return {
    read: () => {
      try {
        return readFileSync(file);
      } catch {
        return null;
      }
    },
    keep: (data) => {
      const part = `${file}.${randomUUID()}`;
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(part, data);
        renameSync(part, file);
      } catch {
        removeIfPossible(part);
      }
    },
  };
}

const noArchive: EmbeddedArchive = { read: () => null, keep: () => undefined };

/**
 * The archive of an engine, in `.cache` of the `node_modules` that contains the engine: anyone who can write there
 * could change the engine itself. Each version of the engine has its own archive.
 *
 * @param engine path of the entry file of the engine
 */
export function embeddedArchive(engine: string): EmbeddedArchive {
  const ofPackage = path.dirname(path.dirname(engine));
  const modules = path.resolve(ofPackage, '..', '..');
  // a package that was installed in another way has no such place
  if (path.basename(modules) !== 'node_modules') return noArchive;
  const { version } = JSON.parse(readFileSync(path.join(ofPackage, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return archiveFile(path.join(modules, '.cache', 'dms', `pglite-${version}.tar.gz`));
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { isThere, readInput, writeOutput } from '@dms/files';
import type { KnownShapes } from '@dms/verification';

/*
 * The file of shapes that earlier runs have proved (design 09b §2.6). It is neither an artifact nor an input of a task: a
 * report has the same bytes with and without it. The first line has the build of the product, every other one the key of a shape
 * or of a run, and what the run counted.
 */

declare const __BUILD__: string | undefined;

/** The version of the product and a hash of its sources; null in a checkout, where the checks may change. */
const builtFrom = typeof __BUILD__ === 'string' ? __BUILD__ : null;

const beginning = 'shapes proved by dms ';

/** More keys than many schema sets have; a file that would grow beyond begins anew. */
const mostKeys = 50_000;

/** The usual file, in the folder for caches of the user; undefined if the environment names none. */
export function usualShapesFile(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = environment;
  const ofHome = HOME && path.join(HOME, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
  const folder = platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME || ofHome;
  return folder ? path.join(folder, 'dms', 'shapes.txt') : undefined;
}

/** A file of known shapes. */
export interface ShapesFile {
  readonly known: KnownShapes;
  /** Adds the keys of a run that passed. */
  add(keys: readonly string[]): Promise<void>;
}

/**
 * Reads the named file of known shapes, or the usual one; a file that is absent or of another build has none. Null if
 * there is no place for one. A named file that is something else is not written: `INPUT_FILE_UNREADABLE`. Throws `INPUT_*`
 * and, when it is written, `OUTPUT_*` for a named file; the usual one is left alone if it cannot be read or written.
 *
 * @param build the version of the product and a hash of its sources; without one a named file is an `OPTION_CONFLICT`
 */
export async function openShapesFile(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  build: string | null = builtFrom,
): Promise<ShapesFile | null> {
  // a fact of the program that runs: no option is wrong in a build
  if (build === null && named !== undefined)
    fail(
      'OPTION_CONFLICT',
      'Only a build of dms uses a file of shapes, because the sources of a checkout may change; omit --shapes, or run a build.',
      {},
      { options: ['--shapes'] },
    );
  const file = named ?? usualShapesFile(environment);
  if (build === null || file === undefined) return null;
  const text = named === undefined ? await readFile(file, 'utf8').catch(() => '') : await textOf(named);
  const [first, ...lines] = text.split('\n');
  const keys = new Set(
    first === beginning + build ? lines.filter((line) => /^[0-9a-f]{64}(?: [0-9a-f]{64} \{.*\})?$/.test(line)) : [],
  );
  return {
    known: { version: build, keys },
    add: async (proved) => {
      const added = proved.filter((key) => !keys.has(key));
      if (added.length === 0) return;
      const all = keys.size + added.length > mostKeys ? proved : [...keys, ...added];
      for (const key of added) keys.add(key);
      const writing = writeOutput('verify', file, `${[beginning + build, ...[...all].sort()].join('\n')}\n`);
      await (named === undefined ? writing.catch(() => undefined) : writing);
    },
  };
}

/** The text of a named file; empty if there is none yet. */
async function textOf(file: string): Promise<string> {
  if (!isThere(file)) return '';
  const text = (await readInput(file)).toString('utf8');
  if (text !== '' && !text.startsWith(beginning))
    fail('INPUT_FILE_UNREADABLE', `${file} holds no shapes, and is not overwritten; name another file.`, { file });
  return text;
}

import { lstatSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';

/*
 * Some drives of Windows that exist in memory, in a network or encrypted have no real paths: the system refuses to tell
 * them, although it reads and writes the files. The same holds for some paths with the prefix of long ones.
 */

/** The real path of a file, however the file was given; the absolute path where the system tells no real one. */
export const realName = (file: string): Promise<string> => realpath(file).catch(() => path.resolve(file));

/** Like `realName`, for a place that exists. */
export function realNameSync(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    return path.resolve(place);
  }
}

/**
 * The place at which a file that exists is replaced: where the links to it lead. Throws what the system says about a
 * link whose end it does not tell, because replacing the link would be something else.
 */
export async function replacedPlace(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (lstatSync(file).isSymbolicLink()) throw error;
    return file;
  }
}

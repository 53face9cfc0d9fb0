import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { compareOrdinal } from '@dms/values';

/**
 * A name without letter case and without the form in which Unicode composes its letters: what the file systems of
 * Windows and macOS compare. Two names in a folder that give the same result are the same file there.
 */
export function caselessName(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC');
}

/**
 * The path as the disk spells it, if a part of it is spelt otherwise; undefined if it is right, or if a part does not
 * exist under any spelling. The answer is the same on every system, whether or not it takes the other spelling for the
 * same file.
 *
 * @param folder a folder whose own spelling does not matter
 * @param place a path below it, with `/`, without `.` and `..`
 */
export function otherSpelling(folder: string, place: string): string | undefined {
  const spelt: string[] = [];
  const parts = place.split('/');
  for (const part of parts) {
    const right = nameOnDisk(path.join(folder, ...spelt), part);
    if (right === undefined) return undefined;
    spelt.push(right);
  }
  return spelt.some((part, index) => part !== parts[index]) ? spelt.join('/') : undefined;
}

/** The name of an entry of a folder as the disk spells it; undefined if there is no such entry. */
function nameOnDisk(folder: string, name: string): string | undefined {
  const names = namesIn(folder);
  if (names.includes(name)) return name;
  const [same] = names.filter((each) => caselessName(each) === caselessName(name)).sort(compareOrdinal);
  return same ?? longName(folder, name, names);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The name of an entry that the folder does not list under this name: Windows finds files by their short names
 * (`RELEAS~1`), and without blanks and points at the end.
 */
function longName(folder: string, name: string, names: readonly string[]): string | undefined {
  try {
    lstatSync(path.join(folder, name));
    const found = path.basename(realpathSync.native(path.join(folder, name)));
    // a folder that may be entered but not listed says nothing about its names
    return names.includes(found) ? found : name;
  } catch {
    return undefined;
  }
}

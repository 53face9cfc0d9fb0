import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { caselessName, statsAt } from '@dms/files';

export interface PatternRules {
  readonly platform: NodeJS.Platform;
  /** Whether folders match too, as in a shell. */
  readonly matchesFolders: boolean;
  /** The place on this disk of a path with `/`; specs look at paths of Windows in a folder of their own. */
  readonly real: (place: string) => string;
}

/** The drive, share or root folder with which a path begins, with `/`; no part of it is a pattern. */
function rootOf(pattern: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return path.posix.parse(pattern).root;
  return path.win32.parse(pattern).root;
}

/** The parts of a pattern between the folders; `{a/b,c}` is one. */
function partsOf(pattern: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of pattern) {
    depth = Math.max(0, depth + Number('{(['.includes(character)) - Number('})]'.includes(character)));
    if (character === '/' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '' && part !== '.');
}

const joined = (folder: string, name: string) => (/(?:^|[/:])$/.test(folder) ? folder : `${folder}/`) + name;

/**
 * The files and folders of a pattern, in no order, with `/`. The root is split off first. Each part is taken as it is
 * written where something with that name exists, such as the folder `Downloads (1)`, and as a pattern otherwise. On
 * Windows letter case does not count. Folders with packages of npm match no pattern.
 *
 * @param pattern with `/` only
 */
export async function placesOfPattern(
  pattern: string,
  { platform, matchesFolders, real }: PatternRules,
): Promise<readonly string[]> {
  // loaded on demand, because few runs need it
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const isCaseless = platform === 'win32';
  const root = rootOf(pattern, platform);
  const parts = partsOf(pattern.slice(root.length));

  const globbed = async (folder: string, rest: string, onlyFiles: boolean) => {
    const options = {
      cwd: path.resolve(real(folder === '' ? '.' : folder)),
      ignore: ['**/node_modules/**', '**/node_modules'],
      expandDirectories: false,
      onlyFiles,
      caseSensitiveMatch: !isCaseless,
    };
    return (await glob(rest, options)).map((found) => joined(folder, found.replace(/(?<=.)\/$/, '')));
  };
  const isFolder = (place: string) => statsAt(real(place))?.isDirectory() === true;

  async function placesOfPart(folder: string, part: string): Promise<readonly string[]> {
    const literal = joined(folder, part);
    if (statsAt(real(literal)) !== undefined) return [literal];
    if (isCaseless) {
      const names = await readdir(path.resolve(real(folder === '' ? '.' : folder))).catch(() => []);
      const same = names.filter((name) => caselessName(name) === caselessName(part));
      if (same.length > 0) return same.map((name) => joined(folder, name));
    }
    return isDynamicPattern(part) || part.includes('\\') ? globbed(folder, part, false) : [];
  }

  let places: readonly string[] = [root];
  for (const [index, part] of parts.entries()) {
    // only a walk through all folders finds what these can mean
    if (part.includes('**') || part.includes('/')) {
      const rest = parts.slice(index).join('/');
      return (await Promise.all(places.map((folder) => globbed(folder, rest, !matchesFolders)))).flat();
    }
    const found = (await Promise.all(places.map((folder) => placesOfPart(folder, part)))).flat();
    const isLast = index === parts.length - 1;
    places = found.filter((place) => (isLast ? matchesFolders || !isFolder(place) : isFolder(place)));
  }
  return places;
}

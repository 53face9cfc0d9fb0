import { type JsonPath, parseJsonPath } from '@dms/api-schema';
import { failInvariant, type PackPlace } from '../fail-pack.ts';

export type PathReader = (text: string, at: PackPlace, what: string) => JsonPath;

/**
 * Compiles paths, each text once, because most occur several times. Their total length is limited, because each segment
 * takes memory.
 */
export function pathReader(maximumCharacters: number): PathReader {
  const known = new Map<string, JsonPath>();
  let characters = 0;
  return (text, at, what) => {
    const path = known.get(text);
    if (path) return path;
    characters += text.length;
    if (characters > maximumCharacters)
      failInvariant(at, 'length of all paths', `at most ${maximumCharacters}`, 'more');
    const parsed = parseJsonPath(text);
    if (!('path' in parsed)) return failInvariant(at, what, 'a JSONPath', text === '' ? 'none' : text);
    known.set(text, parsed.path);
    return parsed.path;
  };
}

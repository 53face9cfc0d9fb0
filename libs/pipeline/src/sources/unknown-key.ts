import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { closest } from 'fastest-levenshtein';

/** The JSON pointer of a member. */
export function jsonPointer(names: readonly PropertyKey[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** `CONFIG_MEMBER_UNKNOWN` for an unknown member, with the most similar known member. */
export function unknownKey(key: string, pointer: string, known: readonly string[], file: string): Diagnostic {
  const nearest = closest(key, [...known]);
  const message = `${pointer} is unknown; the nearest known member is ${JSON.stringify(nearest)}. Correct or remove it.`;
  return diagnostic('CONFIG_MEMBER_UNKNOWN', message, { file, path: pointer }, { nearest });
}

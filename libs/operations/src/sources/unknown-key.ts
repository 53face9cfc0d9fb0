import { type Diagnostic, diagnostic, listOfNames, meantNames, nearNames } from '@dms/diagnostics';

/** The JSON pointer of a member. */
export function jsonPointer(names: readonly PropertyKey[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * `CONFIG_MEMBER_UNKNOWN` for an unknown member, with the most similar known member, or with all if none is similar.
 */
export function unknownKey(key: string, pointer: string, known: readonly string[], file: string): Diagnostic {
  const nearest = nearNames(key, known)[0] ?? null;
  const advice =
    nearest === null
      ? `; the known members are ${listOfNames(known)}. Remove it.`
      : `${meantNames([nearest])} Correct or remove it.`;
  return diagnostic('CONFIG_MEMBER_UNKNOWN', `${pointer} is unknown${advice}`, { file, path: pointer }, { nearest });
}

import { type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import { decodeUtf8, parseJson } from '@dms/files';
import { mustExist } from '@dms/model';
import type * as z from 'zod/mini';
import { jsonPointer, unknownKey } from './unknown-key.ts';

/**
 * The value of a configuration file, or what is wrong with the file: `CONFIG_INVALID`. Never throws for a user's
 * mistake.
 */
export function configValue(
  bytes: Uint8Array,
  file: string,
): { readonly value: unknown } | { readonly problems: Diagnostic[] } {
  try {
    const text = decodeUtf8(bytes, file);
    // the strict reader finds mistakes that `JSON.parse` overlooks; plain values are then easier to check
    parseJson(text, file);
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return {
      problems: error.diagnostics.map(({ message, where, details }) =>
        diagnostic('CONFIG_INVALID', message, where, details),
      ),
    };
  }
}

/** The place of a checked object, and its name in messages if it is the whole file. */
interface ConfigPlace {
  readonly file: string;
  /** The JSON pointer of the object; empty for the whole file. */
  readonly pointer: string;
  readonly title: string;
  /** The members of the objects in it, by place, with `*` for a position. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Checks an object against a format and reports each problem once: `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`. */
export function configProblems(
  issues: readonly z.core.$ZodIssue[],
  { file, pointer, title, members }: ConfigPlace,
): Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const issue of issues) {
    const at = jsonPointer(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = members.get(at.replace(/\/\d+/, '/*')) ?? [];
      for (const key of issue.keys) problems.push(unknownKey(key, `${pointer}${at}${jsonPointer([key])}`, known, file));
      continue;
    }
    const where = { file, path: `${pointer}${at}` };
    const subject = where.path === '' ? title : where.path;
    // a wrong key of labels is the only issue with nested issues
    const nested = 'issues' in issue && issue.code === 'invalid_key';
    const expected = nested
      ? mustExist(issue.issues[0], `what is wrong with a key of ${subject}`).message
      : issue.message;
    const message = `${subject} must be ${expected}; correct it.`;
    // a format may complain twice about one value
    if (problems.every((problem) => problem.message !== message))
      problems.push(diagnostic('CONFIG_INVALID', message, where, { expected }));
  }
  return problems;
}

import { type Diagnostic, DmsError, diagnostic, listOfNames, meantNames, nearNames } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { decodeUtf8, parseJson } from '@dms/values';
import * as z from 'zod/mini';

/** The value of a configuration file, or its errors: `CONFIG_INVALID`. Never throws for a user's mistake. */
export function configValue(
  bytes: Uint8Array,
  file: string,
): { readonly value: unknown } | { readonly diagnostics: Diagnostic[] } {
  try {
    const text = decodeUtf8(bytes, file);
    // the strict parser finds mistakes that `JSON.parse` overlooks; the plain values of `JSON.parse` are easier to
    // check
    parseJson(text, file);
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return {
      diagnostics: error.diagnostics.map(({ message, where, details }) =>
        diagnostic('CONFIG_INVALID', message, where, details),
      ),
    };
  }
}

/** A checked object: its place, and its name in messages if it is the whole file. */
interface ConfigPlace {
  readonly file: string;
  /** The JSON pointer of the object; empty for the whole file. */
  readonly pointer: string;
  readonly title: string;
  /** The members of inner objects, by place; `*` stands for a position. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Checks an object against a format and reports each diagnostic once: `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`. */
export function configDiagnostics(
  issues: readonly z.core.$ZodIssue[],
  { file, pointer, title, members }: ConfigPlace,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const issue of issues) {
    const at = jsonPointer(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = members.get(at.replace(/\/\d+/, '/*')) ?? [];
      for (const key of issue.keys)
        diagnostics.push(unknownKey(key, `${pointer}${at}${jsonPointer([key])}`, known, file));
      continue;
    }
    const where = { file, path: `${pointer}${at}` };
    const subject = where.path === '' ? title : where.path;
    // only a wrong key of labels has nested issues
    const nested = 'issues' in issue && issue.code === 'invalid_key';
    const expected = nested
      ? mustExist(issue.issues[0], `what is wrong with a key of ${subject}`).message
      : issue.message;
    const message = `${subject} must be ${expected}; correct it.`;
    // a format may report one value twice
    if (diagnostics.every((entry) => entry.message !== message))
      diagnostics.push(diagnostic('CONFIG_INVALID', message, where, { expected }));
  }
  return diagnostics;
}

/** The JSON pointer of a member. */
export function jsonPointer(names: readonly PropertyKey[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * `CONFIG_MEMBER_UNKNOWN` for an unknown member, which suggests the most similar known member, or lists all if none is
 * similar.
 */
export function unknownKey(key: string, pointer: string, known: readonly string[], file: string): Diagnostic {
  const nearest = nearNames(key, known)[0] ?? null;
  const advice =
    nearest === null
      ? `; the known members are ${listOfNames(known)}. Remove it.`
      : `${meantNames([nearest])} Correct or remove it.`;
  return diagnostic('CONFIG_MEMBER_UNKNOWN', `${pointer} is unknown${advice}`, { file, path: pointer }, { nearest });
}

/** A member with its description for editors. */
export function described<Schema extends z.ZodMiniType>(
  schema: Schema,
  description: string,
  more: Readonly<Record<string, unknown>> = {},
): Schema {
  z.globalRegistry.add(schema, { description, ...more });
  return schema;
}

/** A text that is not empty; `error` is the expected form in messages. */
export const filled = (error: string) =>
  z.string({ error }).check(
    z.minLength(1, { error }),
    z.refine((text) => !text.includes('\0'), { error: `${error}, without the character U+0000` }),
  );

/** An object that may have a comment; `error` is the expected form in messages. */
export const commented = <const Members extends z.core.$ZodLooseShape>(members: Members, error: string) =>
  z.strictObject({ $comment: z.optional(z.unknown()), ...members }, { error });

/** The top-level member that names the JSON schema of the file. */
export const $schema = z.optional(
  described(z.string({ error: 'a text' }), 'The JSON schema with which an editor checks this file.'),
);

const connectionText = (description: string) => z.optional(described(filled('a text that is not empty'), description));

/** The members that can hold a connection; exactly one is needed (design 09 §1.1). */
export const databaseMembers = {
  env: connectionText('Name of an environment variable that holds the connection text.'),
  file: connectionText('File that holds the connection text, relative to the workspace.'),
  target: connectionText('The connection text itself, without a password.'),
};

/** The expected form of an entry, for messages. */
export const oneDatabase = 'an object with one of "env", "file" and "target"';

/** Names a connection by one of these: a variable, a file relative to the workspace, or the text itself. */
export interface DatabaseEntry {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly target?: string | undefined;
}

/** Whether exactly one of the members is given. */
export const hasOnePlace = ({ env, file, target }: DatabaseEntry) =>
  [env, file, target].filter((text) => text !== undefined).length === 1;

/** The format of an entry with only a connection. */
export const databaseEntry = (description: string) =>
  described(commented(databaseMembers, oneDatabase).check(z.refine(hasOnePlace, { error: oneDatabase })), description);

import * as z from 'zod/mini';

const connectionText = (description: string) =>
  z.optional(
    z
      .string({ error: 'a text' })
      .check(z.minLength(1, { error: 'a text that is not empty' }))
      .register(z.globalRegistry, { description }),
  );

/** The members that say where a connection is; exactly one is needed (design 09 §1.1). */
export const databaseMembers = {
  env: connectionText('Name of an environment variable that holds the connection text.'),
  file: connectionText('File that holds the connection text, relative to the workspace.'),
  target: connectionText('The connection text itself, without a password.'),
};

/** The expected form of an entry, for messages. */
export const oneDatabase = 'an object with one of "env", "file" and "target"';

/** One of these gives the connection: a variable, a file relative to the workspace, or the text itself. */
export interface DatabaseEntry {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly target?: string | undefined;
}

/** Whether exactly one of the members is given. */
export const hasOnePlace = ({ env, file, target }: DatabaseEntry) =>
  [env, file, target].filter((text) => text !== undefined).length === 1;

/** An entry with only the place of a connection. */
export const databaseEntry = (description: string) =>
  z
    .strictObject({ $comment: z.optional(z.unknown()), ...databaseMembers }, { error: oneDatabase })
    .check(z.refine(hasOnePlace, { error: oneDatabase }))
    .register(z.globalRegistry, { description });

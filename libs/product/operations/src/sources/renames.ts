import { failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import { parseRename, type Rename } from '@dms/upgrade';
import * as z from 'zod/mini';
import { $schema, commented, configDiagnostics, configValue, described, filled } from './config-file.ts';

/** Where a task finds the renames of an upgrade (design 12 §11). */
export interface RenameOptions {
  /** Each in the form of an option: `<before>=<after>`. */
  readonly rename?: readonly string[] | undefined;
  /** A file with further renames. */
  readonly renames?: string | undefined;
}

/** The renames of a file. */
async function renamesOfFile(file: string): Promise<readonly Rename[]> {
  const read = configValue(await readInput(file), file);
  if ('diagnostics' in read) {
    failIfAny(read.diagnostics);
    return [];
  }
  const result = renamesObject.safeParse(read.value);
  const place = { file, pointer: '', title: 'A file of renames', members: innerRenamesMembers };
  failIfAny(configDiagnostics(result.error?.issues ?? [], place));
  return (result.data?.renames ?? []).map(({ before, after }) => ({ before, after }));
}

/** The requested renames: first those in the file, then those in options. */
export async function requestedRenames({ rename = [], renames }: RenameOptions): Promise<readonly Rename[]> {
  return [...(renames === undefined ? [] : await renamesOfFile(renames)), ...rename.map(parseRename)];
}

const objectRule = 'the name of an object, such as "Ed-Fi:Student.$.birthCity"';

const name = (description: string) => described(filled(objectRule), description);

const renameEntry = commented(
  {
    before: name('The object in the earlier schema set: a project, Project:Resource, or Project:Resource.$.path.'),
    after: name('The same object in the later schema set, with its full name.'),
  },
  'an object with "before" and "after"',
);

/** The format of a file of renames (design 12 §11). */
const renamesObject = z.strictObject(
  {
    $schema,
    $comment: z.optional(z.unknown()),
    renames: described(
      z.array(renameEntry, { error: 'a list of renames' }),
      'The renames from the earlier to the later schema set, in any order.',
    ),
  },
  { error: 'an object with "renames"' },
);

/** The members of objects in the file, by place, with `*` for a position. */
const innerRenamesMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['$schema', '$comment', 'renames']],
  ['/renames/*', ['$comment', 'before', 'after']],
]);

/** The published JSON schema of a file of renames, for editors. */
export function renamesJsonSchema(): unknown {
  const title = 'Renames between two schema sets for dms-ddl and nx-dms';
  return { ...z.toJSONSchema(renamesObject, { target: 'draft-7', io: 'input' }), title };
}

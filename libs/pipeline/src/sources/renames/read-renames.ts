import { decodeUtf8, parseJson, readInput } from '@dms/canonical-json';
import { type Diagnostic, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import { type Rename, renameOf } from '@dms/upgrade';
import { jsonPointer, unknownKey } from '../unknown-key.ts';
import { innerRenamesMembers, renamesObject } from './renames-format.ts';

/** Where a task finds the renames of an upgrade (design 12 §11). */
export interface RenameOptions {
  /** As an option gives each: `<before>=<after>`. */
  readonly rename?: readonly string[] | undefined;
  /** A file with further ones. */
  readonly renames?: string | undefined;
}

function checkRenames(value: unknown, file: string): readonly Rename[] {
  const result = renamesObject.safeParse(value);
  const problems = (result.error?.issues ?? []).flatMap((issue): Diagnostic[] => {
    const pointer = jsonPointer(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = innerRenamesMembers.get(pointer.replace(/\/\d+/, '/*')) ?? [];
      return issue.keys.map((key) => unknownKey(key, `${pointer}${jsonPointer([key])}`, known, file));
    }
    const subject = pointer === '' ? 'A file of renames' : pointer;
    const message = `${subject} must be ${issue.message}; correct it.`;
    return [diagnostic('CONFIG_INVALID', message, { file, path: pointer }, { expected: issue.message })];
  });
  failIfAny(problems);
  return (result.data?.renames ?? []).map(({ before, after }) => ({ before, after }));
}

/** The renames of a file. Throws `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`. */
async function renamesOfFile(file: string): Promise<readonly Rename[]> {
  const bytes = await readInput(file);
  try {
    const text = decodeUtf8(bytes, file);
    // the strict reader finds what `JSON.parse` overlooks
    parseJson(text, file);
    return checkRenames(JSON.parse(text), file);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...others] = error.diagnostics.map((problem) =>
      /^CONFIG_/.test(problem.code) ? problem : unreadable(problem),
    );
    throw first ? new DmsError([first, ...others]) : error;
  }
}

const unreadable = ({ message, where, details }: Diagnostic) => diagnostic('CONFIG_INVALID', message, where, details);

/**
 * The renames that options ask for, those of the file first. Throws `UPGRADE_RENAME_INVALID`, `CONFIG_INVALID`,
 * `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`.
 */
export async function requestedRenames({ rename = [], renames }: RenameOptions): Promise<readonly Rename[]> {
  return [...(renames === undefined ? [] : await renamesOfFile(renames)), ...rename.map(renameOf)];
}

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ran } from './ran.ts';

/** A page of `docs/` whose commands and SQL are run in order. */
export interface Guide {
  /** Its name in `docs/`. */
  readonly file: string;
  /** The folder of the files that its commands name; not in what is compared. */
  readonly folder: string;
  /** The words of its commands that name files and folders there. */
  readonly files: RegExp;
  /** Runs a block of SQL. */
  readonly sql?: (text: string) => Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../../..');

/** Runs a line of a guide with its files in the folder, which is not in what it prints. */
export async function printedBy({ folder, files }: Pick<Guide, 'folder' | 'files'>, command: string) {
  const words = command.split(' ').map((word, index) => (index > 0 && files.test(word) ? path.join(folder, word) : word));
  const { code, out, err } = await ran(words);
  return { code, text: `${out}${err}`.replaceAll(`${folder}${path.sep}`, '') };
}

const blocks = /```(?:console\n\$ dms-ddl (?<command>[^\n]*)\n[^`]*|sql\n(?<sql>[^`]*))```/g;

/**
 * Runs the commands and the SQL of a guide. Returns its text, and that text with what the commands print now. DMS_ACCEPT_GUIDE=1 writes the
 * latter into the file.
 */
export async function replayed(guide: Guide): Promise<{ readonly text: string; readonly now: string }> {
  const file = path.join(root, 'docs', guide.file);
  const text = readFileSync(file, 'utf8');
  let now = '';
  let end = 0;
  for (const { 0: whole, index, groups } of text.matchAll(blocks)) {
    const { command, sql } = groups ?? {};
    if (sql !== undefined) await guide.sql?.(sql);
    const block =
      command === undefined ? whole : `\`\`\`console\n$ dms-ddl ${command}\n${(await printedBy(guide, command)).text}\`\`\``;
    now += text.slice(end, index) + block;
    end = index + whole.length;
  }
  now += text.slice(end);
  if (process.env.DMS_ACCEPT_GUIDE) writeFileSync(file, now);
  return { text, now };
}

/*
 * What is wrong with an embedded database that its engine does not open: the engine writes it to its log, and its error
 * has no reason.
 */

/** What the engine has said, and what to do. */
export interface OpeningTrouble {
  /** The last refusal of the engine, without its time; undefined if it has said nothing. */
  readonly said: string | undefined;
  /** What the file system refused, by its name of the system. */
  readonly cause?: string | undefined;
  readonly advice: string;
}

/** How the engine words refusals of the file system. */
const refusals: Readonly<Record<string, string>> = {
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Read-only file system': 'EROFS',
  'No space left on device': 'ENOSPC',
  'Quota exceeded': 'EDQUOT',
  'Disk quota exceeded': 'EDQUOT',
};

/** What the engine says about damaged data: files that are missing, short, or not as it wrote them. */
const damage = /invalid page|checkpoint record|: No such file or directory|: read \d+ of \d+|checksum|corrupt/;

const otherVersion = 'incompatible with server';

const level = /^(?:FATAL|PANIC|ERROR|postgres):\s+/;

/** The lines of the last refusal: the refusal itself, and its DETAIL. */
function lastRefusal(lines: readonly string[]): string | undefined {
  const texts = lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d [^[]*\[\d+\] /, '').trim());
  const index = texts.findLastIndex((text) => level.test(text));
  const refusal = texts[index];
  if (refusal === undefined) return undefined;
  const detail = texts[index + 1]?.startsWith('DETAIL:') ? ` ${texts[index + 1]}` : '';
  return `${refusal}${detail}`.replaceAll(/\s+/g, ' ');
}

/**
 * What to do about an engine that does not open its database: there is no host and no network to check. Only where the
 * engine itself says that the data are damaged, the advice is to remove them, and to copy them first (design 09 §1.6).
 *
 * @param place the folder; null for a database in memory
 * @param lines what the engine has written
 */
export function openingTrouble(place: string | null, isNew: boolean, lines: readonly string[]): OpeningTrouble {
  const said = lastRefusal(lines);
  if (place === null)
    return {
      said,
      advice: 'The embedded engine does not start. Install @electric-sql/pglite again, or name a server.',
    };
  const cause = Object.entries(refusals).find(([text]) => said?.includes(text))?.[1];
  if (isNew) {
    const advice = `The embedded engine cannot make a database in ${place}. Check whether the disk has room, or name another folder.`;
    return { said, cause, advice };
  }
  if (said?.includes(otherVersion)) {
    const advice = `Another version of the engine made ${place}, or its files are damaged. Keep it: open it with the version of @electric-sql/pglite that made it, or name another folder.`;
    return { said, advice };
  }
  if (cause === undefined && said !== undefined && damage.test(said)) {
    const advice = `The data in ${place} are damaged. Copy the folder first; then restore a backup, or remove the folder and provision it again.`;
    return { said, advice };
  }
  const advice = `The embedded engine does not open ${place}, and does not say that the data are damaged: keep them. Check the memory of this machine and other programs that use the folder, then try again.`;
  return { said, cause, advice };
}

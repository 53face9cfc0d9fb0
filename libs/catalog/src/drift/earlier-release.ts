import type { Catalog } from '../catalog.ts';
import type { Difference, ObjectKind } from './difference.ts';

/** What provisioning replaces in a database that has its set already. */
const replaced: ReadonlySet<ObjectKind> = new Set(['function', 'trigger', 'view']);

/**
 * What to do if an earlier version of this tool made a database of the same schema set: a sentence after a blank; empty
 * if the database has another set (design 12 §9). The database does not say which of the two it was.
 */
export function earlierReleaseAdvice(
  live: Catalog,
  wanted: Catalog,
  differences: readonly Pick<Difference, 'object'>[],
): string {
  const [stored, hash] = [live, wanted].map(({ fingerprint }) => fingerprint?.effectiveSchemaHash);
  if (stored === undefined || stored !== hash || differences.length === 0) return '';
  if (differences.every(({ object }) => replaced.has(object)))
    return ' If an earlier version of dms-ddl made it, dms-ddl provision replaces what differs.';
  return ' If an earlier version of dms-ddl made it, run dms-ddl upgrade apply with --before <the artifacts that it was made from> and --after <these artifacts>.';
}

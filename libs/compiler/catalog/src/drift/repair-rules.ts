import type { CatalogDiff, CatalogDifference, ObjectKind } from './difference.ts';

/*
 * The differences that a repair of the catalog removes (design 09a §2.6): those of objects without rows. A repair drops
 * and creates indexes, triggers, functions and views, and grants and revokes rights.
 */

const ofRows = 'rows that were written meanwhile may break it, so look at them first';

const extraView = 'somebody else made it, and others may read it: drop it if nobody does';

/** The reason why a person must decide about a difference; null if a repair may remove it. */
const reasons: Readonly<Record<ObjectKind, (difference: CatalogDifference) => string | null>> = {
  index: () => null,
  trigger: () => null,
  grant: () => null,
  view: ({ change }) => (change === 'extra' ? extraView : null),
  function({ change, severity, field }) {
    if (change === 'extra' && severity !== 'error')
      return 'somebody else made it, and others may call it: drop it if nobody does';
    return field === 'result' ? 'others may depend on its result: drop it, and repair the catalog again' : null;
  },
  schema: ({ change }) => (change === 'missing' ? 'what was in it is gone with it' : null),
  extension: () => 'an extension belongs to the whole database',
  sequence: () => 'it must continue after the numbers that rows have',
  table: ({ change }) => (change === 'extra' ? 'it may hold rows' : 'its rows are not those of the schema set'),
  column: ({ change }) => (change === 'extra' ? 'it may hold values' : 'its values are not those of the schema set'),
  columnOrder: () => 'the order of columns cannot be changed in place',
  primaryKey: () => ofRows,
  unique: () => ofRows,
  foreignKey: () => ofRows,
  check: () => ofRows,
  tableType: () => 'procedures may use it',
  role: () => 'a role belongs to the whole server',
  seed: () => 'the rows of the fingerprint say what a database is',
};

/** A difference, and the reason why a person must decide about it; null if a repair removes it. */
export interface DecidedDifference {
  readonly difference: CatalogDifference;
  readonly reason: string | null;
}

/**
 * Decides about all differences that are not only `info`, and about each extra index that is the renamed form of a
 * missing one: it would stay beside the index that the repair creates.
 */
export function repairDecisions({ differences, renames }: CatalogDiff): readonly DecidedDifference[] {
  const renamedIndexes = new Set(
    renames.flatMap(({ object, actual }) => (object === 'index' ? [actual.join('\n')] : [])),
  );
  return differences
    .filter(
      ({ severity, object, change, path }) =>
        severity !== 'info' || (object === 'index' && change === 'extra' && renamedIndexes.has(path.join('\n'))),
    )
    .map((difference) => ({ difference, reason: reasons[difference.object](difference) }));
}

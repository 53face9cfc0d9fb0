import { type Change, rulesOf } from '../comparing/change.ts';
import type { Comparison } from '../comparing/comparison.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/**
 * Creates the test whether a translation makes a change by reading documents and writing them again: the change
 * concerns a table of a rewritten resource, or a rule for its documents (design 12a §6).
 */
export function translatedChanges(
  { match, renaming }: Pick<Comparison, 'match' | 'renaming'>,
  { rewritten }: Pick<UpgradeTranslation, 'rewritten'>,
): (change: Change) => boolean {
  const later = new Set([...rewritten].map((label) => renaming.resource(label)));
  const tables = new Set([
    ...match.removed.flatMap(({ key, owner }) => (rewritten.has(owner) ? [key] : [])),
    ...match.added.flatMap(({ key, owner }) => (later.has(owner) ? [key] : [])),
  ]);
  return (change) => {
    const [first = ''] = change.path;
    if (tables.has(first)) return true;
    return rulesOf(change).documents !== undefined && later.has(change.owner);
  };
}

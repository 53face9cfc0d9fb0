import { counted } from '@dms/diagnostics';
import type { Catalog } from '../catalog.ts';
import { isOfSet } from '../origin/live-shape.ts';
import type { CatalogDiff } from './difference.ts';
import { repairDecisions } from './repair-rules.ts';

/**
 * Advice for a database that differs from its schema set: a sentence after a blank; empty if the database has another
 * set (design 12 §9). The command is named only for differences that its own rules let it repair. The remaining
 * differences may come from an earlier version of this tool; the database does not record that.
 *
 * @param isUpgrade whether an upgrade asks, which the advice then does not name again
 */
export function driftAdvice(live: Catalog, wanted: Catalog, diff: CatalogDiff, isUpgrade = false): string {
  const decisions = repairDecisions(diff);
  if (!isOfSet(live, wanted) || decisions.length === 0) return '';
  const left = decisions.filter(({ reason }) => reason !== null);
  const command = 'dms-ddl check --repair-catalog';
  if (left.length === 0) return ` ${command} repairs it.`;
  const some = decisions.length - left.length;
  const repaired = some === 0 ? '' : ` ${command} repairs ${some} of ${counted(decisions.length, 'difference')}.`;
  if (left.every(({ difference: { change } }) => change === 'extra')) return repaired;
  const before = '--before <the artifacts that it was made from>';
  const remedy = isUpgrade
    ? `run this again with ${before}`
    : `run dms-ddl upgrade apply with ${before} and --after <these artifacts>`;
  return `${repaired} If an earlier version of dms-ddl made it, ${remedy}.`;
}

import { alternatives, diagnostic, failIfAny } from '@dms/diagnostics';
import type { FleetDatabase } from './fleet-databases.ts';

/** What `--only` names: a database, or a label with its value. */
function matches(selector: string, { name, labels }: FleetDatabase): boolean {
  const split = selector.indexOf('=');
  return split < 0 ? name === selector : labels[selector.slice(0, split)] === selector.slice(split + 1);
}

function known(databases: readonly FleetDatabase[], selector: string): readonly string[] {
  if (!selector.includes('=')) return databases.map(({ name }) => name);
  return databases.flatMap(({ labels }) => Object.entries(labels).map(([label, value]) => `${label}=${value}`));
}

/**
 * The databases that any of the names and labels (`year=2026`) selects, in the order of the fleet; all of them without
 * any. Throws `FLEET_SELECTION_EMPTY` for each that selects nothing.
 */
export function selectDatabases(
  databases: readonly FleetDatabase[],
  only: readonly string[] = [],
): readonly FleetDatabase[] {
  if (only.length === 0) return databases;
  failIfAny(
    only
      .filter((selector) => !databases.some((database) => matches(selector, database)))
      .map((selector) => {
        const text = `No database of the fleet has the name or the label ${JSON.stringify(selector)}${alternatives(selector, known(databases, selector))}`;
        return diagnostic('FLEET_SELECTION_EMPTY', text, {}, { selector });
      }),
  );
  return databases.filter((database) => only.some((selector) => matches(selector, database)));
}

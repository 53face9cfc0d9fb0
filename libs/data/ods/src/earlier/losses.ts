import { compareBy } from '@dms/values';
import { type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { NotGivenBack } from './earlier-mapping.ts';

/** Data of some tables that views of the earlier set cannot give back. */
export interface EarlierLoss extends Omit<NotGivenBack, 'tables'> {
  readonly tables: readonly OdsTable[];
}

/** The list of losses (design 21 §4): one entry for a place and a reason, ordinally by both. */
export function notGivenBackList(losses: Iterable<EarlierLoss>): readonly NotGivenBack[] {
  const found = new Map<string, { readonly loss: EarlierLoss; readonly tables: Set<string> }>();
  for (const loss of losses) {
    const key = `${loss.place} ${loss.reason}`;
    const entry = found.get(key) ?? { loss, tables: new Set() };
    found.set(key, entry);
    for (const table of loss.tables) entry.tables.add(tableLabel(table));
  }
  return [...found]
    .sort(compareBy(([key]) => key))
    .map(([, { loss, tables }]) => ({ ...loss, tables: [...tables].sort() }));
}

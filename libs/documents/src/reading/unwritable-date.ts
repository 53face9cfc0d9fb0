import type { ExistingDescriptor } from '../statements/descriptor-statements.ts';
import { jsonFromDatabase } from '../values/stored-value.ts';
import type { UnwritableValue } from './page-rows.ts';

const dates = ['EffectiveBeginDate', 'EffectiveEndDate'] as const;

/** The date of a descriptor that no document can hold; null if it has none. */
export function unwritableDate(row: ExistingDescriptor): UnwritableValue | null {
  const column = dates.find((name) => row[name] !== null && jsonFromDatabase.Date(row[name]) === undefined);
  if (column === undefined) return null;
  return { path: `$.${column.charAt(0).toLowerCase()}${column.slice(1)}`, column, shown: row[column] ?? '' };
}

import { qualified } from '@dms/model';
import type { LoadedModel } from '../checking/check-model.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { LoadedTable } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import { tableNameMessage } from './payload-reader.ts';

/* What write plans and read plans share (design 08 §12.3). */

/** A statement that there must be. */
export const statementOf = (sql: string, at: PackPlace, what: string): string =>
  sql === '' ? failInvariant(at, what, 'a statement', 'none') : sql;

/** A statement that there may be; an empty text means none. */
export const optionalStatement = {
  write: (sql: string | null): string => sql ?? '',
  read: (sql: string): string | null => (sql === '' ? null : sql),
} as const;

/** Pairs the plans of a resource with its tables, which they must cover exactly, in order. */
export function perTable<Plan extends { readonly table: format.DbTableName | null }, Result>(
  { at, tables }: LoadedModel,
  plans: readonly Plan[],
  what: string,
  make: (plan: Plan, table: LoadedTable) => Result,
): Result[] {
  if (plans.length !== tables.length) failInvariant(at, `number of ${what}`, tables.length, plans.length);
  return tables.map((table, index) => {
    const plan = required(plans[index], at, what);
    const expected = qualified(table.model.table);
    const found = qualified(tableNameMessage.read(plan.table, at, `${what}.table`));
    if (found !== expected) failInvariant(at, `table of ${what}[${index}]`, expected, found);
    return make(plan, table);
  });
}

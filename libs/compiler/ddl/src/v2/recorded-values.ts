import type { TrackedChangeTable } from '@dms/inventory';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { sourcedValues, valueText } from './tracked-values.ts';

/** A value that a tracked-change table records of each row, before and after a change. */
interface RecordedValue {
  readonly oldColumn: string;
  readonly newColumn: string;
  /** An expression for the value in a row of the source table. */
  readonly text: string;
}

/** The values of a tracked-change table, as expressions over a row `alias` of its source table. */
export function recordedValues(
  dialect: SqlDialect,
  tracked: TrackedChangeTable,
  alias: string,
): readonly RecordedValue[] {
  const rules = dialectRules[dialect];
  const textOf = valueText({ q: rules.quote, qualified: (name) => qualifiedName(rules, name) });
  return sourcedValues(tracked).map(({ oldColumn, newColumn, source }) => ({
    oldColumn,
    newColumn,
    text: textOf(source, (name) => `${alias}.${rules.quote(name)}`),
  }));
}

import type { TrackedChangeTable } from '@dms/inventory';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { sourcedValues, valueText } from './tracked-values.ts';

/** A value that a table of tracked changes records of each row, before and after a change. */
interface RecordedValue {
  readonly oldColumn: string;
  readonly newColumn: string;
  /** The value of a row of the source table, as an expression. */
  readonly text: string;
}

/** The values of a table of tracked changes, as expressions over a row `alias` of its source table. */
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

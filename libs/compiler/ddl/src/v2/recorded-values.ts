import type { TrackedChangeTable } from '@dms/inventory';
import { dialectOf, type SqlDialect, textOf, trusted } from '@dms/sql';
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
  const { sql, id } = dialectOf[dialect];
  const textOfValue = valueText(dialectOf[dialect]);
  return sourcedValues(tracked).map(({ oldColumn, newColumn, source }) => ({
    oldColumn,
    newColumn,
    text: textOf(textOfValue(source, (name) => sql`${trusted(alias)}.${id(name)}`)),
  }));
}

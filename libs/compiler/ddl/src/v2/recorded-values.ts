import type { TrackedChangeTable } from '@dms/inventory';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import { sourcedValues, valueText } from './tracked-values.ts';

/** A value that a tracked-change table records of each row, before and after a change. */
interface RecordedValue {
  readonly oldColumn: string;
  readonly newColumn: string;
  /** An expression for the value in a row of the source table. */
  readonly value: PlainSql;
}

/** The values of a tracked-change table, as expressions over a row `alias` of its source table. */
export function recordedValues(
  dialect: SqlDialect,
  tracked: TrackedChangeTable,
  alias: PlainSql,
): readonly RecordedValue[] {
  const { sql, id } = dialectOf[dialect];
  const textFrom = valueText(dialectOf[dialect]);
  return sourcedValues(tracked).map(({ oldColumn, newColumn, source }) => ({
    oldColumn,
    newColumn,
    value: textFrom(source, (name) => sql`${alias}.${id(name)}`),
  }));
}

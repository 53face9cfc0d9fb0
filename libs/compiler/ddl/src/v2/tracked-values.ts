import type { DocumentStampingTrigger, PersonJoinStep, TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { Dialect, PlainSql } from '@dms/sql';
import type { TriggerSource } from '../trigger-source.ts';

/** The table in which a stamping trigger records deletes and changed keys; undefined if it records none. */
export function findTrackedTable({
  trigger,
  trackedChangeTables,
}: TriggerSource<DocumentStampingTrigger>): TrackedChangeTable | undefined {
  const target = trigger.changeTracking?.trackedChangeTable;
  if (!target) return undefined;
  const tracked = trackedChangeTables.get(qualified(target));
  if (!tracked)
    throw new Error(`${trigger.name} tracks changes in ${qualified(target)}, which the inventory does not have`);
  return tracked;
}

/** The source of a value of a tracked-change table in a row of the source table (design 16 §7.2). */
type TrackedSource =
  /** The value of a column. */
  | { readonly kind: 'column'; readonly column: string }
  /** A text of the descriptor that a column names. */
  | { readonly kind: 'descriptor'; readonly column: string; readonly text: 'Namespace' | 'CodeValue' }
  /** The value at the last of `steps`, on the path that begins with a column. */
  | { readonly kind: 'person'; readonly column: string; readonly steps: readonly PersonJoinStep[] };

/** Renders the value of a source; `column` renders a column of the row. */
export const valueText =
  ({ sql, id }: Dialect) =>
  (source: TrackedSource, column: (name: string) => PlainSql): PlainSql => {
    const start = column(source.column);
    switch (source.kind) {
      case 'column':
        return start;
      case 'descriptor':
        return sql`(SELECT r.${id(source.text)} FROM ${core.descriptor} AS r WHERE r."DocumentId" = ${start})`;
      case 'person':
        return source.steps.reduce(
          (value, { sourceTable, sourceColumn }) =>
            sql`(SELECT s.${id(sourceColumn)} FROM ${sourceTable} AS s WHERE s."DocumentId" = ${value})`,
          start,
        );
    }
  };

/** A value with its source. */
interface SourcedValue extends Pick<TrackedValue, 'oldColumn' | 'newColumn'> {
  readonly source: TrackedSource;
}

/** The values of a tracked-change table, in order. */
export const sourcedValues = (tracked: TrackedChangeTable): SourcedValue[] =>
  tracked.valueColumns.map((value) => ({
    oldColumn: value.oldColumn,
    newColumn: value.newColumn,
    source: findSource(tracked, value),
  }));

const descriptorTexts = { DescriptorNamespace: 'Namespace', DescriptorCodeValue: 'CodeValue' } as const;

function findSource(tracked: TrackedChangeTable, value: TrackedValue): TrackedSource {
  const { role, sourceColumn, personJoinName } = value;
  if (role === 'PersonDocumentId' && personJoinName !== null) {
    const steps = tracked.personJoins.find(({ name }) => name === personJoinName)?.joinPath ?? [];
    const [first, ...others] = steps;
    if (!first) throw new Error(`${tracked.table.schema}.${tracked.table.name} has no way ${personJoinName}`);
    if (others.length === 0) return { kind: 'column', column: first.sourceColumn };
    return { kind: 'person', column: first.sourceColumn, steps: others };
  }
  if (sourceColumn === null)
    throw new Error(`${tracked.table.schema}.${tracked.table.name}: ${value.oldColumn} has no source`);
  if (role === 'DescriptorNamespace' || role === 'DescriptorCodeValue')
    return { kind: 'descriptor', column: sourceColumn, text: descriptorTexts[role] };
  return { kind: 'column', column: sourceColumn };
}

import type { Inventory } from '@dms/inventory';
import {
  type ForeignKeyConstraint,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  storedColumn,
  type Table,
} from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { RowText } from '../verification-dialect.ts';
import type { RowsOf } from './behaviour-session.ts';
import { sameTable } from './checked-world.ts';
import { foreignKeysOf } from './world-tables.ts';

/*
 * The outcomes that the model allows for a new identity, and the values that follow it (design 11 §5, 16 §8).
 */

/** The required outcome of an update of an identity; `open` if the model does not decide it. */
type RenameVerdict = 'accepted' | 'refused' | 'open';

/** A value that changes in the rows of a document. */
interface ChangedValue {
  readonly table: QualifiedName;
  readonly column: string;
  readonly documentId: string;
}

/** A value that repeats another one through a foreign key. */
export interface RepeatedValue extends ChangedValue {
  readonly place: string;
  readonly rowPlace: string;
  readonly row: RowText;
  readonly key: ForeignKeyConstraint;
}

/** Whether triggers carry changed identities, in an order that the model does not define (design 11 §3, 16 §8.2). */
export const isPropagatedByTriggers = ({ dialect, propagationFallbacks }: RelationalModelSet): boolean =>
  isAlwaysPropagatedByTriggers[dialect] || propagationFallbacks.length > 0;

const isAlwaysPropagatedByTriggers: Readonly<Record<SqlDialect, boolean>> = { pgsql: false, mssql: true };

interface RenameTrial {
  readonly verdict: RenameVerdict;
  /** The values of other rows that change with the identity. */
  readonly followers: readonly RepeatedValue[];
}

/** A column of a changed row, and the key that carries its new value. */
interface Arrival {
  readonly key: string;
  /** Whether the key is checked at the end of the transaction. */
  readonly isDeferred: boolean;
  readonly column: string;
  readonly moment: Moment;
}

/** A round of the cascades that follow from a statement, and the changed row from which a change in it comes. */
interface Round {
  /** The table of the abstract identity that the statement changes; empty for the first statement. */
  readonly statement: string;
  readonly round: number;
  readonly row: string;
}

/**
 * When a row changes. A trigger changes an abstract identity with a statement of its own, which ends with all that
 * follows from it, within a round of the statement before: the rounds, from the first statement to the innermost.
 */
type Moment = readonly Round[];

/** The moment of what follows from a row that changes at a moment. */
const after = (moment: Moment, row: string): Moment => [
  ...moment.slice(0, -1),
  ...moment.slice(-1).map(({ statement, round }) => ({ statement, round: round + 1, row })),
];

/** Whether one change may come before another; at the same moment, none may. */
function mayPrecede([one, ...within]: Moment, [other, ...others]: Moment): boolean {
  if (!one || !other) return false;
  if (one.statement !== other.statement) return true;
  if (one.round !== other.round) return one.round < other.round;
  // what a key carries in this round is not stamped before the next one
  if (within.length === 0) return false;
  // keys carry the values of a row before its trigger changes the abstract identity
  return one.row !== other.row || mayPrecede(within, others);
}

/** The outcome that the model allows for an update of one column in the row of a document (design 11 §5, 16 §8). */
export function renameVerdicts(
  model: RelationalModelSet,
  { triggers }: Inventory,
): (rowsOf: RowsOf, update: ChangedValue) => RenameTrial {
  if (isPropagatedByTriggers(model)) return () => ({ verdict: 'open', followers: [] });
  const tables = modelIndex(model).allTables.map(({ table }) => table);
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const keys = tables.flatMap((table) => foreignKeysOf(table).map((key) => ({ key, table })));
  const referrers = groupBy(keys, ({ key }) => qualified(key.targetTable));
  const mappings = triggers.flatMap((trigger) =>
    trigger.kind === 'AbstractIdentityMaintenance'
      ? trigger.targetColumnMappings.map((mapping) => ({ ...mapping, ...trigger }))
      : [],
  );
  const copies = groupBy(mappings, ({ table }) => qualified(table));
  const stampings = new Map(
    triggers.flatMap((trigger) =>
      trigger.kind === 'DocumentStamping' ? [[qualified(trigger.table), trigger] as const] : [],
    ),
  );
  /** The root row that a change of a row below it stamps; undefined for other rows. */
  const stampedRoot = ({ table, row }: RepeatedValue): string | undefined => {
    const { mirrorStampTargetTable: root, keyColumns } = stampings.get(qualified(table)) ?? {};
    if (!root || !keyColumns || sameTable(root, table)) return undefined;
    return `${qualified(root)} ${row[keyColumns[0] ?? ''] ?? ''}`;
  };

  /** The columns of other tables that repeat a changed value, and whether they take over the new one. */
  const repeating = (rowsOf: RowsOf, changed: ChangedValue): readonly RepeatedValue[] =>
    (referrers.get(qualified(changed.table)) ?? []).flatMap(({ key, table }) => {
      const targetColumns: readonly string[] = key.targetColumns;
      const column = key.columns[targetColumns.indexOf(changed.column)];
      const reference = key.columns[targetColumns.indexOf('DocumentId')];
      if (column === undefined || reference === undefined) return [];
      const rows = rowsOf(table.table).filter((entry) => entry[reference] === changed.documentId);
      return rows.map((row) => ({
        table: table.table,
        column,
        documentId: row.DocumentId ?? '',
        place: place(table.table, column, rowKey(table, row)),
        rowPlace: `${qualified(table.table)} ${rowKey(table, row)}`,
        row,
        key,
      }));
    });

  /** Whether another key of a row requires the old value of a changed column, because its target keeps it. */
  const isHeld = ({ table, column, row }: RepeatedValue, reached: ReadonlySet<string>): boolean =>
    foreignKeysOf(mustExist(byName.get(qualified(table)), `the table ${qualified(table)}`)).some((key) => {
      const target = key.targetColumns[(key.columns as readonly string[]).indexOf(column)];
      const reference = key.columns[(key.targetColumns as readonly string[]).indexOf('DocumentId')];
      if (target === undefined || reference === undefined) return false;
      if (key.columns.some((name) => (row[name] ?? null) === null)) return false;
      return !reached.has(place(key.targetTable, target, row[reference] ?? ''));
    });

  return (rowsOf, update) => {
    const reached = new Set<string>();
    const followers: RepeatedValue[] = [];
    const blocked: string[] = [];
    /** The changes by row; the row that the statement changes has that change too. */
    const arrivals = new Map<string, Arrival[]>([
      [
        `${qualified(update.table)} ${update.documentId}`,
        [{ key: '', isDeferred: true, column: update.column, moment: [] }],
      ],
    ]);
    /** The changes of rows below a root row, by the root row. */
    const stampedAt = new Map<string, Moment[]>();
    const repeated = new Set<string>();
    const waiting: (readonly [ChangedValue, Moment])[] = [
      [update, [{ statement: '', round: 1, row: `${qualified(update.table)} ${update.documentId}` }]],
    ];
    for (const [next, moment] of waiting) {
      const name = qualified(next.table);
      const table = byName.get(name);
      reached.add(place(next.table, next.column, next.documentId));
      const arrive = (at: string, arrival: Arrival) => arrivals.set(at, [...(arrivals.get(at) ?? []), arrival]);
      for (const { sourceColumn, targetTable, targetColumn } of copies.get(name) ?? [])
        if ((table ? storedColumn(table, sourceColumn) : sourceColumn) === next.column) {
          const statement = qualified(targetTable);
          const row = `${statement} ${next.documentId}`;
          const value = { table: targetTable, column: targetColumn, documentId: next.documentId };
          waiting.push([value, [...moment, { statement, round: 1, row }]]);
          arrive(row, { key: name, isDeferred: true, column: targetColumn, moment });
        }
      for (const value of repeating(rowsOf, next)) {
        repeated.add(`${name} ${next.documentId}`);
        if (value.key.onUpdate !== 'Cascade') {
          blocked.push(value.place);
          continue;
        }
        const { name: key, deferrable } = value.key;
        arrive(value.rowPlace, { key, isDeferred: deferrable === true, column: value.column, moment });
        const root = stampedRoot(value);
        if (root !== undefined) stampedAt.set(root, [...(stampedAt.get(root) ?? []), moment]);
        followers.push(value);
        if (!reached.has(value.place)) {
          reached.add(value.place);
          waiting.push([value, after(moment, value.rowPlace)]);
        }
      }
    }
    const verdict = (): RenameVerdict => {
      if (followers.some((value) => isHeld(value, reached))) return 'refused';
      // the values that another key carries may be right in the end
      if (blocked.length > 0) return blocked.some((own) => !reached.has(own)) ? 'refused' : 'open';
      const isOpen = [...arrivals].some(
        ([row, some]) =>
          isInSteps(some, repeated.has(row)) || isCheckedBetween(some) || isStampedBefore(some, stampedAt.get(row)),
      );
      return isOpen ? 'open' : 'accepted';
    };
    return { verdict: verdict(), followers };
  };
}

const place = (table: QualifiedName, column: string, row: string) => `${qualified(table)} ${column} ${row}`;

const rowKey = ({ key }: Table, row: RowText) => key.columns.map(({ name }) => row[name] ?? '').join(' ');

/**
 * Whether several keys write a row, so that a cascade may miss it or its referrers (11 §2): rows that repeat its values
 * change in steps, and a key finds a row only by all of its old values.
 */
function isInSteps(arrivals: readonly Arrival[], isRepeated: boolean): boolean {
  if (new Set(arrivals.map(({ key }) => key)).size < 2) return false;
  const columns = new Set(arrivals.map(({ column }) => column));
  return isRepeated || (columns.size > 1 && arrivals.length > columns.size);
}

/**
 * Whether several keys write a row, and one of them is checked before all have done so. Keys that meet are deferred
 * only if both get their values from one resource whose identity may change (11 §2).
 */
const isCheckedBetween = (arrivals: readonly Arrival[]): boolean =>
  new Set(arrivals.map(({ key }) => key)).size > 1 && arrivals.some(({ isDeferred }) => !isDeferred);

/**
 * Whether a root row may be stamped after the row to which it refers has changed, and before the change arrives: a
 * shorter path leads to a row below the root. PostgreSQL then checks the keys of a row that this transaction wrote (11
 * §2).
 */
const isStampedBefore = (arrivals: readonly Arrival[], stamped: readonly Moment[] = []): boolean =>
  arrivals.some(({ moment }) => stamped.some((each) => mayPrecede(each, moment)));

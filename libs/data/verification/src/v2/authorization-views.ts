import type { AuthView, AuthViewArm } from '@dms/inventory';
import { qualified } from '@dms/model';
import { compareOrdinal } from '@dms/values';
import type { RowsOf, SelectedRows } from '../behaviour/behaviour-session.ts';
import type { Failures } from '../behaviour/failures.ts';
import type { RowText } from '../verification-dialect.ts';

/** Adds the columns of the views, and the columns from which they are computed. */
export function selectViews(views: readonly AuthView[], selected: SelectedRows): void {
  for (const view of views) {
    selected.add(view.view, outputOf(view));
    for (const arm of view.arms) selectArm(arm, selected);
  }
}

const outputOf = ({ arms }: AuthView): readonly string[] =>
  (arms[0]?.outputColumns ?? []).map(({ column, outputName }) => outputName ?? column);

/** Adds the columns that an arm selects, and the columns of its joins. */
function selectArm({ source, outputColumns, joins }: AuthViewArm, selected: SelectedRows): void {
  const tables = new Map([[source.alias, source.table], ...joins.map(({ alias, table }) => [alias, table] as const)]);
  const add = (alias: string, column: string) => {
    const table = tables.get(alias);
    if (table) selected.add(table, [column]);
  };
  for (const { alias, column } of outputColumns) add(alias, column);
  for (const { on } of joins)
    for (const { leftAlias, leftColumn, rightAlias, rightColumn } of on) {
      add(leftAlias, leftColumn);
      add(rightAlias, rightColumn);
    }
}

/** R15: the views of schema `auth` have the rows of their arms (design 16 §9), each as often as expected. */
export function checkViews(views: readonly AuthView[], rowsOf: RowsOf, failures: Failures, because: string): void {
  for (const view of views) {
    const made = view.arms.flatMap((arm) => armRows(arm, rowsOf));
    const expected = (view.armsSetOperator === 'UNION' ? [...new Set(made)] : made).sort(compareOrdinal);
    const output = outputOf(view);
    const found = rowsOf(view.view)
      .map((row) => output.map((name) => row[name] ?? 'NULL').join(', '))
      .sort(compareOrdinal);
    failures.equal('R15', `${qualified(view.view)} after ${because}`, expected, found);
  }
}

/** The rows of one arm, as texts. */
function armRows({ source, outputColumns, joins }: AuthViewArm, rowsOf: RowsOf): string[] {
  type Joined = ReadonlyMap<string, RowText>;
  let rows: Joined[] = rowsOf(source.table).map((row) => new Map([[source.alias, row]]));
  for (const { alias, table, on } of joins) {
    rows = rows.flatMap((row) =>
      rowsOf(table).flatMap((other): Joined[] => {
        const joined = new Map([...row, [alias, other] as const]);
        const value = (name: string, column: string) => joined.get(name)?.[column] ?? null;
        const isMatch = on.every(({ leftAlias, leftColumn, rightAlias, rightColumn }) => {
          const left = value(leftAlias, leftColumn);
          return left !== null && left === value(rightAlias, rightColumn);
        });
        return isMatch ? [joined] : [];
      }),
    );
  }
  return rows.map((row) => outputColumns.map(({ alias, column }) => row.get(alias)?.[column] ?? 'NULL').join(', '));
}

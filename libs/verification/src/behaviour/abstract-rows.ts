import type { AbstractIdentityTrigger, Inventory } from '@dms/inventory';
import { type AbstractUnionView, type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import type { Failures } from './failures.ts';
import { compareRows } from './row-sets.ts';
import type { RowsOf, SelectedRows } from './selected-rows.ts';

/** An abstract resource: where its identities are kept, who keeps them, and the view of the same rows. */
export interface AbstractIdentity {
  readonly table: DbTableName;
  readonly columns: readonly string[];
  readonly view: DbTableName | null;
  readonly triggers: readonly AbstractIdentityTrigger[];
}

/** All of a schema set. */
export function abstractIdentities(model: RelationalModelSet, inventory: Inventory): readonly AbstractIdentity[] {
  const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  const views = new Map(
    model.abstractUnionViews.map((view): [number, AbstractUnionView] => [view.resourceKey.id, view]),
  );
  return model.abstractIdentityTables.map(({ table, resourceKey }) => ({
    table: table.table,
    columns: table.columns.map(({ name }) => name),
    view: views.get(resourceKey.id)?.view ?? null,
    triggers: triggers.filter(({ targetTable }) => qualified(targetTable) === qualified(table.table)),
  }));
}

/** Those that keep the identities of a root table. */
export const abstractsOf = (abstracts: readonly AbstractIdentity[], root: QualifiedName): readonly AbstractIdentity[] =>
  abstracts.flatMap((each) => {
    const triggers = each.triggers.filter(({ table }) => qualified(table) === qualified(root));
    return triggers.length === 0 ? [] : [{ ...each, triggers }];
  });

/** Adds what `checkAbstract` needs to know; `where` limits it to some documents. */
export function selectAbstract(
  { table, columns, view, triggers }: AbstractIdentity,
  selected: SelectedRows,
  where?: string,
): void {
  selected.add(table, columns, where);
  if (view) selected.add(view, columns, where);
  for (const { table: source, targetColumnMappings } of triggers)
    selected.add(source, ['DocumentId', ...targetColumnMappings.map(({ sourceColumn }) => sourceColumn)]);
}

const rowText = (columns: readonly string[], row: RowText) => columns.map((name) => row[name] ?? 'NULL').join(', ');

/** Every subclass document has its row in the abstract identity table, and the view returns the same set. */
export function checkAbstract(
  { table, columns, view, triggers }: AbstractIdentity,
  rowsOf: RowsOf,
  failures: Failures,
  check: string,
  because: string,
): void {
  const expected = triggers.flatMap(({ table: source, targetColumnMappings, discriminatorValue }) =>
    rowsOf(source).map((row) => {
      const mapped = targetColumnMappings.map(({ sourceColumn, targetColumn }) => [targetColumn, row[sourceColumn]]);
      const made = { DocumentId: row.DocumentId, Discriminator: discriminatorValue, ...Object.fromEntries(mapped) };
      return rowText(columns, made);
    }),
  );
  const stored = rowsOf(table).map((row) => rowText(columns, row));
  compareRows(failures, check, qualified(table), expected, stored, because);
  if (!view) return;
  const viewed = rowsOf(view).map((row) => rowText(columns, row));
  compareRows(failures, check, qualified(view), stored, viewed, because);
}

import type { CatalogColumn, ColumnDefinition } from '@dms/catalog';
import type { TableChange } from '../matching/table-change.ts';
import type { AlterColumn } from '../ops/alter-column.ts';
import { type MadeChange, present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import type { RenameStep } from '../script/name-changes.ts';
import type { ColumnChanges } from './columns.ts';

/** The names of columns between the renames and the drops. The values of the earlier set are in these columns. */
export type CurrentNames = ReadonlyMap<string, string>;

/** A table whose columns change. */
export interface ChangedTable {
  readonly change: TableChange;
  readonly current: { readonly names: CurrentNames; readonly steps: readonly RenameStep[] };
  /** The columns of the later set by name. */
  readonly definitions: ReadonlyMap<string, ColumnDefinition>;
  /** The changes of some kinds that concern a column, by its name at that point. */
  readonly made: (column: string, ...kinds: readonly ColumnChanges['kind'][]) => readonly MadeChange[];
}

/** Where the operations of a table stand before its new name, and with it. */
export const placesOf = ({ change: { pair } }: ChangedTable) => {
  const on = [present(pair.before.key)];
  return {
    before: { subject: pair.before.key, on, table: pair.before.catalog },
    after: { subject: pair.after.key, on, table: pair.after.catalog },
  };
};

/** The changes of a column that stays, or that was added without its NOT NULL. */
export function changedColumn(table: ChangedTable, fate: TableChange['fates'][number]): readonly UpgradeOperation[] {
  const { after: to } = fate;
  if (fate.kind === 'filled') return to.nullable ? [] : [altered('requireValue', table, null, to)];
  if (fate.kind !== 'kept') return [];
  const { before: from } = fate;
  const { pair } = table.change;
  const hasOtherDefault = from.default !== to.default;
  const definition = table.definitions.get(to.name);
  const place = { ...placesOf(table).after, for: table.made(to.name, 'default changed') };
  const name = pair.after.defaultNames.get(to.name) ?? pair.before.defaultNames.get(from.name) ?? null;
  return [
    ...(hasOtherDefault && !definition?.default
      ? [{ op: 'dropDefault', ...place, column: to.name, name } as const]
      : []),
    ...(from.type === to.type ? [] : [altered('changeType', table, from, to)]),
    ...(table.change.recollated.has(to.name) ? [altered('changeCollation', table, from, to)] : []),
    ...(from.nullable === to.nullable ? [] : [altered(to.nullable ? 'allowNull' : 'requireValue', table, from, to)]),
    ...(hasOtherDefault && definition?.default ? [{ op: 'setDefault', ...place, column: definition } as const] : []),
  ];
}

/** The changes that each alteration makes. */
const altering = {
  changeType: ['type wider', 'type narrower'],
  changeCollation: ['collation changed'],
  requireValue: ['column required', 'column filled', 'resource key filled', 'type converted'],
  allowNull: ['column optional'],
} as const satisfies Record<AlterColumn['op'], readonly ColumnChanges['kind'][]>;

const altered = (
  op: AlterColumn['op'],
  table: ChangedTable,
  from: CatalogColumn | null,
  to: CatalogColumn,
): AlterColumn => ({ op, ...placesOf(table).after, for: table.made(to.name, ...altering[op]), from, to });

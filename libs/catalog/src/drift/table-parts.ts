import type { CatalogTable, Check, ForeignKey, Index, Key, Trigger } from '../catalog.ts';

/** Kinds that are parts of a table. */
export const tableParts = ['unique', 'foreignKey', 'check', 'index', 'trigger'] as const;
export type TablePart = (typeof tableParts)[number];

/** The parts of one kind. */
export function partsOf(table: CatalogTable, part: TablePart): readonly (Key | ForeignKey | Check | Index | Trigger)[] {
  switch (part) {
    case 'unique':
      return table.uniques;
    case 'foreignKey':
      return table.foreignKeys;
    case 'check':
      return table.checks;
    case 'index':
      return table.indexes;
    case 'trigger':
      return table.triggers;
  }
}

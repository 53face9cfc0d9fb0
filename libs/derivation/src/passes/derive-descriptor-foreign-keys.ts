import { compareBy, compareOrdinal } from '@dms/canonical-json';
import type { DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, relationalResources, type SetDraft } from '../draft/model-draft.ts';
import { descriptorForeignKeyName } from '../naming/constraint-name.ts';
import { descriptorTable } from './derive-base-tables.ts';

function constrainTable(resource: DraftResource, table: DraftTable): void {
  const byStorage = new Map<string, string[]>();
  for (const column of table.columns.values()) {
    if (column.kind !== 'DescriptorFk') continue;
    const storage = table.storageOf(column.name);
    const bindings = byStorage.get(storage) ?? [];
    if (column.sourcePath) bindings.push(column.name);
    byStorage.set(storage, bindings);
  }
  for (const storageColumn of [...byStorage.keys()].sort(compareOrdinal)) {
    table.addConstraint({
      kind: 'ForeignKey',
      name: descriptorForeignKeyName(table.table.name, storageColumn),
      columns: [storageColumn],
      targetTable: descriptorTable,
      targetColumns: ['DocumentId'],
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      deferrable: false,
    });
    const bindingColumns = (byStorage.get(storageColumn) ?? []).sort(compareOrdinal);
    if (bindingColumns.length > 1) resource.descriptorFkDeduplications.push({ table, storageColumn, bindingColumns });
  }
}

/** One foreign key to `dms.Descriptor` per stored descriptor column; aliases share that of their canonical column (02 §9.5). */
export function deriveDescriptorForeignKeys(draft: SetDraft): void {
  for (const resource of relationalResources(draft)) {
    for (const table of resource.tables) constrainTable(resource, table);
    resource.descriptorFkDeduplications.sort(
      compareBy(
        ({ table }) => table.table.schema,
        ({ table }) => table.table.name,
        ({ storageColumn }) => storageColumn,
      ),
    );
  }
}

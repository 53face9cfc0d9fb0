import { compareBy } from '@dms/files';
import { type DraftColumn, type DraftTable, descriptorTable, storageOf } from '../draft/draft-table.ts';
import { type DraftResource, type ModelDraft, relationalResources } from '../draft/model-draft.ts';

const byName = compareBy<DraftColumn>(({ name }) => name);

function constrainTable(resource: DraftResource, table: DraftTable): void {
  const bindingsOf = new Map<DraftColumn, DraftColumn[]>();
  for (const column of table.columns.values()) {
    if (column.kind !== 'DescriptorFk') continue;
    const storage = storageOf(column);
    const bindings = bindingsOf.get(storage) ?? [];
    if (column.sourcePath) bindings.push(column);
    bindingsOf.set(storage, bindings);
  }
  for (const storageColumn of [...bindingsOf.keys()].sort(byName)) {
    table.addConstraint({
      kind: 'ForeignKey',
      purpose: { kind: 'Descriptor' },
      columns: [storageColumn],
      target: descriptorTable,
      targetColumns: [descriptorTable.documentId],
      onDelete: 'NoAction',
    });
    const bindingColumns = (bindingsOf.get(storageColumn) ?? []).sort(byName);
    if (bindingColumns.length > 1) resource.descriptorFkDeduplications.push({ table, storageColumn, bindingColumns });
  }
}

/**
 * Adds a foreign key to `dms.Descriptor` for each stored descriptor column; aliases share the key of their canonical
 * column (02 §9.5).
 */
export function deriveDescriptorForeignKeys(draft: ModelDraft): void {
  for (const resource of relationalResources(draft)) {
    for (const table of resource.tables) constrainTable(resource, table);
    resource.descriptorFkDeduplications.sort(
      compareBy(
        ({ table }) => table.table.schema,
        ({ table }) => table.table.name,
        ({ storageColumn }) => storageColumn.name,
      ),
    );
  }
}

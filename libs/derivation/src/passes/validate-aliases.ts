import { forEachReported } from '@dms/diagnostics';
import { isDocumentIdName } from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import { allTables, type SetDraft } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';

function checkTable(table: DraftTable): void {
  for (const alias of table.columns.values()) {
    if (alias.storage.kind !== 'UnifiedAlias' || alias.storage.presenceColumn === null) continue;
    const name = alias.storage.presenceColumn;
    const presence = table.columns.get(name);
    const invalid = (reason: string) =>
      failResource(
        'KU_PRESENCE_INVALID',
        table.origin.label,
        `the alias ${alias.name} of table ${table.qualified} is gated by ${name}, which is ${reason}`,
        undefined,
        { table: table.qualified, alias: alias.name, presenceColumn: name, reason },
      );
    if (!presence) invalid('missing on the table');
    else if (isDocumentIdName(name)) {
      if (presence.storage.kind !== 'Stored') invalid('not stored');
    } else if (presence.kind !== 'Scalar') invalid('not scalar');
    else if (presence.scalarType.kind !== 'Boolean') invalid('not boolean');
    else if (!presence.isNullable) invalid('not nullable');
    else if (presence.storage.kind !== 'Stored') invalid('not stored');
    else if (presence.sourcePath !== null) invalid('read from the document');
  }
}

/** Checks that every gate of an alias is a reference's FK column or a proper flag, while names are full-length (04 §11.1). */
export function validateAliases(draft: SetDraft): void {
  forEachReported(allTables(draft), checkTable);
}

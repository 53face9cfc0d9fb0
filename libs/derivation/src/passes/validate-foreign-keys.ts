import { type DiagnosticCode, forEachReported } from '@dms/diagnostics';
import { isSyntheticFlag, presenceColumnsOf } from '@dms/model';
import type { DraftForeignKey, DraftTable } from '../draft/draft-table.ts';
import { allTables, type ModelDraft } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';
import { descriptorTable, documentTable } from './derive-base-tables.ts';

const qualified = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;

/** What keeps a column out of a foreign key: it is missing, an alias, or a synthetic flag. */
function reasonAgainst(table: DraftTable, gates: ReadonlySet<string>, name: string): string | undefined {
  const column = table.columns.get(name);
  if (!column) return `'${name}' (missing)`;
  if (column.storage.kind === 'UnifiedAlias')
    return `'${name}' (UnifiedAlias; canonical storage column '${column.storage.canonicalColumn}')`;
  return isSyntheticFlag(column, gates) ? `'${name}' (synthetic presence column)` : undefined;
}

function checkForeignKey(table: DraftTable, key: DraftForeignKey, tables: ReadonlyMap<string, DraftTable>): void {
  const report = (code: DiagnosticCode, text: string, columns: readonly string[] = []) =>
    failResource(
      code,
      table.origin.label,
      `foreign key ${key.name} of table ${table.qualified} to ${qualified(key.targetTable)}: ${text}`,
      undefined,
      { key: key.name, table: table.qualified, target: qualified(key.targetTable), columns },
    );
  for (const [role, columns] of [
    ['local', key.columns],
    ['target', key.targetColumns],
  ] as const) {
    if (columns.length === 0) report('FK_NO_COLUMNS', `it has no ${role} columns`);
  }
  if (key.columns.length !== key.targetColumns.length) report('FK_NO_COLUMNS', 'its column lists have different lengths');
  const checkColumns = (role: 'local' | 'target', owner: DraftTable, columns: readonly string[]) => {
    const gates = presenceColumnsOf(owner.columns.values());
    const reasons = columns.flatMap((name) => reasonAgainst(owner, gates, name) ?? []);
    if (reasons.length > 0)
      report('FK_COLUMN_NOT_STORED', `its ${role} columns must be stored columns: ${reasons.join(', ')}`, reasons);
  };
  checkColumns('local', table, key.columns);
  const isDocument = qualified(key.targetTable) === qualified(documentTable);
  if (isDocument || qualified(key.targetTable) === qualified(descriptorTable)) {
    const wrong = key.targetColumns.filter((name) => name !== 'DocumentId');
    if (isDocument && wrong.length > 0)
      report('FK_DOCUMENT_TARGET', `only DocumentId can be referenced, not ${wrong.join(', ')}`, wrong);
    return;
  }
  const target = tables.get(qualified(key.targetTable));
  if (!target) return report('FK_TARGET_UNKNOWN', 'the target is no table of the model');
  checkColumns('target', target, key.targetColumns);
}

/** Checks both ends of every foreign key: existing, stored columns of known tables (design 02 §9.6). Never fires on valid input. */
export function validateForeignKeys(draft: ModelDraft): void {
  const tables = allTables(draft);
  const byName = new Map(tables.map((table) => [table.qualified, table]));
  forEachReported(tables, (table) => {
    for (const constraint of table.constraints)
      if (constraint.kind === 'ForeignKey') checkForeignKey(table, constraint, byName);
  });
}

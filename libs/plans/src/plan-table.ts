import type { Column, DbTableName, ResourceModel, Table } from '@dms/model';
import { failPlan, failTable, type PlanSubject, tableText } from './plan-failure.ts';

/** A table of a resource with its columns by name: what both compilers look things up in. */
export interface PlanTable {
  readonly model: Table;
  readonly columns: ReadonlyMap<string, Column>;
  /** Position of each column, also in the select list. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly isRoot: boolean;
}

/** Resolves the root table; `PLAN_NO_TABLES`, `PLAN_ROOT_SCOPE`, `PLAN_ROOT_COUNT` (design 08 §6.1 step 2). */
export function checkRootTable(subject: PlanSubject, { tablesInDependencyOrder: tables }: ResourceModel): void {
  const [root] = tables;
  if (!root) return failPlan('PLAN_NO_TABLES', subject, 'it has no tables');
  if (root.jsonScope.canonical !== '$') {
    const scope = root.jsonScope.canonical;
    failTable('PLAN_ROOT_SCOPE', subject, root, `the first table must have the scope $, found ${scope}`, { scope });
  }
  const count = tables.filter((table) => table.jsonScope.canonical === '$').length;
  if (count !== 1) failPlan('PLAN_ROOT_COUNT', subject, `exactly one table must have the scope $, found ${count}`, { count });
}

export function indexTable(subject: PlanSubject, model: Table): PlanTable {
  const columns = new Map<string, Column>();
  const ordinals = new Map<string, number>();
  model.columns.forEach((column, ordinal) => {
    if (columns.has(column.name)) {
      failTable('PLAN_DUPLICATE_COLUMN', subject, model, `the column ${column.name} occurs twice`, { column: column.name });
    }
    columns.set(column.name, column);
    ordinals.set(column.name, ordinal);
  });
  return { model, columns, ordinals, isRoot: model.jsonScope.canonical === '$' };
}

/** The key-shape checks of design 08 §6.1, in their order; `PLAN_KEY_*`. */
export function checkKeyShape(subject: PlanSubject, table: PlanTable): void {
  const { columns: key } = table.model.key;
  if (key.length === 0) failTable('PLAN_KEY_EMPTY', subject, table.model, 'its key has no columns');
  for (const { name, kind } of key) {
    const details = { column: name, kind };
    if (kind !== 'ParentKeyPart' && kind !== 'Ordinal') {
      failTable('PLAN_KEY_KIND', subject, table.model, `the key column ${name} is a ${kind}`, details);
    }
    const column = table.columns.get(name);
    if (!column)
      return failTable(
        'PLAN_KEY_COLUMN_MISSING',
        subject,
        table.model,
        `the key column ${name} (${kind}) is no column of the table`,
        details,
      );
    if (subject.operation === 'write' && column.storage.kind === 'UnifiedAlias') {
      const { canonicalColumn, presenceColumn } = column.storage;
      const text = `the key column ${name} is an alias of ${canonicalColumn} gated by ${presenceColumn ?? '<none>'}`;
      failTable('PLAN_KEY_ALIAS', subject, table.model, text, {
        column: name,
        canonicalColumn,
        presenceColumn: presenceColumn ?? '<none>',
      });
    }
  }
  const list = `Key columns: [${key.map(({ name, kind }) => `${name}:${kind}`).join(', ')}]`;
  const positions = (test: (column: (typeof key)[number]) => boolean) =>
    key.flatMap((column, index) => (test(column) ? [index] : []));
  const documentIds = positions(({ role }) => role === 'DocumentId');
  const ordinals = positions(({ kind }) => kind === 'Ordinal');
  const report = (code: Parameters<typeof failTable>[0], text: string) =>
    failTable(code, subject, table.model, text, { keyColumns: list }, ` ${list}`);
  if (documentIds.length !== 1)
    report('PLAN_KEY_DOCUMENT_ID_COUNT', `its key must have exactly one document id column, found ${documentIds.length}`);
  if (documentIds[0] !== 0) report('PLAN_KEY_DOCUMENT_ID_FIRST', 'the document id must be the first key column');
  if (ordinals.length > 1)
    report('PLAN_KEY_ORDINAL_COUNT', `its key must have at most one Ordinal column, found ${ordinals.length}`);
  if (ordinals.length === 1 && ordinals[0] !== key.length - 1)
    report('PLAN_KEY_ORDINAL_LAST', 'the Ordinal must be the last key column');
}

/** `schema.table` and column as one key of a look-up. */
export const sourceKey = (table: DbTableName, column: string) => `${tableText(table)}.${column}`;

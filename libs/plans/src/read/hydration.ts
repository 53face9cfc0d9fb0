import type { TableReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { failTable, type PlanSubject } from '../plan-failure.ts';
import type { PlanTable } from '../plan-table.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';

/** Selects all columns of a table for the documents of the keyset table, in key order (design 08 §7.3). */
export function hydrationPlan(
  subject: PlanSubject,
  { rules, keysetTable }: PlanDialect,
  { model, isRoot }: PlanTable,
): TableReadPlan {
  const alias = isRoot ? 'r' : 't';
  const column = (name: string) => `${alias}.${rules.quote(name)}`;
  const [documentId] = model.key.columns;
  if (model.columns.length === 0 || !documentId)
    return failTable('PLAN_NO_COLUMNS', subject, model, 'it has no columns to select');
  const keyset = `k.${rules.quote(keysetTable.documentIdColumnName)}`;
  return {
    tableModel: model,
    selectByKeysetSql: statement(
      'SELECT',
      ...itemLines(model.columns.map(({ name }) => column(name))),
      `FROM ${tableName(rules, model.table)} ${alias}`,
      `INNER JOIN ${rules.quote(keysetTable.tempTableName)} k ON ${column(documentId.name)} = ${keyset}`,
      'ORDER BY',
      ...itemLines(model.key.columns.map(({ name }) => `${column(name)} ASC`)),
    ),
  };
}

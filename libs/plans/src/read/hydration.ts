import { promised, qualified } from '@dms/model';
import type { TableReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import type { PlanTable } from '../plan-table.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';

/** Selects all columns of a table for the documents of the keyset table, in key order (design 08 §7.3). */
export function hydrationPlan({ rules, keysetTable }: PlanDialect, { model, isRoot }: PlanTable): TableReadPlan {
  const alias = isRoot ? 'r' : 't';
  const column = (name: string) => `${alias}.${rules.quote(name)}`;
  const documentId = promised(model.key.columns[0], `the key of ${qualified(model.table)}`);
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

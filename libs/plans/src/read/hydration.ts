import { mustExist, qualified } from '@dms/model';
import type { TableReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';
import { documentParameter, keysetJoin } from './document-restriction.ts';
import type { ReadTable } from './read-table.ts';

type Hydrated = Pick<ReadTable, 'isRoot' | 'selected' | 'orderBy' | 'documentColumn' | 'relation'>;

function selectSql({ rules }: PlanDialect, table: Hydrated, restriction: (documentId: string) => string): string {
  const alias = table.isRoot ? 'r' : 't';
  const column = (name: string) => `${alias}.${rules.quote(name)}`;
  return statement(
    'SELECT',
    ...itemLines(table.selected.map(({ name }) => column(name))),
    `FROM ${table.relation} ${alias}`,
    restriction(column(table.documentColumn)),
    'ORDER BY',
    ...itemLines(table.orderBy.map((name) => `${column(name)} ASC`)),
  );
}

/**
 * The rows of a table that belong to one document (design 17 §4.2). `placeholder` stands for its id if a driver needs
 * another form than `@DocumentId`.
 */
export function singleDocumentSql(dialect: PlanDialect, plan: TableReadPlan, placeholder = documentParameter): string {
  const { tableModel: model, selectListColumnsInOrder: selected, orderByColumnsInOrder: orderBy } = plan;
  const documentColumn = mustExist(orderBy[0], `the document column of ${qualified(model.table)}`);
  const relation = plan.relation ?? tableName(dialect.rules, model.table);
  const table = { isRoot: model.jsonScope.canonical === '$', selected, orderBy, documentColumn, relation };
  return singleDocumentText(dialect, table, placeholder);
}

const singleDocumentText = (dialect: PlanDialect, table: Hydrated, placeholder: string) =>
  selectSql(dialect, table, (documentId) => `WHERE ${documentId} = ${placeholder}`);

/**
 * Selects the columns to read from a table, for the documents of the keyset table or for a single one (design 08 §7.3,
 * 17 §4.2).
 */
export function hydrationPlan(dialect: PlanDialect, table: ReadTable, readsSingleDocuments: boolean): TableReadPlan {
  const isOwnTable = table.relation === tableName(dialect.rules, table.model.table);
  return {
    ...(isOwnTable ? {} : { relation: table.relation }),
    tableModel: table.model,
    selectListColumnsInOrder: table.selected,
    orderByColumnsInOrder: table.orderBy,
    selectByKeysetSql: selectSql(dialect, table, (documentId) => keysetJoin(dialect, documentId)),
    selectBySingleDocumentSql: readsSingleDocuments ? singleDocumentText(dialect, table, documentParameter) : null,
  };
}

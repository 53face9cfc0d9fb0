import { coreSchema, type DescriptorEdgeSource, promised, qualified } from '@dms/model';
import type { DescriptorProjectionPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { columnOf, ordinalOf, type PlanTable } from '../plan-table.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';

/** A stored column that holds descriptor ids, with its place in the order of arms. */
interface DescriptorInput {
  readonly table: PlanTable;
  readonly tablePosition: number;
  readonly column: string;
}

/** The stored column behind the column of an edge. */
function storageColumn(table: PlanTable, edge: DescriptorEdgeSource): string {
  const { storage } = columnOf(table, edge.fkColumn);
  return storage.kind === 'Stored' ? edge.fkColumn : storage.canonicalColumn;
}

function selectSql({ rules, keysetTable }: PlanDialect, inputs: readonly DescriptorInput[]): string {
  const id = rules.quote('DescriptorId');
  const keyset = `k.${rules.quote(keysetTable.documentIdColumnName)}`;
  const select = inputs.length === 1 ? 'SELECT DISTINCT' : 'SELECT';
  const arms = inputs.flatMap(({ table, column }, index) => {
    const alias = `t${index}`;
    const value = `${alias}.${rules.quote(column)}`;
    const documentId = `${alias}.${rules.quote(table.model.key.columns[0]?.name ?? '')}`;
    return [
      ...(index > 0 ? ['UNION'] : []),
      `${select} ${value} AS ${id}`,
      `FROM ${tableName(rules, table.model.table)} ${alias}`,
      `INNER JOIN ${rules.quote(keysetTable.tempTableName)} k ON ${documentId} = ${keyset}`,
      `WHERE ${value} IS NOT NULL`,
    ];
  });
  return statement(
    'SELECT',
    ...itemLines([`p.${id}`, `d.${rules.quote('Uri')}`]),
    'FROM',
    '    (',
    ...arms.map((line) => `        ${line}`),
    '    ) p',
    `INNER JOIN ${tableName(rules, { schema: coreSchema, name: 'Descriptor' })} d ON d.${rules.quote('DocumentId')} = p.${id}`,
    'ORDER BY',
    ...itemLines([`p.${id} ASC`]),
  );
}

/** Maps the descriptor ids of a page to URIs in one query; none without descriptors (design 08 §7.5). */
export function descriptorProjections(
  dialect: PlanDialect,
  tables: readonly PlanTable[],
  edges: readonly DescriptorEdgeSource[],
): DescriptorProjectionPlan[] {
  if (edges.length === 0) return [];
  const positions = new Map(tables.map(({ model }, position) => [qualified(model.table), position]));
  const inputs = new Map<string, DescriptorInput>();
  const sourcesInOrder = edges.map((edge) => {
    const tablePosition = promised(positions.get(qualified(edge.table)), qualified(edge.table));
    const table = tables[tablePosition] as PlanTable;
    const column = storageColumn(table, edge);
    inputs.set(`${tablePosition}\n${column}`, { table, tablePosition, column });
    return {
      descriptorValuePath: edge.descriptorValuePath,
      table: edge.table,
      descriptorResource: edge.descriptorResource,
      descriptorIdColumnOrdinal: ordinalOf(table, edge.fkColumn),
    };
  });
  const ordered = [...inputs.values()].sort(
    (a, b) => a.tablePosition - b.tablePosition || ordinalOf(a.table, a.column) - ordinalOf(b.table, b.column),
  );
  return [
    { selectByKeysetSql: selectSql(dialect, ordered), resultShape: { descriptorIdOrdinal: 0, uriOrdinal: 1 }, sourcesInOrder },
  ];
}

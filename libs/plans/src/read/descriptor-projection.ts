import { coreSchema, type DescriptorEdgeSource } from '@dms/model';
import type { DescriptorProjectionPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { failTable, type PlanSubject, tableText } from '../plan-failure.ts';
import type { PlanTable } from '../plan-table.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';

/** A stored column that holds descriptor ids, with its place in the order of arms. */
interface DescriptorInput {
  readonly table: PlanTable;
  readonly tablePosition: number;
  readonly column: string;
}

function storageColumn(subject: PlanSubject, table: PlanTable, edge: DescriptorEdgeSource): string {
  const report = (name: string, text: string) =>
    failTable(
      'PLAN_DESCRIPTOR_STORAGE',
      subject,
      table.model,
      `the descriptor ${edge.descriptorValuePath.canonical}: ${text}`,
      {
        path: edge.descriptorValuePath.canonical,
        column: name,
      },
    );
  const column = table.columns.get(edge.fkColumn);
  if (column?.kind !== 'DescriptorFk') return report(edge.fkColumn, `the column ${edge.fkColumn} is no descriptor column`);
  if (column.storage.kind === 'Stored') return edge.fkColumn;
  const { canonicalColumn } = column.storage;
  const canonical = table.columns.get(canonicalColumn);
  if (canonical?.kind !== 'DescriptorFk' || canonical.storage.kind !== 'Stored') {
    report(canonicalColumn, `the canonical column ${canonicalColumn} is no stored descriptor column`);
  }
  return canonicalColumn;
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
  subject: PlanSubject,
  dialect: PlanDialect,
  tables: readonly PlanTable[],
  edges: readonly DescriptorEdgeSource[],
): DescriptorProjectionPlan[] {
  if (edges.length === 0) return [];
  const positions = new Map(tables.map(({ model }, position) => [tableText(model.table), position]));
  const inputs = new Map<string, DescriptorInput>();
  const sourcesInOrder = edges.map((edge) => {
    const tablePosition = positions.get(tableText(edge.table)) ?? -1;
    const table = tables[tablePosition] as PlanTable;
    const column = storageColumn(subject, table, edge);
    inputs.set(`${tablePosition}\n${column}`, { table, tablePosition, column });
    return {
      descriptorValuePath: edge.descriptorValuePath,
      table: edge.table,
      descriptorResource: edge.descriptorResource,
      descriptorIdColumnOrdinal: table.ordinals.get(edge.fkColumn) ?? -1,
    };
  });
  const ordered = [...inputs.values()].sort(
    (a, b) =>
      a.tablePosition - b.tablePosition || (a.table.ordinals.get(a.column) ?? 0) - (b.table.ordinals.get(b.column) ?? 0),
  );
  return [
    { selectByKeysetSql: selectSql(dialect, ordered), resultShape: { descriptorIdOrdinal: 0, uriOrdinal: 1 }, sourcesInOrder },
  ];
}

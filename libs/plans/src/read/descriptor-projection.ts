import { core, type DescriptorEdgeSource, mustExist, qualified } from '@dms/model';
import type { DescriptorProjectionPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { columnOf } from '../plan-table.ts';
import { inColumnOrder, type ProjectedDocuments, projectionSql } from './projection-arms.ts';
import type { ReadRules } from './read-rules.ts';
import { ordinalOf, type ReadTable } from './read-table.ts';

const uris: ProjectedDocuments = {
  idName: 'DescriptorId',
  target: core.descriptor,
  targetAlias: 'd',
  selectList: (quote) => [`p.${quote('DescriptorId')}`, `d.${quote('Uri')}`],
  orderBy: (quote) => `p.${quote('DescriptorId')}`,
};

/** The stored column behind the column of an edge. */
function storageColumn(table: ReadTable, edge: DescriptorEdgeSource): string {
  const { storage } = columnOf(table, edge.fkColumn);
  return storage.kind === 'Stored' ? edge.fkColumn : storage.canonicalColumn;
}

/** Maps the descriptor ids of a page to URIs in one query; none without descriptors (design 08 §7.5, 17 §4.4). */
export function descriptorProjections(
  dialect: PlanDialect,
  tables: readonly ReadTable[],
  edges: readonly DescriptorEdgeSource[],
  rules: ReadRules,
): DescriptorProjectionPlan[] {
  if (edges.length === 0) return [];
  const byName = new Map(tables.map((table) => [qualified(table.model.table), table]));
  const sources = edges.map((edge) => ({ edge, table: mustExist(byName.get(qualified(edge.table)), qualified(edge.table)) }));
  const stored = inColumnOrder(sources.map(({ edge, table }) => ({ table, column: storageColumn(table, edge) })));
  const arms = rules.descriptorArms(dialect, stored);
  return [
    {
      selectByKeysetSql: projectionSql(dialect, arms, uris, 'page'),
      selectBySingleDocumentSql: rules.readsSingleDocuments ? projectionSql(dialect, arms, uris, 'document') : null,
      resultShape: { descriptorIdOrdinal: 0, uriOrdinal: 1 },
      sourcesInOrder: sources.map(({ edge, table }) => ({
        descriptorValuePath: edge.descriptorValuePath,
        table: edge.table,
        descriptorResource: edge.descriptorResource,
        descriptorIdColumnOrdinal: ordinalOf(table, edge.fkColumn),
      })),
    },
  ];
}

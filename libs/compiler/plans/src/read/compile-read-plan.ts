import { defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import {
  core,
  type DbTableName,
  type DescriptorEdgeSource,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { listed, type PlainSql, type Sql, type SqlDialect, textOf, trusted } from '@dms/sql';
import type { ReadRules } from '../generation.ts';
import { generations } from '../generations.ts';
import type { DescriptorProjectionPlan, ResourceReadPlan, TableReadPlan } from '../plan.ts';
import { type PlanDialect, planDialects, planText, statement } from '../plan-dialect.ts';
import { checkStorageKind, columnOf } from '../plan-table.ts';
import { checkProjectionContract } from './projection-contract.ts';
import {
  documentParameter,
  type Hydration,
  inColumnOrder,
  keysetJoin,
  ordinalOf,
  type ProjectedDocuments,
  type ProjectedTable,
  projectionSql,
  readTable,
  referenceIdentityProjections,
} from './projections.ts';

/**
 * Compiles the read plan of a relational resource of a valid model and checks it against the model (design 08 §7, 17
 * §4). `relationOf` returns the query, in parentheses, that replaces a table if the rows are elsewhere (design 12
 * §3.8). Throws `PLAN_STORAGE_UNSUPPORTED` and, for a bug in this library, `PLAN_PROJECTION_CONTRACT`,
 * `PLAN_SINGLE_DOCUMENT_SQL`, `PLAN_LOOKUP_CONTRACT`.
 */
export function compileReadPlan(
  dialectName: SqlDialect,
  model: ResourceModel,
  version: MappingVersion = defaultMappingVersion,
  relationOf: (table: DbTableName) => PlainSql = (table) => planDialects[dialectName].sql`${table}`,
): ResourceReadPlan {
  checkStorageKind(model, 'read');
  const { read: rules } = generations[version];
  const dialect = planDialects[dialectName];
  const { documentReferenceBindings: references, descriptorEdgeSources: edges } = model;
  const tables = model.tablesInDependencyOrder.map((table, position) =>
    readTable(table, position, rules.hydration(table), relationOf(table.table)),
  );
  const plan: ResourceReadPlan = {
    model,
    keysetTable: dialect.keysetTable,
    tablePlansInDependencyOrder: tables.map((table) => hydrationPlan(dialect, table, rules.readsSingleDocuments)),
    referenceIdentityProjectionPlansInDependencyOrder: referenceIdentityProjections(tables, references),
    descriptorProjectionPlansInOrder: descriptorProjections(dialect, tables, edges, rules),
    documentReferenceLookup: rules.documentLookup(dialect, tables, references),
  };
  checkProjectionContract(plan, version);
  return plan;
}

/**
 * Selects the columns to read from a table, for the documents of the keyset table or for a single one (design 08 §7.3,
 * 17 §4.2).
 */
function hydrationPlan(dialect: PlanDialect, table: ProjectedTable, readsSingleDocuments: boolean): TableReadPlan {
  const relation = textOf(table.relation);
  const isOwnTable = relation === textOf(dialect.sql`${table.model.table}`);
  return {
    ...(isOwnTable ? {} : { relation }),
    tableModel: table.model,
    selectListColumnsInOrder: table.selected,
    orderByColumnsInOrder: table.orderBy,
    selectByKeysetSql: planText(selectSql(dialect, table, (documentId) => keysetJoin(dialect, documentId))),
    selectBySingleDocumentSql: readsSingleDocuments
      ? planText(singleDocument(dialect, table, documentParameter))
      : null,
  };
}

type Hydrated = Pick<ProjectedTable, 'isRoot' | 'selected' | 'orderBy' | 'documentColumn' | 'relation'>;

function selectSql({ sql, lines, id }: PlanDialect, table: Hydrated, restriction: (documentId: Sql) => Sql): Sql {
  const alias = table.isRoot ? sql`r` : sql`t`;
  const column = (name: string) => sql`${alias}.${id(name)}`;
  return statement(lines`
    SELECT
        ${listed(table.selected.map(({ name }) => column(name)))}
    FROM ${table.relation} ${alias}
    ${restriction(column(table.documentColumn))}
    ORDER BY
        ${listed(table.orderBy.map((name) => sql`${column(name)} ASC`))}
    ;`);
}

const singleDocument = (dialect: PlanDialect, table: Hydrated, placeholder: Sql): Sql =>
  selectSql(dialect, table, (documentId) => dialect.sql`WHERE ${documentId} = ${placeholder}`);

const uris: ProjectedDocuments = {
  idName: 'DescriptorId',
  target: core.descriptor,
  targetAlias: trusted('d'),
  selectList: ({ sql }) => [sql`p."DescriptorId"`, sql`d."Uri"`],
  orderBy: ({ sql }) => sql`p."DescriptorId"`,
};

/** Maps the descriptor ids of a page to URIs in one query; none without descriptors (design 08 §7.5, 17 §4.4). */
function descriptorProjections(
  dialect: PlanDialect,
  tables: readonly ProjectedTable[],
  edges: readonly DescriptorEdgeSource[],
  rules: ReadRules,
): DescriptorProjectionPlan[] {
  if (edges.length === 0) return [];
  const byName = new Map(tables.map((table) => [qualified(table.model.table), table]));
  const sources = edges.map((edge) => ({
    edge,
    table: mustExist(byName.get(qualified(edge.table)), qualified(edge.table)),
  }));
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

/** The stored column behind the column of an edge. */
function storageColumn(table: ProjectedTable, edge: DescriptorEdgeSource): string {
  const { storage } = columnOf(table, edge.fkColumn);
  return storage.kind === 'Stored' ? edge.fkColumn : storage.canonicalColumn;
}

/**
 * The query for the rows of a table that belong to one document (design 17 §4.2). `placeholder` is the parameter for
 * its id if a driver needs another form than `@DocumentId`.
 */
export function singleDocumentSql(
  dialect: PlanDialect,
  plan: TableReadPlan,
  placeholder: Sql = documentParameter,
): Sql {
  const { tableModel: model, selectListColumnsInOrder: selected, orderByColumnsInOrder: orderBy } = plan;
  const documentColumn = mustExist(orderBy[0], `the document column of ${qualified(model.table)}`);
  const relation = plan.relation === undefined ? dialect.sql`${model.table}` : trusted(plan.relation);
  const table = { isRoot: model.jsonScope.canonical === '$', selected, orderBy, documentColumn, relation };
  return singleDocument(dialect, table, placeholder);
}

/**
 * The columns that plans read from a table, in their order, for plans that were compiled elsewhere (design 08 §7.3, 17
 * §4.2).
 */
export function chooseHydration(table: Table, version: MappingVersion): Hydration {
  return generations[version].read.hydration(table);
}

export { bulkInsertBatching } from './batching.ts';
export { compileMappingSet, getReadPlan, getWritePlan, type MappingSet, type MappingSetKey } from './mapping-set.ts';
export { type ManifestMappingSet, manifestResources, mappingSetManifestText } from './mapping-set-manifest.ts';
export { isParameterName } from './parameter-names.ts';
export type * from './plan.ts';
export { planDialects } from './plan-dialect.ts';
export { plansText } from './plans-file.ts';
export {
  type BoundPageQuery,
  type BoundStatement,
  bindPageQuery,
  bindPartitionQuery,
  type PagingValues,
} from './query/bind-page-query.ts';
export { type Paging, pagingParameters, type QueryParameterRole, type QuerySqlParameter } from './query/page-mode.ts';
export {
  compilePageQuery,
  type PageDocumentIdSqlPlan,
  type PageQuerySpecification,
  type QueriedDocuments,
} from './query/page-query.ts';
export { compilePartitionQuery, type PartitionSqlPlan } from './query/partition-query.ts';
export type * from './query/query-capability.ts';
export { descriptorTargets, queryFieldFailureTexts } from './query/query-capability.ts';
export type { ColumnPredicate, QueryOperator, QueryPredicate, UuidPredicate } from './query/query-predicates.ts';
export {
  descriptorQuery,
  type FilterValue,
  findQueryField,
  queryAliases,
  type RequestedFilters,
  type RequestFilter,
  type RequestQuery,
  resourceQuery,
} from './query/request-query.ts';
export { compileReadPlan, tryCompileReadPlan } from './read/compile-read-plan.ts';
export { singleDocumentSql } from './read/hydration.ts';
export { hydrationOf } from './read/hydration-of.ts';
export { checkProjectionContract } from './read/projection-contract.ts';
export { checkIdentities, mergeUpdateParts } from './v2/collection-plans.ts';
export { isMergeTable, structuralColumns } from './v2/table-roles.ts';
export { isSyntheticPresence } from './write/column-bindings.ts';
export { compileWritePlan } from './write/compile-write-plan.ts';
export {
  insertSql,
  type Placeholder,
  type RowStatementParts,
  rowDeleteSql,
  rowUpdateSql,
  updateSql,
} from './write/write-sql.ts';

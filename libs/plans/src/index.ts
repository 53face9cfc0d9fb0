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
  compilePageQuery,
  compilePartitionQuery,
  type PageDocumentIdSqlPlan,
  type PageQuerySpecification,
  type Paging,
  type PagingValues,
  type PartitionSqlPlan,
  pagingParameters,
  type QueriedDocuments,
  type QueryParameterRole,
  type QuerySqlParameter,
} from './query/page-query.ts';
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
export { chooseHydration, compileReadPlan, singleDocumentSql, tryCompileReadPlan } from './read/compile-read-plan.ts';
export { checkProjectionContract } from './read/projection-contract.ts';
export { checkIdentities, isMergeTable, mergeUpdateParts, structuralColumns } from './v2/collection-plans.ts';
export { bulkInsertBatching, compileWritePlan, isSyntheticPresence } from './write/compile-write-plan.ts';
export {
  insertSql,
  type Placeholder,
  type RowStatementParts,
  rowDeleteSql,
  rowUpdateSql,
  updateSql,
} from './write/write-sql.ts';

export { bulkInsertBatching, splitIntoBatches } from './batching.ts';
export { compileMappingSet, getReadPlan, getWritePlan, type MappingSet, type MappingSetKey } from './mapping-set.ts';
export { MappingSetCache, type MappingSetCacheOptions } from './mapping-set-cache.ts';
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
export type { ColumnPredicate, QueryOperator, QueryPredicate, UuidPredicate } from './query/query-predicates.ts';
export { compileReadPlan, tryCompileReadPlan } from './read/compile-read-plan.ts';
export { checkProjectionContract } from './read/projection-contract.ts';
export { isSyntheticPresence } from './write/column-bindings.ts';
export { compileWritePlan } from './write/compile-write-plan.ts';
export { insertSql, type Placeholder, updateSql } from './write/write-sql.ts';

export { bulkInsertBatching, splitIntoBatches } from './batching.ts';
export { type BoundPageQuery, type BoundStatement, bindPageQuery } from './bind-page-query.ts';
export { compileMappingSet, getReadPlan, getWritePlan, type MappingSet, type MappingSetKey } from './mapping-set.ts';
export { MappingSetCache, type MappingSetCacheOptions } from './mapping-set-cache.ts';
export { type ManifestMappingSet, manifestResources, mappingSetManifestText } from './mapping-set-manifest.ts';
export {
  compilePageQuery,
  type PageDocumentIdSqlPlan,
  type PageQuerySpecification,
  type QueryOperator,
  type QueryPredicate,
  type QuerySqlParameter,
} from './page-query.ts';
export { isParameterName } from './parameter-names.ts';
export type * from './plan.ts';
export { planDialects } from './plan-dialect.ts';
export { plansText } from './plans-file.ts';
export { compileReadPlan, tryCompileReadPlan } from './read/compile-read-plan.ts';
export { checkProjectionContract } from './read/projection-contract.ts';
export { isSyntheticPresence } from './write/column-bindings.ts';
export { compileWritePlan } from './write/compile-write-plan.ts';
export { insertSql, type Placeholder, updateSql } from './write/write-sql.ts';

export type { CoreStatement } from './description/core-statements.ts';
export {
  describeMappingSet,
  mappingSetDescription,
  naturalKeyRules,
  projectDescriptions,
} from './description/describe-mapping-set.ts';
export type * from './description/description.ts';
export { type DocumentRules, infiniteEnds, type Moments, type ValueRules } from './document-rules.ts';
export {
  compileMappingSet,
  documentRulesOf,
  getReadPlan,
  getWritePlan,
  hasProbes,
  type MappingSet,
  type MappingSetKey,
} from './mapping-set.ts';
export { manifestResources, mappingSetManifestText } from './mapping-set-manifest.ts';
export { isParameterName } from './parameter-names.ts';
export type * from './plan.ts';
export { firstRowsOf, planDialects } from './plan-dialect.ts';
export { plansText } from './plans-file.ts';
export { checkProbes, descriptorProbe, referencedResources, uniqueKeys } from './probes/compile-probes.ts';
export type * from './probes/probe.ts';
export type * from './probes/probe-sql.ts';
export { descriptorJoin, uriType } from './probes/probe-sql.ts';
export {
  bindPageQuery,
  bindPartitionQuery,
  compilePageQuery,
  compilePartitionQuery,
  type PageQuerySpecification,
  type Paging,
  pageQuery,
  partitionQuery,
} from './query/page-query.ts';
export type * from './query/query-capability.ts';
export { descriptorTargets, queryFieldFailureTexts } from './query/query-capability.ts';
export type { QueryOperator, QueryPredicate } from './query/query-predicates.ts';
export {
  findQueryField,
  queryAliases,
  requestFilters,
} from './query/request-query.ts';
export { chooseHydration, compileReadPlan, singleDocumentSql } from './read/compile-read-plan.ts';
export { checkProjectionContract } from './read/projection-contract.ts';
export { checkIdentities, isMergeTable, mergeUpdateParts, structuralColumns } from './v2/collection-plans.ts';
export { bulkInsertBatching, compileWritePlan, isSyntheticPresence } from './write/compile-write-plan.ts';
export { insertionOrder } from './write/insertion-order.ts';
export {
  insertSql,
  type RowStatementParts,
  rowUpdateSql,
  updateSql,
} from './write/write-sql.ts';

export type * from './catalog.ts';
export { catalogText, readCatalog } from './catalog-text.ts';
export { type ChangeClass, changeClasses, verdictWords, worstClass } from './change-class.ts';
export { type ColumnType, columnType, type TypeChange, typeChange } from './column-type.ts';
export { coreTableColumns } from './define-core-tables.ts';
export { defineDatabase } from './define-database.ts';
export { columnTypeName } from './define-table.ts';
export type * from './definition.ts';
export { type Bodies, bodyHash, desiredCatalog } from './desired-catalog.ts';
export { diffCatalogs } from './drift/diff-catalogs.ts';
export { differenceCounts, diffText } from './drift/diff-text.ts';
export {
  type CatalogDiff,
  type CatalogPair,
  type CatalogValue,
  type ChangeKind,
  type Difference,
  type DiffMode,
  type ObjectKind,
  type ObjectPath,
  objectKinds,
  partPath,
  type RenameHint,
  type Severity,
} from './drift/difference.ts';
export { earlierReleaseAdvice } from './drift/earlier-release.ts';
export { type Expression, type ExpressionLeaves, printExpression } from './expression.ts';
export { block, blocks, line, lines } from './line-text.ts';
export { liveGeneration, ownerRoleNames } from './live/live-generation.ts';
export { normalExpression } from './live/normal-expression.ts';
export { printedView } from './live/printed-view.ts';
export { diffByOrigin, type JudgedCatalog } from './origin/diff-by-origin.ts';
export { findOrigin, type Origin, type OriginKind } from './origin/origin.ts';
export { mixedText, originLines, originNames } from './origin/origin-text.ts';
export { relationCount } from './relation-count.ts';
export { plainRoutine } from './routines.ts';
export { hasServiceSet, serviceCatalog } from './service-catalog.ts';
export { descriptorValues, lifecycleStates, mirrorColumns } from './v2/core-tables.ts';
